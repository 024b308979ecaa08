"""Codes of this part in words, and the sealing of what people say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as lazy

from kithwell.community.groups import words as groups
from kithwell.community.peers.rules.matching import Reason
from kithwell.kernel import crypto

START, SEEKING, SUGGESTION, BUDDYING, NOTE, CHECK, PROFILE, STEP = (
    "peers_start",
    "peers_seeking",
    "peers_suggestion",
    "peers_buddying",
    "peers_note",
    "peers_checkin",
    "peers_profile",
    "peers_step",
)

TOPICS: Final = groups.TOPICS
HELPS: Final = {
    "listening": lazy("Somebody who listens"),
    "same": lazy("Hearing from people who have been there"),
    "tips": lazy("Practical ideas"),
    "humour": lazy("Laughing together"),
    "quiet": lazy("Quiet company, few words"),
    "writing": lazy("Writing things down"),
    "outside": lazy("Going outside, moving"),
    "routine": lazy("Small daily routines"),
    "making": lazy("Making things"),
    "music": lazy("Music"),
}
NOTS: Final = {
    "advice": lazy("Advice I did not ask for"),
    "pull-together": lazy("Being told to pull myself together"),
    "faith": lazy("Talk about faith"),
    "details": lazy("Details that stay in my head"),
    "jokes": lazy("Jokes about it"),
    "why": lazy("Being asked why, again and again"),
    "hurry": lazy("Having to answer quickly"),
}
HOURS: Final = {
    "early": lazy("Early, before nine"),
    "day": lazy("During the day"),
    "evening": lazy("In the evening"),
    "night": lazy("Late, when I cannot sleep"),
}
SHARE: Final = {
    "brings": lazy("What brings me here"),
    "helps": lazy("What helps me"),
    "not": lazy("What does not help me"),
    "languages": lazy("My languages"),
    "hours": lazy("When I am around"),
}
STEPS: Final = {
    "brings": lazy("What brings you"),
    "helps": lazy("What helps"),
    "not": lazy("What does not"),
    "about": lazy("Language and age"),
    "hours": lazy("When you are around"),
    "buddy": lazy("A buddy, if you like"),
}
PROMISES: Final = (
    lazy(
        "We are company for each other, not each other's therapist. When it gets heavy we bring in somebody else."
    ),
    lazy("What we tell each other stays between us, unless somebody is in danger."),
    lazy("We answer when we can. Nobody has to be there all the time."),
    lazy("We keep it here: no phone numbers, no addresses, no money, no meeting alone."),
    lazy("Either of us can end it at any time, in one tap, without a reason."),
)
HOW: Final = {
    "good": lazy("It does me good"),
    "mixed": lazy("Sometimes yes, sometimes no"),
    "heavy": lazy("It is heavy for me just now"),
    "pause": lazy("I would like to pause"),
}
SEEN_BY: Final = {
    "nobody": lazy("Nobody"),
    "groups": lazy("People in my groups"),
    "members": lazy("Everybody with an account"),
}
PIECES: Final = {
    "pronouns": lazy("Pronouns"),
    "likes": lazy("What I like to talk about"),
    "languages": lazy("Languages"),
}
BADGES: Final = {
    "listener": lazy("Trained listener"),
    "first-aid": lazy("First aid"),
    "mh-first-aid": lazy("Mental health first aid"),
    "facilitator": lazy("Trained to lead groups"),
    "peer": lazy("Peer supporter"),
    "suicide-aware": lazy("Trained in talking about suicide"),
    "safeguarding": lazy("Safeguarding training"),
}
VOUCHED: Final = {
    "steward": lazy("vouched for by a steward"),
    "professional": lazy("vouched for by a professional"),
    "facilitator": lazy("vouched for by a facilitator"),
}
OFTEN_REPLIES: Final = {
    "none": "",
    "once": lazy("You answered somebody."),
    "twice": lazy("You answered people twice."),
    "few": lazy("You answered people a few times."),
    "many": lazy("You answered people many times."),
    "again": lazy("You answered people again and again."),
}
OFTEN_SIGNS: Final = {
    "none": "",
    "once": lazy("You gave somebody a kind sign."),
    "twice": lazy("You gave a kind sign twice."),
    "few": lazy("You gave kind signs a few times."),
    "many": lazy("You gave kind signs many times."),
    "again": lazy("You gave kind signs again and again."),
}
STAGE: Final = {
    "seed": lazy("The seed is in the ground. The first kind reply makes it sprout."),
    "sprout": lazy("It has sprouted."),
    "growing": lazy("It is growing."),
    "half": lazy("It is more than half-way there."),
    "near": lazy("Nearly there."),
    "there": lazy("There! You did this together."),
}


def language(code: str) -> str:
    """A language's own name for itself."""
    name = str(LANG_INFO.get(code, {}).get("name_local", code))
    return name[:1].upper() + name[1:]


def reason(given: Reason) -> str:
    """Why two people were suggested to each other, in a plain sentence about both."""
    if given.what == "hours":
        return _("You are around at the same time of day.")
    named: dict[str, Any] = {"topics": TOPICS, "helps": HELPS, "nots": NOTS}
    if given.what == "languages":
        return _("You both speak %(names)s.") % {"names": _list(language(code) for code in given.codes)}
    known = named.get(given.what, {})
    names = _list(str(known.get(code, code)) for code in given.codes)
    if given.what == "topics":
        return _("You both named: %(names)s.") % {"names": names}
    if given.what == "helps":
        return _("The same helps you both: %(names)s.") % {"names": names}
    return _("Neither of you likes: %(names)s.") % {"names": names}


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


NEUTRAL_END: Final = gettext_lazy(
    "Your time as buddies has come to its end. That says nothing about either of you. Thank you for the time you gave."
)


def seal(subject: UUID, value: Any, at: tuple[str, str, object]) -> bytes:
    return crypto.seal(subject, json.dumps(value, ensure_ascii=False), at=at)


def opened(subject: UUID | None, blob: bytes | memoryview | None, at: tuple[str, str, object]) -> Any:
    """What lies there; None when nothing does, or its owner's key is gone."""
    if not blob or subject is None:
        return None
    try:
        return json.loads(crypto.unseal(subject, bytes(blob), at=at))
    except crypto.Erased:
        return None
