"""Documents of publishers nobody has seen: a seed gives accounts, a layout, and what is printed.

Titles and headings come from schemas/forms, looks from the fields of ``Layout``. What the
page has no room for is no document: ``printed`` gives None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from extract.document import stages
from extract.forms import catalogue
from fixtures.render import Statement, Style, Wishes, book, invent, sheets
from fixtures.render.case import scanned
from fixtures.render.formats import FORMATS
from fixtures.render.grid import Sheet
from fixtures.render.layout import Layout
from fixtures.render.older import before_2019
from fixtures.render.pdf import pdf
from fixtures.render.prose import Prose, front, narrative
from fixtures.render.scan import Scanner
from fixtures.render.statement import Cell

WORDINGS = {
    "项目": ("项 目", "项    目"),
    "决算数": ("金额", "决算数（万元）"),
    "收入": ("收 入",),
    "支出": ("支 出",),
    "经营收入": ("经 营 收 入",),
    "小计": ("合计",),
    "公务用车购置及运行费": ("公务用车购置及运行维护费", "公务用车费"),
    "公务用车运行费": ("公务用车运行维护费", "运行维护费", "运行费"),
    "公务用车购置费": ("购置费",),
    "因公出国（境）费": ("因公出国(境)费用", "因公出国（境）经费"),
    "使用非财政拨款结余": ("使用非财政拨款结余（含专用结余）", "使用非财政拨款结余和专用结余"),
    "经济分类科目编码": ("科目编码", "支出经济分类科目编码"),
}
DASHES = ("-", "—")
SCANNER = Scanner(skew=0.6, noise=5, quality=70)
"""As offices scan: grey, hardly crooked, compressed."""


@dataclass(frozen=True)
class Printed:
    """One document and what stands in it."""

    way: str
    statement: Statement
    layout: Layout
    data: bytes
    cells: Sequence[tuple[Cell, int | None]]

    def figures(self) -> dict[tuple[str, str, str], tuple[Decimal, int | None]]:
        """Amount and page of each figure."""
        return {
            cell.place: (cell.amount_yuan, page)
            for cell, page in self.cells
            if cell.amount_yuan is not None and cell.raw not in DASHES
        }


def printed(seed: int, way: str | None = None, rules: str = "all") -> Printed | None:
    """The document of a seed, with these ``rules``; None where its figures do not fit its columns."""
    rng = Random(seed)
    statement, layout = _publisher(rng, seed, rules)
    way = way or rng.choice(["pdf", "pdf", "txt", "md"])
    blocks: list[Prose | Sheet] = [*front(statement, layout), *sheets.forms(statement, layout)]
    blocks.append(narrative(statement, layout))
    if rng.random() < 0.3:
        blocks += sheets.annex(statement)
    if rng.random() < 0.3:
        blocks += [*front(statement, layout, "预算"), *sheets.budget(statement, layout)]
    if way == "scan":
        sheet = replace(layout, rotated=(), watermark="", radicals=False)
        return Printed(way, statement, sheet, *scanned(blocks, sheet, SCANNER, ".pdf"))
    if way == "pdf":
        try:
            drawn = pdf(blocks, layout, "fuzz")
        except ValueError:  # a figure is wider than its column
            return None
        return Printed(way, statement, layout, drawn.content, drawn.cells)
    slots = [slot for block in blocks if isinstance(block, Sheet) for slot in block.slots]
    cells = [(slot.cell, None) for slot in slots if slot.cell and slot.cell.raw]
    return Printed(way, statement, layout, FORMATS[way](blocks, statement, layout), cells)


def scan(seed: int, scanner: Scanner, rules: str = "all", forms: int = 3) -> Printed | None:
    """Some ``forms`` of the document of a seed, printed on paper and scanned."""
    rng = Random(seed)
    statement, layout = _publisher(rng, seed, rules)
    # Paper has no /Rotate and no text layer.
    layout = replace(layout, rotated=(), watermark="", radicals=False)
    all_forms = sheets.forms(statement, layout)
    chosen = sorted(rng.sample(range(len(all_forms)), forms))
    blocks = [*front(statement, layout)[:1], *(all_forms[at] for at in chosen)]
    try:
        content, cells = scanned(blocks, layout, replace(scanner, seed=seed), ".pdf")
    except ValueError:
        return None
    return Printed("scan", statement, layout, content, cells)


def _publisher(rng: Random, seed: int, rules: str) -> tuple[Statement, Layout]:
    """The accounts of an agency and how it prints them."""
    old = rng.random() < 0.2
    wishes = _wishes(rng, old=old)
    layout = _layout(rng, old=old)
    if rules == "open":
        layout = replace(layout, rules=rules)
    elif rules != "all":
        layout = _unruled(Random(f"{seed} {rules}"), layout, rules)
    layout = _worn(Random(f"{seed} {rules} worn"), layout)
    statement = invent(rng.randint(0, 10**6), replace(wishes, unit=layout.style.unit))
    return before_2019(statement) if old else statement, layout


def misreadings(document: Printed) -> list[str]:
    """In what a reading of the document differs from what is printed in it."""
    made = stages(document.data)
    wanted = document.figures()
    paged = document.way == "pdf"  # the page of a workbook is a sheet
    found = {
        (i.form, i.key, i.measure): (i.amount, i.page if paged else None)
        for i in made.items
        if i.amount is not None
    }
    wrong = [
        f"{place}: printed {wanted.get(place)}, read {found.get(place)}"
        for place in sorted(wanted.keys() | found.keys())
        if wanted.get(place) != found.get(place)
    ]
    forms = {sheet.form for sheet in made.sheets}
    wrong += [f"form {form}" for form in forms ^ set(document.statement.forms)]
    wrong += [f.message_en for f in made.findings if f.severity != "info"]
    agency = document.statement.agency
    said = (made.identity.agency, made.identity.fiscal_year, made.identity.kind)
    if said != (agency.name, agency.year, agency.kind):
        wrong.append(f"identity {said}")
    return wrong


def _wishes(rng: Random, *, old: bool) -> Wishes:
    def maybe(share: float = 0.5) -> bool:
        return rng.random() < share

    return Wishes(
        government_fund=maybe(),
        state_capital=maybe() and not old,
        balances=maybe(),
        own_income=maybe(),
        negative=maybe(),
        zero_rows=maybe(),
        empty=rng.choice(["blank", "zero"]),
        classes=rng.choice([24, 26]),
        capital_balances=maybe(0.3) and not old,
        full_economic_list=maybe(),
        basic_total_line=maybe(),
        honest_rounding=maybe(0.3),
    )


def _layout(rng: Random, *, old: bool) -> Layout:
    order = _order(rng, old=old)
    forms = catalogue().forms
    style = _style(rng, order)
    total = rng.choice(["first", "last", "header"])
    turned = _some(rng, order, 0.2)
    wide = _some(rng, order, 0.3) if style.unit == "万元" else order
    return Layout(
        order=order,
        titles={form: rng.choice(forms[form].titles) for form in order if rng.random() < 0.4},
        spaced_titles=rng.random() < 0.25,
        numbered=rng.random() < 0.6,
        words={w: rng.choice(others) for w, others in WORDINGS.items() if rng.random() < 0.4},
        agency_label=rng.choice(
            ["部门：", "编制单位：", "单位：", "单位名称：", "", "预算主管部门："]
        ),
        unit_label=rng.choice(["金额单位：", "单位：", "单位:", "金额单位:"]),
        codes=rng.choice(["one", "split", "split_blank", "split_merged", "class_column"]),
        total=total,
        code_heading=rng.choice(["功能分类科目编码", "支出功能分类科目编码", "科目编码"]),
        line_numbers=rng.random() < 0.4,
        column_numbers=rng.random() < 0.5,
        blocks=rng.choice([2, 3]),
        three_public=rng.choice(["blocks", "interleaved"]),
        three_public_numbers=rng.random() < 0.5,
        reception_first=rng.random() < 0.4,
        spent_group={"general_budget_expenditure": "本年支出"} if rng.random() < 0.4 else {},
        spare_rows=rng.choice([0, 0, 3]),
        landscape=wide,
        rotated=turned,
        rows_per_page={form: rng.randint(4, 20) for form in order if rng.random() < 0.25},
        last_row_alone=_some(rng, order, 0.15),
        # A total that stands in the header would be printed once more on every page.
        repeat_header=rng.random() < 0.4 and total != "header",
        together=_together(rng, order, wide, turned),
        blank_after=_some(rng, order, 0.1),
        ruling=rng.choice(["lines", "double", "filled", "boxes"]),
        name_width=rng.choice([84.0, 110.0, 150.0]) if style.unit == "万元" else 84.0,
        radicals=rng.random() < 0.2 and not turned,
        watermark=rng.choice(["", "", "政务公开"]),
        header=rng.choice(["", "", "某某部门决算公开"]),
        footer=rng.choice(["", "— {page} —", "第{page}页", "{page}", "- {page} -"]),
        style=style,
    )


def _worn(rng: Random, layout: Layout) -> Layout:
    """The layout with what stands on some pages beside the forms, or upon them."""
    return replace(
        layout,
        rotation=rng.choice([90, 90, 270]),
        repeat_title=rng.choice(["", "", "{title}", "{title}（续）"]),
        watermark_rows=rng.choice([1, 3]),
        header_rule=rng.random() < 0.5,
        footer=rng.choice([layout.footer, layout.footer, "第 {page} 页 共 60 页", "{page}/60"]),
        header_twice=layout.header_twice or rng.random() < 0.15,
        broken_figures=layout.broken_figures or rng.random() < 0.2,
    )


def _unruled(rng: Random, layout: Layout, rules: str) -> Layout:
    """The layout with fewer rules; a code merged over its rows cannot be told without them."""
    codes = "split" if layout.codes == "split_merged" else layout.codes
    return replace(
        layout,
        rules=rules,
        codes=codes,
        valign=rng.choice(["centre", "centre", "centre", "top", "bottom"]),
        broken_figures=rng.random() < 0.3,
        header_twice=rng.random() < 0.2,
    )


def _order(rng: Random, *, old: bool) -> tuple[str, ...]:
    order = [form for form in book.FORMS if not (old and form == "state_capital")]
    kind = rng.random()
    if kind < 0.4:
        order.remove("three_public")
        order.append("three_public")
    elif kind < 0.6:
        rng.shuffle(order)
    return tuple(order)


def _style(rng: Random, order: Sequence[str]) -> Style:
    return Style(
        unit=rng.choice(["万元", "元"]),
        thousands=rng.random() < 0.6,
        trailing=rng.random() < 0.6,
        zero=rng.choice(["0.00", "0", "", "0.0", *DASHES]),
        negative=rng.choice(["-{}", "（{}）", "－{}", "({})", "△{}", "−{}"]),
        full_width=_some(rng, order, 0.15),
    )


def _some(rng: Random, order: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(form for form in order if rng.random() < share)


def _together(
    rng: Random, order: Sequence[str], wide: Sequence[str], turned: Sequence[str]
) -> tuple[str, ...]:
    """Forms that go on where the one before ended, on a page that lies the same way."""
    alike = [
        after
        for before, after in pairwise(order)
        if (before in wide, before in turned) == (after in wide, after in turned)
    ]
    return _some(rng, alike, 0.3)
