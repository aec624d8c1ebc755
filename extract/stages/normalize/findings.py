"""What was doubtful in reading a form: told with its place, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial

from extract.forms import Form
from extract.geometry import displayed
from extract.hanzi import tidy
from extract.identifiers import fingerprint
from extract.model import Cell, Finding, Item, Remark, Severity, Sheet, Table
from extract.stages.normalize.entries import Entry, Origin

_RUN_IN = re.compile(r"[^\d.,\-][\d,]*\d\.\d\d$")


def lost_headers(sheet: Sheet, form: Form, origin: Origin) -> list[Finding]:
    """A form whose columns were told by their order, because its headings are damaged."""
    table = next((t for t in sheet.tables if t.header_lost), None)
    if table is None:
        return []
    order = "、".join(c.measure or "" for c in table.columns if c.role == "measure")
    return [
        _finding(
            origin,
            "normalize.header_lost",
            "header_lost",
            "warning",
            form.name,
            page=table.grid.region.page.number,
            message=f"{form.title}的栏目标题残缺，各栏按通行顺序认定为：{order}。",
            message_en=f"{form.name}: headings are damaged; columns were taken in their usual order: {order}.",
        )
    ]


def unknown_headings(sheet: Sheet, form: Form, origin: Origin) -> list[Finding]:
    """Headings of nobody's schema, believed by their place and their likeness."""
    placed = [(t, c) for t in sheet.tables for c in t.columns if c.by_place]
    if not placed:
        return []
    pairs = {c.heading.rpartition("/")[2]: c.measure for _, c in placed}
    zh = "、".join(f"“{label}”作 {measure}" for label, measure in pairs.items())
    en = ", ".join(f"“{label}” as {measure}" for label, measure in pairs.items())
    return [
        _finding(
            origin,
            "normalize.unknown_heading",
            "header_lost",
            "info",
            form.name,
            page=placed[0][0].grid.region.page.number,
            message=f"{form.title}的栏目标题未见于各地用语，按位置与近似认定：{zh}。",
            message_en=f"{form.name}: headings that are not in the schemas, read by place and likeness: {en}.",
        )
    ]


def lost_title(sheet: Sheet, form: Form, origin: Origin) -> list[Finding]:
    """A form that was told by its headings alone."""
    if sheet.title:
        return []
    return [
        _finding(
            origin,
            "normalize.lost_title",
            "header_lost",
            "info",
            form.name,
            page=sheet.tables[0].grid.region.page.number,
            message=f"此表标题缺失，按栏目认定为{form.title}。",
            message_en=f"{form.name}: the title is lost; the form was told by its headings.",
        )
    ]


def wrong_title(sheet: Sheet, form: Form, origin: Origin) -> list[Finding]:
    """A form whose columns are those of another than its title names; the columns are believed."""
    if not sheet.titled:
        return []
    return [
        _finding(
            origin,
            "normalize.wrong_title",
            "header_lost",
            "info",
            form.name,
            page=sheet.tables[0].grid.region.page.number,
            message=f"此表题为{sheet.title}，栏目却是{form.title}，按栏目认定。",
            message_en=f"{form.name}: the title is that of {sheet.titled}; the columns are believed.",
        )
    ]


def unstated_unit(items: Sequence[Item], form: Form, origin: Origin) -> list[Finding]:
    """A form with amounts that prints no unit of its own."""
    if origin.stated or not any(item.amount for item in items):
        return []
    return [
        _finding(
            origin,
            "normalize.unit",
            "unit_mismatch",
            "warning",
            form.name,
            page=items[0].page,
            message=f"{form.title}没有印出金额单位，按{origin.unit}计。",
            message_en=f"{form.name} prints no unit; {origin.unit} was assumed.",
        )
    ]


def remarked(remarks: Iterable[Remark], doc_id: str, statement: int) -> tuple[Finding, ...]:
    """What the reader saw and did not read."""
    return tuple(
        Finding(
            finding_id=fingerprint(
                doc_id, statement, "unreadable", one.rule, None, "", one.where, None
            ),
            doc_id=doc_id,
            statement=statement,
            stage="read",
            rule=one.rule,
            category="unreadable",
            severity="warning" if one.loud else "info",
            message=one.message,
            message_en=one.message_en,
        )
        for one in remarks
    )


def odd_entries(entries: Iterable[Entry], form: Form, origin: Origin) -> list[Finding]:
    """Rows without a code, lines the form's schema does not know."""
    return [found for entry in entries for found in _odd(entry, form, origin)]


