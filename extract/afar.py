"""Files at URLs, by way of fsspec: s3, oss, hdfs, http, and whatever else it has a driver for.

They are looked up where a run is started, and fetched where they are read. Whether one is still
the same is told by what its server says of it (ETag, time of change, size), so that a second run
fetches nothing. Drivers are other people's packages: one that is missing is named.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any

from extract.errors import DriverMissing, TooLarge, UnreadableFile

MOST = 512 << 20
"""Bytes; no disclosure is a larger file, packed or not."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?:::[A-Za-z][A-Za-z0-9+.-]*)*://")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_SECRET = re.compile(r"(?<=//)[^/@\s]*@")
_TAGS = ("ETag", "etag", "Content-MD5")
_TIMES = ("LastModified", "Last-Modified", "last_modified", "mtime", "modified", "created")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a server says of a file: who sees the same mark again need not look at the bytes."""

    etag: str | None = None
    last_modified: datetime | None = None
    bytes: int | None = None

    def __bool__(self) -> bool:
        return self.etag is not None or self.last_modified is not None

    @property
    def columns(self) -> dict[str, Any]:
        """As ``sources`` says it; nothing where no server said anything."""
        return {"etag": self.etag, "last_modified": self.last_modified} if self else {}


UNMARKED = Mark()
"""A file of this machine: its bytes are looked at."""


def is_url(given: str) -> bool:
    """Whether it is no path of this machine."""
    return _URL.match(given) is not None


def plain(text: str) -> str:
    """A URL, or a text with some in it, without names and passwords: as it may be published."""
    return _SECRET.sub("", text)


def base(given: str) -> str:
    """The folder a URL stands for or lies in, without the ``/`` at its end; of a pattern, what is none."""
    if _is_folder(given):
        return given.rstrip("/")
    scheme = _URL.match(given)
    start = scheme.end() if scheme else 0
    parts = given[start:].split("/")[:-1]
    whole = [number for number, part in enumerate(parts) if _is_pattern(part, given)]
    return given[:start] + "/".join(parts[: whole[0]] if whole else parts)


def expanded(given: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """The URLs a URL stands for: itself, what matches it, or the ``wanted`` files below it.

    Below http(s), where nobody can tell, it is a folder if it ends in ``/``.
    """
    with _told(given):
        if _is_pattern(given, given):
            yield from _named(given, lambda files, path: files.glob(path))
        elif _is_folder(given):
            yield from filter(wanted, _named(given, lambda files, path: files.find(path)))
        else:
            _files(given)
            yield given


def mark(url: str) -> Mark:
    """What its server says of it now; raises ``OSError`` where there is no such file."""
    with _told(url):
        files, path = _files(url)
        said: Mapping[str, Any] = files.info(path)
    etag = next((str(said[name]) for name in _TAGS if said.get(name)), None)
    when = next((_when(said[name]) for name in _TIMES if said.get(name)), None)
    return Mark(etag, when, said.get("size"))


def fetched(url: str) -> bytes:
    """All its bytes."""
    with opened(url, stream=True) as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise TooLarge(f"is larger than {MOST >> 20} MB; no disclosure is")
    return data


@contextmanager
def opened(url: str, *, stream: bool = False) -> Iterator[IO[bytes]]:
    """The file, to be read from its begin to its end if ``stream``, else anywhere."""
    with _told(url):
        files, path = _files(url)
        # Some web servers neither say how large a file is nor give parts of it.
        options = {"block_size": 0} if stream and _WEB.match(url) else {}
        with files.open(path, "rb", **options) as file:
            yield file


def _named(given: str, looked: Callable[[Any, str], list[str]]) -> Iterator[str]:
    """What a look around gave, spelt as the URL was."""
    folder = base(given)
    files, path = _files(given)
    _, root = _files(folder + "/")
    root = root.rstrip("/")
    for each in looked(files, path):
        yield f"{folder}/{each.removeprefix(root).lstrip('/')}"


def _is_pattern(part: str, url: str) -> bool:
    """In http(s) a ``?`` begins a query, and brackets are rare."""
    return "*" in part if _WEB.match(url) else glob.has_magic(part)


def _is_folder(url: str) -> bool:
    if _is_pattern(url, url):
        return False
    if _WEB.match(url):
        return url.endswith("/")
    with _told(url):
        files, path = _files(url)
        return bool(files.isdir(path))


def _files(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    found: tuple[Any, str] = url_to_fs(url)
    return found


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Errors of drivers, of which each has its own, as ours."""
    scheme = url.partition("://")[0]
    try:
        yield
    except ImportError as why:
        first = "" if "fsspec" not in str(why) else " (and fsspec: pip install 'juesuan[remote]')"
        raise DriverMissing(f"{scheme}:// needs another package: {why}{first}") from why
    except ValueError as why:
        if "rotocol not known" not in str(why):
            raise UnreadableFile(plain(f"cannot be fetched: {why}")) from why
        raise DriverMissing(f"no driver of fsspec is for {scheme}:// ({plain(url)})") from why
    except (OSError, TooLarge, UnreadableFile, DriverMissing):
        raise
    except Exception as why:
        raise UnreadableFile(plain(f"cannot be fetched: {type(why).__name__}: {why}")) from why


def _when(said: object) -> datetime | None:
    """A time in whole milliseconds, as it is published."""
    if isinstance(said, str):
        try:
            said = parsedate_to_datetime(said)
        except ValueError:
            return None
    if isinstance(said, int | float):
        said = datetime.fromtimestamp(said, UTC)
    if not isinstance(said, datetime):
        return None
    utc = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
