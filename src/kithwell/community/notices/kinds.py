"""Every kind of notice: which family of choices it belongs to, how it goes out by itself, and its words on the page.

The words name no person behind a post or a reply: a notice must not say who hides behind an anonymous name, and a
glance over somebody's shoulder must not tell more than it has to. `who` is filled for kinds between two people who
know each other's names here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FAMILIES: Final[Mapping[str, str | Promise]] = {
    "replies": gettext_lazy("Replies to what I wrote"),
    "thanks": gettext_lazy("Kind reactions to what I wrote"),
    "groups": gettext_lazy("New posts in my groups"),
    "caring": gettext_lazy("When I welcome or facilitate: somebody is waiting"),
    "peers": gettext_lazy("Buddies and people I know here"),
    "events": gettext_lazy("Events I said yes to"),
    "stories": gettext_lazy("Stories I wrote"),
    "house": gettext_lazy("Letters from the team: offers of support, decisions, answers"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`say` gives the sentence; its parts `who` and `group` are filled when they are known.

    What is about one place and not read yet is one line and one sound. With `anew` the later one takes the earlier
    one's place instead: a reminder an hour before must not be lost because nobody read the one of yesterday.
    """

    family: str
    say: Callable[[], str]
    own: str = "digest"
    in_group: Callable[[], str] | None = None  # the sentence when the group's name is known
    urgent: bool = False
    anew: bool = False


KINDS: Final[dict[str, Kind]] = {
    "reply": Kind(
        "replies",
        lambda: _("Somebody answered what you wrote."),
        in_group=lambda: _("Somebody answered what you wrote in %(group)s."),
    ),
    "thanks": Kind(
        "thanks",
        lambda: _("What you wrote meant something to somebody."),
        in_group=lambda: _("What you wrote in %(group)s meant something to somebody."),
    ),
    "posts": Kind(
        "groups",
        lambda: _("There is something new in one of your groups."),
        in_group=lambda: _("There is something new in %(group)s."),
    ),
    "unanswered": Kind(
        "caring",
        lambda: _("Somebody wrote and has no answer yet."),
        "each",
        in_group=lambda: _("Somebody wrote in %(group)s and has no answer yet."),
    ),
    "brought": Kind(
        "caring",
        lambda: _("Somebody wrote in a group and nobody has answered. The team may."),
        "each",
    ),
    "newcomer": Kind(
        "caring",
        lambda: _("Somebody new has come."),
        in_group=lambda: _("Somebody new has come to %(group)s."),
    ),
    "request": Kind(
        "caring",
        lambda: _("Somebody would like to join."),
        "each",
        in_group=lambda: _("Somebody would like to join %(group)s."),
    ),
    "quiet": Kind(
        "caring",
        lambda: _("A group you lead has been waiting for you."),
        "each",
        in_group=lambda: _("%(group)s has been waiting for you."),
    ),
    "joined": Kind(
        "groups",
        lambda: _("You are welcome in the group you asked to join."),
        "each",
        in_group=lambda: _("You are welcome in %(group)s."),
    ),
    "buddy-asked": Kind("peers", lambda: _("Somebody who might suit you would like to be your buddy.")),
    "buddy-suggested": Kind("peers", lambda: _("Somebody new has come who might suit you as a buddy.")),
    "buddy-accepted": Kind("peers", lambda: _("%(who)s said yes: you are buddies now."), "each"),
    "buddy-note": Kind("peers", lambda: _("%(who)s wrote you a note."), "each"),
    "check-in": Kind("peers", lambda: _("A gentle check-in, if you like: how is it going with %(who)s?")),
    "buddy-ended": Kind(
        "peers", lambda: _("Your time with a buddy has come to its end. Thank you for the time you gave.")
    ),
    "follow-asked": Kind("peers", lambda: _("%(who)s would like to follow what you write.")),
    "follow-post": Kind("peers", lambda: _("%(who)s, whom you follow, wrote something.")),
    "follow-accepted": Kind("peers", lambda: _("%(who)s is happy for you to follow them.")),
    "badge": Kind("peers", lambda: _("You were given a badge.")),
    "badge-ends": Kind("peers", lambda: _("One of your badges ends soon.")),
    "goal-reached": Kind(
        "groups",
        lambda: _("A group reached what it set out to do, together."),
        in_group=lambda: _("%(group)s reached what it set out to do, together."),
    ),
    "event": Kind("events", lambda: _("An event you said yes to is near."), "each", anew=True),
    "event-changed": Kind(
        "events", lambda: _("Something changed about an event you said yes to."), "each", anew=True
    ),
    "event-place": Kind("events", lambda: _("There is a place for you at an event."), "each", anew=True),
    "story": Kind("stories", lambda: _("There is news about your story."), anew=True),
    "offer": Kind(
        "house",
        lambda: _("Somebody from the team would like to be there for you."),
        "each",
        urgent=True,
        anew=True,
    ),
    "decision": Kind(
        "house", lambda: _("There is a decision about something you wrote, with reasons."), "each"
    ),
    "appeal": Kind("house", lambda: _("Another person has looked at a decision again."), "each"),
    "shown-again": Kind(
        "house", lambda: _("What you wrote can be seen again by everybody it was for."), "each"
    ),
    "report": Kind("house", lambda: _("Something was done about what you told us.")),
    "house": Kind(
        "house",
        lambda: _("There is news for you."),
        in_group=lambda: _("There is news about %(group)s."),
    ),
}


def sentence(kind: str, *, who: str = "", group: str = "") -> str:
    """What a notice says on the page, in the active language."""
    known = KINDS[kind]
    if group and known.in_group is not None:
        return known.in_group() % {"group": group}
    return known.say() % {"who": who or _("Somebody")}
