"""Sentences kept ready for supporters. Texts for review: docs/clinical/support.md.

The title is in the supporter's language, the words in the person's. They are put into the composer and looked over;
none goes out by itself. An organisation's own sentence of the same key (models.QuickReply, reviewed) comes instead.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

# key -> (title, words)
READY = {
    "here": (
        N_("I am here"),
        N_("Thank you for writing. I have read what you wrote, and I am here with you now."),
    ),
    "safe": (N_("Safe right now?"), N_("Are you safe right now, this minute?")),
    "plainly": (
        N_("Asking plainly"),
        N_(
            "Sometimes, when things are this heavy, people think about ending their life. Is it like that for you?"
        ),
    ),
    "more": (N_("Tell me more"), N_("I would like to understand it better. Can you tell me a little more?")),
    "who": (
        N_("Somebody near"),
        N_("Who could be with you for the next hours? You do not have to explain much."),
    ),
    "moment": (N_("One moment"), N_("I need a minute to read this properly. I am still here.")),
    "closing": (
        N_("Towards the end"),
        N_("Before we stop for today: what is one small thing that could help you through the next hours?"),
    ),
}


def sentences(language: str) -> list[tuple[str, str, str]]:
    """(key, title, words) of every sentence; words in `language`, English where there is no translation."""
    with translation.override(language or "en"):
        said = {key: gettext(words) for key, (_, words) in READY.items()}
    return [(key, gettext(title), said[key]) for key, (title, _) in READY.items()]
