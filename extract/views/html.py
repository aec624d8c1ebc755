"""From views to pages of HTML: one environment, one stylesheet, one policy of what a page may do.

Everything is escaped unless it is ``Markup``; a template that names what it was not given is
an error. Templates that every page shares stand in ``pages/``; a package brings its own beside.
"""

from __future__ import annotations

import base64
import re
from decimal import Decimal
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from extract.lang import Lang, say
from extract.views.svg import share

_PAGES = Path(__file__).parent / "pages"
# Characters that turn the reading direction around, or are none: they hide what is there.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def environment(lang: Lang, *folders: Path) -> Environment:
    """Templates of ``folders``, and those that all pages share; ``t`` says a text in ``lang``."""
    made = Environment(
        loader=FileSystemLoader([*folders, _PAGES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": partial(say, lang=lang), "lang": lang, "stylesheet": stylesheet()}
    made.filters |= {"yuan": yuan, "share": share, "clean": clean}
    made.finalize = _finalized
    return made


@cache
def stylesheet() -> Markup:
    """The one stylesheet; ours, so that it needs no escaping."""
    return Markup((_PAGES / "juesuan.css").read_text(encoding="utf-8"))


@cache
def policy() -> str:
    """What a page without a server may do: show its own pictures, and look as the stylesheet says."""
    digest = base64.b64encode(sha256(stylesheet().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def yuan(amount: Decimal | None) -> str:
    """An amount in yuan.

    >>> yuan(Decimal("1234.5")), yuan(None)
    ('1,234.50', '')
    """
    return "" if amount is None else f"{amount:,.2f}"


def clean(text: str) -> str:
    """Without what is no character, and what turns the direction of reading around.

    >>> clean("a\\u202eb\\x00c")
    'a�b�c'
    """
    return _HIDDEN.sub("�", text)


def _finalized(value: object) -> object:
    """Every text that goes into a page goes through here."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
