"""What people are told about names and passwords. Each text is listed in docs/clinical/people.md."""

from __future__ import annotations

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from kithwell.people import roles
from kithwell.people.rules import PASSWORD_MAX, PASSWORD_MIN, Reason, Weak

Text = str | Promise


def _fill(text: Text, **values: object) -> str:
    return str(text) % values


_filled = lazy(_fill, str)  # a plain % would settle the language while this module is read

NAME: dict[Reason, Text] = {
    Reason.EMPTY: _("Please choose a name with at least two letters."),
    Reason.LONG: _("That name is a little long. It can have up to forty characters."),
    Reason.CHARACTERS: _(
        "Some of these characters cannot be used in a name. Letters, numbers and spaces can."
    ),
    Reason.EMAIL: _(
        "That looks like an e-mail address. To keep you safe, please choose a name that points to nobody."
    ),
    Reason.LINK: _(
        "That looks like a web address. To keep you safe, please choose a name that points to nobody."
    ),
    Reason.HANDLE: _("That looks like a name from another site. A fresh name here keeps the two apart."),
    Reason.PHONE: _(
        "That looks like a number somebody could call or look up. Please leave it out, to keep you safe."
    ),
    Reason.YEAR: _(
        "That looks like a year or a date. It could help somebody recognise you, so please leave it out."
    ),
    Reason.STAFF: _("That name could be mistaken for somebody who works here. Please choose another."),
    Reason.FULL_NAME: _(
        "That looks like it could be a real name. Here you can be somebody nobody knows. "
        "How about a first name alone, or one of our suggestions?"
    ),
}
NAME_TAKEN = _("Somebody here already has that name, or one that looks the same. Please choose another.")

PASSWORD: dict[Weak, Text] = {
    Weak.SHORT: _filled(
        _(
            "That password is too short. At least %(count)d characters, please: a few words in a row work well."
        ),
        count=PASSWORD_MIN,
    ),
    Weak.LONG: _filled(
        _("That password is too long. It can have up to %(count)d characters."), count=PASSWORD_MAX
    ),
    Weak.COMMON: _("That password is easy to guess. A few words that do not belong together work well."),
    Weak.NAME: _("That password is too close to your name here. Please choose another."),
}

ROLE: dict[str, Text] = {
    roles.MEMBER: _("Member"),
    roles.SUPPORTER: _("Supporter"),
    roles.SUPERVISOR: _("Supervisor"),
    roles.ONCALL: _("On call"),
    roles.FACILITATOR: _("Facilitator"),
    roles.PROFESSIONAL: _("Professional"),
    roles.MODERATOR: _("Moderator"),
    roles.CAMPAIGNER: _("Campaigner"),
    roles.CREATOR: _("Creator"),
    roles.STEWARD: _("Steward"),
}

AGE: dict[str, Text] = {
    "": _("I would rather not say"),
    "under-16": _("Under 16"),
    "16-17": _("16 or 17"),
    "18-25": _("18 to 25"),
    "26-64": _("26 to 64"),
    "65-plus": _("65 or older"),
}

# One answer for an unknown name, a wrong password, an account without one, and a code that does not fit.
NOT_THAT = _("That name and password do not go together. Check both, or use another way in below.")
NOT_THAT_CODE = _("That name and code do not go together. Each code works once; try another one.")
NOT_THAT_KEY = _("That passkey was not recognised here. Try another way in.")
PAUSED = _("This account is paused at the moment. Help now and Talk to us are open to you all the same.")
SLOW_DOWN = _(
    "There were many attempts in a short time. Please wait a few minutes, then try again. Help now and "
    "Talk to us are open to you without signing in."
)
