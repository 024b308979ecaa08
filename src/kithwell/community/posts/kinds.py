"""Posts and replies as moderation sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kithwell.community.groups import access as groups
from kithwell.community.groups import queries as group_queries
from kithwell.community.posts import access, words
from kithwell.community.posts.actions import change
from kithwell.community.posts.models import Piece, Post, Reply, State
from kithwell.community.posts.queries import mine
from kithwell.community.posts.queries.doors import author_behind
from kithwell.community.posts.rules import marks
from kithwell.kernel import crypto, ids
from kithwell.kernel.errors import KithwellError
from kithwell.kernel.principal import Principal
from kithwell.moderation import kinds
from kithwell.moderation.kinds import Snippet
from kithwell.people import queries as people

AROUND = 6  # replies before and after


class _Kind:
    """What both have in common. Nothing here tells who is behind a veil but `reveal`."""

    name: str
    title: str | Promise
    model: type[Post] | type[Reply]
    table: str

    def snippets(self, idents: Sequence[str]) -> Mapping[str, Snippet]:
        """Three queries and one for keys, for any number."""
        wanted = {found: ident for ident in idents if (found := ids.parse(ident)) is not None}
        rows = list(self.model.objects.filter(id__in=list(wanted)).select_related("veil"))
        return {wanted[row.id]: snippet for row, snippet in zip(rows, _snippets(rows), strict=True)}

    def recent(self, since: datetime, most: int) -> Sequence[str]:
        """The newest that members can read, newest first. One query."""
        rows = self.model.objects.filter(created_at__gte=since, state__lte=State.LIMITED)
        return [str(found) for found in rows.order_by("-id").values_list("id", flat=True)[:most]]

    def context(self, ident: str) -> Sequence[Snippet]:
        """What stands around it, oldest first: the post, and some replies before and after."""
        piece = _piece(self.model, ident)
        if piece is None:
            return ()
        post = piece if isinstance(piece, Post) else piece.post
        n = piece.n if isinstance(piece, Reply) else 0
        near = Reply.objects.filter(post=post, n__gte=n - AROUND, n__lte=n + AROUND).exclude(id=piece.id)
        replies = list(near.exclude(state=State.GONE).select_related("veil").order_by("n"))
        rows: list[Piece] = [*([] if isinstance(piece, Post) else [post]), *replies]
        return tuple(_snippets(rows))

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        """May they report it? Whoever can read it, also what is hidden until somebody has looked."""
        found = ids.parse(ident)
        if found is None or account is None:
            return False
        # somebody of the team may report what was brought to them: their page asked for a fresh proof already
        who = Principal("account", account, roles=people.roles_of(account), stepped_up=True)
        try:
            _look, piece, _post = access.piece(who, found)
        except KithwellError:
            return self._was_there(who, found)
        return isinstance(piece, self.model)

    def _was_there(self, who: Principal, ident: UUID) -> bool:
        piece = self.model.objects.filter(id=ident, state=State.HIDDEN).first()
        if piece is None:
            return False
        try:
            return groups.place_by_id(who, piece.group).is_member
        except KithwellError:
            return False

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        """hide, limit, remove, label, restore. Doing it twice changes nothing."""
        found = ids.parse(ident)
        if found is not None:
            change.apply(self.model, found, effect, warning)

    def reveal(self, ident: str) -> UUID | None:
        """The account behind it. Moderation shows it to a person only after two of the staff agreed with a reason."""
        found = ids.parse(ident)
        return author_behind(found) if found is not None else None


class PostKind(_Kind):
    name, title, model, table = "community.post", _("a post"), Post, words.POST

    def pictures(self, ident: str) -> Sequence[tuple[str, str]]:
        """(key, description) of its pictures; authorises nothing."""
        return mine.pictures_of(ident)

    def picture(self, ident: str, key: str) -> tuple[str, bytes] | None:
        """One of them."""
        return mine.picture_of(ident, key)


class ReplyKind(_Kind):
    name, title, model, table = "community.reply", _("a reply"), Reply, words.REPLY


def _piece(model: type[Post] | type[Reply], ident: str) -> Post | Reply | None:
    found = ids.parse(ident)
    return model.objects.filter(id=found).first() if found is not None else None


def _snippets(rows: Sequence[Piece]) -> list[Snippet]:
    names = people.names(row.author for row in rows if row.author)
    cards = group_queries.groups_by_id(row.group for row in rows)
    crypto.load_keys(row.subject for row in rows)
    return [_snippet(row, names, cards) for row in rows]


def _snippet(row: Piece, names: Mapping[UUID, str], cards: Mapping[UUID, groups.GroupCard]) -> Snippet:
    is_post = isinstance(row, Post)
    text, own_warning = words.open_body(row.subject, words.POST if is_post else words.REPLY, row.id, row.body)
    card = cards.get(row.group)
    post = row.id if is_post else row.post_id  # type: ignore[attr-defined]
    name = row.veil.name if row.veil is not None else names.get(row.author, "") if row.author else ""
    return Snippet(
        kind="community.post" if is_post else "community.reply",
        id=str(row.id),
        author=row.author,
        author_name=name,
        text=marks.plain(text),
        where=card.name if card else "",
        url=f"/p/{post}" + ("" if is_post else f"#r-{row.id}"),
        at=row.created_at,
        warnings=tuple(filter(None, [*row.warnings.split(","), own_warning])),
        media=isinstance(row, Post) and row.pictures,
        anonymous=row.veil_id is not None,
        community=str(row.group),
    )


def register() -> None:
    every: Iterable[_Kind] = (PostKind(), ReplyKind())
    for kind in every:
        kinds.register(kind)
    kinds.name_places(_group_names)


def _group_names(communities: Sequence[str]) -> Mapping[str, str]:
    wanted = [found for one in communities if (found := ids.parse(one)) is not None]
    return {str(ident): card.name for ident, card in group_queries.groups_by_id(wanted).items()}
