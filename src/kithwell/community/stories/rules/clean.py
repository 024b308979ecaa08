"""What a sound or film file is (by its first bytes, never by its name), and taking out what it says beside sound
and picture.

Nothing is decoded or packed anew: boxes that hold names, places, dates and devices are blanked where they lie, so that
everything else stays where it was. What cannot be understood to its end is refused.

What stays: what the sound and picture themselves show, and notes of the encoder inside the video stream.
"""

from __future__ import annotations

from collections.abc import Iterator

MOST_BYTES = 19_000_000
_DEEP = 8


class Unclean(ValueError):
    """It holds something we cannot take out. `code` is of texts.FILES."""

    def __init__(self, code: str = "unclean") -> None:
        super().__init__(code)
        self.code = code


def kind_of(head: bytes) -> tuple[str, str]:
    """("audio" | "video" | "image" | "", mime) by the first bytes."""
    if (
        head[:3] == b"\xff\xd8\xff"
        or head[:8] == b"\x89PNG\r\n\x1a\n"
        or (head[:4], head[8:12]) == (b"RIFF", b"WEBP")
    ):
        return "image", "image/webp"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio", "audio/mpeg"
    if (head[:4], head[8:12]) == (b"RIFF", b"WAVE"):
        return "audio", "audio/wav"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video", "video/webm"
    if head[4:8] == b"ftyp":
        return ("audio", "audio/mp4") if head[8:11] == b"M4A" else ("video", "video/mp4")
    return "", ""


def clean(data: bytes) -> tuple[str, str, bytes]:
    """Kind, mime and the cleaned file. Raises Unclean."""
    if len(data) > MOST_BYTES:
        raise Unclean("large")
    kind, mime = kind_of(data[:16])
    if mime == "audio/mpeg":
        return kind, mime, _mp3(data)
    if mime == "audio/wav":
        return kind, mime, _wav(data)
    if mime == "video/webm":
        has_video, cleaned = _webm(data)
        return ("video", "video/webm", cleaned) if has_video else ("audio", "audio/webm", cleaned)
    if mime in ("video/mp4", "audio/mp4"):
        has_video, cleaned = _mp4(data)
        return ("video", "video/mp4", cleaned) if has_video else ("audio", "audio/mp4", cleaned)
    raise Unclean("unknown")


# -- MP3: tags before and after the frames
# ------------------------------------------------------------------------------


def _mp3(data: bytes) -> bytes:
    while data[:3] == b"ID3" and len(data) > 10:
        size = (data[6] & 127) << 21 | (data[7] & 127) << 14 | (data[8] & 127) << 7 | data[9] & 127
        data = data[10 + size + (10 if data[5] & 16 else 0) :]
    changed = True
    while changed:
        changed = False
        if len(data) > 128 and data[-128:-125] == b"TAG":
            data, changed = data[:-128], True
        if len(data) > 227 and data[-227:-223] == b"TAG+":
            data, changed = data[:-227], True
        if len(data) > 32 and data[-32:-24] == b"APETAGEX":
            size = int.from_bytes(data[-20:-16], "little") + (32 if data[-9] & 128 else 0)
            if not 0 < size <= len(data):
                raise Unclean("broken")
            data, changed = data[:-size], True
    data = data.lstrip(b"\0")
    if len(data) < 100 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        raise Unclean("broken")
    if b"APETAGEX" in data or b"LYRICSBEGIN" in data or b"TAG" in data[-400:]:
        raise Unclean()  # the rest of a tag that was cut off
    return data


# -- WAV: only the format and the samples ------------------------------------------------------------------------------


def _wav(data: bytes) -> bytes:
    kept, at = b"", 12
    names = set()
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + size > len(data):
            raise Unclean("broken")
        if name in (b"fmt ", b"fact", b"data"):
            names.add(name)
            kept += data[at : at + 8 + size] + (b"\0" if size % 2 else b"")
        at += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= names:
        raise Unclean("broken")
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept


# -- MP4: boxes that say more are turned into free space ---------------------------------------------------------------

_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"dinf"}
_BLANK = {b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"pdin", b"Xtra", b"meco", b"tref"}
_KEPT = {
    b"ftyp", b"mdat", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"vmhd", b"smhd", b"nmhd", b"dref", b"stsd", b"stts", b"ctts",
    b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"sdtp", b"sgpd", b"sbgp", b"cslg", b"elst", b"trex", b"mehd",
    b"mfhd", b"tfhd", b"tfdt", b"trun", b"sidx", b"mfra", b"styp", b"iods", b"tapt", b"clef", b"prof", b"enof", b"gmhd",
    b"saiz", b"saio", b"stps", b"emsg",
}  # fmt: skip
_TRACKS = {b"vide", b"soun"}


