"""Documents that are small and ask for much: each a name and what makes it."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.hostile.pdfs import page, pdf, said, stream
from tests.hostile.seeds import archived, seeds, zipped

MILLION = 1_000_000


def twice_packed() -> bytes:
    """A gigabyte of spaces as the content of a page, packed twice: some kilobytes."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    packed = zlib.compress(once, 9)
    head = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>" % len(packed)
    return page(head + b"\nstream\n" + packed + b"\nendstream")


def forms_in_forms(each: int, deep: int) -> bytes:
    """A form that draws another so often, which draws another so often, …"""
    first = 10
    more = {
        n: stream(
            b"/X Do " * each if n < first + deep else said(),
            b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</F1 6 0 R>>/XObject<</X %d 0 R>>>>"
            % (n + 1),
        )
        for n in range(first, first + deep + 1)
    }
    return page(b"/X Do", resources=b"<</XObject<</X %d 0 R>>>>" % first, more=more)


def mapped(cmap: bytes, text: bytes = b"<0001000200030004>") -> bytes:
    """A page in a font whose map to Unicode is ``cmap``."""
    more = {
        6: b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R>>",
        7: b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        8: stream(cmap, b"/Type/CMap/UseCMap 8 0 R"),
    }
    return page(b"BT /F1 10 Tf 50 700 Td %b Tj ET" % text, more=more)


def cmap(body: bytes) -> bytes:
    """A map to Unicode."""
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange "
        b"<0000> <ffff> endcodespacerange\n" + body + b"\nendcmap end end"
    )


def embedded(font: bytes) -> bytes:
    """A page in an embedded font of which the file is ``font``."""
    more = {
        6: b"<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 32/LastChar 126/Widths[%b]/FontDescriptor 7 0 R>>"
        % (b"-999999999 " * 95),
        7: b"<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 8 0 R/Ascent 1e38/Descent -1e38/FontBBox[0 0 0 0]>>",
        8: stream(font),
    }
    return page(said(), more=more)


def png(width: int, height: int, colours: int = 2) -> bytes:
    """A white picture of that size: rows of zeros pack a thousandfold."""
    channels = {0: 1, 2: 3, 6: 4}[colours]
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width * channels)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def frames(count: int) -> bytes:
    """A TIFF of so many pages, all the same bytes."""
    tags = {
        256: (3, 1),
        257: (3, 1),
        258: (3, 1),
        259: (3, 1),
        262: (3, 1),
        273: (4, 8),
        277: (3, 1),
        278: (3, 1),
        279: (4, 1),
    }
    size = 2 + 12 * len(tags) + 4
    out = bytearray(b"II*\0" + struct.pack("<I", 12) + b"\0\0\0\0")
    for n in range(count):
        out += struct.pack("<H", len(tags))
        for tag, (kind, value) in tags.items():
            out += struct.pack("<HHII", tag, kind, 1, value)
        out += struct.pack("<I", len(out) + 4 if n + 1 < count else 0)
    assert len(out) == 12 + count * size
    return bytes(out)


