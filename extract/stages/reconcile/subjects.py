"""Do the codes exist, and do their names fit?

The code book is never complete and names change between years: an unknown code is
information, and a name is doubted only where it shares little with every name the book
has for its code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from extract.forms import catalogue, code_book
from extract.hanzi import fold
from extract.model import CodeSystem, Item, Severity, Suspect, TextLayer
from extract.stages.reconcile import wording
from extract.stages.reconcile.findings import Told
from extract.stages.reconcile.ledger import Cell, is_code

ALIKE = 0.5
"""Share of characters in common from which two names are one, reworded or misread."""


def subjects(
    items: Iterable[Item], text_layer: TextLayer | None, misread: Container[tuple[str, str]] = ()
) -> Iterator[Told]:
    """``unknown_code`` once a code, ``code_name_mismatch`` once a code and name.

    ``misread`` are the (form, key) whose code is known to be misread.
    """
    seen: dict[tuple[CodeSystem, str], dict[str, list[Item]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in items:
        if (item.form, item.key) in misread:
            continue
        if item.code and item.code_system and is_code(item.code) and _prints_codes(item.form):
            seen[item.code_system, item.code][item.name].append(item)
    for (system, code), names in sorted(seen.items()):
        if not code_book(system).knows(code):
            yield _unknown(code, next(iter(names.values()))[0])
            continue
        for name, cells in names.items():
            if name and not _like(system, code, name):
                yield _mismatch(system, code, cells, text_layer)


def doubled(items: Iterable[Item], halves: Container[tuple[str, str, str]] = ()) -> Iterator[Told]:
    """One ``duplicate_row`` a row whose key was printed before.

    ``halves`` are the (form, variant, key) of rows that are part of another.
    """
    seen: set[tuple[str, str, str]] = set()
    for item in items:
        row = (item.form, item.variant, item.key)
        if "#" not in item.key or row in seen or row in halves:
            continue
        seen.add(row)
        (where, where_en), key = wording.place(item.form, item.page), item.key.split("#")[0]
        yield Told(
            rule="codes.once",
            category="duplicate_row",
            severity="warning",
            zh=f"{where}：“{item.name}”（{key}）印了不止一行，后一行不计入合计。",
            en=f"{where_en}: {key} stands in more than one row; the later one stays out of every sum.",
            form=item.form,
            variant=item.variant,
            key=key,
            measure=item.measure,
            at=Cell(item.form, item.key, item.measure),
            item=item,
            suspects=[Suspect(item.form, key, item.measure, 1.0)],
        )


@cache
def _prints_codes(form: str) -> bool:
    # In the summary forms the code follows from the name.
    return catalogue().forms[form].keyed_by in ("functional", "economic")


@cache
def _like(system: CodeSystem, code: str, name: str) -> bool:
    book = code_book(system)
    return book.fits(code, name) or any(_share(known, name) >= ALIKE for known in book.names[code])


def _share(known: str, name: str) -> float:
    return SequenceMatcher(None, fold(known), fold(name), autojunk=False).ratio()


def _unknown(code: str, item: Item) -> Told:
    where, where_en = wording.place(item.form, item.page)
    return Told(
        rule="codes",
        category="unknown_code",
        severity="info",
        zh=f"{where}：科目编码 {code}“{item.name}”不在本工具的科目表中。",
        en=f"{where_en}: code {code} “{item.name}” is not in the code book.",
        form=item.form,
        variant=item.variant,
        key=item.key,
        at=Cell(item.form, item.key, item.measure),
        item=item,
    )


def _mismatch(
    system: CodeSystem, code: str, cells: Sequence[Item], text_layer: TextLayer | None
) -> Told:
    item = cells[0]
    where, where_en = wording.place(item.form, item.page)
    known = code_book(system).names[code][0]
    others = _named(system).get(fold(item.name), ())
    hint = f"，该名称的编码是 {others[0]}" if others else ""
    return Told(
        rule="codes",
        category="code_name_mismatch",
        severity=_severity(cells, known, bool(others), text_layer),
        zh=f"{where}：科目编码 {code} 印作“{item.name}”，科目表中为“{known}”{hint}。",
        en=f"{where_en}: code {code} is named “{item.name}”; the code book says “{known}”"
        + (f", and gives that name to {others[0]}." if others else "."),
        form=item.form,
        variant=item.variant,
        key=item.key,
        at=Cell(item.form, item.key, item.measure),
        item=item,
    )


def _severity(
    cells: Sequence[Item], known: str, elsewhere: bool, text_layer: TextLayer | None
) -> Severity:
    """A name printed alike in two forms is the publisher's wording, not a slip."""
    if len({cell.form for cell in cells}) > 1:
        return "info"
    if text_layer == "native":
        return (
            "warning" if elsewhere and not set(fold(known)) & set(fold(cells[0].name)) else "info"
        )
    return "warning"


@cache
def _named(system: CodeSystem) -> Mapping[str, tuple[str, ...]]:
    """Folded name → the codes that bear it."""
    named: dict[str, list[str]] = defaultdict(list)
    for code, names in code_book(system).names.items():
        for name in names:
            named[fold(name)].append(code)
    return {name: tuple(codes) for name, codes in named.items()}
