"""The text of an upload, whatever it is packed in. Nothing is unpacked further than it may be."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from typing import Final

from kithwell.community.imports.rules.lines import Unreadable

MOST_TEXT: Final = 30_000_000  # bytes of unpacked text: some five times what a phone exports at most
MOST_LISTED: Final = 2_000_000  # bytes of a zip's list of what is in it
_END: Final = b"PK\x05\x06"
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, ValueError, EOFError,
)  # fmt: skip


def text_of(file: bytes) -> str:
    """The text of an upload: itself, or the one chat or JSON in a zip. Raises Unreadable (empty, zip, too-large)."""
    if not file:
        raise Unreadable("empty")
    if file.startswith(b"PK\x03\x04"):
        file = _unpacked(file)
    if len(file) > MOST_TEXT:
        raise Unreadable("too-large")
    if file.startswith((b"\xff\xfe", b"\xfe\xff")):
        return file.decode("utf-16", errors="replace")
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1252", errors="replace")


def _unpacked(file: bytes) -> bytes:
    end = file.rfind(_END, max(0, len(file) - 70_000))
    if end >= 0 and int.from_bytes(file[end + 12 : end + 16], "little") > MOST_LISTED:
        raise Unreadable("too-large")  # a list of a million names is no chat
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            names = [i for i in archive.infolist() if i.filename.lower().endswith((".txt", ".json"))]
            if not names:
                raise Unreadable("zip")
            entry = max(names, key=_likely)
            if entry.file_size > MOST_TEXT:
                raise Unreadable("too-large")
            with archive.open(entry) as inner:
                return inner.read(MOST_TEXT + 1)  # the header may lie about the size
    except _BROKEN as error:
        raise Unreadable("zip") from error


def _likely(entry: zipfile.ZipInfo) -> tuple[bool, int]:
    """The chat before a text file that somebody sent in it, else the largest."""
    name = entry.filename.rpartition("/")[2].lower()
    return name == "_chat.txt" or "whatsapp" in name, entry.file_size
