"""One cast for all tests of stories: Ana tells, Mo reads before it is public, Ben is a reader."""

from __future__ import annotations

import itertools
import struct
import wave
from io import BytesIO
from typing import Any
from uuid import UUID

from django.test import Client

from kithwell.community.stories import actions
from kithwell.community.stories.models import Story
from kithwell.community.stories.rules.story import CHECKS
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people

_numbers = itertools.count(1)
PASSWORD = "seven quiet lanterns"
HARD = "For a year I could hardly get up, and I told nobody."
HELPED = "My neighbour asked me to water her plants, every day at nine. It was small, and it held me."
NOW = "You do not have to do it all today."


def person(name: str, *roles: str, band: str = "26-64", password: str | None = None) -> Principal:
    full = f"{name}{next(_numbers)}y"
    ident = people.create_account(full, password, roles=roles, age_band=band)
    return Principal("account", ident, full, frozenset({"member", *roles}), stepped_up=True)


def browser(who: Principal) -> Client:
    client = Client()
    assert client.post("/sign-in", {"name": who.name, "password": PASSWORD}).status_code == 303
    return client


def draft(
    who: Principal, hard: str = HARD, helped: str = HELPED, title: str = "The plants", **more: Any
) -> UUID:
    made = actions.begin(who)
    for part, text in (("hard", hard), ("helped", helped), ("now", NOW)):
        actions.keep_part(who, made, part, text)
    actions.keep_details(who, made, title, more.get("byline", ""), "en", more.get("warnings", ()))
    return made


def sent(who: Principal, uses: dict[str, str] | None = None, **more: Any) -> UUID:
    made = draft(who, **more)
    actions.send(who, made, uses or {"site": "365", "campaign": "90"})
    return made


def published(who: Principal, reader: Principal, **more: Any) -> str:
    made = sent(who, **more)
    return actions.approve(reader, made, row(made).version, CHECKS)


def row(ident: UUID) -> Story:
    return Story.objects.get(id=ident)


# -- small files, made here --------------------------------------------------------------------------------------------


def wav(extra: bytes = b"") -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 4000)
    data = out.getvalue()
    if extra:
        data += b"LIST" + struct.pack("<I", len(extra)) + extra
        data = data[:4] + struct.pack("<I", len(data) - 8) + data[8:]
    return data


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def mp4(secret: bytes = b"", handler: bytes = b"vide") -> bytes:
    """The boxes of a film, without a film in it."""
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12) + secret + b"\0")
    mvhd = box(b"mvhd", bytes(4) + b"\xde\xad\xbe\xef" * 2 + bytes(80))
    stbl = box(b"stbl", box(b"stsd", bytes(8)))
    trak = box(
        b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", box(b"mdhd", bytes(24)) + hdlr + box(b"minf", stbl))
    )
    udta = box(b"udta", box(b"\xa9xyz", secret or b"x")) + box(b"meta", bytes(4) + secret)
    return (
        box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", mvhd + trak + udta) + box(b"mdat", b"picture" * 20)
    )


def _table(name: bytes, *numbers: int, width: int = 4) -> bytes:
    return box(name, bytes(4) + b"".join(n.to_bytes(width, "big") for n in numbers))


def phone_film(secret: bytes, wide: bool = False) -> bytes:
    """A film with a track of pictures and one of places, their pieces in turn, as phones write it."""
    ftyp = box(b"ftyp", b"qt  \0\0\0\0qt  ")
    pieces = [b"picture", secret, b"picture", secret + secret, b"picture"]

    def track(kind: bytes, entry: bytes, mine: list[int], sizes: list[int], per_chunk: list[int]) -> bytes:
        hdlr = box(b"hdlr", bytes(8) + kind + bytes(13))
        stsd = box(b"stsd", bytes(4) + b"\0\0\0\1" + box(entry, bytes(8)))
        runs = b"".join(struct.pack(">III", n, count, 1) for n, count in enumerate(per_chunk, 1))
        stsc = box(b"stsc", bytes(4) + struct.pack(">I", len(per_chunk)) + runs)
        stsz = _table(b"stsz", 0, len(sizes), *sizes)
        count = struct.pack(">I", len(mine))
        offsets = b"".join(n.to_bytes(8 if wide else 4, "big") for n in mine)
        chunks = box(b"co64" if wide else b"stco", bytes(4) + count + offsets)
        stbl = box(b"stbl", stsd + stsc + stsz + chunks)
        media = box(b"mdia", box(b"mdhd", bytes(24)) + hdlr + box(b"minf", stbl))
        return box(b"trak", box(b"tkhd", bytes(84)) + media)

    at, starts = len(ftyp) + 8, []
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    shown = track(b"vide", b"avc1", starts[::2], [7, 7, 7], [1])
    places = track(b"meta", b"mebx", starts[1::2], [len(secret)] * 3, [1, 2])
    moov = box(b"moov", box(b"mvhd", bytes(100)) + shown + places)
    return ftyp + box(b"mdat", b"".join(pieces)) + moov


def ebml(name: int, content: bytes) -> bytes:
    ident = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return ident + b"\x01" + len(content).to_bytes(7, "big") + content


def webm(secret: bytes = b"x", kind: int = 1, live: bool = False) -> bytes:
    """The elements of a recording; `live`: with lengths nobody knew, as a browser writes them."""
    head = ebml(0x1A45DFA3, ebml(0x4282, b"webm"))
    info = ebml(0x1549A966, ebml(0x2AD7B1, b"\x0f\x42\x40") + ebml(0x7BA9, secret) + ebml(0x4461, bytes(8)))
    tracks = ebml(
        0x1654AE6B, ebml(0xAE, ebml(0xD7, b"\x01") + ebml(0x83, bytes([kind])) + ebml(0x536E, secret))
    )
    blocks = ebml(0xE7, b"\x00") + ebml(0xA3, b"\x81\0\0\0sound")
    if live:
        cluster = b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" + blocks
        return head + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" + info + tracks + cluster + cluster
    tags = ebml(0x1254C367, ebml(0x7373, secret))
    return head + ebml(0x18538067, info + tracks + ebml(0x1F43B675, blocks) + tags)


def mp3(secret: bytes = b"") -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(secret)]) + secret
    return tag + frame * 3 + b"TAG" + secret.ljust(125, b"\0")
