"""Invented names and one drawn picture for the simulated phone."""

from __future__ import annotations

import struct
import zlib
from functools import cache

NAMES = ("Ana", "Bilal", "Chidi", "Daria", "Emil", "Farah", "Gus", "Hana", "Ines", "Jonas", "Kavya", "Luz")
# How a mobile number starts there, and how many digits follow (ITU-T E.164 and the national plans). In the United
# States and Canada mobiles share the area codes; 555 after it is kept free of ordinary lines.
COUNTRIES = {
    "GB": ("447", 9),
    "US": ("1202555", 4),
    "IE": ("3538", 8),
    "CA": ("1416555", 4),
    "AU": ("614", 8),
    "ES": ("346", 8),
    "FR": ("336", 8),
    "DE": ("4915", 9),
    "BR": ("55119", 8),
    "IN": ("919", 9),
    "NG": ("23480", 8),
}
FIRST_COUNTRY = "GB"


@cache
def picture() -> bytes:
    """A small PNG: a hill under an evening sky, drawn here so that nobody's photograph is needed."""
    width, height = 320, 200
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            hill = 120 + ((x - 160) ** 2) // 400
            sun = (x - 220) ** 2 + (y - 70) ** 2 < 28**2
            sky = (90 + y // 2, 110 + y // 3, 160 - y // 4)
            rows += bytes((250, 205, 120) if sun else (70, 110 - (y - hill) // 3, 80) if y > hill else sky)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
