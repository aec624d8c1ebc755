"""PP-OCR by way of ``rapidocr``: models in its wheel, run by onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import cv2

from extract.ocr.contract import Area, Picture, Print

_HEIGHT = 48  # pixels; what the model for reading takes
_ROOM = 80.0  # widths of lines read at a time, in heights: more gain no time and cost memory
_SIDE = 1536  # pixels; print is found on a picture no larger, and read on the full one

_SLANT = 0.1  # rise of a line of print on a straightened page


class Rapid:
    """One set of models, loaded when first needed."""

    def find(self, picture: Picture) -> list[Area]:
        """See ``Recogniser``."""
        scale = min(1.0, _SIDE / max(picture.shape))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        with _memory_told():
            found = self._engine._load_det_model()(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR))
        if found.boxes is None:
            return []
        straight = (corners for corners in found.boxes if not _is_slanted(corners))
        return [_around(corners / scale, picture) for corners in straight]

    def read(self, lines: Sequence[Picture]) -> list[Print]:
        """See ``Recogniser``."""
        read: dict[int, Print] = {}
        for batch in _batches([line.shape[1] / line.shape[0] for line in lines]):
            coloured = [cv2.cvtColor(lines[at], cv2.COLOR_GRAY2BGR) for at in batch]
            with _memory_told():
                told = self._engine.recognize_txt(coloured)
            read |= zip(batch, map(_print, told.txts, told.word_results), strict=True)
        return [read[at] for at in range(len(lines))]

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        threads = _threads()
        cv2.setNumThreads(threads)
        return RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.return_word_box": True,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
                # The narrowest batch is as wide as high: most cells are short.
                "Rec.rec_img_shape": [3, _HEIGHT, _HEIGHT],
                "Rec.rec_batch_num": int(_ROOM),
            }
        )


@contextmanager
def _memory_told() -> Iterator[None]:
    """onnxruntime tells of memory refused to it as of any other failure. Raises ``MemoryError``."""
    try:
        yield
    except Exception as wrong:
        if "bad_alloc" in str(wrong):
            raise MemoryError from wrong
        raise


def _threads() -> int:
    """As many as other numeric libraries would start: a worker process is told to have one."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdigit() and int(told) else os.cpu_count() or 1


def _batches(widths: Sequence[float]) -> Iterator[list[int]]:
    """Lines of like width together, given in heights; what a batch takes in memory is bounded."""
    batch: list[int] = []
    for at in sorted(range(len(widths)), key=lambda at: (widths[at], at)):
        if batch and (len(batch) + 1) * max(widths[at], 1.0) > _ROOM:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _is_slanted(corners: Any) -> bool:
    """Of a watermark, or the rim of a seal."""
    (xa, ya), (xb, yb) = corners[0], corners[1]
    return bool(abs(yb - ya) > _SLANT * abs(xb - xa))


def _around(corners: Any, picture: Picture) -> Area:
    height, width = picture.shape
    x0, y0 = corners.min(axis=0)
    x1, y1 = corners.max(axis=0)
    return max(int(x0), 0), max(int(y0), 0), min(int(x1) + 1, width), min(int(y1) + 1, height)


def _print(text: str, told: Any) -> Print:
    letters = list(_letters(text, told))
    return Print(
        "".join(letter for letter, _, _ in letters).strip(),
        min((sure for _, _, sure in letters), default=0.0),
        tuple(left for _, left, _ in letters),
    )


def _letters(text: str, told: Any) -> Iterator[tuple[str, float, float]]:
    """Each letter that is no space, with its left edge as a share of the width, and how sure it is."""
    columns = (column for word in told.word_cols or () for column in word)
    for letter, sure in zip(text, told.confs or (), strict=False):
        if not letter.isspace():
            # A column is where the model made up its mind: the middle of the letter, roughly.
            yield letter, max(next(columns) - 0.5, 0.0) / max(told.line_txt_len, 1), sure
