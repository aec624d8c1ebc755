"""Documents made to cost: refused or read, within bounds, each in a process that has limits."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from extract.document import stages
from extract.errors import WorkerLost
from extract.executors import Limits, Processes, never
from extract.pipeline import run
from tests import making
from tests.hostile.bombs import BOMBS, forms_in_forms, twice_packed
from tests.hostile.detonate import Cost, detonate
from tests.papers import plain

SECONDS, MEGABYTES = 30, 1400
LIMITS = Limits(seconds=300, megabytes=2048)
COSTLY = {
    name
    for name in BOMBS
    if name.startswith(
        (
            *(
                "content-of",
                "lines-1e6",
                "crossings",
                "boxes",
                "letters-1e6",
                "forms-in",
                "box-huge",
            ),
            *(
                "picture-huge",
                "map-ranges",
                "font-of-a",
                "huge.png",
                "large.png",
                "formats",
                "pipes",
            ),
            *(
                "rows-1e6",
                "titles",
                "tables-1e5",
                "links",
                "members",
                "texts-1e6",
                "text-long",
                "tabs",
            ),
            *(
                "zeros",
                "objects-1e6",
                "frames",
                "merged",
                "parts-1e5",
                "parts-in",
                "line.txt",
                "sentences",
            ),
            *("digits", "pages-deep", "states", "wide", "thin"),
        )
    )
}
"""More than a second of CPU, to make or to read."""
REFUSED = {
    "pages-1e5.pdf": "more than 10,000 pages",
    "pages-cyclic.pdf": "damaged",
    "pages-below-themselves.pdf": "damaged",
    "objects-in-themselves.pdf": "damaged",
    "map-to-a-novel.pdf": "more than 100,000 characters",
    "map-to-halves.pdf": "no text layer",
    "letters-1e6.pdf": "more than 100,000 characters",
    "huge.png": "more than 100 million pixels",
    "large.png": "more than 100 million pixels",
    "frames-1e5.tif": "more than 10,000 pages",
    "diagonal.xlsx": "more than 400,000 cells",
    "tabs.txt": "more than 400,000 cells",
    "rows-1e6.txt": "more than 400,000 cells",
    "rows-1e6.csv": "more than 400,000 cells",
    "commas.csv": "more than 400,000 cells",
    "spans.html": "more than 400,000 cells",
    "lines-1e6.txt": "more than 200,000 lines",
    "quote.csv": "comma-separated",
    "nested-20.zip": "more than 3 deep",
    "members-1e5.zip": "list of what is packed",
}
"""What is not read, and why."""
KILLED = {"content-of-a-gigabyte.pdf", "forms-in-forms.pdf"}
"""What pdfium unpacks before anybody can say no: the kernel does."""


def costs(names: set[str]) -> dict[str, Cost | WorkerLost]:
    """What each costs, one after the other."""
    return dict(Processes(1, LIMITS).run(detonate, sorted(names), never))


@pytest.fixture(scope="module")
def quick() -> dict[str, Cost | WorkerLost]:
    return costs(BOMBS.keys() - COSTLY)


@pytest.mark.parametrize("name", sorted(BOMBS.keys() - COSTLY))
def test_a_bomb_is_defused(quick, name):
    defused(name, quick[name])


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(COSTLY))
def test_a_costly_bomb_is_defused(name):
    [cost] = costs({name}).values()
    defused(name, cost)


def defused(name: str, cost: Cost | WorkerLost) -> None:
    """Within bounds, and refused where it is to be."""
    if name in KILLED:
        assert isinstance(cost, WorkerLost)
        return
    assert isinstance(cost, Cost), cost
    assert cost.seconds < SECONDS
    assert cost.megabytes < MEGABYTES
    assert REFUSED.get(name, "") in cost.message


@pytest.mark.slow
def test_a_folder_of_bombs_costs_no_more_than_its_bombs(tmp_path: Path) -> None:
    held = tmp_path / "in"
    held.mkdir()
    bombs = {
        "memory.pdf": twice_packed,
        "objects.pdf": lambda: forms_in_forms(10, 12),
        **{name: BOMBS[name] for name in ("pages-1e5.pdf", "nested-20.zip", "comments.html")},
    }
    for name, make in bombs.items():
        (held / name).write_bytes(make())
    (held / "sound.md").write_bytes(plain("income").markdown())
    limits = Limits(seconds=120, megabytes=600)
    told = run([held], tmp_path / "out", executor=Processes(2, limits))
    rows = {
        Path(row["source"]).name: row
        for row in pd.read_parquet(tmp_path / "out" / "documents").to_dict("records")
    }
    assert (told.documents, told.exit_code) == (len(bombs) + 1, 3)
    assert rows["sound.md"]["items"] == 49
    for name in ("memory.pdf", "objects.pdf"):
        assert "memory" in rows[name]["error"] or "so did a second" in rows[name]["error"]
        assert rows[name]["reproduce"].startswith("juesuan run")
    assert "10,000 pages" in rows["pages-1e5.pdf"]["error"]
    assert "3 deep" in rows["nested-20.zip"]["error"]


def test_what_a_pdf_would_do_or_carries_is_no_matter() -> None:
    data = plain("income").pdf()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    script = "app.alert('no'); this.exportDataObject({cName: 'x', nLaunch: 2});"
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(script),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.add_attachment("a.xlsx", b"MZ" * 1000)
    writer.add_attachment("../../决算.pdf", data)
    out = io.BytesIO()
    writer.write(out)
    loaded = out.getvalue()
    assert b"/JavaScript" in loaded
    assert [item.raw for item in stages(loaded).items] == [item.raw for item in stages(data).items]


def test_a_run_reads_no_more_of_an_archive_than_it_has_memory_for(tmp_path, monkeypatch):
    """The process that hands out work hashes what is packed piece by piece."""
    from extract import inputs
    from extract.readers import archive

    monkeypatch.setattr(archive, "_CHUNK", 1 << 10)
    sizes: list[int] = []
    text = making.text(c201="1.00") + b"\n" * 100_000

    class Counting:
        def __init__(self) -> None:
            self.whole = inputs.hashlib.new("sha256")

        def update(self, piece: bytes) -> None:
            sizes.append(len(piece))
            self.whole.update(piece)

        def hexdigest(self) -> str:
            return self.whole.hexdigest()

    from tests.hostile.seeds import zipped

    (tmp_path / "a.zip").write_bytes(
        zipped({"b.txt": text, "c.zip": zipped({"d.txt": text + b"!"})})
    )
    monkeypatch.setattr(inputs.hashlib, "sha256", Counting)
    found = [part for task in inputs.tasks([str(tmp_path / "a.zip")]) for part in task.parts]
    assert [part.bytes for part in found] == [len(text), len(text) + 1]
    assert max(sizes) <= 1 << 10
