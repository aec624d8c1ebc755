"""The executors there are, all under one contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from distributed import LocalCluster

from extract.executors import Cluster, Executor, Limits, Processes, Serial

LIMITS = Limits(seconds=1.5, megabytes=400)


@pytest.fixture(scope="session")
def local() -> Iterator[LocalCluster]:
    """A Dask cluster of two processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as cluster:
        yield cluster


@pytest.fixture(
    params=[
        "serial",
        "processes",
        pytest.param(
            "cluster",
            marks=[pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning")],
        ),
    ]
)
def executor(request) -> Executor:
    match request.param:
        case "serial":
            return Serial()
        case "processes":
            return Processes(2, LIMITS)
        case _:
            return Cluster(request.getfixturevalue("local").scheduler_address, LIMITS)
