"""When is what people decided put on top of what is published?

Whenever a document is published, whoever read it, and whenever what was decided on it is not what
its row in ``documents`` says. What is staged is never touched: it stays what was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from extract.decisions import Decision, Decisions, mark, stale_id, standing
from extract.model import Reading, Repair
from extract.repair import judged
from extract.stages.publish import OnTop, Output, Tables, as_reading, pack, readings_of, tables


def on_top(root: Path) -> OnTop:
    """What publishing in ``root`` puts on top of a document that was read."""
    kept = Decisions(root)

    def decided(doc_id: str, fiscal_year: int, found: Tables) -> Tables:
        rows = kept.of(doc_id)
        if found["documents"]["decisions"][0].as_py() == mark(rows) and _shown(found, rows):
            return found  # it was judged with them, or there are none
        version = found["documents"]["version"][0].as_py()
        as_read = as_reading(found, fiscal_year)
        return tables(judged(as_read, as_read.repair, rows), version)

    return decided


def _shown(found: Tables, rows: Sequence[Decision]) -> bool:
    """Whether each decision that stands can be told from the findings; ties may have been asked since."""
    if not rows or "findings" not in found:
        return not standing(rows)
    told = found["findings"].select(["finding_id", "decided"]).to_pylist()
    decided = {one["finding_id"] for one in told if one["decided"] is not None}
    there = {one["finding_id"] for one in told}
    return all(row.finding_id in decided or stale_id(row) in there for row in standing(rows))


def settle(output: Output, doc_ids: Iterable[str] | None = None) -> int:
    """Stage the documents (all, or these) whose decisions are others than those published; how many."""
    kept, about = Decisions(output.root), output.index.entries
    asked = set(about if doc_ids is None else doc_ids) & about.keys()
    known = set(kept.documents())
    late = {
        doc_id
        for doc_id in asked - output.staged.keys()
        if (kept.mark(doc_id) if doc_id in known else None) != about[doc_id].decisions
    }
    for reading, version in readings_of(output.root, late):
        keep_if_changed(output, reading, version, reading.repair)
    return len(late)


def left_behind(output: Output) -> Iterator[str]:
    """What was decided on a revision that is history now, told of each that took the place of one."""
    kept = Decisions(output.root)
    for doc_id in output.changes.added:
        entry = output.of(doc_id)
        rows = standing(kept.of(entry.supersedes)) if entry.supersedes else ()
        if rows:
            yield (
                f"{entry.source} is another revision ({doc_id}); {len(rows)} decisions on the one before "
                f"({entry.supersedes}) are kept and not applied to it: look at it again"
            )


def keep_if_changed(output: Output, reading: Reading, version: str, repair: Repair) -> bool:
    """Stage a document whose verdict is another than before."""
    anew = judged(reading, repair, Decisions(output.root).of(reading.doc_id))
    changed = tables(anew, version) != tables(reading, version)
    if changed:
        output.keep(pack(anew, version))
    return changed
