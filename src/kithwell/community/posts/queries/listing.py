"""Posts of one group: newest activity first, by pages that begin after a place (no offsets, no counts)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from kithwell.community.groups.access import Place
from kithwell.community.posts import access
from kithwell.community.posts import search as index
from kithwell.community.posts.access import Eye
from kithwell.community.posts.models import Post, ReadMark, State
from kithwell.community.posts.queries.shown import POST_FIELDS, PostRow, Shown, shape
from kithwell.kernel import clock, ids
from kithwell.kernel.principal import Principal

A_PAGE = 20
MONTH_PAGE = 50
WAITING_SHOWN = 5
WAITING_FOR = timedelta(days=14)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of posts. `older` is where the next one begins, "" at the end; `left_out`: the reader's own boundaries
    left something out; `waiting`: not answered yet, for those who offered to welcome."""

    posts: tuple[Shown, ...]
    older: str
    left_out: bool
    waiting: tuple[Shown, ...] = ()
    stands_at: int = 0


def cursor(activity_at: datetime, ident: UUID) -> str:
    """A place in the order, for an address."""
    return f"{(activity_at - _EPOCH) // timedelta(microseconds=1)}-{ids.short(ident)}"


def place_of(text: str) -> tuple[datetime, UUID] | None:
    """The place that a cursor names; None for anything else."""
    micros, _, short = text.partition("-")
    ident = ids.parse(short)
    if ident is None or not micros.isascii() or not micros.isdecimal() or len(micros) > 17:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), ident
    except OverflowError:
        return None


def readable(eye: Eye) -> QuerySet[Post]:
    """Posts that may be there for this reader; `Eye.sees` has the last word."""
    rows = (
        Post.objects.filter(state=State.OPEN)
        if not eye.is_member
        else Post.objects.filter(state__lte=State.HIDDEN)
    )
    if eye.mine.blocked:
        others = list(eye.mine.blocked)
        rows = rows.exclude(Q(author__isnull=False) & Q(author__in=others))
        rows = rows.exclude(Q(veil__isnull=False) & Q(veil__in=others))
    return rows


def from_place(rows: QuerySet[Post], before: str) -> QuerySet[Post]:
    """Those that come after a place in the order by activity."""
    at = place_of(before)
    if at is None:
        return rows
    moment, ident = at
    return rows.filter(activity_at__lte=moment).exclude(activity_at=moment, id__gte=ident)


def rows_of(posts: QuerySet[Post]) -> list[PostRow]:
    return [PostRow._make(row) for row in posts.values_list(*POST_FIELDS)]


def of_group(principal: Principal, place: Place, *, before: str = "") -> Listing:
    """A page of a group's posts. For members nine queries at most, for visitors three."""
    eye = access.eye(principal, place)
    rows = readable(eye).filter(group=place.group.id)
    if place_of(before) is not None:
        rows = from_place(rows.filter(pinned=False), before)
    found = rows_of(rows.order_by("-pinned", "-activity_at", "-id")[: A_PAGE + 1])
    page, more = found[:A_PAGE], len(found) > A_PAGE
    waits: Sequence[PostRow] = ()
    member = place.membership
    if not before and member is not None and (member.welcomer or member.leads):
        waits = rows_of(_waiting(eye, place)[:WAITING_SHOWN])
    shown = shape(
        [*page, *(row for row in waits if row not in page)], eye, keep=place.group.reading == "everyone"
    )
    shown = with_news(shown, eye.account, [place.group.id])
    waiting_ids = {row.id for row in waits}
    page_ids = {row.id for row in page}
    posts = tuple(p for p in shown if p.id in page_ids - waiting_ids and p.how != "hide" and not p.gone)
    return Listing(
        posts=posts,
        older=cursor(page[-1].activity_at, page[-1].id) if more else "",
        left_out=any(p.how == "hide" for p in shown),
        waiting=tuple(
            sorted((p for p in shown if p.id in waiting_ids and p.how != "hide"), key=lambda p: p.at)
        ),
        stands_at=stands(found),
    )


def stands(rows: Sequence[PostRow]) -> int:
    """Where the topic of the group stands: milliseconds of the newest activity."""
    return max((int(row.activity_at.timestamp() * 1000) for row in rows), default=0)


