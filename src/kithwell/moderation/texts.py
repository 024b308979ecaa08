"""Sentences kept ready for reviewers: the facts of a decision and answers to appeals, in the author's language.

The title is in the reviewer's language. They are put into the field and changed to what really happened; none goes
out by itself. Words for review: docs/clinical/moderation.md.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

# key -> (title, words)
FACTS = {
    "attack": (
        N_("It attacks somebody"),
        N_("Your words were aimed at another person here and not at what they said. They may hurt."),
    ),
    "method": (
        N_("It describes a method"),
        N_(
            "Your words describe how somebody could harm themself. That you feel this way is welcome here; the "
            "details are dangerous for others who read them."
        ),
    ),
    "contact": (
        N_("It holds contact details"),
        N_("Your words contain details that could be used to find somebody outside this place."),
    ),
    "warning": (
        N_("A warning would help"),
        N_(
            "Nothing is wrong with what you wrote. Some readers will be glad to be asked before they read it."
        ),
    ),
    "selling": (
        N_("It sells something"),
        N_("Your words advertise something. People come here to be heard, and nobody should be sold to."),
    ),
    "advice": (
        N_("It tells others what to take or stop"),
        N_(
            "Your words tell others to change a medicine or a treatment. What helped you may hurt somebody else."
        ),
    ),
}
ANSWERS = {
    "kept": (
        N_("It stays as it is"),
        N_(
            "I read it again with fresh eyes, and what you wrote with your question. I have come to the same "
            "answer because"
        ),
    ),
    "granted": (
        N_("You were right"),
        N_("I read it again with fresh eyes. You were right to ask. Everything is as it was before, because"),
    ),
}


def _said(rows: dict[str, tuple[str, str]], language: str) -> list[tuple[str, str, str]]:
    with translation.override(language or "en"):
        spoken = {key: gettext(words) for key, (_, words) in rows.items()}
    return [(key, gettext(title), spoken[key]) for key, (title, _) in rows.items()]


def facts(language: str) -> list[tuple[str, str, str]]:
    """(key, title, words) of every ready sentence; words in `language`, English where there is no translation."""
    return _said(FACTS, language)


def answers(language: str) -> list[tuple[str, str, str]]:
    return _said(ANSWERS, language)
