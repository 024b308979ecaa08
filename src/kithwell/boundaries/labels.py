"""Words for the codes of this part."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

WARNING: Final[dict[str, Text]] = {
    "suicide": _("Suicide"),
    "self-harm": _("Self-harm"),
    "eating": _("Eating and weight"),
    "abuse": _("Abuse"),
    "violence": _("Violence"),
    "substances": _("Alcohol and drugs"),
    "death": _("Death and grief"),
    "pregnancy-loss": _("Losing a pregnancy"),
    "body": _("Body and appearance"),
    "other": _("Something else that may be hard to read"),
}
HOW: Final[dict[str, Text]] = {
    "show": _("Show it"),
    "blur": _("Cover it until I choose"),
    "hide": _("Leave it out"),
}
CONTACT: Final[dict[str, Text]] = {
    "nobody": _("Nobody"),
    "groups": _("People I share a group with"),
    "everyone": _("Everyone here"),
}


def warning_label(code: str) -> Text:
    """The words for a topic; an unknown one is "something else"."""
    return WARNING.get(code, WARNING["other"])


NUDGE: Final[dict[str, Text]] = {
    "threat": _("These words can be read as a threat. It is all right to be angry, and to say so."),
    "hate": _("These words can hurt people for who they are, including some who read along and say nothing."),
    "harassment": _(
        "These words may come across as an attack on somebody. You can say what hurt you without that."
    ),
}


def nudge_words(kind: str) -> Text:
    """The sentence for one kind of nudge."""
    return NUDGE.get(kind, NUDGE["harassment"])
