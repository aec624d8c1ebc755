"""How does one cite a number, so that another finds it again?

Agency, year, form, page and document, in Chinese, in English, and as the terminal shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from extract.forms import catalogue
from extract.model import Item, Reading


@dataclass(frozen=True, slots=True)
class Place:
    """What a citation names."""

    agency: str | None
    fiscal_year: int
    form: str | None
    title: str | None
    variant: str
    page: int | None
    doc_id: str
    source: str
    kind: str | None = None

    @property
    def url(self) -> str | None:
        """Where the document is on the web; None for a file."""
        return self.source if self.source.startswith(("http://", "https://")) else None


def place(
    reading: Reading,
    statement: int = 0,
    form: str | None = None,
    variant: str = "",
    page: int | None = None,
) -> Place:
    """A form of a document, or, without one, the document."""
    who, known = reading.identity, catalogue().forms.get(form or "")
    agencies = (who.agency, *(one.agency for one in reading.further))
    return Place(
        agencies[statement] if statement < len(agencies) else who.agency,
        who.fiscal_year,
        form,
        known.title if known else None,
        variant,
        page,
        reading.doc_id,
        reading.source,
        who.kind,
    )


def place_of(reading: Reading, item: Item) -> Place:
    """A cell of a document."""
    return place(reading, item.statement, item.form, item.variant, item.page)


def cited(place: Place) -> str:
    """In one line, each part set off: what the terminal shows."""
    page = f"p. {place.page}" if place.page is not None else ""
    who = (place.agency or "?", str(place.fiscal_year or "?"), _form(place), page)
    return " · ".join(filter(None, (*who, f"doc {place.doc_id}")))


def citation_zh(place: Place) -> str:
    """A line to copy, for a Chinese text.

    >>> one = Place("某局", 2023, "income", "收入决算表", "", 3, "0a", "https://e.example/a.pdf", "部门决算")
    >>> citation_zh(one)
    '某局：2023年度部门决算，收入决算表，第3页，doc_id 0a，https://e.example/a.pdf。'
    """
    year = f"{place.fiscal_year}年度" if place.fiscal_year else ""
    page = f"第{place.page}页" if place.page is not None else ""
    parts = (f"{year}{place.kind or '决算'}", _form(place), page, f"doc_id {place.doc_id}")
    told = "，".join(filter(None, (*parts, place.source)))
    return f"{place.agency or '（单位不明）'}：{told}。"


def citation_en(place: Place) -> str:
    """A line to copy, for an English text.

    >>> one = Place("某局", 2023, "income", "收入决算表", "", 3, "0a", "https://e.example/a.pdf", "部门决算")
    >>> citation_en(one)
    '某局, 部门决算 2023, 收入决算表 (income), p. 3, doc_id 0a, https://e.example/a.pdf.'
    """
    titled = f"{place.kind or '决算'} {place.fiscal_year or '(year unknown)'}"
    form = f"{_form(place)} ({place.form})" if place.form else ""
    page = f"p. {place.page}" if place.page is not None else ""
    parts = (titled, form, page, f"doc_id {place.doc_id}", place.source)
    return ", ".join(filter(None, (place.agency or "(agency unknown)", *parts))) + "."


def _form(place: Place) -> str:
    return " ".join(filter(None, (place.title, place.variant)))