def _odd(entry: Entry, form: Form, origin: Origin) -> Iterable[Finding]:
    say = partial(_finding, origin, form=form.name, key=entry.key, page=entry.row.page)
    if _RUN_IN.search(entry.name):
        yield say(
            rule="normalize.run_in",
            category="unreadable",
            severity="warning",
            message=f"{form.title}：“{entry.name}”名称与金额连在一起，本行各栏可能错位。",
            message_en=f"{form.name}: “{entry.name}” runs into a figure; the row's columns may be shifted.",
        )
    if entry.doubt == "no code":
        yield say(
            rule="normalize.no_code",
            category="unreadable",
            severity="warning",
            message=f"{form.title}：“{entry.name}”一行没有可读的科目编码。",
            message_en=f"{form.name}: the row “{entry.name}” has no readable code.",
        )
    if entry.doubt == "no label" and not entry.row.is_blank():
        yield say(
            rule="normalize.no_label",
            category="unreadable",
            severity="warning",
            message=f"{form.title}：有一行印有金额而无项目名称，原样保留为 {entry.key}。",
            message_en=f"{form.name}: a row prints amounts and no label; kept as {entry.key}.",
        )
    if entry.doubt == "unknown line":
        yield say(
            rule="normalize.unknown_line",
            category="unreadable",
            # What OCR makes of a label may hide a line the form's sums need.
            severity="warning" if entry.row.by_ocr and not entry.row.is_blank() else "info",
            message=f"{form.title}：“{entry.name}”不在已知项目之列，原样保留为 {entry.key}。",
            message_en=f"{form.name}: the line “{entry.name}” is not in schemas/forms/{form.name}.yaml; kept as {entry.key}.",
        )

    if entry.doubt == "unknown wording":
        yield say(
            rule="normalize.unknown_wording",
            category="unreadable",
            severity="info",
            message=f"{form.title}：“{entry.name}”未见于各地用语，按位置与近似认定为 {entry.key}。",
            message_en=f"{form.name}: the label “{entry.name}” is not in the schemas; read as {entry.key} by place and likeness.",
        )


def unreadable(item: Item, form: Form) -> Finding:
    """A cell of figures whose text is no amount."""
    return Finding(
        finding_id=fingerprint(
            item.doc_id,
            item.statement,
            "unreadable",
            "normalize.amount",
            item.form,
            item.variant,
            item.key,
            item.measure,
        ),
        doc_id=item.doc_id,
        statement=item.statement,
        stage="read",
        rule="normalize.amount",
        category="unreadable",
        severity="warning",
        form=item.form,
        variant=item.variant,
        key=item.key,
        measure=item.measure,
        page=item.page,
        x0=item.x0,
        y0=item.y0,
        x1=item.x1,
        y1=item.y1,
        message=f"{form.title}：“{item.name}”一格印作“{item.raw}”，不是金额。",
        message_en=f"{item.form}: {item.key} {item.measure} prints “{item.raw}”, which is not an amount.",
    )


def unaccounted(sheet: Sheet, cells: Iterable[tuple[Table, Cell]], origin: Origin) -> list[Finding]:
    """Printed cells of the body that no row took up."""
    return [
        _finding(
            origin,
            "normalize.unaccounted",
            "unreadable",
            "warning",
            sheet.form,
            key=f"cell.{sheet.tables.index(table)}.{cell.row}.{cell.column}",
            page=table.grid.region.page.number,
            box=cell.box and displayed(cell.box, table.grid.region.page),
            message=f"{sheet.title}：“{tidy(cell.text)}”一格不知属于哪一栏。",
            message_en=f"{sheet.form}: the cell “{tidy(cell.text)}” belongs to no known column.",
        )
        for table, cell in cells
    ]


def _finding(
    origin: Origin,
    rule: str,
    category: str,
    severity: Severity,
    form: str,
    *,
    message: str,
    message_en: str,
    key: str | None = None,
    page: int | None = None,
    box: tuple[float, float, float, float] | None = None,
) -> Finding:
    x0, y0, x1, y1 = box or (None, None, None, None)
    return Finding(
        finding_id=fingerprint(
            origin.doc_id, origin.statement, category, rule, form, "", key, None
        ),
        doc_id=origin.doc_id,
        statement=origin.statement,
        stage="read",
        rule=rule,
        category=category,
        severity=severity,
        form=form,
        key=key,
        page=page,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        message=message,
        message_en=message_en,
    )
