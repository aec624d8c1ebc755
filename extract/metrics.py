"""The figures of a run for whoever watches over it, as OpenMetrics text.

Gauges only: that is the common ground of OpenMetrics and of what a node exporter takes from a
folder. A run that could not use OUT has figures too: when it was, and its exit code.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.exposition import generate_latest

from extract.stages.publish import write_bytes
from extract.summary import RunSummary
from extract.version import VERSION

_FIGURES = {
    "read": "Documents read in this run",
    "unchanged": "Documents that were done already",
    "added": "Documents published for the first time",
    "changed": "Documents published anew",
    "superseded": "Revisions moved to history",
    "quarantined": "Documents left alone, as reading them cost a process",
    "pages": "Pages of the documents",
    "items": "Rows of items",
    "amounts": "Rows of items with an amount",
}
_SHARES = {
    "proven": "Share of amounts under at least one equality that holds",
    "proven_twice": "Share of amounts under at least two",
}
_SECONDS = {
    "seconds": ("run", "How long the run took"),
    "seconds_reading": ("reading", "What reading its documents took, one by one"),
    "seconds_publishing": ("publishing", "How long publishing took"),
}


def write(path: Path, ended: RunSummary | int, now: datetime) -> None:
    """Swap in the figures of a run, or the exit code of one that came to nothing."""
    write_bytes(path, exposition(ended, now))


def exposition(ended: RunSummary | int, now: datetime) -> bytes:
    """The text itself."""
    registry = CollectorRegistry()
    code = ended if isinstance(ended, int) else ended.exit_code
    _gauge(registry, "exit_code", "What the command returned", code)
    _gauge(registry, "end_timestamp_seconds", "When the run ended", now.timestamp())
    Gauge("juesuan_version_info", "Which program ran", ["version"], registry=registry).labels(
        VERSION
    ).set(1)
    if not isinstance(ended, int):
        _figures(registry, ended)
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


def _figures(registry: CollectorRegistry, summary: RunSummary) -> None:
    _by(registry, "documents", "Documents of the inputs", "status", {
        name: getattr(summary, name) for name in ("clean", "flagged", "failed")
    })  # fmt: skip
    _by(registry, "findings", "Findings in them", "severity", {
        name: getattr(summary, f"findings_{name}") for name in ("error", "warning", "info")
    })  # fmt: skip
    for name, meaning in _FIGURES.items():
        _gauge(registry, name, meaning, getattr(summary, name))
    for name, meaning in _SHARES.items():
        if (share := getattr(summary, name)) is not None:
            _gauge(registry, f"{name}_ratio", meaning, share)
    for name, (what, meaning) in _SECONDS.items():
        _gauge(registry, f"{what}_duration_seconds", meaning, getattr(summary, name))


def _gauge(registry: CollectorRegistry, name: str, meaning: str, value: float) -> None:
    Gauge(f"juesuan_{name}", meaning, registry=registry).set(value)


def _by(
    registry: CollectorRegistry, name: str, meaning: str, label: str, values: dict[str, int]
) -> None:
    gauge = Gauge(f"juesuan_{name}", meaning, [label], registry=registry)
    for each, value in values.items():
        gauge.labels(each).set(value)
