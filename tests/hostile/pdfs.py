"""PDFs written object by object, to say what no program would."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 5 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf(objects: Mapping[int, bytes]) -> bytes:
    """The objects by number, a table of where they are, and 1 as the root."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, last = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    out += b"".join(
        b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n"
        for n in range(1, last)
    )
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (last, start)
    return bytes(out)


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A stream, packed."""
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%b>>\nstream\n%b\nendstream" % (
        len(packed),
        more,
        packed,
    )


def page(
    content: bytes,
    *,
    resources: bytes = b"<</Font<</F1 6 0 R>>>>",
    kids: Sequence[bytes] = (b"3 0 R",),
    root: bytes = b"",
    of_page: bytes = PAGE,
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """A document whose pages all are one, with ``content``; ``more`` objects begin at 6."""
    kept = b" ".join(kids)
    return pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%b>>" % root,
            2: b"<</Type/Pages/Kids[%b]/Count %d>>" % (kept, len(kids)),
            3: of_page,
            4: stream(content) if not content.startswith(b"<<") else content,
            5: resources,
            6: FONT,
            **(more or {}),
        }
    )


def said(text: bytes = b"Expenditure 12.50") -> bytes:
    """What shows a line of text."""
    return b"BT /F1 10 Tf 50 700 Td (%b) Tj ET\n" % text
