"""What may be read of stories: frozen shapes, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kithwell.boundaries import queries as limits
from kithwell.boundaries.rules import Treatment
from kithwell.community.stories import access, wording, words
from kithwell.community.stories.models import Media, Story, Use
from kithwell.community.stories.rules import captions as vtt
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import clock, crypto
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal

EXCERPT = 180
PAGE = 30


@dataclass(frozen=True, slots=True)
class Card:
    """A story in a list."""

    id: UUID
    slug: str
    title: str
    excerpt: str
    byline: str
    language: str
    warnings: tuple[str, ...]
    at: datetime
    media: tuple[str, ...]
    covered: bool

    @property
    def url(self) -> str:
        return f"/stories/{self.slug}"


@dataclass(frozen=True, slots=True)
class File:
    """A picture, sound or film."""

    id: UUID
    kind: str
    mime: str
    alt: str
    captions: str
    lines: str
    transcript: str
    width: int
    height: int

    @property
    def url(self) -> str:
        return f"/stories/file/{self.id}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A public story, for one reader. Whose it is, only `byline` says."""

    card: Card
    words: rules.Words
    files: tuple[File, ...]
    treatment: Treatment
    ident: UUID
    until: datetime  # when the author's yes for this site ends


def _card(row: Story, said: rules.Words, kinds: tuple[str, ...], covered: bool) -> Card:
    text = said.helped or said.now or said.hard
    excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
    return Card(
        row.id, row.slug or "", said.title, excerpt, said.byline, row.language, tuple(row.warnings),
        row.published_at or row.changed_at, kinds, covered,
    )  # fmt: skip


def _listed(language: str = "") -> QuerySet[Story]:
    """What lists show at this moment; the job that ends what is over may be late."""
    rows = Story.objects.filter(
        state=Story.State.PUBLISHED,
        limited=False,
        uses__kind="site",
        uses__ended_at__isnull=True,
        uses__until__gt=clock.now(),
    )
    return rows.filter(language=language) if language else rows


def public(principal: Principal, language: str = "", page: int = 1) -> tuple[Card, ...]:
    """Public stories, newest first, as this reader wants to see them, a page of them. Five queries at most."""
    rows = _listed(language)
    found = list(rows.order_by("-published_at", "-id")[(page - 1) * PAGE : page * PAGE])
    crypto.load_keys({row.subject for row in found})
    kinds: dict[UUID, list[str]] = {}
    for story, kind in Media.objects.filter(story__in=found).values_list("story_id", "kind"):
        kinds.setdefault(story, []).append(kind)
    mine = limits.of(principal.id if principal.is_account else None)
    cards = []
    for row in found:
        said = words.words(row, "shown")
        how = mine.treat(row.author, row.warnings, said.text)
        if how.shown and said.title:
            cards.append(_card(row, said, tuple(sorted(set(kinds.get(row.id, ())))), how.how == "blur"))
    return tuple(cards)


