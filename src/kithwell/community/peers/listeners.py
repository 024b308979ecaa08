"""What happened elsewhere and matters here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from kithwell.community.peers import actions
from kithwell.community.peers.actions import buddies, profile
from kithwell.community.peers.queries.profile import followers_in
from kithwell.community.posts import queries as posts
from kithwell.kernel import events, ids


def _id(given: Any) -> UUID | None:
    return ids.parse(given) if isinstance(given, str) else None


@events.subscribe("boundaries.blocked", durable=True)
def on_blocked(account: str, other: str, **rest: Any) -> None:
    """A line ends whatever was between two people here, silently."""
    mine, theirs = _id(account), _id(other)
    if mine is not None and theirs is not None:
        buddies.end_between(mine, theirs)
        profile.end_follows_between(mine, theirs)


@events.subscribe("people.about", durable=True)
def on_about(account: str, **rest: Any) -> None:
    """Somebody said another age."""
    who = _id(account)
    if who is not None:
        actions.side_changed(who)


@events.subscribe("community.reply.written", durable=True, queue="bulk")
def on_reply(reply: str, post: str, group: str = "", **rest: Any) -> None:
    """An answer to somebody else is a kindness: for whoever gave it, and for what their group does together. The
    group's picture follows the names that are shown: were an answer to oneself under another name left out of it,
    everybody could see who is behind that name."""
    piece, thread = _id(reply), _id(post)
    if piece is None or thread is None:
        return
    writer, asked = posts.author_behind(piece), posts.author_behind(thread)
    giver = writer if writer != asked else None
    together = None if posts.answers_itself(piece, thread) else _id(group)
    if giver is not None or together is not None:
        actions.count_kindness(giver, together, key=f"reply:{reply}", reply=True)


@events.subscribe("community.reaction.given", durable=True, queue="bulk")
def on_reaction(by: str = "", post: str = "", reply: str = "", kind: str = "", **rest: Any) -> None:
    actions.count_kindness(_id(by), None, key=f"sign:{by}:{reply or post}:{kind}", reply=False)


@events.subscribe("community.post.written", durable=True, queue="bulk")
def on_post(post: str, group: str, author: str = "", **rest: Any) -> None:
    """Those who follow the writer, with consent, and are in that group; never for anonymous posts."""
    writer, where = _id(author), _id(group)
    if writer is None or where is None:
        return
    for follower in followers_in(writer, where):
        buddies.notice(follower, "follow-post", f"/p/{post}", {"post": post, "by": author}, where)
