"""Drawings as SVG: boxes over a picture, how far forms are proven, bars side by side.

Each has a title and a description for those who do not see it, and colours that stand out
from white and from each other without being told by colour alone. What a document says
becomes text of the tree, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Literal
from xml.etree import ElementTree as ET

from markupsafe import Markup
from rich.cells import cell_len, chop_cells

from extract.coverage import Coverage
from extract.model import Box
from extract.views.pictures import Picture

INK, PALE, RED, AMBER, BLUE, TEAL, GREY = (
    *("#1c1e21", "#e7eaee", "#b3261e", "#8a5300", "#1f5fa8", "#0b6e5d", "#5b6470"),
)
"""Colours; all but the pale one have a contrast of at least 5 to 1 on white."""

Role = Literal["doubt", "suspect", "part"]
_ROLES: Mapping[Role, Mapping[str, str]] = {
    "doubt": {"stroke": RED, "stroke-width": "2"},
    "suspect": {"stroke": AMBER, "stroke-width": "1.6", "stroke-dasharray": "5 2"},
    "part": {"stroke": BLUE, "stroke-width": "1.2", "stroke-dasharray": "2 2"},
}
_ON_TOP: tuple[Role, ...] = ("part", "suspect", "doubt")
_LABEL, _BAR, _VALUE, _ROW = 250, 300, 150, 20
_LETTERS = 36  # cells of the terminal's kind that a label has room for


@dataclass(frozen=True, slots=True)
class Mark:
    """A box over a picture, in points of the page; ``label`` says which cell it is."""

    box: Box
    role: Role
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A label and its values; ``shown`` is how each is written, ``values`` how long it is drawn."""

    label: str
    values: tuple[Decimal, ...]
    shown: tuple[str, ...]


def over(picture: Picture, href: str, marks: Iterable[Mark], title: str) -> Markup:
    """``picture``, which is to be had at ``href``, with the marks that lie on it drawn over."""
    x0, y0, x1, y1 = picture.clip
    boxed = [mark for mark in marks if _meet(mark.box, picture.clip)]
    root = _drawing(
        (x0, y0, x1 - x0, y1 - y0), title, "；".join(mark.label for mark in boxed), "page"
    )
    ET.SubElement(
        root,
        "image",
        {"href": href, "x": _n(x0), "y": _n(y0), "width": _n(x1 - x0), "height": _n(y1 - y0)},
    )
    for mark in sorted(boxed, key=lambda one: _ON_TOP.index(one.role)):
        left, top, right, bottom = mark.box
        drawn = ET.SubElement(
            root,
            "rect",
            {
                **{"x": _n(left - 1), "y": _n(top - 1), "rx": "2", "fill": "none"},
                **{"width": _n(right - left + 2), "height": _n(bottom - top + 2)},
                **_ROLES[mark.role],
            },
        )
        ET.SubElement(drawn, "title").text = mark.label
    return _markup(root)


def proof(forms: Sequence[tuple[str, Coverage]], title: str, words: Sequence[str]) -> Markup:
    """How far each form (label, coverage) is proven: twice, once, not at all.

    ``words`` names these three. The bars are as long as the form has amounts, hatched less the
    surer it is.
    """
    longest = max((covered.amounts for _, covered in forms), default=0) or 1
    said = "；".join(
        f"{label}: {share(covered.share)} / {covered.amounts}" for label, covered in forms
    )
    height = _ROW * (len(forms) + 2)
    root = _drawing((0, 0, _LABEL + _BAR + _VALUE, height), title, said, "proof")
    _legend(root, words, (TEAL, BLUE, RED))
    for row, (label, covered) in enumerate(forms, 1):
        y = row * _ROW + 6
        _text(root, label, 0, y + 12)
        once = covered.proven - covered.proven_twice
        left = float(_LABEL)
        for many, colour in zip(
            (covered.proven_twice, once, covered.amounts - covered.proven),
            (TEAL, BLUE, RED),
            strict=True,
        ):
            width = _BAR * many / longest
            _rect(root, left, y, width, colour)
            left += width
        _text(root, f"{share(covered.share)} / {covered.amounts}", _LABEL + _BAR + 8, y + 12)
    return _markup(root)


