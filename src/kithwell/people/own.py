"""What this part itself knows about a person, for their archive and for the page that says what would be erased."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kithwell.kernel.models import AuditEntry
from kithwell.people import consent, erasure, export
from kithwell.people.actions import mail
from kithwell.people.models import Account, Passkey, RoleGrant, Session

FEEDBACK = consent.register(
    consent.Item(
        key="people.feedback",
        title=gettext_lazy("Being asked how things went"),
        text=gettext_lazy(
            "We may ask you, now and then and only here on this site, how something went for you. "
            "Answering is up to you, and your answers are counted without your name."
        ),
        version="1",
    )
)


def tell(subject: UUID, account_id: UUID | None) -> Iterable[tuple[str, bytes]]:
    """Account, ways in, devices, consents, and who looked at or changed what (without who they were)."""
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    if account is not None:
        grants = RoleGrant.objects.filter(account=account).order_by("at")
        yield (
            "account.json",
            export.as_json(
                {
                    "name": account.pseudonym,
                    "email": mail.open_email(account),
                    "language": account.language,
                    "country": account.country,
                    "age band": account.age_band,
                    "made": account.created_at,
                    "last seen on": account.seen_on,
                    "roles": list(grants.values("role", "at", "until", "closed_at")),
                }
            ),
        )
        keys = Passkey.objects.filter(account=account).values("created_at", "used_on")
        yield "passkeys.json", export.as_json(list(keys))
        devices = Session.objects.filter(account=account).values("device", "began_at", "seen_at")
        yield "devices.json", export.as_json(list(devices))
    ledger = [
        {
            "item": e.item,
            "given": e.given,
            "text": e.text_version,
            "at": e.at,
            "until": e.until,
            "receipt": e.receipt,
        }
        for e in consent.history(subject)
    ]
    yield "consents.json", export.as_json(ledger)
    seen = (
        AuditEntry.objects.filter(about=subject)
        .order_by("seq")
        .values("at", "verb", "kind", "actor", "reason")
    )
    entries = [
        {
            "at": e["at"],
            "what": e["verb"],
            "on": e["kind"],
            "by you": e["actor"] == account_id,
            "reason": e["reason"],
        }
        for e in seen
    ]
    yield "what-was-done.json", export.as_json(entries)


def describe(subject: UUID, account_id: UUID | None) -> Iterable[str]:
    """Sentences for the page before an erasure."""
    yield _("Your name here, your ways to sign in and your settings. Everything you agreed to is withdrawn.")
    devices = Session.objects.filter(account_id=account_id).count()
    if devices:
        yield ngettext("%(count)d signed-in device.", "%(count)d signed-in devices.", devices) % {
            "count": devices
        }


def _nothing(subject: UUID, account_id: UUID | None, choices: erasure.Choices) -> int:
    """The account's own rows go at the very end, in `actions.finish_erasure`."""
    return 0


export.register("people", tell)
erasure.register("people", describe, _nothing)
