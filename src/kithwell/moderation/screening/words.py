"""What kinds of signals, states and fields are called. All lazy."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kithwell.kernel.jinja import language_name

KIND = {
    "threat": _("Threats"),
    "harassment": _("Attacks on a person"),
    "hate": _("Hatred of a group"),
    "encouragement": _("Encouraging self-harm or suicide"),
    "method_detail": _("Ways to harm oneself"),
    "pact": _("Looking for somebody to die with"),
    "doxxing": _("Private details of others"),
    "personal_data": _("Details that could be used to find somebody"),
    "grooming": _("Luring somebody"),
    "pro_eating_disorder": _("Promoting disordered eating"),
    "graphic": _("Injury in detail"),
    "violence_to_others": _("Says they may hurt somebody"),
    "abuse_disclosure": _("Tells of abuse"),
    "scam": _("Asks for money or data"),
    "spam": _("Advertising"),
    "offensive": _("Rude or profane words"),
}
HELP = _("May need help")
WHAT = {
    "edit": _("Changes a rule"),
    "add": _("A new rule"),
    "off": _("Switches a rule off"),
    "reset": _("Back to what was shipped"),
    "threshold": _("Another threshold"),
}
STATE = {
    "draft": _("In progress"),
    "proposed": _("Waiting for a second steward"),
    "active": _("Current"),
    "replaced": _("Held until a later change"),
    "declined": _("Declined"),
    "withdrawn": _("Discarded"),
}
FIELD = {
    "any": _("Finds"),
    "unless": _("Not if"),
    "unless_here": _("Not if right there"),
    "needs": _("Only if"),
    "yes": _("Should find (tests)"),
    "no": _("Should leave alone (tests)"),
    "label": _("What a reviewer reads"),
    "lang": _("Language"),
    "weight": _("Weight"),
}
# Categories that bring nothing before a person by themselves.
QUIET = {
    "offensive": _("Rude words alone send nothing to a person."),
    "abuse_disclosure": _("Telling of abuse is asking to be heard; it sends nothing to a person."),
}


def kind(code: str) -> str:
    return str(HELP if code == "help" else KIND.get(code, code.replace("_", " ")))


def language(code: str) -> str:
    return str(_("not sure")) if code == "unknown" else language_name(code)


def sentence(code: str) -> str:
    """A kind inside a sentence."""
    said = kind(code)
    return said[:1].lower() + said[1:]