def _boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(name, begin of the box, begin of its content, end) of each box."""
    at = start
    while at < end:
        if at + 8 > end:
            raise Unclean("broken")
        size, name, head = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise Unclean("broken")
        yield name, at, at + head, at + size
        at += size


def _blank(data: bytearray, at: int, content: int, end: int) -> None:
    data[at + 4 : at + 8] = b"free"
    data[content:end] = bytes(end - content)


def _mp4(source: bytes) -> tuple[bool, bytes]:
    data = bytearray(source)
    _drop_tracks(data)
    tracks: list[bytes] = []
    _walk(data, 0, len(data), tracks, 0)
    if not tracks:
        raise Unclean("broken")
    if set(tracks) - _TRACKS:
        raise Unclean()
    return b"vide" in tracks, bytes(data)


def _find(data: bytearray, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Where the content of a box lies, by the names on the way to it."""
    for name in path:
        found = next(((c, e) for n, _at, c, e in _boxes(data, start, end) if n == name), None)
        if found is None:
            return None
        start, end = found
    return start, end


def _drop_tracks(data: bytearray) -> None:
    """Phones record more than picture and sound: where they were, how they were held, clock times, faces they saw.
    Such a track goes, and what it says goes from the middle of the file. Where that cannot be found, `_mp4` refuses the
    file."""
    top = list(_boxes(data, 0, len(data)))
    whole = [(content, end) for name, _at, content, end in top if name == b"mdat"]
    for name, _at, content, end in top:
        if name != b"moov" or any(n == b"moof" for n, *_ in top):
            continue
        for inner, at, i_content, i_end in list(_boxes(data, content, end)):
            kind = _find(data, i_content, i_end, b"mdia", b"hdlr") if inner == b"trak" else None
            if kind is None or bytes(data[kind[0] + 8 : kind[0] + 12]) in _TRACKS:
                continue
            pieces = _samples(data, i_content, i_end)
            if all(any(a <= first and last <= b for a, b in whole) for first, last in pieces):
                for first, last in pieces:
                    data[first:last] = bytes(last - first)
                _blank(data, at, i_content, i_end)


def _table(data: bytearray, start: int, end: int, name: bytes, width: int, before: int = 0) -> list[int]:
    """The numbers of a table of a track: 32 bits, or 64 for `width` 8. Raises Unclean."""
    found = _find(data, start, end, b"mdia", b"minf", b"stbl", name)
    if found is None:
        raise Unclean()
    at = found[0] + 4 + before
    count = int.from_bytes(data[at : at + 4], "big")
    row = {b"stsc": 12}.get(name, width)
    if at + 4 + count * row > found[1]:
        raise Unclean("broken")
    steps = range(at + 4, at + 4 + count * row, width)
    return [int.from_bytes(data[n : n + width], "big") for n in steps]


