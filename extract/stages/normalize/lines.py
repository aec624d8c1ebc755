"""Rows keyed by their label: the two summary forms, income left, expenditure right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.forms import Form, Side, Vocabulary, undated
from extract.forms.codes import class_labels
from extract.forms.spec import LineSpec
from extract.hanzi import alike, apart, fold, near, tidy, unnumbered
from extract.model import Sheet
from extract.stages.normalize.entries import Entry, Ignored, Row, blocks, rows

_ORDINAL = re.compile(
    r"^(?=.{0,3}[一二三四五六七八九十])(?:.{1,4}、|[一二三四五六七八九十]{1,3}.(?=\w{4}))"
)
_SURE = 4  # letters; shorter labels are too alike for one letter to be forgiven
_WORN = 4  # letters of a label seen by OCR, of which one may be misread, lost or added


def read(sheet: Sheet, form: Form, words: Vocabulary) -> tuple[list[Entry], list[Ignored]]:
    """The lines of a summary form, and the cells left out."""
    ignored: list[Ignored] = []
    entries: list[Entry] = []
    for block, side in zip(blocks(sheet), form.sides, strict=False):
        group: str | None = None
        half: list[Entry] = []
        for row in rows(sheet, block, words, ignored):
            entry = _entry(row, form, side, group, len(entries) + len(half))
            if entry.doubt is None:
                group = _group(entry.key, side, group)
            half.append(entry)
        entries += _by_place(half, side)
    return entries, ignored


def _by_place(entries: Sequence[Entry], side: Side) -> list[Entry]:
    """The entries, those nobody has reported as the one line that is like them and missing just there."""
    order = {line.key: at for at, line in enumerate(side.lines)}
    told = list(entries)
    for at, entry in enumerate(entries):
        if entry.doubt != "unknown line":
            continue
        before = [order[e.key] for e in told[:at] if e.key in order]
        behind = [order[e.key] for e in told[at + 1 :] if e.key in order]
        between = side.lines[max(before, default=-1) + 1 : min(behind, default=len(order))]
        label = _label(entry.name)
        like = [
            line
            for line in between
            if line.under is None and any(alike(label, known) for known in line.labels)
        ]
        if len(like) == 1:
            told[at] = replace(entry, key=like[0].key, doubt="unknown wording")
    return told


def _label(name: str) -> str:
    return undated(unnumbered(fold(name)))


def _entry(row: Row, form: Form, side: Side, group: str | None, seq: int) -> Entry:
    name = "".join(tidy(cell.text) for column, cell in row.keys if column.role == "name")
    line_no = row.line_no()
    label = _label(name)
    line = _line(label, form, side, group, by_ocr=row.by_ocr)
    if line is not None:
        level = 0 if line.key.endswith(".total") else None
        return Entry(row, line.key, name, level=level, line_no=line_no)
    code = _class(label, by_ocr=row.by_ocr) if side.classes else None
    if code is not None:
        return Entry(row, code, name, 0, code, "functional", 1, None, line_no)
    doubt = "unknown line" if name else "no label"
    return Entry(row, f"line.{line_no or seq}", name, line_no=line_no, doubt=doubt)


def _line(
    label: str, form: Form, side: Side, group: str | None, *, by_ocr: bool
) -> LineSpec | None:
    """The line a label names; the same label under 年初结转和结余 is another line."""
    lines = [line for line in side.lines if line.under in (None, group)]
    lines.sort(key=lambda line: line.under is None)
    exact = next((line for line in lines if label in line.labels), None)
    if exact or len(label) < _SURE:
        return exact
    plain = form.plainly(label)
    same = [line for line in lines if plain in map(form.plainly, line.labels)]
    inner = [line for line in same if line.under is not None] or same
    if len({line.key for line in inner}) == 1:
        return inner[0]
    told = {label, _without_ordinal(label)}
    alike = [line for line in lines if any(near(t, known) for known in line.labels for t in told)]
    if not alike and by_ocr and not _class(label, by_ocr=False):
        known = {known: line for line in reversed(lines) for known in line.labels}
        alike = [known[name] for name in _nearest(label, known)]
    inner = [line for line in alike if line.under is not None] or alike
    return inner[0] if len({line.key for line in inner}) == 1 else None


def _nearest(label: str, known: Iterable[str]) -> list[str]:
    """The wordings a label differs least from, if no more than OCR wears a label down."""
    distances = {name: apart(label, name) for name in known}
    least = min(distances.values(), default=0)
    close = [name for name, letters in distances.items() if letters == least]
    return [name for name in close if least <= min(len(label), len(name)) // _WORN]


def _class(label: str, *, by_ocr: bool) -> str | None:
    """The functional 类 of a label, folded and without its ordinal; one letter misread is forgiven."""
    known = class_labels()
    if label in known:
        return known[label]
    if len(label) < _SURE:
        return None
    bare = _without_ordinal(label)
    alike = {code for name, code in known.items() if near(label, name) or near(bare, name)}
    if not alike and by_ocr:
        alike = {known[name] for name in _nearest(bare, known)}
    return known.get(bare) or (alike.pop() if len(alike) == 1 else None)


def _without_ordinal(label: str) -> str:
    """The label behind an ordinal of which one letter was misread: 二口二、 or 二十四口."""
    return _ORDINAL.sub("", label)


def _group(key: str, side: Side, group: str | None) -> str | None:
    """The line under which the next one stands."""
    if any(line.under == key for line in side.lines):
        return key
    inside = any(line.key == key and line.under == group for line in side.lines)
    return group if group and inside else None
