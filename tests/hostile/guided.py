"""``make fuzz``: atheris changes the seeds where new lines of our readers are reached by it.

Any further arguments are libFuzzer's: ``-max_total_time=600 -seed=1``. What trips a reader is left as
``crash-…`` in the folder it was started in.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["extract"], enable_loader_override=False):
    from extract import document, readers  # noqa: F401 — instrumented as it is imported
    from extract.errors import InputError
    from extract.model import Way
    from extract.stages.publish import pack

from tests.hostile.seeds import PICTURES, seeds

_QUICK = Way(engine="ruled", ocr="never")


def one(data: bytes) -> None:
    """A document, or an error that says what is wrong with it."""
    with suppress(InputError):
        pack(document.read(data, "fuzzed", _QUICK))


def main() -> None:
    """Until libFuzzer has enough."""
    with tempfile.TemporaryDirectory() as held:
        for suffix, data in seeds().items():
            if suffix not in PICTURES:
                (Path(held) / f"seed.{suffix}").write_bytes(data)
        limits = ["-timeout=60", "-rss_limit_mb=2500", "-max_len=60000"]
        atheris.Setup([sys.argv[0], *limits, *sys.argv[1:], held], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
