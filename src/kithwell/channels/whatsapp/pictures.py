"""What a picture tells besides what it shows is taken out: place, time, device. And a file is what it is, not what it
says it is. Pure.

JPEG: application segments (EXIF, XMP, IPTC) and comments, ISO/IEC 10918-1 Annex B; the colour profile stays. PNG: text
and EXIF chunks, W3C PNG third edition. WebP: EXIF and XMP chunks, RIFF container. Orientation lies in EXIF and is lost
with it; phones that send through WhatsApp turn the picture itself.
"""

from __future__ import annotations

import struct

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)
_SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def clean(data: bytes, mime: str) -> tuple[bytes, str]:
    """The file without what it need not tell, and its true type. What only claims to be a picture is called bytes."""
    true = _type(data)
    if not mime.startswith("image/") and true not in _SHOWN:
        return data, mime
    if true not in _SHOWN:
        return data, "application/octet-stream"
    try:
        if true == "image/jpeg":
            return _jpeg(data), true
        if true == "image/png":
            return _png(data), true
        if true == "image/webp":
            return _webp(data), true
    except (struct.error, IndexError, ValueError):
        return data, "application/octet-stream"  # broken: never shown in a page, still there to be saved
    return data, true


def _type(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), "")


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("not a marker")
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == 0xDA:  # the picture itself, to the end
            return b"".join([*kept, data[at:]])
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise ValueError("cut short")
        private = 0xE1 <= marker <= 0xEF and not segment[4:].startswith(b"ICC_PROFILE") and marker != 0xEE
        if not private and marker != 0xFE:
            kept.append(segment)
        at += 2 + length


def _png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + 12 + length]
        if len(chunk) < 12 + length:
            raise ValueError("cut short")
        if kind not in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"):
            kept.append(chunk)
        at += 12 + length
        if kind == b"IEND":
            break
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + length + (length & 1)]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # no EXIF, no XMP any more
        if kind not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at += 8 + length + (length & 1)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
