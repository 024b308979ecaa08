"""From rows to what a page shows: names, opened words, and what the reader's boundaries make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from markupsafe import Markup

from kithwell.community.posts import cache, words
from kithwell.community.posts.access import Eye
from kithwell.community.posts.cache import Rendered
from kithwell.community.posts.models import State
from kithwell.kernel import crypto
from kithwell.people import queries as people

_COMMON: Final = (
    "id", "group", "author", "veil_id", "veil__name", "subject", "body", "warnings", "state", "created_at", "edited_at",
)  # fmt: skip
POST_FIELDS: Final = (
    *_COMMON, "kind", "activity_at", "first_reply_at", "reply_n", "pinned", "locked", "pictures", "replies_from",
)  # fmt: skip
REPLY_FIELDS: Final = (*_COMMON, "post_id", "parent_id", "depth", "n", "team")


class PostRow(NamedTuple):
    id: UUID
    group: UUID
    author: UUID | None
    veil: UUID | None
    veil_name: str | None
    subject: UUID
    body: bytes | None
    warnings: str
    state: int
    created_at: datetime
    edited_at: datetime | None
    kind: str
    activity_at: datetime
    first_reply_at: datetime | None
    reply_n: int
    pinned: bool
    locked: bool
    pictures: bool
    replies_from: str


class ReplyRow(NamedTuple):
    id: UUID
    group: UUID
    author: UUID | None
    veil: UUID | None
    veil_name: str | None
    subject: UUID
    body: bytes | None
    warnings: str
    state: int
    created_at: datetime
    edited_at: datetime | None
    post: UUID
    parent: UUID | None
    depth: int
    n: int
    team: bool


Row = PostRow | ReplyRow


@dataclass(frozen=True, slots=True)
class Shown:
    """A post or a reply as one reader sees it. `who` is the id that a block is about: an account, or a veil."""

    id: UUID
    post: UUID
    group: UUID
    name: str  # "" for somebody who left
    who: str
    anonymous: bool
    own: bool
    html: Markup
    excerpt: str
    long: bool
    text: str
    warnings: tuple[str, ...]
    own_warning: str
    how: str  # "show" | "blur" | "hide"
    why: str
    at: datetime
    edited: bool
    state: int
    kind: str = "reply"
    activity_at: datetime | None = None
    answered: bool = False
    replied: bool = False
    pinned: bool = False
    locked: bool = False
    pictures: bool = False
    replies_from: str = "members"
    n: int = 0
    new: bool = False
    team: bool = False  # from the team, to whom the post was brought

    @property
    def gone(self) -> bool:
        return self.state == State.GONE

    @property
    def held(self) -> bool:
        """There for its writer alone, at present."""
        return self.state in (State.HIDDEN, State.REMOVED)

    @property
    def url(self) -> str:
        return f"/p/{self.post}" + (f"#r-{self.id}" if self.kind == "reply" else "")


def shape(rows: Sequence[Row], eye: Eye, *, keep: bool = False) -> list[Shown]:
    """Rows as `eye` sees them, in order; what is not there for them is left out. At most two queries (names, keys).

    `keep`: these are public words that this process may keep rendered for some seconds.
    """
    there = [row for row in rows if row.state == State.GONE or eye.sees(row.author, row.veil, row.state)]
    names = people.names(row.author for row in there if row.author is not None)
    bodies = _bodies(there, keep)
    return [_one(row, eye, names, bodies[row.id]) for row in there]


def _bodies(rows: Iterable[Row], keep: bool) -> dict[UUID, Rendered]:
    found: dict[UUID, Rendered] = {}
    missing = []
    for row in rows:
        kept = cache.get((row.id, row.edited_at)) if keep and row.body else None
        if kept is not None:
            found[row.id] = kept
        else:
            missing.append(row)
    crypto.load_keys(row.subject for row in missing if row.body)
    for row in missing:
        table = words.POST if isinstance(row, PostRow) else words.REPLY
        found[row.id] = made = cache.render(*words.open_body(row.subject, table, row.id, row.body))
        if keep and row.body:
            cache.put((row.id, row.edited_at), made)
    return found


def _one(row: Row, eye: Eye, names: dict[UUID, str], body: Rendered) -> Shown:
    own = eye.owns(row.author, row.veil)
    topics = tuple(row.warnings.split(",")) if row.warnings else ()
    counted = topics or (("other",) if body.own_warning else ())
    # One's own is shown as it is, also under a veil, which the boundaries do not know to be one's own.
    treated = (
        None
        if own
        else eye.mine.treat(row.author if row.author is not None else row.veil, counted, body.text)
    )
    name = (row.veil_name or "") if row.veil is not None else names.get(row.author, "") if row.author else ""
    post = row if isinstance(row, PostRow) else None
    return Shown(
        id=row.id,
        post=row.id if post else row.post,  # type: ignore[union-attr]
        group=row.group,
        name=name,
        who=str(row.author or row.veil or ""),
        anonymous=row.veil is not None,
        own=own,
        html=body.html,
        excerpt=body.excerpt,
        long=body.long,
        text=body.text,
        warnings=topics,
        own_warning=body.own_warning,
        how=treated.how if treated else "show",
        why=treated.why if treated else "",
        at=row.created_at,
        edited=row.edited_at is not None,
        state=row.state,
        kind=post.kind if post else "reply",
        activity_at=post.activity_at if post else None,
        answered=bool(post and post.first_reply_at),
        replied=bool(post and post.reply_n),
        pinned=bool(post and post.pinned),
        locked=bool(post and post.locked),
        pictures=bool(post and post.pictures),
        replies_from=post.replies_from if post else "",
        n=row.reply_n if post else row.n,  # type: ignore[union-attr]
        team=not post and row.team,  # type: ignore[union-attr]
    )
