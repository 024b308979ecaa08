"""The PDQ hash of a picture: 256 bits that stay nearly the same when it is scaled, re-encoded or slightly retouched.

After Meta's description ("The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", 2019) and as used
by public hash lists: brightness, a soft reduction to 64 x 64, a cosine transform of which 16 x 16 values are kept, each
bit says whether its value lies above their median. The published package compiles C++ at installation, which a fresh
machine cannot; this one needs Pillow alone. It differs from that package in few bits (docs/moderation-files.md), far
below the distance at which two pictures count as the same.
"""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

SAME = 31  # bits of 256; the distance that PDQ's authors recommend
GOOD = 50  # of 100; below, a picture is too plain for its hash to mean anything
BITS = 256
_SIDE, _KEPT, _FINE = 64, 16, 4
_SOFT = (0.125, 0.375, 0.375, 0.125)  # a triangle over the four quarters around a point
_WAVES = [
    [math.sqrt(2 / _SIDE) * math.cos(math.pi / (2 * _SIDE) * (i + 1) * (2 * j + 1)) for j in range(_SIDE)]
    for i in range(_KEPT)
]


class NotAPicture(Exception):
    """The bytes are no picture that can be read."""


@dataclass(frozen=True, slots=True)
class Hash:
    """`bits`: an integer of 256 bits. `quality`: 0 to 100, how much there is to see."""

    bits: int
    quality: int

    @property
    def hex(self) -> str:
        return f"{self.bits:064x}"


def of_bytes(data: bytes) -> Hash:
    """The hash of an encoded picture. Raises NotAPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                opened.draft("RGB", (512, 512))
                return of_image(ImageOps.exif_transpose(opened))
    except Exception as error:  # Pillow raises many kinds for hostile bytes
        raise NotAPicture from error


def of_image(image: Image.Image) -> Hash:
    """The hash of an open picture."""
    grey = image.convert("RGB").convert("L").convert("F")
    fine = grey.resize((_SIDE * _FINE, _SIDE * _FINE), Image.Resampling.BOX)
    small = _soften(list(fine.getdata()))
    return Hash(_bits(_transform(small)), _quality(small))


def _soften(pixels: list[float]) -> list[list[float]]:
    """256 x 256 values to 64 x 64."""
    width = _SIDE * _FINE
    a, b, c, d = _SOFT
    across = []
    for top in range(0, width * width, width):
        row = pixels[top : top + width]
        across.append(
            [row[x] * a + row[x + 1] * b + row[x + 2] * c + row[x + 3] * d for x in range(0, width, _FINE)]
        )
    return [
        [p * a + q * b + r * c + s * d for p, q, r, s in zip(*across[y : y + _FINE], strict=True)]
        for y in range(0, width, _FINE)
    ]


def _quality(small: list[list[float]]) -> int:
    total = 0
    for y, row in enumerate(small):
        for x, value in enumerate(row):
            if x + 1 < _SIDE:
                total += abs(int((value - row[x + 1]) * 100 / 255))
            if y + 1 < _SIDE:
                total += abs(int((value - small[y + 1][x]) * 100 / 255))
    return min(100, total // 90)


def _transform(small: list[list[float]]) -> list[float]:
    columns = list(zip(*small, strict=True))
    half = [[sum(map(float.__mul__, wave, column)) for column in columns] for wave in _WAVES]
    return [sum(map(float.__mul__, row, wave)) for row in half for wave in _WAVES]


def _bits(values: list[float]) -> int:
    ordered = sorted(values)
    median = ordered[BITS // 2 - 1]
    return sum(1 << n for n, value in enumerate(values) if value > median)


def distance(a: int, b: int) -> int:
    """Bits that differ, 0 to 256."""
    return (a ^ b).bit_count()