def _samples(data: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    """Where in the file what a track says lies (ISO/IEC 14496-12, 8.7). Raises Unclean where it does not say."""
    sizes_at = _find(data, start, end, b"mdia", b"minf", b"stbl", b"stsz")
    if sizes_at is None or sizes_at[1] - sizes_at[0] < 12:
        raise Unclean()
    same, count = (int.from_bytes(data[sizes_at[0] + n : sizes_at[0] + n + 4], "big") for n in (4, 8))
    if count > MOST_BYTES:
        raise Unclean("broken")
    sizes = [same] * count if same else _table(data, start, end, b"stsz", 4, before=4)
    wide = _find(data, start, end, b"mdia", b"minf", b"stbl", b"co64") is not None
    chunks = _table(data, start, end, b"co64" if wide else b"stco", 8 if wide else 4)
    runs = _table(data, start, end, b"stsc", 4)
    found, sample = [], 0
    for n, at in enumerate(chunks, 1):
        while len(runs) > 3 and runs[3] <= n:
            runs = runs[3:]
        of_chunk = sizes[sample : sample + runs[1]] if runs else []
        sample += len(of_chunk)
        found.append((at, at + sum(of_chunk)))
    if sample < len(sizes):
        raise Unclean("broken")
    return found


def _walk(data: bytearray, start: int, end: int, tracks: list[bytes], depth: int) -> None:
    if depth > _DEEP:
        raise Unclean("broken")
    for name, at, content, stop in _boxes(data, start, end):
        if name in _BLANK or name == b"emsg":
            _blank(data, at, content, stop)
        elif name in _HOLDERS:
            _walk(data, content, stop, tracks, depth + 1)
        elif name in (b"mvhd", b"tkhd", b"mdhd"):
            wide = 8 if content < stop and data[content] == 1 else 4
            if content + 4 + 2 * wide > stop:
                raise Unclean("broken")
            data[content + 4 : content + 4 + 2 * wide] = bytes(2 * wide)  # made and changed at
        elif name == b"hdlr":
            if stop - content < 12:
                raise Unclean("broken")
            kind = bytes(data[content + 8 : content + 12])
            if depth == 3:  # moov, trak, mdia; inside minf (QuickTime) it names a place, not a track
                tracks.append(kind)
            data[content + 24 : stop] = bytes(
                max(0, stop - content - 24)
            )  # a name somebody or a device gave it
        elif name not in _KEPT:
            raise Unclean()


# -- WebM: elements that say more become empty room
# ---------------------------------------------------------------------

_SEGMENT, _INFO, _CLUSTER, _TRACK_LIST, _ENTRY, _TYPE = (
    0x18538067,
    0x1549A966,
    0x1F43B675,
    0x1654AE6B,
    0xAE,
    0x83,
)
_VOID_IN_SEGMENT = {0x1254C367, 0x1941A469, 0x1043A770}  # tags, attachments, chapters
_VOID_IN_INFO = {
    0x4461,
    0x7BA9,
    0x7384,
    0x73A4,
    0x3CB923,
    0x3C83AB,
    0x3EB923,
    0x3E83BB,
    0x4444,
    0x4D80,
    0x5741,
}
_VOID_IN_ENTRY = {0x536E}  # a name somebody gave the track
_SEGMENT_KEPT = {0x114D9B74, 0x1C53BB6B, 0xEC, 0xBF, _INFO, _TRACK_LIST, _CLUSTER}
_MOVIE, _SOUND = 1, 2


def _number(data: bytearray, at: int, end: int, *, keep_mark: bool) -> tuple[int, int, bool]:
    """A number of variable length (RFC 8794): its value, where it ends, whether it means "unknown"."""
    if at >= end or data[at] == 0:
        raise Unclean("broken")
    length = 9 - data[at].bit_length()
    if at + length > end:
        raise Unclean("broken")
    value = int.from_bytes(data[at : at + length], "big")
    bits = (1 << 7 * length) - 1
    return (value if keep_mark else value & bits), at + length, value & bits == bits


def _elements(data: bytearray, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """(id, begin, begin of the content, end); the last one may be of unknown length."""
    at = start
    while at < end:
        name, after, _ = _number(data, at, end, keep_mark=True)
        size, content, unknown = _number(data, after, end, keep_mark=False)
        stop = end if unknown else content + size
        if stop > end:
            raise Unclean("broken")
        yield name, at, content, stop
        at = stop


def _void(data: bytearray, at: int, end: int) -> None:
    """An element of the same length with nothing in it."""
    length = end - at
    if length < 2:
        raise Unclean("broken")
    short = length <= 9
    head = bytes([0xEC, 0x80 | (length - 2)]) if short else b"\xec\x01" + (length - 9).to_bytes(7, "big")
    data[at:end] = head + bytes(length - len(head))


def _webm(source: bytes) -> tuple[bool, bytes]:
    data = bytearray(source)
    kinds: set[int] = set()
    for name, at, content, end in list(_elements(data, 0, len(data))):
        if name == 0x1A45DFA3:
            continue
        if name == 0xEC:
            _void(data, at, end)
        elif name == _SEGMENT:
            _segment(data, content, end, kinds)
        else:
            raise Unclean()
    if not kinds & {_MOVIE, _SOUND}:
        raise Unclean("broken")
    if kinds - {_MOVIE, _SOUND}:
        raise Unclean()
    return _MOVIE in kinds, bytes(data)


def _segment(data: bytearray, start: int, end: int, kinds: set[int]) -> None:
    for name, at, content, stop in _elements(data, start, end):
        if name in _VOID_IN_SEGMENT or name == 0xEC:
            _void(data, at, stop)
        elif name == _INFO:
            for inner, i_at, _c, i_end in list(_elements(data, content, stop)):
                if inner in _VOID_IN_INFO:
                    _void(data, i_at, i_end)
        elif name == _TRACK_LIST:
            _entries(data, content, stop, kinds)
        elif name == _CLUSTER and stop == end:
            _clusters(data, content, end)
            return
        elif name not in _SEGMENT_KEPT:
            raise Unclean()


def _entries(data: bytearray, start: int, end: int, kinds: set[int]) -> None:
    for name, _at, content, stop in list(_elements(data, start, end)):
        if name != _ENTRY:
            continue
        for inner, i_at, i_content, i_end in list(_elements(data, content, stop)):
            if inner == _TYPE:
                kinds.add(int.from_bytes(data[i_content:i_end], "big"))
            elif inner in _VOID_IN_ENTRY:
                _void(data, i_at, i_end)


_IN_CLUSTER = {0xE7, 0xA3, 0xA0, 0xAB, 0xA7, 0xEC, 0x5854, _CLUSTER, 0x1C53BB6B}


def _clusters(data: bytearray, start: int, end: int) -> None:
    """Clusters of unknown length (a recording in a browser): all that follows is walked flat."""
    at = start
    while at < end:
        name, after, _ = _number(data, at, end, keep_mark=True)
        size, content, unknown = _number(data, after, end, keep_mark=False)
        stop = content if unknown and name == _CLUSTER else content + size
        if stop > end or (unknown and name != _CLUSTER):
            raise Unclean("broken")
        if name in _VOID_IN_SEGMENT:
            _void(data, at, stop)
        elif name not in _IN_CLUSTER:
            raise Unclean()
        at = content if name == _CLUSTER else stop
