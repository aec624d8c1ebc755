"""``python -m tests.hostile 50000``: spoil so many documents, and tell which of them harm us."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.hostile.fuzz import BAD, results, specimen


def main() -> int:
    """As the module says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--first", type=int, default=0, help="the seed to begin with")
    asked.add_argument("--jobs", type=int, default=1)
    asked.add_argument("--slow", type=float, default=5.0, help="seconds of CPU worth telling")
    asked.add_argument("--keep", type=Path, help="a folder for what harms us, named by seed")
    given = asked.parse_args()
    count: Counter[str] = Counter()
    worst = 0.0
    for seed, told in results(range(given.first, given.first + given.count), given.jobs):
        count[told.outcome] += 1
        worst = max(worst, told.seconds)
        if told.outcome in BAD or told.seconds > given.slow:
            suffix, data = specimen(seed)
            print(
                f"== {seed} {suffix} {told.outcome} {told.seconds:.1f} s\n{told.trace}", flush=True
            )
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{seed}.{suffix}").write_bytes(data)
        if count.total() % 1000 == 0:
            print(f"-- {count.total()} {dict(count)} worst {worst:.1f} s", flush=True)
    print(f"{count.total()}: {dict(count)}; the slowest took {worst:.1f} s")
    return int(any(count[bad] for bad in BAD))


if __name__ == "__main__":
    sys.exit(main())
