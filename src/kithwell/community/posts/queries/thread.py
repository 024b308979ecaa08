"""A post with its replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Q

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups.access import Place
from kithwell.community.posts import access, words
from kithwell.community.posts.access import Eye
from kithwell.community.posts.models import Picture, Poll, Post, Reaction, ReadMark, Reply, State, Vote
from kithwell.community.posts.queries.shown import POST_FIELDS, REPLY_FIELDS, PostRow, ReplyRow, Shown, shape
from kithwell.community.posts.rules import threads, writing
from kithwell.kernel import clock
from kithwell.kernel.principal import Principal

A_PAGE = 200
FEWEST_VOTES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply at its place. `answers` says whom, where the indent does not: (id, name)."""

    piece: Shown
    level: int
    answers: tuple[UUID, str] | None


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll for one reader. Shares are None until they have voted or it has ended, and while too few voted."""

    options: tuple[str, ...]
    mine: int | None
    shares: tuple[int, ...] | None
    ended: bool
    few: bool
    ends_at: object = None


@dataclass(frozen=True, slots=True)
class PictureView:
    id: UUID
    alt: str
    width: int
    height: int
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything a thread page shows."""

    place: Place
    post: Shown
    answers: tuple[Answer, ...]
    poll: PollView | None
    pictures: tuple[PictureView, ...]
    given: frozenset[tuple[UUID, str]]  # signs of support the reader gave
    received: dict[UUID, dict[str, int]]  # for the writer's own pieces, by kind
    may_reply: bool
    closed: str  # why not: "" | "locked" | "author" | "member" | "asleep" ...
    n: int  # the newest reply there is
    seen: int  # the newest reply up to which the reader has seen everything once they have read this page
    begins: int  # the page begins after this number; 0 at the first reply
    more: int  # the page goes on after this number; 0 at the end
    new_from: int  # replies above this number are new to the reader
    first_new: str  # where what is new to the reader begins, as an address; "" when nothing is
    left_out: bool
    stands_at: int
    veiled: (
        bool  # the reader wrote here under their other name last: so they go on, unless they say otherwise
    )

    @property
    def is_member(self) -> bool:
        return self.place.is_member


def thread(principal: Principal, ident: UUID, *, after: int = 0) -> Thread:
    """A post and up to 200 of its replies, those after number `after`. A fixed number of queries."""
    eye, post = access.post(principal, ident)
    row = PostRow._make(Post.objects.filter(id=post.id).values_list(*POST_FIELDS)[0])
    rows = _replies(post, after)
    rows, more = rows[:A_PAGE], len(rows) > A_PAGE
    keep = eye.place.group.reading == "everyone"
    shown = {p.id: p for p in shape([row, *_unblocked(eye, post, rows)], eye, keep=keep)}
    top = shown.pop(post.id)
    if top.how == "hide":
        top = _covered(top)  # they came here by its address: it is covered, not gone
    own = [p.id for p in (top, *shown.values()) if p.own]
    given, received = _signs(eye, post, own)
    mark = _mark(eye, post)
    closed = _closed(eye, post, top)
    answers = _laid_out(rows, shown)
    last = rows[-1].n if rows and more else post.reply_n
    return Thread(
        place=eye.place,
        post=top,
        answers=answers,
        poll=_poll(eye, post) if post.kind == Post.Kind.POLL else None,
        pictures=_pictures(post) if post.pictures else (),
        given=given,
        received=received,
        may_reply=not closed,
        closed=closed,
        n=post.reply_n,
        seen=last if after <= mark else mark,
        begins=after,
        more=last if more else 0,
        new_from=mark,
        first_new=_first_new(post, answers, mark, last if more else 0),
        left_out=any(p.how == "hide" for p in shown.values()),
        stands_at=int(post.activity_at.timestamp() * 1000),
        veiled=_went_veiled(eye, post),
    )


def _first_new(post: Post, answers: Sequence[Answer], mark: int, more: int) -> str:
    """Where to read on: the first reply on this page that the reader has not seen, or the page it is on."""
    new = [a.piece for a in answers if a.piece.n > mark and not a.piece.own and not a.piece.gone]
    if new:
        return f"#r-{min(new, key=lambda piece: piece.n).id}"
    return f"/p/{post.id}?from={mark}#replies" if more and more <= mark < post.reply_n else ""


def _went_veiled(eye: Eye, post: Post) -> bool:
    """Did they write here under their veil last? One query for who has one in this group, else none."""
    if not eye.veils:
        return False
    mine = Q(author=eye.account) | Q(veil__in=list(eye.veils))
    last = Reply.objects.filter(mine, post=post, state__lte=State.LIMITED).order_by("-n")
    found = last.values_list("veil", flat=True)[:1]
    veil = found[0] if found else post.veil_id
    return veil in eye.veils


