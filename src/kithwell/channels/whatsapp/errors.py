"""What each of the provider's error codes means for us: its class, a plain sentence and the next step. Pure.

Built on codes, because the provider announced that titles go away. Codes from the public list of WhatsApp Cloud API
error codes (read November 2026). An unknown code is tried a few times and then shown as not delivered.
Classes are those of `support.ports.SEND_ERRORS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Meaning:
    """`cls` decides what is done; `says` and `next_step` are read by supporters and operators."""

    cls: str
    says: Text
    next_step: Text


_BUSY = Meaning(
    "retry",
    _("WhatsApp asks us to slow down."),
    _("It will be sent again automatically. There is nothing you need to do."),
)
_PAIR = Meaning(
    "retry",
    _("Too many messages went to this person in a short time."),
    _("It will be sent again automatically, a little later. Combine several short messages into one."),
)
_DOWN = Meaning(
    "retry",
    _("WhatsApp has a problem just now."),
    _("It will be sent again automatically. There is nothing you need to do."),
)
_WINDOW = Meaning(
    "window",
    _("More than 24 hours have passed since this person wrote."),
    _("The reply is kept. It goes out as soon as they write again."),
)
_UNREACHABLE = Meaning(
    "unreachable",
    _("WhatsApp cannot reach this person."),
    _("Use another way to reach them only if they agreed to it. Otherwise plan a follow-up."),
)
_NOT_ALLOWED = Meaning(
    "not_allowed",
    _("WhatsApp does not let us write to this person now."),
    _("Do not try again. They can still write to us at any time."),
)
_OPTED_OUT = Meaning(
    "not_allowed",
    _("This person asked not to get messages from us."),
    _("Do not try again. They can still write to us at any time."),
)
_CONTENT = Meaning(
    "content",
    _("WhatsApp refused this message as it is written."),
    _("Change the message and send it again. If it happens again, tell whoever runs this site."),
)
_TEMPLATE = Meaning(
    "content",
    _("The prepared message is missing, paused or does not fit."),
    _("Whoever runs this site has to check the template with the provider."),
)
_MEDIA = Meaning(
    "media",
    _("A file could not be passed on."),
    _("It will be tried again. If it still does not arrive, ask them to send it again."),
)
_ACCOUNT = Meaning(
    "account",
    _("Our WhatsApp account does not work just now."),
    _("Whoever runs this site has been told. Nothing is lost, and it is sent as soon as it works again."),
)
_UNKNOWN = Meaning(
    "retry", _("WhatsApp reported an unknown error."), _("It will be sent again automatically, a few times.")
)

_GROUPS: tuple[tuple[Meaning, str], ...] = (
    (_BUSY, "4 80007 130429 131048 131057 133016"),
    (_PAIR, "131056"),
    (_DOWN, "1 2 131016 131000 135000 133004"),
    (_WINDOW, "131047"),
    (_UNREACHABLE, "131026 131021 131030 131062"),
    (_NOT_ALLOWED, "131049 130472"),
    (_OPTED_OUT, "131050"),
    (_TEMPLATE, "132000 132001 132005 132007 132008 132012 132015 132016 132068 132069"),
    (_CONTENT, "33 100 131008 131009 131051"),
    (_MEDIA, "131052 131053"),
    (_ACCOUNT, "0 3 10 190 368 131031 131005 131042 131045 130497 133000 133005 133006 133008 133009 133010"),
)
_TABLE: dict[str, Meaning] = {code: meaning for meaning, codes in _GROUPS for code in codes.split()}


def meaning(code: str | int) -> Meaning:
    """What `code` means; unknown codes are `retry`, and 200 to 299 (permissions) are the account's."""
    key = str(code)
    if key.isdecimal() and 200 <= int(key) <= 299:
        return _ACCOUNT
    return _TABLE.get(key, _UNKNOWN)


def codes() -> tuple[str, ...]:
    """Every code in the table (docs and tests)."""
    return tuple(_TABLE)


def wait_after(code: str, attempt: int) -> float | None:
    """Seconds to wait before the next attempt, where the provider states it; None: the usual back-off.

    Pair rate: 4 to the power of the attempt. Upgrade of throughput: about a minute. Restricted rate: an hour at most.
    """
    if code == "131056":
        return float(min(4 ** max(1, attempt), 3600))
    return 60.0 if code == "131057" else None