def _waiting(eye: Eye, place: Place) -> QuerySet[Post]:
    since = clock.now() - WAITING_FOR
    rows = readable(eye).filter(
        group=place.group.id, state=State.OPEN, first_reply_at=None, created_at__gt=since
    )
    rows = rows.exclude(replies_from="nobody").exclude(author=eye.account).exclude(kind=Post.Kind.PROMPT)
    return rows.order_by("created_at", "id")


def waiting(principal: Principal, place: Place) -> tuple[Shown, ...]:
    """Posts nobody answered yet, the longest wait first."""
    eye = access.eye(principal, place)
    shown = shape(rows_of(_waiting(eye, place)[:A_PAGE]), eye)
    return tuple(p for p in shown if p.how != "hide")


def with_news(shown: list[Shown], account: UUID | None, groups: Sequence[UUID]) -> list[Shown]:
    """Say of each post whether there is something new in it since its reader was here. One query, none for visitors."""
    if account is None or not shown:
        return shown
    things = [*(p.id for p in shown), *groups]
    marks = {
        thing: (n, at)
        for thing, n, at in ReadMark.objects.filter(account=account, thing__in=things).values_list(
            "thing", "n", "seen_at"
        )
    }
    out = []
    for post in shown:
        mark, group = marks.get(post.id), marks.get(post.group)
        new = (
            post.n > mark[0]
            if mark
            else bool(group and (post.activity_at or post.at) > group[1] and not post.own)
        )
        out.append(replace(post, new=new) if new else post)
    return out


def search(principal: Principal, place: Place, asked: str, *, before: str = "") -> Listing:
    """Posts of a group whose words, or whose replies' words, hold all that was asked for; newest first."""
    eye = access.eye(principal, place)
    found = index.find(place.group.id, asked, before=ids.parse(before) if before else None, limit=A_PAGE + 1)
    page, more = found[:A_PAGE], len(found) > A_PAGE
    rows = rows_of(readable(eye).filter(group=place.group.id, id__in=page).order_by("-id"))
    shown = shape(rows, eye)
    return Listing(
        posts=tuple(p for p in shown if p.how != "hide" and not p.gone),
        older=str(page[-1]) if more else "",
        left_out=any(p.how == "hide" for p in shown),
    )


def archive(principal: Principal, place: Place, year: int, month: int, *, after: str = "") -> Listing:
    """A page of the posts written in one month, the first ones first; `older` is where the next page begins."""
    eye = access.eye(principal, place)
    start = datetime(year, month, 1, tzinfo=UTC)
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    rows = readable(eye).filter(group=place.group.id, created_at__gte=start, created_at__lt=end)
    at = place_of(after)
    if at is not None:
        rows = rows.filter(created_at__gte=at[0]).exclude(created_at=at[0], id__lte=at[1])
    found = rows_of(rows.order_by("created_at", "id")[: MONTH_PAGE + 1])
    page, more = found[:MONTH_PAGE], len(found) > MONTH_PAGE
    shown = shape(page, eye)
    return Listing(
        posts=tuple(p for p in shown if p.how != "hide" and not p.gone),
        older=cursor(page[-1].created_at, page[-1].id) if more else "",
        left_out=any(p.how == "hide" for p in shown),
    )


def months(place: Place) -> list[tuple[int, int]]:
    """Months from the newest post back to the first, newest first. Two queries."""
    rows = Post.objects.filter(group=place.group.id, state=State.OPEN).order_by("created_at")
    first = rows.values_list("created_at", flat=True).first()
    last = rows.reverse().values_list("created_at", flat=True).first()
    if first is None or last is None:
        return []
    found: list[tuple[int, int]] = []
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month) and len(found) < 240:
        found.append((year, month))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return found


def newer(principal: Principal, place: Place, since: int) -> bool:
    """Is there activity after `since` (milliseconds) that this reader would see? One page of rows at most."""
    eye = access.eye(principal, place)
    moment = _EPOCH + timedelta(milliseconds=since + 1)
    rows = readable(eye).filter(group=place.group.id, activity_at__gte=moment)
    return any(eye.sees(r.author, r.veil, r.state) for r in rows_of(rows.order_by("-activity_at")[:A_PAGE]))