def pages(language: str = "") -> int:
    """How many pages of public stories there are. One query."""
    return max(1, -(-_listed(language).count() // PAGE))


def languages() -> tuple[str, ...]:
    """Languages there are public stories in. One query."""
    return tuple(sorted(set(_listed().values_list("language", flat=True))))


def show(principal: Principal, slug: str) -> Shown:
    """A public story. Raises NotFound (also between people who blocked each other) or Gone."""
    row = access.public(slug)
    said = words.words(row, "shown")
    how = limits.of(principal.id if principal.is_account else None).treat(row.author, row.warnings, said.text)
    if not how.there or not said.title:
        raise NotFound()
    files = _files(row)
    until = Use.objects.values_list("until", flat=True).get(story=row, kind="site")
    card = _card(row, said, tuple(f.kind for f in files), how.how != "show")
    return Shown(card, said, files, how, row.id, until)


def _files(row: Story) -> tuple[File, ...]:
    found = []
    for one in row.media.order_by("at", "id"):
        captions = words.media(row, one, "captions")
        cues = vtt.read(captions) if captions else ()
        found.append(
            File(
                one.id, one.kind, one.mime, words.media(row, one, "alt"), captions, vtt.to_lines(cues),
                vtt.transcript(cues), one.width, one.height,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OwnUse:
    kind: str
    until: datetime
    ended_at: datetime | None
    receipt: str


@dataclass(frozen=True, slots=True)
class Own:
    """One's own story, with all that belongs to it."""

    id: UUID
    state: str
    slug: str
    language: str
    warnings: tuple[str, ...]
    words: rules.Words
    proposed: rules.Words | None
    note: str
    version: int
    missing: tuple[str, ...]
    said_in_files: str
    files: tuple[File, ...]
    uses: tuple[OwnUse, ...]
    changed_at: datetime

    @property
    def writable(self) -> bool:
        return self.state in rules.WRITABLE

    @property
    def live(self) -> bool:
        return self.state == "published"


def _uses(row: Story) -> tuple[OwnUse, ...]:
    rows = Use.objects.filter(story=row).order_by("kind")
    order = {kind: n for n, kind in enumerate(rules.USES)}
    found = [OwnUse(u.kind, u.until, u.ended_at, u.ended_receipt or u.given_receipt) for u in rows]
    return tuple(sorted(found, key=lambda u: order[u.kind]))


def own(principal: Principal, ident: UUID | str) -> Own:
    """One's own story. Raises NotFound."""
    row = access.own(principal, ident)
    said = words.words(row)
    return Own(
        row.id, row.state, row.slug or "", row.language, tuple(row.warnings), said,
        words.words(row, "proposed") if row.proposed and row.state == "agree" else None, words.note(row), row.version,
        rules.missing(said),
        words.of_files(row), _files(row), _uses(row), row.changed_at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mine:
    id: UUID
    title: str
    state: str
    slug: str
    changed_at: datetime


def mine(principal: Principal) -> tuple[Mine, ...]:
    """One's own stories, the last changed first. Two queries."""
    rows = list(Story.objects.filter(author=principal.id).order_by("-changed_at", "-id")[:100])
    crypto.load_keys({row.subject for row in rows})
    return tuple(Mine(r.id, words.words(r).title, r.state, r.slug or "", r.changed_at) for r in rows)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that waits for a reader. No name: who wrote it does not matter for reading it."""

    id: UUID
    title: str
    state: str
    language: str
    sent_at: datetime | None
    warnings: tuple[str, ...]


def waiting(principal: Principal) -> tuple[Waiting, ...]:
    """What waits to be read, longest first; not one's own. Two queries. The caller has authorised."""
    rows = (
        Story.objects.filter(state=Story.State.REVIEW).exclude(author=principal.id).order_by("sent_at", "id")
    )
    found = list(rows[:100])
    crypto.load_keys({row.subject for row in found})
    return tuple(
        Waiting(r.id, words.words(r).title, r.state, r.language, r.sent_at, tuple(r.warnings)) for r in found
    )


@dataclass(frozen=True, slots=True)
class Review:
    """A story on the reviewer's page."""

    id: UUID
    state: str
    language: str
    warnings: tuple[str, ...]
    words: rules.Words
    proposed: rules.Words | None
    parts: tuple[tuple[str, tuple[wording.Piece, ...]], ...]
    notes: tuple[wording.Note, ...]
    stops: bool
    note: str
    version: int
    files: tuple[File, ...]
    uses: tuple[OwnUse, ...]


def review(principal: Principal, ident: UUID | str) -> Review:
    """Raises NotFound, Refused, SignInNeeded or StepUpNeeded."""
    row = access.reviewed(principal, ident)
    said = words.words(row)
    parts, notes = marked(said, row.language, words.of_files(row))
    return Review(
        row.id, row.state, row.language, tuple(row.warnings), said,
        words.words(row, "proposed") if row.proposed else None, parts, notes, wording.stops(notes), words.note(row),
        row.version, _files(row), _uses(row),
    )  # fmt: skip


def marked(
    said: rules.Words, language: str, files: str = ""
) -> tuple[tuple[tuple[str, tuple[wording.Piece, ...]], ...], tuple[wording.Note, ...]]:
    """Title, parts and what the files say ("files") in stretches with their notes, and all notes."""
    parts: list[tuple[str, tuple[wording.Piece, ...]]] = []
    notes: list[wording.Note] = []
    for name in ("title", *rules.PARTS, "files"):
        text = files if name == "files" else getattr(said, name)
        found = wording.check(text, language)
        notes += found
        parts.append((name, wording.pieces(text, found)))
    return tuple(parts), tuple(notes)
