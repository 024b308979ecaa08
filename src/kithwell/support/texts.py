"""What the desk itself says to a person: announcements of a change of hands. Texts: docs/clinical/support.md.

Short, plain, and no promise we cannot keep. The assistant's own words are in `assistant.texts`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

_TEXTS: dict[str, Callable[[], str]] = {
    "human_joined": lambda: _(
        "{name} is with you now. {name} is a person, and can read what you wrote here."
    ),
    "human_left": lambda: _(
        "The person you were talking with had to leave. You keep your place in the line, and you do not have to "
        "start again: the next person can read what you wrote. You can keep writing."
    ),
    "handed_over": lambda: _(
        "{name} takes over from here, and can read what you wrote. You do not have to start again."
    ),
    "to_team": lambda: _(
        "We are bringing in another team for you. {name} stays with you until somebody is there."
    ),
    "to_assistant": lambda: _(
        "From here on the computer answers. Write PERSON at any time to talk with a person again."
    ),
    "supervisor_joined": lambda: _("{name} from our team is here too, to help."),
    "ended": lambda: _("This conversation has ended. You can write here again whenever you want to."),
    "ended_by_you": lambda: _("You closed this conversation. You can write here again whenever you want to."),
    "stopped": lambda: _(
        "We will not write to you first any more. If you write to us, we will still read it. Write START to "
        "change this."
    ),
    "started": lambda: _("Good to have you back. Write whenever you want to."),
    "waiting": lambda: _(
        "Thank you for writing. What you wrote has arrived, and a person will read it. This is an automatic message. "
        "If you or somebody else is in danger right now, please call your local emergency number."
    ),
    "help": lambda: _(
        "If you or somebody else is in danger right now, please call your local emergency number. You can keep "
        "writing here, and a person will read it."
    ),
    "follow_up": lambda: _("We said we would get back to you. {name} is here now."),
    "reply_waiting": lambda: _(
        "A reply is waiting for you. Write OPEN to read it. Write STOP if you do not want this."
    ),
}

SCRIPTS = tuple(_TEXTS)


def say(script: str, language: str = "en", **params: str) -> str:
    """The words of `script` in `language` (English where there is no translation)."""
    with translation.override(language or "en"):
        text = _TEXTS[script]()
    for key, value in params.items():
        text = text.replace("{" + key + "}", value)
    return text
