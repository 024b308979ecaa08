"""The group's weekly prompt as a post of the group itself: nobody's words, under a key of its own."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kithwell.community.groups.queries import prompt
from kithwell.community.posts import search, words
from kithwell.community.posts.actions import common
from kithwell.community.posts.models import Post
from kithwell.community.posts.rules import marks
from kithwell.kernel import clock, crypto, events, ids


@transaction.atomic
def prompt_due(group: str, prompt: int, **_more: object) -> None:
    """Write this week's prompt. Doing it twice writes one."""
    ident, key = UUID(group), f"prompt:{group}:{prompt}"
    text = _words(ident, prompt)
    if not text or Post.objects.filter(group=ident, kind=Post.Kind.PROMPT, client_key=key).exists():
        return
    now, subject = clock.now(), crypto.new_subject()
    post = Post(
        id=ids.new_id(),
        group=ident,
        subject=subject,
        kind=Post.Kind.PROMPT,
        created_at=now,
        activity_at=now,
        client_key=key,
        alert_step=2,
    )
    post.body = words.seal_body(subject, words.POST, post.id, text)
    post.save(force_insert=True)
    search.index(ident, post.id, post.id, marks.plain(text))
    events.publish("community.post.written", post=str(post.id), group=group, author="")
    common.moved(post)


def _words(group: UUID, n: int) -> str:
    return prompt(group, n)
