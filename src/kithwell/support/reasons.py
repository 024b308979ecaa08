"""The screening's reasons in the reader's language.

The screening is pure and names its reasons in English; they are stored like that, so that a reason reads in the
language of whoever looks at it, not of whoever wrote. A reason is made of pieces, such as "intent (Arabic); negated".
A piece that is not known here is shown as it is: a reason in English is better than none.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

WEIGHED = "words that weigh on the score"

_TONGUES = frozenset((N_("Arabic"), N_("French"), N_("German"), N_("Hindi"), N_("Portuguese"), N_("Spanish")))
_PIECES = frozenset(
    (
        N_("a figure of speech"),
        N_("a group called bad or less than human"),
        N_("a group is named"),
        N_("a slur"),
        N_("about someone else: guidance for a helper"),
        N_("active: ending own life"),
        N_("active: suicidal thoughts"),
        N_("active: veiled words for ending one's life"),
        N_("an attempt, lately"),
        N_("an attempt, some time ago"),
        N_("asking for a friend: counted as one's own"),
        N_("asks about methods"),
        N_("but"),
        N_("concern for another"),
        N_("contact details"),
        N_("distress"),
        N_("encourages someone to die or self-harm"),
        N_("farewell"),
        N_("graphic description of injury"),
        N_("has chosen a day"),
        N_("hatred of a group"),
        N_("insult aimed at a person"),
        N_("intent"),
        N_("intent or plan"),
        N_("intent: says they will"),
        N_("loss by suicide"),
        N_("may be dark humour, a person should look"),
        N_("may be dark humour: a person should look"),
        N_("means at hand"),
        N_("means: has them at hand"),
        N_("means: in the hand or in front of them"),
        N_("mention: suicide, not clearly one's own"),
        N_("method: asks or speaks of a way to die"),
        N_("method detail: amounts or instructions"),
        N_("method: a way to die, said of oneself"),
        N_("negated"),
        N_("negated, with a but"),
        N_("not counted in full: a song, story or film"),
        N_("not counted in full: a word used of oneself or among friends"),
        N_("not counted in full: in the past"),
        N_("not counted in full: negated"),
        N_("not counted in full: someone else's words"),
        N_("not counted in full: speaks against it"),
        N_("not counted: a figure of speech"),
        N_("not counted: denied"),
        N_("now: under way"),
        N_("own contact details"),
        N_("own words"),
        N_("passive: wish to be dead"),
        N_("plan: a plan or preparations"),
        N_("plan: says there is one"),
        N_("present again"),
        N_("promotes disordered eating"),
        N_("rude or profane words"),
        N_("said to or of another"),
        N_("says they may hurt someone"),
        N_("seeks a pact or a partner"),
        N_("self-harm"),
        N_("signs of a scam"),
        N_("signs of advertising"),
        N_("signs of grooming"),
        N_("speaks well of a group"),
        N_("someone else's contact details"),
        N_("someone else's words"),
        N_("someone's private details"),
        N_("tells of abuse"),
        N_("the no is part of the wish"),
        N_("threat against a person"),
        N_("time: now"),
        N_("time: now or soon"),
        N_("time: past"),
        N_("time: soon"),
        N_("took a great many tablets"),
        N_("took medicine: perhaps too much"),
        N_("wish of harm to a group"),
        N_("words that weigh on the score"),
    )
)


def in_words(label: str) -> str:
    """`label` in the active language."""
    return "; ".join(_said(piece) for piece in label.split("; "))


def is_known(label: str) -> bool:
    """Is there a word here for every piece of `label`?"""
    return all(_split(piece)[0] in _PIECES for piece in label.split("; "))


def _said(piece: str) -> str:
    words, tongue = _split(piece)
    text = gettext(words) if words in _PIECES else words
    return f"{text} ({gettext(tongue)})" if tongue else text


def _split(piece: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*) \((\w+)\)", piece)
    return (found[1], found[2]) if found and found[2] in _TONGUES else (piece, "")
