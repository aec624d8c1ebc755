"""Documents made up for tests: a few lines of text that a reader of ours understands.

The first line names agency and year, every other a 科目 with its amount. A document that
begins with one of the words in ``HARM`` does harm to whoever reads it.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from decimal import Decimal
from pathlib import Path

from extract.errors import DamagedFile, EmptyFile
from extract.model import Check, Fact, Finding, Identity, Item, Part, Reading, Section

Tree = dict[str, bytes]


def text(agency: str = "某局", year: int = 2020, **amounts: str) -> bytes:
    """A document of one form."""
    lines = [f"{agency} {year}", *(f"{key} {value}" for key, value in amounts.items())]
    return "\n".join(lines).encode()


def read(data: bytes, source: str) -> Reading:
    """What such a document states."""
    if not data:
        raise EmptyFile("has no bytes")
    words = data.decode().split()
    if words[0] in HARM:
        HARM[words[0]]()
    agency, year, *cells = words
    sha256 = hashlib.sha256(data).hexdigest()
    items = tuple(
        item(sha256[:16], seq, key.removeprefix("c"), Decimal(amount))
        for seq, (key, amount) in enumerate(zip(cells[::2], cells[1::2], strict=True))
    )
    checks = tuple(check(cell) for cell in items[:1])
    return Reading(
        sha256=sha256,
        source=source,
        media_type="text/plain",
        identity=Identity(f"{agency}{year}年度部门决算", agency, "部门决算", int(year)),
        text_layer="native",
        pages=1,
        bytes=len(data),
        unit="元",
        forms_found=("expenditure",),
        items=items,
        checks=checks,
        findings=tuple(finding(cell) for cell in items if cell.amount and cell.amount < 0),
        facts=(
            Fact(
                sha256[:16],
                0,
                "income",
                "m",
                None,
                None,
                "current",
                Decimal("1.5"),
                "percent",
                "1.5%",
                "…",
                1,
            ),
        ),
        sections=(Section(sha256[:16], 0, 0, None, "income", "一、收入", "…", 1, 1),),
    )


def item(doc_id: str, seq: int, key: str, amount: Decimal | None) -> Item:
    """A cell of 支出决算表."""
    return Item(
        doc_id, 0, "expenditure", "", seq, key, key, "functional", 1, None, "科目", None, "total",
        amount, None, str(amount), "元", 1, 1.0, 2.0, 3.0, 4.5, "made", None, 1, 0,
    )  # fmt: skip


def check(cell: Item) -> Check:
    """An identity over one cell that holds."""
    part = Part(cell.form, cell.key, cell.measure, 1, cell.amount)
    return Check(
        f"c{cell.seq}", cell.doc_id, 0, "made.same", "equality", cell.form, "", cell.key,
        cell.measure, (part,), cell.amount, cell.amount, Decimal(0), Decimal("0.01"), "holds",
    )  # fmt: skip


def finding(cell: Item) -> Finding:
    """An error that accuses one cell."""
    return Finding(
        finding_id=f"f{cell.seq}",
        doc_id=cell.doc_id,
        statement=0,
        stage="read",
        rule="made.negative",
        category="unreadable",
        severity="error",
        form=cell.form,
        key=cell.key,
        measure=cell.measure,
        page=1,
        actual=cell.amount,
        evidence=("c0",),
        message="为负数。",
        message_en="is negative",
    )


def damaged() -> None:
    raise DamagedFile("is broken off after 12 bytes")


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(9)


def hang() -> None:
    time.sleep(600)


def linger() -> None:
    time.sleep(0.3)


def eat() -> None:
    hoard = [bytearray(64 << 20) for _ in range(1000)]
    raise AssertionError(f"{len(hoard)} blocks of memory were given")


def mistake() -> None:
    raise KeyError("nobody thought of this")


HARM = {
    f.__name__.upper(): f for f in (damaged, crash, leave, hang, linger, eat, mistake)
}  # LINGER goes on to be read, once its own name is no agency


def tree(out: Path, *, without: tuple[str, ...] = ("runs",)) -> Tree:
    """Every file of an output directory, but for clocks and the lock."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    found = {str(path.relative_to(out)): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith((*without, ".lock"))}
