"""Small documents for one question each: lines and tables set on pages, or typed as text.

A table is rows of cells as they look: ``<`` goes on with the cell to the left, ``^`` with
the one above. The same paper can be drawn as a PDF or typed with tabs or pipes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO

from PIL.Image import Image
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.document import Made, stages

FONT = "STSong-Light"
WIDTH, HEIGHT, MARGIN = 842.0, 595.0, 36.0
SIZE, ROW = 7.0, 16.0

Rows = Sequence[Sequence[str]]
Amounts = dict[tuple[str, str, str], Decimal | None]


@dataclass(frozen=True)
class Text:
    """One line; ``x`` None is centred."""

    text: str
    x: float | None = None
    down: float = 14.0


@dataclass(frozen=True)
class Table:
    """Cells as they look, and what each column takes of the width."""

    rows: Rows
    widths: Sequence[float] = ()


@dataclass
class Paper:
    """What is printed, page by page."""

    pages: list[list[Text | Table]] = field(default_factory=lambda: [[]])

    def line(self, text: str, x: float | None = None, down: float = 14.0) -> Paper:
        """One line; ``down`` 0 sets it beside the one before."""
        self.pages[-1].append(Text(text, x, down))
        return self

    def lines(self, *texts: str) -> Paper:
        """Several lines, one below the other."""
        for text in texts:
            self.line(text)
        return self

    def table(self, rows: Rows, widths: Sequence[float] = ()) -> Paper:
        """A ruled table."""
        self.pages[-1].append(Table([list(row) for row in rows], widths))
        return self

    def page(self) -> Paper:
        """A new page."""
        self.pages.append([])
        return self

    def pdf(self) -> bytes:
        """Drawn."""
        return self._drawn([None] * len(self.pages))

    def pictured(self) -> bytes:
        """Drawn, but that all rulings are part of a picture behind the words."""
        return self._drawn([_rulings(page) for page in PdfDocument(self.pdf())])

    def _drawn(self, behind: Sequence[Image | None]) -> bytes:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        buffer = BytesIO()
        canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        for page, picture in zip(self.pages, behind, strict=True):
            if picture is not None:
                canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)
            _draw(canvas, page, lines=picture is None)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    def typed(self) -> bytes:
        """With tabs, as OCR leaves it."""
        return self._text(lambda row: "\t".join(row)).encode()

    def markdown(self) -> bytes:
        """With pipes."""
        return self._text(lambda row: "| " + " | ".join(row) + " |").encode()

    def _text(self, join: object) -> str:
        assert callable(join)
        parts = [part for page in self.pages for part in page]
        return "\n".join(
            part.text
            if isinstance(part, Text)
            else "\n".join(join(["" if c in "<^" else c for c in row]) for row in part.rows)
            for part in parts
        )


def _rulings(page: PdfPage) -> Image:
    """The page as a scanner would see it without its words."""
    for words in list(page.get_objects([FPDF_PAGEOBJ_TEXT])):
        page.remove_obj(words)
    page.gen_content()
    return page.render(scale=150 / 72).to_pil()


def _draw(canvas: Canvas, page: Sequence[Text | Table], *, lines: bool = True) -> None:
    y = HEIGHT - MARGIN
    for part in page:
        if isinstance(part, Text):
            y -= part.down
            canvas.setFont(FONT, SIZE + 2)
            if part.x is None:
                canvas.drawCentredString(WIDTH / 2, y, part.text)
            else:
                canvas.drawString(part.x, y, part.text)
        else:
            y = ruled(canvas, part.rows, y - 6, widths=part.widths, lines=lines) - 4


def ruled(
    canvas: Canvas,
    rows: Rows,
    top: float,
    *,
    left: float = MARGIN,
    width: float = WIDTH - 2 * MARGIN,
    widths: Sequence[float] = (),
    lines: bool = True,
) -> float:
    """Draw a table and give back where it ends."""
    share = list(widths) or _shares(rows)
    edges = [left + width * sum(share[:i]) / sum(share) for i in range(len(share) + 1)]
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            if text in ("<", "^"):
                continue
            right, low = column + 1, row + 1
            while right < len(cells) and cells[right] == "<":
                right += 1
            while low < len(rows) and rows[low][column] == "^":
                low += 1
            x0, x1 = edges[column], edges[right]
            y0, y1 = top - ROW * low, top - ROW * row
            if lines:
                canvas.setLineWidth(0.5)
                canvas.rect(x0, y0, x1 - x0, y1 - y0)
            _set(canvas, text, x0, (y0 + y1) / 2)
    return top - ROW * len(rows)


def _shares(rows: Rows) -> list[float]:
    """Columns as wide as their longest text that is theirs alone."""
    shares = [6.0] * len(rows[0])
    for row in rows:
        for column, text in enumerate(row):
            alone = column + 1 == len(row) or row[column + 1] != "<"
            if alone:
                longest = max(map(len, text.split("\n")))
                shares[column] = max(shares[column], longest + 2.0)
    return shares


def _set(canvas: Canvas, text: str, x: float, middle: float) -> None:
    parts = text.split("\n")
    canvas.setFont(FONT, SIZE)
    for at, part in enumerate(parts):
        canvas.drawString(x + 2, middle - SIZE / 3 + (len(parts) / 2 - at - 0.5) * SIZE, part)


# What came of it ------------------------------------------------------------------------


def amounts(made: Made, form: str | None = None) -> Amounts:
    """Every cell read of the standard forms, blanks among them."""
    return {
        (item.form, item.key, item.measure): item.amount
        for item in made.items
        if form in (None, item.form) and not item.variant
    }


def figures(data: bytes, form: str | None = None) -> dict[tuple[str, str, str], str]:
    """Every amount read, as text."""
    return {
        place: str(amount)
        for place, amount in amounts(stages(data), form).items()
        if amount is not None
    }


def loud(made: Made) -> list[tuple[str, str | None]]:
    """Category and form of what the reading stages found of warning or above."""
    return [(f.category, f.form) for f in made.findings if f.severity != "info"]


def unaccounted(made: Made) -> Counter[str]:
    """Printed body cells that are in no item, not ignored, and under no finding."""
    left: Counter[str] = Counter()
    ignored = {id(one.cell) for one in made.ignored}
    raws = Counter(item.raw for item in made.items if item.raw)
    told = " ".join(finding.message for finding in made.findings)
    for sheet in made.sheets:
        for table in sheet.tables:
            slots = {c.slot: c for c in table.columns}
            for cell in table.grid.cells:
                text = "".join(cell.text.split("\n")).strip()
                if cell.row < table.body or not text or id(cell) in ignored:
                    continue
                column = next(
                    (
                        slots[s]
                        for s in range(cell.column, cell.column + cell.columns)
                        if s in slots
                    ),
                    None,
                )
                named = column is not None and column.role not in {"measure", "passed", "none"}
                if not (named or raws[text] or text in told):
                    left[text] += 1
    return left


# Forms to vary ---------------------------------------------------------------------------

INCOME_HEAD = [
    [
        "项目",
        "<",
        "本年收入合计",
        "财政拨款收入",
        "上级补助收入",
        "事业收入",
        "经营收入",
        "附属单位上缴收入",
        "其他收入",
    ],
    ["功能分类科目编码", "科目名称", "^", "^", "^", "^", "^", "^", "^"],
]
INCOME_BODY = [
    ["合计", "<", "18.00", "15.00", "0.00", "1.00", "0.00", "0.00", "2.00"],
    ["208", "社会保障和就业支出", "10.00", "7.00", "0.00", "1.00", "0.00", "0.00", "2.00"],
    ["20805", "行政事业单位养老支出", "10.00", "7.00", "0.00", "1.00", "0.00", "0.00", "2.00"],
    [
        "2080505",
        "机关事业单位基本养老保险缴费支出",
        "10.00",
        "7.00",
        "0.00",
        "1.00",
        "0.00",
        "0.00",
        "2.00",
    ],
    ["210", "卫生健康支出", "8.00", "8.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
    ["21011", "行政事业单位医疗", "8.00", "8.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
    ["2101101", "行政单位医疗", "8.00", "8.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
]
EXPENDITURE_HEAD = [
    [
        "项目",
        "<",
        "本年支出合计",
        "基本支出",
        "项目支出",
        "上缴上级支出",
        "经营支出",
        "对附属单位补助支出",
    ],
    ["功能分类科目编码", "科目名称", "^", "^", "^", "^", "^", "^"],
]
EXPENDITURE_BODY = [[*row[:3], row[3], row[5], "0.00", row[8], "0.00"] for row in INCOME_BODY]
GENERAL_HEAD = [
    ["项目", "<", "本年支出", "<", "<"],
    ["功能分类科目编码", "科目名称", "小计", "基本支出", "项目支出"],
]
GENERAL_BODY = [[row[0], row[1], row[3], row[3], "0.00"] for row in INCOME_BODY]
SUMMARY = [
    ["收入", "<", "支出", "<"],
    ["项目", "决算数", "项目", "决算数"],
    ["一、一般公共预算财政拨款收入", "15.00", "一、一般公共服务支出", "0.00"],
    ["二、政府性基金预算财政拨款收入", "0.00", "二、外交支出", "0.00"],
    ["三、国有资本经营预算财政拨款收入", "0.00", "三、国防支出", "0.00"],
    ["四、上级补助收入", "0.00", "四、公共安全支出", "0.00"],
    ["五、事业收入", "1.00", "五、教育支出", "0.00"],
    ["六、经营收入", "0.00", "六、社会保障和就业支出", "10.00"],
    ["七、附属单位上缴收入", "0.00", "七、卫生健康支出", "8.00"],
    ["八、其他收入", "2.00", "八、其他支出", "0.00"],
    ["本年收入合计", "18.00", "本年支出合计", "18.00"],
    ["使用非财政拨款结余", "0.00", "结余分配", "0.00"],
    ["年初结转和结余", "1.00", "年末结转和结余", "1.00"],
    ["总计", "19.00", "总计", "19.00"],
]
BASIC = [
    ["人员经费", "<", "<", "公用经费", "<", "<"],
    ["经济分类科目编码", "科目名称", "决算数", "经济分类科目编码", "科目名称", "决算数"],
    ["301", "工资福利支出", "9.00", "302", "商品和服务支出", "4.00"],
    ["30101", "基本工资", "9.00", "30201", "办公费", "4.00"],
    ["303", "对个人和家庭的补助", "1.00", "310", "资本性支出", "1.00"],
    ["30302", "退休费", "1.00", "31002", "办公设备购置", "1.00"],
    ["人员经费合计", "<", "10.00", "公用经费合计", "<", "5.00"],
]
THREE_PUBLIC = [
    ["预算数", "<", "<", "<", "<", "<", "决算数", "<", "<", "<", "<", "<"],
    ["合计", "因公出国（境）费", "公务用车购置及运行费", "<", "<", "公务接待费"] * 2,
    ["^", "^", "小计", "公务用车购置费", "公务用车运行费", "^"] * 2,
    [
        "7.00",
        "1.00",
        "4.00",
        "1.00",
        "3.00",
        "2.00",
        "6.00",
        "1.00",
        "3.00",
        "0.00",
        "3.00",
        "2.00",
    ],
]
TITLES = {
    "income_expenditure_summary": "收入支出决算总表",
    "income": "收入决算表",
    "expenditure": "支出决算表",
    "general_budget_expenditure": "一般公共预算财政拨款支出决算表",
    "general_budget_basic_expenditure": "一般公共预算财政拨款基本支出决算表",
    "three_public": "一般公共预算财政拨款“三公”经费支出决算表",
}
TABLES: dict[str, Rows] = {
    "income_expenditure_summary": SUMMARY,
    "income": [*INCOME_HEAD, *INCOME_BODY],
    "expenditure": [*EXPENDITURE_HEAD, *EXPENDITURE_BODY],
    "general_budget_expenditure": [*GENERAL_HEAD, *GENERAL_BODY],
    "general_budget_basic_expenditure": BASIC,
    "three_public": THREE_PUBLIC,
}


def plain(form: str) -> Paper:
    """One form, usually printed."""
    return Paper().line(TITLES[form]).line("金额单位：元", x=700).table(TABLES[form])
