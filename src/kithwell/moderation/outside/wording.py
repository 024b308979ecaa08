"""Words for the codes of this part."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kithwell.moderation import words
from kithwell.moderation.guidelines import queries as guidelines

Text = str | Promise

GROUND: Final[dict[str, Text]] = {
    "rules": _("It goes against the guidelines of this place, or worries me"),
    "illegal": _("I think it is against the law"),
}
OUTCOME: Final[dict[str, Text]] = {
    "": _("It waits for a person to look at it."),
    "acted": _("A person looked at it and something was done about it."),
    "kept": _("A person looked at it and left it as it is. Thank you for telling us all the same."),
    "changed": _("Something was done about it. Later another person looked again and took that back."),
    "gone": _("When we looked, it was no longer there."),
}
TABLE: Final[dict[str, Text]] = {
    "notices": _("Notices from people outside"),
    "reports": _("Reports and notices, by what they are about"),
    "cases": _("Things looked at, by how we learned of them"),
    "things": _("Decisions about what was written"),
    "persons": _("Decisions about whoever wrote it"),
    "grounds": _("Decisions, by the rule they rest on"),
    "automated": _("What a machine found, and what people decided"),
    "thresholds": _("Hidden by several reports while nobody was there"),
    "appeals": _("Asking another person to look again"),
    "reversed": _("Decisions taken back"),
}
_ROW: Final[dict[str, Text]] = {
    "illegal": _("said to be against the law"),
    "rules": _("against the guidelines"),
    "illegal, trusted": _("said to be against the law, from a trusted flagger"),
    "rules, trusted": _("against the guidelines, from a trusted flagger"),
    "found by machine": _("found by a machine (a person decided)"),
    "told by people": _("reported by people"),
    "acted": _("something was done"),
    "kept": _("left as it was, or the decision held"),
    "granted": _("the second person decided otherwise"),
    "asked": _("asked"),
    "hidden": _("hidden until a person looked"),
    "shown again": _("shown again by a person"),
    "decisions": _("decisions"),
}
KIND_OF_LAW: Final[dict[str, Text]] = {
    "report": _("What must be reported"),
    "order": _("Orders"),
    "notice": _("Notices"),
    "reasons": _("Reasons"),
    "complaint": _("Complaints"),
    "out-of-court": _("Out of court"),
    "transparency": _("Reports for the public"),
    "retention": _("How long to keep"),
    "children": _("Children"),
    "assessment": _("Assessing risks"),
    "duty": _("Other duties"),
    "flaggers": _("Trusted flaggers"),
    "misuse": _("Misuse"),
    "rights": _("Rights"),
    "scope": _("Whom it concerns"),
}
READ: Final[dict[str, Text]] = {
    "text": _("the provision was read"),
    "excerpt": _("an excerpt or an authority's summary was read"),
    "memory": _("not read; from general knowledge"),
}


def row_label(table: str, key: str) -> str:
    """A row of a published table in words."""
    if table == "reports":
        return words.category(key)
    if table == "things":
        return str(words.THING.get(key, key))
    if table == "persons":
        return str(words.PERSON.get(key, key))
    if table == "grounds":
        rule = guidelines.shipped("en").rule(key)
        return rule.title if rule else key
    return str(_ROW.get(key, key))
