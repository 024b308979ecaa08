"""What happened elsewhere becomes a notice. Events are known by their names: parts above and beside are not imported.

Each listener takes what it needs and `**rest`, so that a part may add to what it tells. All of them are durable: they
run once the change is committed, and again after a crash; `tell` knows the same thing again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kithwell.boundaries import queries as boundaries
from kithwell.community.groups import queries as groups
from kithwell.community.notices import actions, kinds, tasks
from kithwell.community.posts import queries as posts
from kithwell.kernel import clock, events, ids
from kithwell.people import queries as people
from kithwell.people import roles

MOST_OF_THE_TEAM = 3  # who are told of one post: nobody answers what everybody was told


def _id(given: Any) -> UUID | None:
    return ids.parse(given) if isinstance(given, str) else None


def _hear(account: UUID, author: Any) -> bool:
    """Does this person want to hear of that author at all?"""
    known = _id(author)
    return known is None or account not in boundaries.silent_towards([account], known)


def _group_url(group: UUID) -> str:
    card = groups.groups_by_id([group]).get(group)
    return card.url if card else "/groups"


@events.subscribe("community.reply.written", durable=True)
def on_reply(reply: str, post: str, group: str, author: str = "", parent: str = "", **rest: Any) -> None:
    """Whoever wrote the post, or the reply that was answered, is told, also under an anonymous name; nobody is told of
    their own words."""
    writer = _writer(reply)
    for piece in (post, parent):
        account = _writer(piece)
        if account is not None and account != writer and _hear(account, author):
            actions.tell(account, "reply", f"/p/{post}", {"reply": reply}, _id(group))


def _writer(piece: Any) -> UUID | None:
    """The account behind a post or a reply. It goes into nothing that anybody else sees."""
    known = _id(piece)
    return posts.author_behind(known) if known is not None else None


@events.subscribe("community.reaction.given", durable=True)
def on_reaction(post: str = "", reply: str = "", by: str = "", group: str = "", **rest: Any) -> None:
    """At most one notice a day for one thing: reactions are not counted, here neither."""
    piece = reply or post
    account = _writer(piece)
    if account is None or str(account) == by or not _hear(account, by):
        return
    about = {"thing": piece, "day": clock.now().date().isoformat()}
    actions.tell(account, "thanks", f"/p/{post}" if post else "/feed", about, _id(group))


@events.subscribe("community.post.written", durable=True, queue="bulk")
def on_post(post: str, group: str, author: str = "", **rest: Any) -> None:
    """Members of the group. Those who want each post are told of it; the others once a day that there is something."""
    about = {
        "post": post
    }  # whoever wrote it under an anonymous name is told as well: leaving them out would tell
    tasks.tell_group.enqueue(
        key=f"post:{post}",
        group=group,
        kind="posts",
        url=f"/p/{post}",
        about=about,
        but=[author] if author else [],
    )


def tell_group(group: UUID, kind: str, url: str, about: dict[str, str], but: set[UUID]) -> None:
    """See `on_post`."""
    everybody = [member.account for member in groups.members(group) if not member.on_break]
    wanted = [account for account in everybody if account not in but]
    for author in but:
        silent = boundaries.silent_towards(wanted, author)
        wanted = [account for account in wanted if account not in silent]
    chosen = actions.hows_for_group(wanted, group, kinds.KINDS[kind].family)
    each = [account for account in wanted if chosen.get(account) == "each"]
    rest = [account for account in wanted if chosen.get(account) != "each"]  # "only on the page" is there too
    actions.tell_all(each, kind, url, about, group)
    today = {"group": str(group), "day": clock.now().date().isoformat()}
    actions.tell_all(rest, kind, _group_url(group), today, group)


@events.subscribe("community.post.unanswered", durable=True)
def on_unanswered(post: str, group: str, step: int | str = 1, author: str = "", **rest: Any) -> None:
    """Those who offered to welcome; at the later step some of the team. The desk of whoever is there shows it too."""
    found, ident = _id(group), _id(post)
    seen = posts.summaries([ident]).get(ident) if ident is not None else None
    if found is None:
        return
    writer = _writer(post)
    if str(step) == "1":
        wanted, kind, url = list(groups.welcomers(found)), "unanswered", f"/p/{post}"
    else:
        wanted, kind, url = _team(post), "brought", "/groups/waiting"
    wanted = [account for account in wanted if account != writer]
    if seen is not None and not seen.anonymous and writer is not None:
        # Under an anonymous name nobody is left out: who hears nothing would know whose words these are.
        silent = boundaries.silent_towards(wanted, writer)
        wanted = [account for account in wanted if account not in silent]
    about = {"post": post} if kind == "unanswered" else {"day": clock.now().date().isoformat()}
    actions.tell_all(wanted[:MOST_OF_THE_TEAM] if kind == "brought" else wanted, kind, url, about, found)


def _team(post: str) -> list[UUID]:
    """Those of the team who may answer a post, other ones first for each post, so that it goes round; nobody who is on
    a break."""
    everybody = sorted(people.accounts_with_role(roles.SUPPORTER))
    resting = boundaries.on_break_of(everybody)
    awake = [account for account in everybody if account not in resting]
    start = UUID(post).int % len(awake) if awake else 0
    return awake[start:] + awake[:start]


def _without(accounts: Iterable[UUID], author: Any) -> list[UUID]:
    known, wanted = _id(author), list(accounts)
    if known is None:
        return wanted
    silent = boundaries.silent_towards(wanted, known)
    return [account for account in wanted if account != known and account not in silent]


@events.subscribe("community.group.newcomer", durable=True)
def on_newcomer(group: str, account: str, to: list[str] | None = None, **rest: Any) -> None:
    """A few of those who offered to welcome, another few each time: the group chose them."""
    found = _id(group)
    if found is not None:
        wanted = [who for one in to or () if (who := _id(one)) is not None]
        today = {"group": group, "day": clock.now().date().isoformat()}
        actions.tell_all(_without(wanted, account), "newcomer", _group_url(found), today, found)


@events.subscribe("community.join.requested", durable=True)
def on_request(group: str, account: str, request: str = "", **rest: Any) -> None:
    found = _id(group)
    if found is not None:
        leading = [m.account for m in groups.members(found, ("facilitator", "cofacilitator"))]
        about = {"request": request or account}
        actions.tell_all(leading, "request", f"{_group_url(found)}/members", about, found)


@events.subscribe("community.join.accepted", durable=True)
def on_accepted(group: str, account: str, **rest: Any) -> None:
    found, who = _id(group), _id(account)
    if found is not None and who is not None:
        about = {"group": group, "request": str(rest.get("request", ""))}
        actions.tell(who, "joined", _group_url(found), about, found)


@events.subscribe("community.group.quiet", durable=True)
def on_quiet(group: str, step: str = "", to: list[str] | None = None, **rest: Any) -> None:
    found = _id(group)
    if found is not None:
        wanted = [who for one in to or () if (who := _id(one)) is not None]
        about = {"group": group, "step": str(step), "day": clock.now().date().isoformat()}
        actions.tell_all(wanted, "quiet", _group_url(found), about, found)


# Events and stories.


def _event(kind: str, ident: str, account: str, **about: str) -> None:
    who = _id(account)
    if who is not None:
        actions.tell(who, kind, f"/events/{ident}", {"event": ident, **about})


@events.subscribe("community.event.soon", durable=True)
def on_event_soon(ident: str, account: str, when: str = "", **rest: Any) -> None:
    _event("event", ident, account, when=when)


@events.subscribe("community.event.place", durable=True)
def on_event_place(ident: str, account: str, **rest: Any) -> None:
    _event("event-place", ident, account)


@events.subscribe("community.event.moved", durable=True)
def on_event_moved(ident: str, account: str, revision: int = 0, **rest: Any) -> None:
    """Another time, or another way to get there."""
    _event("event-changed", ident, account, how=f"moved-{revision}")


@events.subscribe("community.event.called-off", durable=True)
def on_event_called_off(ident: str, account: str, **rest: Any) -> None:
    _event("event-changed", ident, account, how="called-off")


@events.subscribe("community.story.answered", durable=True)
def on_story(story: str, account: str, how: str = "", **rest: Any) -> None:
    """A reviewer answered, or a consent came to its end."""
    who = _id(account)
    if who is not None:
        actions.tell(who, "story", "/stories/mine", {"story": story, "how": how})


# Letters from the team.


@events.subscribe("support.offer.made", durable=True, queue="crisis")
def on_offer(account: str, **rest: Any) -> None:
    """Somebody from the team offers to be there. Urgent, and on the page whatever was chosen."""
    who = _id(account)
    if who is not None:
        about = {key: str(value) for key, value in rest.items() if key in ("offer", "conversation")}
        about = about or {"day": clock.now().date().isoformat()}
        actions.tell(who, "offer", str(rest.get("url") or "/talk"), about, urgent=True)


def _letter(kind: str, account: str, url: str, mark: str) -> None:
    """Of a decision only the address that moderation gave is kept: for an anonymous thing, that is one's list."""
    who = _id(account)
    if who is not None:
        about = {"mark": mark} if mark else {"day": clock.now().date().isoformat()}
        actions.tell(who, kind, url or "/me/decisions", about)


