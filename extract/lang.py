"""In which of two languages to speak, and how each thing is said in it.

English is what the program is written in; ``schemas/lang/zh.yaml`` has the Chinese beside it,
pair by pair. A text without a pair is said in English: a test names it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args

import yaml

from extract.errors import SchemaError
from extract.locations import schemas

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


def spoken(environ: Mapping[str, str] = os.environ) -> Lang:
    """The language of the locale: Chinese where it says so, else English.

    >>> spoken({"LANG": "zh_CN.UTF-8"}), spoken({"LC_ALL": "C", "LANG": "zh_CN"}), spoken({})
    ('zh', 'en', 'en')
    """
    locale = next(filter(None, (environ.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def say(text: str, lang: Lang) -> str:
    """``text`` in that language; of a text in several lines only the words count."""
    return text if lang == "en" else chinese().get(plain(text), text)


def plain(text: str) -> str:
    """What texts are compared by: their words.

    >>> plain("Folder of\\n   the datasets.")
    'Folder of the datasets.'
    """
    return " ".join(text.replace("\b", "").split())


@cache
def chinese() -> Mapping[str, str]:
    """English to Chinese. Raises ``SchemaError``."""
    path = schemas() / "lang" / "zh.yaml"
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        pairs = [pair for section in told.values() for pair in section]
        return {plain(pair["en"]): pair["zh"].rstrip("\n") for pair in pairs}
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as wrong:
        raise SchemaError(f"{path}: wants sections of pairs {{en: …, zh: …}}: {wrong}") from wrong
