"""The few mails we send: neutral subject, no name, no word about what this place is for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from kithwell.kernel import conf, jobs
from kithwell.people.actions import mail, ways_in
from kithwell.people.models import Account

LIFE = {"sign-in": timedelta(minutes=30), "email": timedelta(days=2)}


def _connection() -> Any:
    parts = urlsplit(str(conf.get("mail_url", "")))
    if parts.scheme == "file":
        return get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=parts.path)
    if parts.scheme not in ("smtp", "smtps"):
        raise jobs.GiveUp("no mail_url is configured")
    direct = parts.scheme == "smtps"
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or (465 if direct else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=direct,
        use_tls=not direct and parts.hostname not in ("localhost", "127.0.0.1"),
        timeout=20,
    )


def _send(account: Account, subject: str, body: str, headers: Mapping[str, str] | None = None) -> None:
    EmailMessage(
        subject,
        body,
        str(conf.get("mail_from", "")) or None,
        [mail.open_email(account)],
        connection=_connection(),
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    ).send()


def send_call(account: Account) -> None:
    """Ask somebody on call to open their desk. Not a word about whom or why: mail is read by others too."""
    with translation.override(account.language):
        first = _("Somebody may need you now. Please sign in and open your desk:")
        _send(
            account,
            _("Please open your desk"),
            f"{first}\n\n{str(conf.get('public_url', '')).rstrip('/')}/desk\n",
        )


def send_news(account_id: UUID, subject: str, body: str, headers: Mapping[str, str]) -> bool:
    """A neutral mail for another part, to a confirmed address only. False when there is none."""
    account = Account.objects.filter(pk=account_id, erased_at=None, email_confirmed_at__isnull=False).first()
    if account is None or account.email_sealed is None:
        return False
    _send(account, subject, body, headers)
    return True


def send_link(account: Account, purpose: str) -> None:
    """Mail a link that works once. Raises whatever the mail server raises; the job tries again."""
    _connection()  # no link is made that nothing could send
    with translation.override(account.language):
        life = LIFE[purpose]
        link = ways_in.make_link(account.pk, purpose, life)
        first = (
            _("You asked us to confirm this address. Open this link to do so:")
            if purpose == "email"
            else _("You asked for a link to sign in. Open it within half an hour:")
        )
        last = _(
            "If this was not you, there is nothing you need to do. Nothing happens unless the link is opened."
        )
        _send(account, _("Your link"), f"{first}\n\n{link}\n\n{last}\n")
