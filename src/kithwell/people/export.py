"""Everything about oneself, as an archive that a person can read and a program can too.

Other parts register what they know: `export.register("support", fn)`, where `fn(subject, account)` yields
(path, content) pairs; `account` is None for somebody who has none (a contact on a channel). Content that is JSON is
also shown in the archive's `index.html`. The archive is written straight into sealed pieces of at most 1 MiB: it never
lies in the clear on a disk, and is never held in memory whole.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kithwell.kernel import clock, conf, crypto, ids, jinja
from kithwell.kernel.errors import KithwellError
from kithwell.people.models import Account, Export, ExportChunk

Teller = Callable[[UUID, UUID | None], Iterable[tuple[str, bytes]]]
PIECE = 1 << 20  # bytes
KEPT_FOR = timedelta(days=7)
_SHOWN_AT_MOST = (
    2_000_000  # bytes of JSON of one part that are also shown in index.html; all of it is in the file
)

_tellers: dict[str, Teller] = {}


class Stopped(KithwellError):
    """The person stopped the making of the archive."""


@dataclass(slots=True)
class Section:
    """What index.html shows of one part."""

    part: str
    files: list[tuple[str, Any]]


def register(part: str, teller: Teller) -> None:
    """Make known what `part` holds about a person."""
    _tellers[part] = teller


def as_json(value: Any) -> bytes:
    """JSON for an archive: readable, dates and ids as text."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


class SealedPieces(io.RawIOBase):
    """A file to write to: its content becomes sealed rows of one archive."""

    def __init__(self, export: Export, subject: UUID) -> None:
        super().__init__()
        self.export, self.subject = export, subject
        self.waiting, self.n, self.size = bytearray(), 0, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        while len(self.waiting) >= PIECE:
            self._put(bytes(self.waiting[:PIECE]))
            del self.waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        if self.waiting:
            self._put(bytes(self.waiting))
            self.waiting.clear()

    def _put(self, piece: bytes) -> None:
        ident = ids.new_id()
        sealed = crypto.seal(self.subject, piece, at=("people_exportchunk", "sealed", ident))
        ExportChunk.objects.create(id=ident, export=self.export, n=self.n, sealed=sealed)
        self.n += 1
        self.size += len(piece)


def build(export: Export) -> None:
    """Make the archive of `export`, from the start. Raises Stopped when the person stopped it meanwhile."""
    account = export.account
    ExportChunk.objects.filter(export=export).delete()  # an earlier try that did not finish
    Export.objects.filter(pk=export.pk, state=Export.State.MAKING).update(done=0, total=len(_tellers) + 1)
    pieces = SealedPieces(export, account.subject)
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        sections = []
        for done, (part, teller) in enumerate(sorted(_tellers.items())):
            _report(export, done)
            sections.append(_write_part(archive, part, teller(account.subject, account.pk)))
        _report(export, len(_tellers))
        archive.writestr("index.html", _index(account, sections, clock.now()))
    pieces.finish()
    ready = Export.objects.filter(pk=export.pk, state=Export.State.MAKING).update(
        state=Export.State.READY,
        done=len(_tellers) + 1,
        size=pieces.size,
        expires_at=clock.now() + KEPT_FOR,
    )
    if not ready:
        _forget(export)


def _report(export: Export, done: int) -> None:
    if not Export.objects.filter(pk=export.pk, state=Export.State.MAKING).update(done=done):
        _forget(export)
        raise Stopped("stopped by the person")


def _forget(export: Export) -> None:
    ExportChunk.objects.filter(export=export).delete()


def _write_part(archive: zipfile.ZipFile, part: str, told: Iterable[tuple[str, bytes]]) -> Section:
    section, shown = Section(part, []), 0
    for path, content in told:
        name = f"{part}/{_safe(path)}"
        archive.writestr(name, content)
        shown += len(content)
        readable = name.endswith(".json") and shown <= _SHOWN_AT_MOST
        section.files.append((name, json.loads(content) if readable else None))
    return section


def _safe(path: str) -> str:
    """A path inside the archive: no way out of it, no absolute path (what `unzip` makes of it is somebody's disk)."""
    steps = [step for step in path.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return "/".join(steps) or "file"


def _index(account: Account, sections: list[Section], made: datetime) -> bytes:
    template = jinja.environment().get_template("people/archive.html")
    site = str(conf.get("site_name", "Kithwell"))
    title = _("Everything %(site)s knows about you") % {"site": site}
    text = template.render(
        title=title, name=account.pseudonym, made=made, sections=sections, lang=account.language, site=site
    )
    return text.encode()


def read(export: Export) -> Iterator[bytes]:
    """The archive, piece by piece; it is deleted when the last piece is read or the reader goes away."""
    subject = export.account.subject
    try:
        numbers = list(export.chunks.order_by("n").values_list("pk", flat=True))
        for ident in numbers:
            sealed = ExportChunk.objects.values_list("sealed", flat=True).get(pk=ident)
            yield crypto.unseal_bytes(subject, sealed, at=("people_exportchunk", "sealed", ident))
    finally:
        _forget(export)