def later(principal: Principal, ident: UUID, *, since: int) -> tuple[tuple[Answer, ...], int]:
    """Replies after number `since`, flat, in order: for the live part of a thread."""
    eye, post = access.post(principal, ident)
    rows = _replies(post, since)[:A_PAGE]
    shown = {p.id: p for p in shape(_unblocked(eye, post, rows), eye)}
    parents = {r.parent for r in rows if r.parent is not None}
    above = Reply.objects.filter(id__in=parents - set(shown)).values_list(*REPLY_FIELDS)
    names = {p.id: p.name for p in (*shown.values(), *shape([ReplyRow._make(r) for r in above], eye))}
    answers = tuple(
        Answer(shown[r.id], 0, (r.parent, names[r.parent]) if r.parent in names else None)  # type: ignore[arg-type,index]
        for r in rows
        if r.id in shown and shown[r.id].how != "hide" and not shown[r.id].gone
    )
    return answers, post.reply_n


def _replies(post: Post, after: int) -> list[ReplyRow]:
    rows = Reply.objects.filter(post=post, n__gt=after).order_by("n")
    return [ReplyRow._make(row) for row in rows.values_list(*REPLY_FIELDS)[: A_PAGE + 1]]


def _unblocked(eye: Eye, post: Post, rows: Sequence[ReplyRow]) -> list[ReplyRow]:
    """Without replies of those whom the post's writer has blocked: they are gone for everybody. A veil's blocks hold
    between names, so under a veiled post nothing of the account behind it shows."""
    if post.author is None or post.author == eye.account:
        return list(rows)
    blocked = boundaries.of(post.author).blocked
    return [r for r in rows if (r.author or r.veil) not in blocked or eye.owns(r.author, r.veil)]


def _covered(post: Shown) -> Shown:
    return replace(post, how="blur")


def _laid_out(rows: Sequence[ReplyRow], shown: dict[UUID, Shown]) -> tuple[Answer, ...]:
    order = [(r.id, r.parent) for r in rows]
    gone = {r.id: r.id not in shown or shown[r.id].gone or shown[r.id].how == "hide" for r in rows}
    found = []
    for place in threads.lay_out(threads.pruned(order, gone)):
        piece = shown.get(place.id)
        if piece is None or piece.how == "hide":
            continue  # absent for this reader; what answers it stands where it would
        above = shown.get(place.answers) if place.answers else None
        answers = (above.id, above.name) if above is not None and above.how != "hide" else None
        found.append(Answer(piece, place.level, answers))
    return tuple(found)


def _signs(
    eye: Eye, post: Post, own: Sequence[UUID]
) -> tuple[frozenset[tuple[UUID, str]], dict[UUID, dict[str, int]]]:
    if eye.account is None:
        return frozenset(), {}
    mine = Reaction.objects.filter(post=post, account=eye.account).values_list("piece", "kind")
    received: dict[UUID, dict[str, int]] = {}
    rows = Reaction.objects.filter(piece__in=list(own)).values_list("piece", "kind").annotate(n=Count("id"))
    for piece, kind, n in rows if own else ():
        received.setdefault(piece, {})[kind] = n
    return frozenset(mine), received


def _mark(eye: Eye, post: Post) -> int:
    """The newest reply they have seen; for a first visit everything counts as seen."""
    if eye.account is None:
        return post.reply_n
    found = ReadMark.objects.filter(account=eye.account, thing=post.id).values_list("n", flat=True).first()
    return post.reply_n if found is None else int(found)


def _closed(eye: Eye, post: Post, shown: Shown) -> str:
    """Why they may not answer. For the writer, under the name they wrote it."""
    place = eye.place
    if place.why_not:
        return place.why_not
    if post.state > State.LIMITED:
        return "gone"
    if post.locked and not place.may_facilitate:
        return "locked"
    allowed = writing.may_reply(
        post.replies_from,
        locked=post.locked,
        member=place.is_member or place.helps,
        welcomer=place.helps or bool(place.membership and place.membership.welcomer),
        own=shown.own,
        facilitator=place.may_facilitate,
    )
    return "" if allowed else "author"


def _poll(eye: Eye, post: Post) -> PollView | None:
    poll = Poll.objects.filter(post=post).first()
    if poll is None:
        return None
    options = words.open_json(post.subject, poll.options, (words.POLL, "options", post.id)) or []
    counts = [0] * len(options)
    for option, n in Vote.objects.filter(poll=poll).values_list("option").annotate(n=Count("id")):
        if option < len(counts):
            counts[option] = n
    mine = None
    if eye.account is not None:
        mine = Vote.objects.filter(poll=poll, account=eye.account).values_list("option", flat=True).first()
    ended = (poll.ends_at is not None and poll.ends_at <= clock.now()) or post.locked
    few = sum(counts) < FEWEST_VOTES
    visible = (mine is not None or ended) and not few
    return PollView(
        tuple(options), mine, writing.shares(counts) if visible else None, ended, few, poll.ends_at
    )


def _pictures(post: Post) -> tuple[PictureView, ...]:
    rows = (
        Picture.objects.filter(post=post)
        .order_by("id")
        .values_list("id", "alt", "width", "height", "covered")
    )
    return tuple(
        PictureView(
            ident, words.open_text(post.subject, alt, (words.PICTURE, "alt", ident)), width, height, covered
        )
        for ident, alt, width, height, covered in rows
    )
