"""What a harvest is asked to do, in a form that crosses into its process; and what waits on its disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from extract.harvest.spec import Source
from extract.harvest.store import JOB, discard_job

_CLEAN = "resumable"
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Manners:
    """How a harvest behaves towards the hosts; seconds and megabytes."""

    delay: float = 0.5
    timeout: float = 180.0
    max_size: int = 100
    retries: int = 4
    backoff: float = 2.0
    longest_wait: float = 60.0
    """No wait is longer, whatever a server asks for."""
    verify: bool = True
    """Whether the certificate of a host must be one that is vouched for."""


@dataclass(frozen=True, slots=True)
class Job:
    """Everything the crawling process is told."""

    sources: tuple[Source, ...]
    store: str
    since: str | None = None
    sample: int | None = None
    beside: tuple[str, ...] = ()
    """Networks that may be spoken to although they are not public."""
    manners: Manners = Manners()

    def to_json(self) -> str:
        """One line."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        told["sources"] = [source.model_dump(mode="json") for source in self.sources]
        told["manners"] = {f.name: getattr(self.manners, f.name) for f in fields(self.manners)}
        return json.dumps(told, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str | bytes) -> Job:
        """As it was written."""
        told = json.loads(line)
        told["sources"] = tuple(Source.model_validate(each) for each in told["sources"])
        told["beside"] = tuple(told["beside"])
        told["manners"] = Manners(**told["manners"])
        return cls(**told)

    @property
    def key(self) -> str:
        """Another key is other work: what waits of the one is of no use to the other."""
        told = [each.model_dump_json() for each in self.sources]
        return hashlib.sha256(repr((told, self.since, self.sample)).encode()).hexdigest()


def take_up(job: Job) -> bool:
    """Whether an interrupted harvest left a queue to go on with; any other is cleared away.

    Only a process that ended in order wrote its queue down; what one that was killed left
    would miss what it was just fetching.
    """
    mark = _mark(job)
    resumed = mark.is_file() and mark.read_text() == job.key
    mark.unlink(missing_ok=True)
    if not resumed:
        discard_job(Path(job.store))
    return resumed


def lay_down(job: Job) -> None:
    """The queue on the disk is whole."""
    _mark(job).write_text(job.key)


def _mark(job: Job) -> Path:
    return Path(job.store) / JOB / _CLEAN


def settings(job: Job) -> Mapping[str, Any]:
    """The job in Scrapy's terms."""
    manners = job.manners
    here = "extract.harvest"
    base = "scrapy.downloadermiddlewares"
    return {
        "JOBDIR": str(Path(job.store) / JOB),
        "JUESUAN_STORE": job.store,
        "JUESUAN_SINCE": job.since,
        "JUESUAN_PERMIT": list(job.beside),
        "JUESUAN_BACKOFF": manners.backoff,
        "JUESUAN_LONGEST_WAIT": manners.longest_wait,
        "USER_AGENT": _agent(),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "juesuan",
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(manners.longest_wait, manners.delay),
        "DOWNLOAD_DELAY": manners.delay,
        "DOWNLOAD_TIMEOUT": manners.timeout,
        "DOWNLOAD_VERIFY_CERTIFICATES": manners.verify,
        "DOWNLOAD_MAXSIZE": manners.max_size << 20,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        # What is taken from the queue is finished before a crawl that is stopped ends: no more
        # than keeps the hosts busy.
        "CONCURRENT_REQUESTS": min(_AT_ONCE, 2 + 2 * len(job.sources)),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
        "RETRY_TIMES": manners.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": 10,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
        },
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "TWISTED_DNS_RESOLVER": f"{here}.resolver.GuardedResolver",
        "DOWNLOADER_MIDDLEWARES": {
            f"{here}.middleware.Gate": 50,
            f"{here}.middleware.Backoff": 550,
            f"{here}.revisit.Revisit": 585,
            f"{base}.offsite.OffsiteMiddleware": None,
            f"{base}.retry.RetryMiddleware": None,
            # A proxy would resolve names itself, out of the resolver's sight.
            f"{base}.httpproxy.HttpProxyMiddleware": None,
            f"{base}.httpauth.HttpAuthMiddleware": None,
        },
        "ITEM_PIPELINES": {f"{here}.pipeline.StorePipeline": 300},
        "EXTENSIONS": {"scrapy.extensions.remote_control.RemoteControl": None},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_DUMP": False,
        "LOG_LEVEL": "ERROR",
        "LOG_VERSIONS": [],
    }


def _agent() -> str:
    from extract.version import VERSION

    return f"juesuan/{VERSION} (+https://github.com/juesuan/juesuan)"
