"""Lines from another place, with the day they were written on. Told to nobody, screened for nobody: they are old words,
and their writers agreed to bring them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from kithwell.community.posts import cache, search, stand_ins, words
from kithwell.community.posts.models import Post, Reply
from kithwell.community.posts.rules import marks, writing
from kithwell.kernel import ids
from kithwell.people import queries as people

MOST: Final = min(writing.POST_MAX, writing.REPLY_MAX)


def bring_in(
    *,
    group: UUID,
    account: UUID | None,
    stand_in: tuple[str, str],
    text: str,
    at: datetime,
    key: str,
    post: UUID | None,
    parent: UUID | None,
) -> UUID:
    """A post (`post` None) or a reply to it, written at `at`. Returns its id; the same `key` gives it again.

    `account` None: under the made-up name of `stand_in` (a key that is the same for all lines of one person, a name).
    A text that is longer than a piece may be comes in several, each a reply to the first. Inside a transaction.
    """
    if account is not None:
        author, veil, subject = account, None, people.subjects([account])[account]
    else:
        author, veil = None, stand_ins.put_on(group, *stand_in)
        subject = veil.subject
    known = (Post if post is None else Reply).objects.filter(subject=subject, client_key=key)
    if (twin := known.values_list("id", flat=True).first()) is not None:
        return twin
    first, *more = parts(text)
    common = {"group": group, "author": author, "veil": veil, "subject": subject, "created_at": at}
    if post is None:
        row = Post(id=ids.new_id(), activity_at=at, client_key=key, **common)
        row.body = words.seal_body(subject, words.POST, row.id, first)
        row.save(force_insert=True)
        search.index(group, row.id, row.id, marks.plain(first))
        cache.forget(group, row.id)
        made, under = row.id, row.id
    else:
        made = _reply(common, post, parent, first, key)
        under = post
    for n, part in enumerate(more, start=2):
        _reply(common, under, made if post is not None else None, part, f"{key[:58]}/{n}")
    return made


def parts(text: str, most: int = MOST) -> list[str]:
    """The text in pieces of at most `most` characters, cut at an empty line, a line or a space where there is one."""
    found = []
    while len(text) > most:
        cut = next((c for mark in ("\n\n", "\n", " ") if (c := text.rfind(mark, most // 2, most)) > 0), most)
        found.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*found, text]


def _reply(common: dict[str, object], post_id: UUID, parent: UUID | None, text: str, key: str) -> UUID:
    post = Post.objects.select_for_update().get(id=post_id)
    above = Reply.objects.filter(id=parent, post=post).first() if parent else None
    post.reply_n += 1
    depth = writing.depth_of(above.depth if above else None)
    row = Reply(
        id=ids.new_id(), post=post, parent=above, depth=depth, n=post.reply_n, client_key=key, **common
    )
    row.body = words.seal_body(row.subject, words.REPLY, row.id, text)
    row.save(force_insert=True)
    post.activity_at = max(post.activity_at, row.created_at)
    if post.first_reply_at is None and post.subject != row.subject:
        post.first_reply_at = row.created_at
    post.save(update_fields=["reply_n", "activity_at", "first_reply_at"])
    search.index(post.group, post.id, row.id, marks.plain(text))
    cache.forget(post.group, post.id)
    return row.id
