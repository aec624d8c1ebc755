"""How is a document told that cost its process, so that somebody can look into it?

It is read again by nobody on his own: a run that comes every night would lose the same hours
every night. Its row in ``documents`` has the command that reads it alone, in one process that a
debugger can be put on and that has no limits.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from extract.afar import plain
from extract.inputs import Task
from extract.model import Repair, Way


def command(given: Task, way: Way, repair: Repair) -> str:
    """What to type in a shell, in the folder the run was started in."""
    paths = dict.fromkeys(plain(part.path) for part in given.parts)
    words = ("juesuan run --executor serial", *_options(way, repair), '--out "$(mktemp -d)"')
    return " ".join((*words, *map(_quoted, paths)))


def _options(way: Way, repair: Repair) -> Iterator[str]:
    usual = Way()
    if way.engine != usual.engine:
        yield f"--engine {way.engine}"
    if way.ocr != usual.ocr:
        yield f"--ocr {way.ocr}"
    if way.narrative != usual.narrative:
        yield "--no-narrative"
    if repair == "apply":
        yield "--repair apply"


def _quoted(path: str) -> str:
    """As a shell reads it, also where its bytes are no UTF-8.

    >>> _quoted("-某局 2020.pdf"), _quoted("a\\udcbe.pdf")
    ("'./-某局 2020.pdf'", "$'a\\\\xbe.pdf'")
    """
    path = f"./{path}" if path.startswith("-") else path
    try:
        path.encode()
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogateescape")
        plain = b"'\\"
        inner = "".join(
            chr(byte) if 0x20 <= byte < 0x7F and byte not in plain else f"\\x{byte:02x}"
            for byte in data
        )
        return f"$'{inner}'"
    return shlex.quote(path)