@events.subscribe("moderation.decided", durable=True)
def on_decided(account: str, url: str = "", mark: str = "", **rest: Any) -> None:
    _letter("decision", account, url, mark)


@events.subscribe("moderation.appeal.decided", durable=True)
def on_appeal(account: str, url: str = "", mark: str = "", **rest: Any) -> None:
    _letter("appeal", account, url, mark)


@events.subscribe("moderation.shown_again", durable=True)
def on_shown_again(account: str, url: str = "", mark: str = "", **rest: Any) -> None:
    """What reports had hidden out of hours can be seen again."""
    _letter("shown-again", account, url, mark)


@events.subscribe("moderation.report.answered", durable=True)
def on_report(account: str, report: str = "", **rest: Any) -> None:
    who = _id(account)
    if who is not None:
        actions.tell(who, "report", "/me/reports", {"report": report})


# Any part of the community that has no listener of its own here may say it in this form:
# events.publish("community.notice", account=, kind=<one of kinds.py>, url=, about={ids and codes}, group=, urgent=)


@events.subscribe("community.notice", durable=True)
def on_notice(
    account: str,
    kind: str,
    url: str,
    about: dict[str, str],
    group: str | None = None,
    urgent: bool = False,
    **rest: Any,
) -> None:
    who = _id(account)
    if who is not None and _hear(who, about.get("by")):
        kind = (
            kind if kind in kinds.KINDS else "house"
        )  # a part of a later version may know more kinds than we do
        actions.tell(who, kind, url, about, _id(group), urgent)
