"""The words of a notice: sealed, opened, and the two mails it may bring."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from kithwell.kernel import conf, crypto
from kithwell.moderation.outside.models import Notice
from kithwell.people import post

WORDS_AT = ("moderation_outside_notice", "words")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote. `again` is why they want another look."""

    what: str = ""
    address: str = ""
    why: str = ""
    name: str = ""
    email: str = ""
    again: str = ""


def seal(row: Notice, said: Said) -> None:
    """Put the words into the row (in memory)."""
    text = json.dumps(asdict(said), ensure_ascii=False)
    row.words = crypto.seal(row.subject, text, at=(*WORDS_AT, row.id))


def opened(row: Notice) -> Said:
    """The words of a notice; empty when their time is over."""
    if row.words is None:
        return Said()
    try:
        return Said(**json.loads(crypto.unseal(row.subject, bytes(row.words), at=(*WORDS_AT, row.id))))
    except crypto.Erased:
        return Said()


def send(row: Notice, what: str) -> bool:
    """A neutral mail: that we have it, or that somebody looked. False where there is no address or no mail server.

    No link is in it: whoever reads a mailbox could open it. The link was shown to the one who wrote.
    """
    to = opened(row).email
    if not to or not conf.get("mail_url", ""):
        return False
    with translation.override(row.language):
        body = (
            _("We have your notice of %(day)s. A person will look at it.")
            if what == "received"
            else _("A person looked at your notice of %(day)s and decided.")
        ) % {"day": f"{row.at:%Y-%m-%d}"}
        more = _(
            "The link that you were shown when you sent it tells you more, and what you can do about it."
        )
        EmailMessage(
            _("Your notice"),
            f"{body}\n\n{more}\n",
            str(conf.get("mail_from", "")) or None,
            [to],
            connection=post._connection(),
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    return True
