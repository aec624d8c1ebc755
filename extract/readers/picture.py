"""What words and rulings does a picture show? PNG, JPEG, and TIFF with all its pages."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extract.bounds import PAGES, PIXELS
from extract.errors import DamagedFile, NoTextLayer, TooLarge
from extract.model import Document, Ocr, Page
from extract.readers.scan import DPI, layer_of, scanned

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPE = "image"

_MARKS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
_A4 = 842.0  # points; the longer side of a sheet
_LONGEST = 3000.0  # points; a sheet that would be larger has no true resolution in its file


def sniff(data: bytes) -> bool:
    """Whether the bytes begin as one of the kinds of pictures that are read."""
    return data.startswith(tuple(_MARKS))


def read(data: bytes, ocr: Ocr = "auto") -> Document:
    """Every page of the picture. Raises ``DamagedFile``, ``NoTextLayer`` or ``TooLarge``."""
    if ocr == "never":
        raise NoTextLayer("the file is a picture; run again with --ocr auto")
    pages = tuple(_page(number, sheet) for number, sheet in enumerate(frames(data), 1))
    kind = next(kind for mark, kind in _MARKS.items() if data.startswith(mark))
    layer = layer_of(pages, ocr, pictured=False)
    return Document(hashlib.sha256(data).hexdigest(), kind, layer, pages)


def frames(data: bytes) -> Iterator[Image]:
    """The pages of a picture, upright. Raises ``DamagedFile``."""
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # PIXELS says so
            file = Image.open(io.BytesIO(data))
        with file:
            for number, frame in enumerate(ImageSequence.Iterator(file), 1):
                _bounded(frame, number)
                frame.load()
                yield ImageOps.exif_transpose(frame)
    except Image.DecompressionBombError as wrong:
        raise _too_fine(str(wrong)) from wrong
    except (OSError, SyntaxError, ValueError) as wrong:
        raise DamagedFile(f"the picture is damaged ({wrong}); scan or download it again") from wrong


def _bounded(frame: Image, number: int) -> None:
    """Raises ``TooLarge`` before anything of the frame is unpacked."""
    if frame.width * frame.height > PIXELS:
        raise _too_fine(f"{frame.width:,} by {frame.height:,}")
    if number > PAGES:
        raise TooLarge(
            f"the picture has more than {PAGES:,} pages; no disclosure has: cut it into its parts"
        )


def _too_fine(size: str) -> TooLarge:
    return TooLarge(
        f"the picture has more than {PIXELS // 1_000_000} million pixels ({size}); "
        "scan it at 300 dpi and try again"
    )


def _page(number: int, image: Image) -> Page:
    import numpy as np

    dpi = dpi_of(image)
    finest = min(dpi, DPI[1])
    if finest < dpi:
        share = finest / dpi
        size = max(round(image.width * share), 1), max(round(image.height * share), 1)
        image = image.resize(size)
    # OpenCV counts colours from blue.
    colours = np.asarray(on_paper(image))[:, :, ::-1]
    return scanned(number, np.ascontiguousarray(colours), finest / 72)


def on_paper(image: Image) -> Image:
    """In three colours; what is transparent is white."""
    from PIL import Image as Images

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        shown = image.convert("RGBA")
        paper = Images.new("RGBA", shown.size, "white")
        return Images.alpha_composite(paper, shown).convert("RGB")
    return image.convert("RGB")


def dpi_of(image: Image) -> float:
    """What the file says if it can be true, else as if the sheet were A4."""
    longest = max(image.size)
    said = float(image.info.get("dpi", (0, 0))[0])
    is_true = said > 72 and 72 * longest / said <= _LONGEST
    return said if is_true else longest / (_A4 / 72)