def pictured(width: int, height: int, box: bytes = b"0 0 595 842") -> bytes:
    """A page that is one picture of so many points."""
    packer = zlib.compressobj(9)
    row = b"\xff" * ((width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    image = (
        (
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1"
            b"/Filter/FlateDecode/Length %d>>\nstream\n" % (width, height, len(data))
        )
        + data
        + b"\nendstream"
    )
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources 5 0 R>>" % box
    w, h = box.split()[2:]
    return page(
        b"q %b 0 0 %b 0 0 cm /X Do Q" % (w, h),
        resources=b"<</XObject<</X 7 0 R>>>>",
        of_page=sheet,
        more={7: image},
    )


def workbook(**parts: str) -> bytes:
    """The seed's workbook with parts replaced."""
    out = io.BytesIO()
    given = {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(seeds()["xlsx"])) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, given.get(name, "") or old.read(name))
    return out.getvalue()


def sheet(body: str) -> bytes:
    """A workbook whose first sheet is this."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return workbook(xl__worksheets__sheet1_xml=f'<worksheet xmlns="{main}">{body}</worksheet>')


def nested(deep: int) -> bytes:
    """An archive in an archive in an archive, …"""
    data = seeds()["csv"]
    for level in range(deep):
        data = zipped({f"{level}.zip" if level else "a.csv": data})
    return data


def overlapping(count: int) -> bytes:
    """An archive of which every entry is the same bytes: they unpack to a megabyte each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("0.csv", b"1,2,3\n" * (MILLION // 6))
        [first] = made.infolist()
        for number in range(1, count):
            copy = zipfile.ZipInfo("0.csv")
            for name in (
                "compress_type",
                "CRC",
                "compress_size",
                "file_size",
                "header_offset",
                "flag_bits",
            ):
                setattr(copy, name, getattr(first, name))
            copy.filename = copy.orig_filename = f"{number}.csv"
            made.filelist.append(copy)
    return out.getvalue()


_ROW = "<tr>" + "<td>1.00</td>" * 8 + "</tr>"
_TEXT = "收入支出决算总表\n单位：元\n"

BOMBS: Mapping[str, Callable[[], bytes]] = {
    # PDF: trees
    "pages-1e5.pdf": lambda: page(said(), kids=[b"3 0 R"] * 100_000),
    "pages-counted-1e9.pdf": lambda: page(said()).replace(b"/Count 1>>", b"/Count 999999999>>"),
    "pages-cyclic.pdf": lambda: page(said(), kids=[b"2 0 R", b"3 0 R", b"2 0 R"]),
    "pages-below-themselves.pdf": lambda: page(
        said(),
        kids=[b"7 0 R"],
        more={
            7: b"<</Type/Pages/Kids[8 0 R 3 0 R]/Count 2/Parent 8 0 R>>",
            8: b"<</Type/Pages/Kids[7 0 R]/Count 9/Parent 7 0 R>>",
        },
    ),
    "pages-deep.pdf": lambda: page(
        said(),
        kids=[b"10 0 R"],
        more={
            n: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 1 if n < 50_000 else 3)
            for n in range(10, 50_001)
        },
    ),
    "parents-cyclic.pdf": lambda: page(
        said(),
        of_page=b"<</Type/Page/Parent 7 0 R/Contents 4 0 R>>",
        more={7: b"<</Parent 8 0 R>>", 8: b"<</Parent 7 0 R>>"},
    ),
    "objects-1e6.pdf": lambda: page(said(), more=dict.fromkeys(range(7, MILLION), b"null")),
    "contents-cyclic.pdf": lambda: page(
        said(),
        of_page=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 7 0 R/Resources 5 0 R>>",
        more={7: b"[7 0 R 4 0 R 7 0 R]"},
    ),
    "xref-cyclic.pdf": lambda: page(said()).replace(b"trailer\n<<", b"trailer\n<</Prev 15 "),
    "objects-in-themselves.pdf": lambda: pdf(
        {1: b"1 0 R", 2: b"<</Length 2 0 R>>\nstream\nendstream"}
    ),
    "arrays-deep.pdf": lambda: page(said(), root=b"/X " + b"[" * 100_000),
    # PDF: what is drawn
    "content-of-a-gigabyte.pdf": twice_packed,
    "lines-1e6.pdf": lambda: page(
        b"".join(
            b"%d %d m %d %d l S\n" % (n % 500, n % 800, n % 500 + 50, n % 800)
            for n in range(MILLION)
        )
    ),
    "crossings-1e5.pdf": lambda: page(
        b"".join(
            b"0 %f m 595 %f l S %f 0 m %f 842 l S\n" % (n / 61, n / 61, n / 85, n / 85)
            for n in range(50_000)
        )
    ),
    "boxes-1e6.pdf": lambda: page(
        b"".join(b"%d %d 9 9 re f\n" % (n % 600, n % 840) for n in range(MILLION))
    ),
    "letters-1e6.pdf": lambda: page(
        b"BT /F1 1 Tf\n"
        + b"".join(b"1 0 0 1 %d %d Tm (7) Tj\n" % (n % 590, n // 590 % 840) for n in range(MILLION))
        + b"ET"
    ),
    "letters-on-letters.pdf": lambda: page(
        b"BT /F1 9 Tf 50 700 Td\n" + b"(12.50) Tj 0 0 Td\n" * 200_000 + b"ET"
    ),
    "one-word.pdf": lambda: page(b"BT /F1 0.001 Tf 50 700 Td (" + b"7" * MILLION + b") Tj ET"),
    "states-unmatched.pdf": lambda: page(b"q " * MILLION + said()),
    "numbers-huge.pdf": lambda: page(
        b"1e38 0 0 1e38 1e38 -1e38 cm " + said() + b"0 0 m 9e37 0 l S nan inf m 1 1 l S"
    ),
    "forms-in-forms.pdf": lambda: forms_in_forms(8, 6),
    "form-in-itself.pdf": lambda: forms_in_forms(2, 0).replace(
        b"/XObject<</X 11 0 R>>", b"/XObject<</X 10 0 R>>"
    ),
    "box-empty.pdf": lambda: page(
        said(),
        of_page=b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 0]/Contents 4 0 R/Resources 5 0 R>>",
    ),
    "box-huge.pdf": lambda: pictured(100, 100, b"0 0 9000000 9000000"),
    "picture-huge.pdf": lambda: pictured(100_000, 60_000),
    # PDF: fonts
    "map-of-everything.pdf": lambda: mapped(
        cmap(b"1 beginbfrange <0000> <ffffffff> <0000> endbfrange")
    ),
    "map-ranges-1e5.pdf": lambda: mapped(
        cmap(
            b"".join(
                b"1 beginbfrange <%04x> <ffff> <4e00> endbfrange\n" % (n % 65536)
                for n in range(100_000)
            )
        )
    ),
    "map-to-halves.pdf": lambda: mapped(cmap(b"1 beginbfrange <0000> <ffff> <d800> endbfrange")),
    "map-to-a-novel.pdf": lambda: mapped(
        cmap(b"1 beginbfchar <0001> <" + b"4e00" * 200_000 + b"> endbfchar")
    ),
    "font-of-zeros.pdf": lambda: embedded(b"\0\1\0\0" + b"\0" * 1000),
    "font-of-a-gigabyte.pdf": lambda: embedded(b"\0\1\0\0\xff\xff" + b"\xff" * (256 << 20)),
    # Pictures
    "huge.png": lambda: png(30_000, 30_000),
    "large.png": lambda: png(13_000, 13_000),
    "wide.png": lambda: png(1_000_000, 3),
    "thin.png": lambda: png(1, 1),
    "frames-1e5.tif": lambda: frames(100_000),
    # Workbooks
    "far-cell.xlsx": lambda: sheet(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "diagonal.xlsx": lambda: sheet(
        "<sheetData>"
        + "".join(
            f'<row r="{n}"><c r="{column(n)}{n}"><v>1</v></c></row>' for n in range(1, 16_000)
        )
        + "</sheetData>"
    ),
    "merged-1e5.xlsx": lambda: sheet(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
        + '<mergeCell ref="A1:XFD1048576"/>' * 100_000
        + "</mergeCells>"
    ),
    "texts-1e6.xlsx": lambda: workbook(
        xl__sharedStrings_xml='<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + "<si><t>1</t></si>" * MILLION
        + "</sst>"
    ),
    "text-long.xlsx": lambda: sheet(
        '<sheetData><row r="1">'
        + f'<c r="A1" t="inlineStr"><is><t>{"决算表" * MILLION}</t></is></c>'
        + "</row></sheetData>"
    ),
    "formats-1e5.xlsx": lambda: sheet(
        "<cols>" + '<col min="1" max="16384" width="1"/>' * 100_000 + "</cols><sheetData/>"
    ),
    # Text
    "stars.md": lambda: (_TEXT + "*" * MILLION).encode(),
    "stars-in-cells.md": lambda: (_TEXT + "|" + "*" * 100_000 + "|1|\n" * 10).encode(),
    "pipes.md": lambda: (_TEXT + "|" * MILLION).encode(),
    "rules.md": lambda: (_TEXT + "|-" * MILLION).encode(),
    "tabs.txt": lambda: (_TEXT + "\t1.00" * MILLION).encode(),
    "rows-1e6.txt": lambda: (_TEXT + "合计\t1.00\t2.00\n" * MILLION).encode(),
    "line.txt": lambda: (_TEXT + "决算" * 4 * MILLION).encode(),
    "lines-1e6.txt": lambda: (_TEXT + "一、收入决算表\n" * MILLION).encode(),
    "digits.txt": lambda: (_TEXT + "合计\t" + "7" * MILLION + "\t" + "1," * MILLION).encode(),
    "brackets.txt": lambda: (_TEXT + "（" * MILLION + "\n第一部分" + "(" * MILLION).encode(),
    "sentences.txt": lambda: (
        "第一部分 概况\n第三部分 情况说明\n一、收入支出总体情况\n"
        + "2023年度收入总计100万元，比上年增加1万元，增长1%。" * 50_000
    ).encode(),
    "titles.txt": lambda: (
        "第二部分\n" + "收入支出决算总表\n单位：元\n项目\t金额\n合计\t1.00\n" * 50_000
    ).encode(),
    "commas.csv": lambda: b"1,2,3\n1,2,3\n" + b"," * MILLION,
    "rows-1e6.csv": lambda: b"a,1.00,2.00\n" * MILLION,
    "quote.csv": lambda: b'1,2,3\n1,2,3\n1,2,"' + b"9\n" * MILLION,
    # Pages
    "comments.html": lambda: b"<!---->" * 40 + b"9",
    "comments-1e6.html": lambda: b"<html>" + b"<!-- -->" * MILLION + b"<table>",
    "tables-in-tables.html": lambda: b"<html><body>" + b"<table><tr><td>1.00<td>2.00<td>" * 120,
    "tables-1e5.html": lambda: ("<html><body>" + f"<table>{_ROW}</table>" * 40_000).encode(),
    "links-1e6.html": lambda: b"<html><body>" + b"<a href='a.pdf'>x</a>" * MILLION,
    "cell-long.html": lambda: (
        "<html><body><table>" + _ROW + "<tr><td>" + "决算" * 2 * MILLION
    ).encode(),
    "spans.html": lambda: (
        b"<html><body><table>" + b"<tr><td rowspan=65000 colspan=1000>1.00" * 20_000
    ),
    "attributes-1e6.html": lambda: b"<html><body><table " + b"a=1 " * MILLION + b"><tr><td>1.00",
    "entities.html": lambda: b"<html><body><p>" + b"&nbsp;" * MILLION,
    "parts-1e5.mht": lambda: archived(b"<html>").replace(
        b"----cut--", b"----cut\r\nContent-Type: text/html\r\n\r\n<p>1.00\r\n" * 100_000
    ),
    "parts-in-parts.mht": lambda: (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 50_000
        + b"text/html"
    ),
    # Archives
    "nested-20.zip": lambda: nested(20),
    "overlapping-1e4.zip": lambda: overlapping(9_000),
    "members-1e5.zip": lambda: zipped(dict.fromkeys(map("{}.csv".format, range(100_000)), b"")),
    "zeros.zip": lambda: zipped({"a.csv": b"0" * (600 << 20)}),
}
"""Name → what makes it."""


def column(number: int) -> str:
    """The letters of a column, from 1."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
