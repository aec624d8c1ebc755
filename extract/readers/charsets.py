"""In which encoding was a web page saved? As its bytes say, not as it declares.

Portals declare one encoding and send another, and cut characters in two. UTF-8 is hardly
ever met by chance; GB 18030 holds GBK and GB 2312. What fits neither quite is read in the
one that fits better, if nearly all of it does.
"""

from __future__ import annotations

from extract.errors import UnknownFormat

_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_FEW = 0.01  # characters that may be broken


def decoded(data: bytes) -> str:
    """The text of a page. Raises ``UnknownFormat`` where it is none."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    for encoding in (marked,) if marked else (*_wide(data), "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    guesses = [data.decode(name, "replace") for name in (marked or "utf-8", "gb18030")]
    best = min(guesses, key=lambda text: text.count("\ufffd"))
    if best.count("\ufffd") > _FEW * len(best):
        raise UnknownFormat("not a text in UTF-8, UTF-16 or GB 18030; save it as UTF-8")
    return best


def characters(units: str) -> str:
    """Text given as units of UTF-16: pairs are one character, and halves without the other �.

    >>> characters("\\ud842\\udfb7\\udc00") == "\\U00020bb7\\ufffd"
    True
    """
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _wide(data: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark: every other byte of the tags is none."""
    head = data[:2048]
    if head[1::2].count(0) > len(head) / 4:
        return ("utf-16-le",)
    return ("utf-16-be",) if head[::2].count(0) > len(head) / 4 else ()
