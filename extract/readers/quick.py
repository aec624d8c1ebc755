"""pdfium's functions that are called for every letter and every stroke, with little around them.

Handles and addresses are plain numbers here, and pdfium writes where it is told to: in the
bindings each call makes objects that are thrown away at once, which costs more than the call.
The functions are those of ``pypdfium2.raw``, under its names.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as c

_ADDRESS = ctypes.c_void_p
_INT = ctypes.c_int


def _quick(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    # Each returns at once, so that nobody waits for the interpreter's lock meanwhile.
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))


def address(handle: Any) -> Any:
    """A handle of the bindings as the number it stands for."""
    return ctypes.cast(handle, _ADDRESS).value


unicode_of = _quick(c.FPDFText_GetUnicode, ctypes.c_uint, _ADDRESS, _INT)
loose_box = _quick(c.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
tight_box = _quick(c.FPDFText_GetCharBox, _INT, _ADDRESS, _INT, *[_ADDRESS] * 4)
angle_of = _quick(c.FPDFText_GetCharAngle, ctypes.c_float, _ADDRESS, _INT)
object_of_page = _quick(c.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
object_of_form = _quick(c.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, ctypes.c_ulong)
type_of = _quick(c.FPDFPageObj_GetType, _INT, _ADDRESS)
matrix_of = _quick(c.FPDFPageObj_GetMatrix, _INT, _ADDRESS, _ADDRESS)
bounds_of = _quick(c.FPDFPageObj_GetBounds, _INT, _ADDRESS, *[_ADDRESS] * 4)
render_mode = _quick(c.FPDFTextObj_GetTextRenderMode, _INT, _ADDRESS)
font_of = _quick(c.FPDFTextObj_GetFont, _ADDRESS, _ADDRESS)
is_embedded = _quick(c.FPDFFont_GetIsEmbedded, _INT, _ADDRESS)
draw_mode = _quick(c.FPDFPath_GetDrawMode, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
count_segments = _quick(c.FPDFPath_CountSegments, _INT, _ADDRESS)
segment_of = _quick(c.FPDFPath_GetPathSegment, _ADDRESS, _ADDRESS, _INT)
segment_type = _quick(c.FPDFPathSegment_GetType, _INT, _ADDRESS)
segment_point = _quick(c.FPDFPathSegment_GetPoint, _INT, _ADDRESS, _ADDRESS, _ADDRESS)
segment_closes = _quick(c.FPDFPathSegment_GetClose, _INT, _ADDRESS)
