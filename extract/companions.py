"""Which files are one disclosure, by what their names say?

Some publish the forms in a workbook and the narrative in a text beside it. They belong
together where their names differ in nothing but that: “某局2020年度部门决算公开表.xls” and
“某局2020年度部门决算公开说明.docx”. Two names alike in role, or a third of the same stem,
say nothing for certain: then each file is a disclosure of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from extract.hanzi import fold

_NUMBER = re.compile(r"^(?:附件|附)?[(\[]?(?:\d{1,2}|[一二三四五六七八九十])?[)\]]?[、.:_-]*")
_FORMS = re.compile(r"[(_-]?(?:信息)?(?:公开)?(?:报|附|套)?表(?:格)?(?:\d{4}年?)?[)]?$")
_PROSE = re.compile(
    r"[(_-]?(?:信息)?(?:公开)?(?:情况|文字|编制|编报)?(?:说明|报告|文本|解读|文字)(?:书|材料|部分)?[)]?$"
)
_FILLING = re.compile(r"部门|单位|信息公开|公开|情况|[\s_()-]")


def together(names: Sequence[str]) -> list[tuple[str, ...]]:
    """``names`` in their order, those that are one disclosure side by side, narrative first.

    >>> together(["a/某局2020年度决算公开表.xls", "a/某局2020年度决算公开说明.docx", "a/b.pdf"])
    [('a/某局2020年度决算公开说明.docx', 'a/某局2020年度决算公开表.xls'), ('a/b.pdf',)]
    """
    stems: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name in names:
        if (told := _stem(name)) is not None:
            place, role = told
            stems.setdefault(place, {}).setdefault(role, []).append(name)
    held = Counter(_folder(name) for name in names)
    pairs = {
        name: (roles["prose"][0], roles["forms"][0])
        for (folder, stem), roles in stems.items()
        if len(roles.get("prose", [])) == len(roles.get("forms", [])) == 1
        # 公开表 and 说明 name no one: they are a pair where nothing else lies with them.
        if stem or held[folder] == 2
        for name in (roles["prose"][0], roles["forms"][0])
    }
    return list(dict.fromkeys(pairs.get(name, (name,)) for name in names))


def families(names: Sequence[str]) -> list[str]:
    """What each name shares with all that may be one disclosure with it, now or when more are there.

    >>> families(["a/某局2020年度决算公开表.xls", "a/某局2020年度决算公开说明.docx", "a/b.pdf"])
    ['a/某局2020年度决算', 'a/某局2020年度决算', 'a/b.pdf']
    """
    told = [_stem(name) for name in names]
    # Whether names that name no one are a pair hangs on all that lies with them.
    whole = {place[0] for place, _ in filter(None, told) if not place[1]}
    return [
        folder
        if (folder := _folder(name)) in whole
        else "/".join(stem[0])
        if stem is not None
        else name
        for name, stem in zip(names, told, strict=True)
    ]


def _stem(name: str) -> tuple[tuple[str, str], str] | None:
    """Folder and stem of a name, and which part of a disclosure it says to be."""
    path = PurePosixPath(name)
    said = _NUMBER.sub("", fold(path.stem))
    for role, words in (("forms", _FORMS), ("prose", _PROSE)):
        stem = words.sub("", said)
        if stem != said:
            return (_folder(name), _FILLING.sub("", stem)), role
    return None


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)