def bars(rows: Sequence[Bar], title: str, series: Sequence[str]) -> Markup:
    """A bar for each value of each row, to the right of zero or to the left; ``series`` names them."""
    values = [value for row in rows for value in row.values]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    span = float(high - low) or 1.0
    zero = _LABEL + _BAR * float(-low) / span
    deep = len(series) * 14 + 8
    said = "；".join(f"{row.label} {' / '.join(row.shown)}" for row in rows)
    top = _ROW + 8 if len(series) > 1 else 4
    size = (0, 0, _LABEL + _BAR + _VALUE, top + deep * len(rows))
    root = _drawing(size, title, said, "bars")
    colours = (BLUE, TEAL, AMBER)
    if len(series) > 1:
        _legend(root, series, colours)
    for number, row in enumerate(rows):
        y = top + number * deep
        _text(root, row.label, 0, y + 11)
        for at, (value, shown) in enumerate(zip(row.values, row.shown, strict=True)):
            width = _BAR * abs(float(value)) / span
            left = zero if value >= 0 else zero - width
            _rect(root, left, y + 14 * at, width, colours[at % len(colours)])
            _text(root, shown, _LABEL + _BAR + 8, y + 14 * at + 11, letters=None)
    line = {"x1": _n(zero), "x2": _n(zero), "y1": _n(top), "y2": _n(size[3])}
    ET.SubElement(root, "line", line | {"stroke": GREY, "stroke-width": "1"})
    return _markup(root)


def share(value: float | None) -> str:
    """A share in percent; rounded down, so that 100% says all.

    >>> share(0.99999), share(1.0), share(None)
    ('99.9%', '100.0%', '–')
    """
    return "–" if value is None else f"{int(value * 1000) / 10:.1f}%"


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _drawing(view: Sequence[float], title: str, said: str, kind: str) -> ET.Element:
    """An empty drawing; its ids are those of nothing else."""
    mark = sha256(f"{kind}\0{view}\0{title}\0{said}".encode("utf-8", "replace")).hexdigest()[:10]
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": kind,
            "viewBox": " ".join(map(_n, view)),
            "role": "img",
            "aria-labelledby": f"t{mark} d{mark}",
        },
    )
    ET.SubElement(root, "title", {"id": f"t{mark}"}).text = title
    ET.SubElement(root, "desc", {"id": f"d{mark}"}).text = said
    return root


def _legend(root: ET.Element, words: Sequence[str], colours: Sequence[str]) -> None:
    left = float(_LABEL)
    for word, colour in zip(words, colours, strict=False):
        _rect(root, left, 4, 12, colour)
        _text(root, word, left + 16, 15)
        left += 30 + 7 * cell_len(word)


def _rect(root: ET.Element, x: float, y: float, width: float, colour: str) -> None:
    if width <= 0:
        return
    size = {"x": _n(x), "y": _n(y), "width": _n(max(width, 0.5)), "height": "12"}
    ET.SubElement(root, "rect", size | {"fill": colour})


def _text(
    root: ET.Element, said: str, x: float, y: float, *, letters: int | None = _LETTERS
) -> None:
    cut = said if letters is None or cell_len(said) <= letters else _cut(said, letters)
    drawn = ET.SubElement(root, "text", {"x": _n(x), "y": _n(y), "font-size": "13", "fill": INK})
    drawn.text = cut
    if cut != said:
        ET.SubElement(drawn, "title").text = said


def _cut(said: str, letters: int) -> str:
    return f"{chop_cells(said, letters - 1)[0]}…"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _markup(root: ET.Element) -> Markup:
    return Markup(ET.tostring(root, encoding="unicode"))
