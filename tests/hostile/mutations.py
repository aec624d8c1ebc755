"""Ways to spoil a document: bytes, texts, the parts of packages and the objects of PDFs.

Everything is drawn from one ``Random``, so that a seed is a specimen.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

_MOST = 4 << 20
"""Bytes a spoilt document may have: what is larger is the matter of bombs.py."""

_WORDS = tuple(
    word.encode()
    for word in (
        *(
            "0",
            "-1",
            "1",
            "65535",
            "65536",
            "2147483647",
            "4294967296",
            "1e308",
            "-0.000",
            "9" * 400,
        ),
        *(
            "NaN",
            "Infinity",
            "--",
            ",,,,",
            "%%%",
            "\t\t\t",
            "|||",
            "\n\n",
            "\0",
            "\ufeff",
            "\u2028",
            "\U0010ffff",
        ),
        *(
            "<",
            ">",
            "</table>",
            "<table>",
            "<td rowspan=65000 colspan=1000>",
            "<tr>",
            "<!--",
            "-->",
            "]]>",
            "&#0;",
        ),
        *(
            "&#xD800;",
            "<a/>",
            "<w:tbl>",
            "<w:p>",
            "<![CDATA[",
            '"',
            "'",
            "[[",
            "((",
            "))",
            "$&",
            "\\",
            "%",
        ),
        *(
            "<<",
            ">>",
            " 0 R",
            "obj",
            "endobj",
            "stream",
            "endstream",
            "/Kids",
            "/Length 0",
            "/Type",
            "/Filter",
            "BT",
            "ET",
        ),
        *(
            "Tj",
            "Tf",
            "cm",
            "re f",
            "Do",
            "q",
            "Q",
            "xref",
            "trailer",
            "startxref",
            "/Rotate 90",
            "/Rotate 45",
            "null",
        ),
        *(
            "决算表",
            "合计",
            "单位：万元",
            "单位：元",
            "收入支出决算总表",
            "三公",
            "201",
            "2010101",
            "元",
            "年",
            "一、",
            "第一部分",
        ),
        *(
            "#2",
            "１２３",
            "①",
            "增长",
            "%",
            "百分之",
            "其中：",
            "（",
            "）",
            "项目",
            "功能分类科目编码",
            "栏次",
            "行次",
            "—",
        ),
    )
)
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)

Spoil = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Spoils bytes; the last are other documents to take pieces from."""


def spoilt(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """``data`` spoilt in one to four ways."""
    if data.startswith(b"PK") and chance.random() < 0.85:
        return _in_package(data, chance, others)
    if data.startswith(b"%PDF") and chance.random() < 0.4:
        return _in_stream(data, chance, others)
    return _times(data, chance, others)


def _times(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
        data = chance.choice(SPOILS)(data, chance, others)[:_MOST]
    return data


def _flip(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    out = bytearray(data or b"\0")
    for _ in range(chance.choice((1, 1, 2, 5, 20, 100))):
        out[chance.randrange(len(out))] = chance.choice(
            (0, 0xFF, 0x7F, 0x80, chance.randrange(256))
        )
    return bytes(out)


def _cut(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _without(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _again(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    """A piece repeated: now and then until it is most of the document."""
    start, end = _span(data, chance)
    most = max(_MOST // 8 // max(end - start, 1), 1)
    times = chance.choice((2, 2, 3, 10, 100, 2000, 50_000))
    return data[:start] + data[start:end] * min(times, most) + data[end:]


def _moved(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    rest = data[:start] + data[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:]


def _spliced(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """A piece of another document in the place of one of this."""
    other = chance.choice(others) if others else data
    start, end = _span(data, chance)
    first, last = _span(other, chance)
    return data[:start] + other[first:last] + data[end:]


def _word(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    end = start if chance.random() < 0.5 else min(end, start + 40)
    return data[:start] + chance.choice(_WORDS) * chance.choice((1, 1, 1, 2, 30, 3000)) + data[end:]


def _renumbered(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    """Some of its numbers are others."""
    rate = chance.choice((0.002, 0.02, 0.2))

    def other(found: re.Match[bytes]) -> bytes:
        if chance.random() > rate:
            return found[0]
        return chance.choice(
            (
                b"0",
                b"-" + found[0],
                found[0] * 3,
                b"1",
                found[0][:-1] or b"7",
                chance.choice(_WORDS),
            )
        )

    return _NUMBER.sub(other, data)


def _shuffled(data: bytes, chance: Random, _: Sequence[bytes]) -> bytes:
    """Its lines, or what tags or objects stand between, in another order."""
    mark = chance.choice((b"\n", b"<", b"endobj", b"\t", b"|", b","))
    parts = data.split(mark)
    start, end = _span(parts, chance)
    some = parts[start:end]
    chance.shuffle(some)
    return mark.join([*parts[:start], *some, *parts[end:]])


SPOILS: tuple[Spoil, ...] = (
    *(_flip, _cut, _without, _again, _moved, _spliced, _word, _renumbered, _shuffled),
)


def _span(data: Sequence[object], chance: Random) -> tuple[int, int]:
    """Where a piece begins and ends; most are short."""
    start = chance.randrange(len(data) + 1)
    length = chance.choice((1, 2, 8, 32, 200, 2000, len(data)))
    return start, min(start + chance.randrange(length + 1), len(data))


def _in_package(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """One or two of its parts, and the package made again around them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            parts = {name: held.read(name) for name in held.namelist()}
    except (zipfile.BadZipFile, OSError):
        return _times(data, chance, others)
    for name in chance.sample(sorted(parts), min(len(parts), chance.choice((1, 1, 2)))):
        if chance.random() < 0.05:
            del parts[name]
        else:
            parts[name] = spoilt(parts[name], chance, others)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return out.getvalue()


def _in_stream(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """One of its streams, unpacked if it was packed; its length is then wrong, as in many a file."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _times(data, chance, others)
    one = chance.choice(streams)
    try:
        content = zlib.decompress(one[1])
        packed = True
    except zlib.error:
        content, packed = one[1], False
    spoiled = _times(content, chance, others)
    return (
        data[: one.start(1)] + (zlib.compress(spoiled) if packed else spoiled) + data[one.end(1) :]
    )
