"""What visitors do: come in, write, press a button, take a link, put the conversation away, have it erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kithwell.channels.web import access, rules
from kithwell.channels.web.access import Here
from kithwell.channels.web.models import WebFeedback, WebVisitor
from kithwell.kernel import clock, crypto, ids, texts
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access as doors
from kithwell.support import actions as support
from kithwell.support import queries
from kithwell.support.ports import Inbound

CHANNEL = ACCOUNT = "web"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the browser is to keep in cookies; stored here only as hashes."""

    visit: str
    device: str


def come_in(
    *, language: str, country: str, device: str = "", account: Principal | None = None
) -> tuple[Here, Secrets | None]:
    """Somebody begins. With `account` the conversation belongs to that member; else to this browser, and nobody can
    tell who it is. `device` is the browser's lasting secret if it has one already."""
    with transaction.atomic():
        opened = support.open_web(
            language=language, country=country, account_id=account.id if account else None
        )
        if account is not None:
            return Here(account, opened.contact_id, True), None
        secrets = Secrets(ids.token(24), device if access.hashed("device", device) else ids.token(24))
        now = clock.now()
        WebVisitor.objects.create(
            contact=opened.contact_id,
            visit=access.hashed("visit", secrets.visit),
            device=access.hashed("device", secrets.device),
            visit_until=now + rules.VISIT,
            created_at=now,
            seen_at=now,
        )
        return Here(Principal("visitor", opened.contact_id), opened.contact_id, False), secrets


def stay(row: WebVisitor) -> bool:
    """The visit goes on: keep it open for another day from now. False when that was done a short while ago."""
    now = clock.now()
    if row.visit_until - now > rules.VISIT * 0.9:
        return False
    WebVisitor.objects.filter(id=row.id).update(visit_until=now + rules.VISIT, seen_at=now)
    return True


def say(here: Here, text: str, client_key: str, *, language: str = "", country: str = "") -> UUID | None:
    """Words of the person. The same `client_key` gives one message. Raises Invalid for no words or too many.

    None when the person has been erased meanwhile: then begin anew. Nothing here counts, limits or refuses messages.
    """
    words = texts.tidy(text, rules.MOST_CHARS)
    if not words:
        raise Invalid({"text": _("Write something first.")})
    return _receive(here, words, client_key, language=language, country=country)


def press(here: Here, button: str, client_key: str) -> UUID | None:
    """A button under the assistant's last message, as that message offered it. Raises Invalid for any other."""
    view = queries.person(here.principal)
    offered = _offered(here.principal, view.conversation_id)
    if button not in offered:
        raise Invalid({"button": _("This choice is no longer open.")})
    return _receive(here, offered[button], client_key, button=button)


def _offered(principal: Principal, conversation: UUID | None) -> dict[str, str]:
    if conversation is None:
        return {}
    return {b.id: b.title for m in latest(principal, conversation).messages for b in m.buttons}


def latest(principal: Principal, conversation: UUID, most: int = 12) -> queries.views.Transcript:
    """The end of the transcript: enough to know who speaks and what may be pressed. Raises NotFound."""
    n = int(doors.conversation(principal, conversation).conversation.last_n)
    return queries.transcript(principal, conversation, max(0, n - most))


def _receive(
    here: Here, text: str, client_key: str, *, button: str = "", language: str = "", country: str = ""
) -> UUID | None:
    inbound = Inbound(
        channel=CHANNEL,
        account=ACCOUNT,
        addresses=(),
        provider_id=rules.message_id(here.contact.hex, client_key, button),
        provider_at=clock.now(),
        order=0,
        kind="button" if button else "text",
        text=text,
        button=button,
        language=language,
        country=country,
        contact_id=here.contact,
    )
    return support.receive([inbound])[0].message_id


def in_danger(principal: Principal, conversation: UUID) -> tuple[bool, str]:
    """Does this conversation stand at C4 or C5, and in which country is the person ("" unknown)? The level itself is
    not shown to them; the way to call for help is."""
    row = doors.conversation(principal, conversation).conversation
    return row.level in ("C4", "C5"), str(row.country)


def ask_person(here: Here) -> None:
    """A person, please."""
    view = queries.person(here.principal)
    if view.conversation_id is not None:
        support.ask_human(view.conversation_id, by=here.principal)


def end(here: Here) -> None:
    """The person closes the conversation. They can always write again."""
    view = queries.person(here.principal)
    if view.conversation_id is not None:
        support.close_by_person(view.conversation_id, by=here.principal)


def make_link(cookies: dict[str, str]) -> str:
    """A new secret for the link; an older link stops working. Raises NotFound for whoever is no visitor here."""
    row = access.visitor(cookies)
    if row is None:
        raise NotFound()
    secret = ids.token(24)
    WebVisitor.objects.filter(id=row.id).update(link=access.hashed("link", secret))
    return secret


def come_back(secret: str, cookies: dict[str, str]) -> Secrets:
    """Open the conversation of a link in the browser it was made in; other open visits of it end. Raises NotFound."""
    row = access.by_link(secret, cookies)
    visit = ids.token(24)
    now = clock.now()
    WebVisitor.objects.filter(id=row.id).update(
        visit=access.hashed("visit", visit), visit_until=now + rules.VISIT, seen_at=now
    )
    return Secrets(visit, cookies[access.DEVICE_COOKIE])


def put_away(cookies: dict[str, str]) -> None:
    """This browser does not open the conversation by itself any more; only its link does."""
    row = access.visitor(cookies)
    if row is not None:
        WebVisitor.objects.filter(id=row.id).update(
            visit=access.hashed("visit", ids.token(24)), visit_until=clock.now()
        )


def erase(here: Here) -> support.Receipt:
    """Everything of this conversation goes, with the key it was sealed under. A member keeps their other ones."""
    reason = "asked by the person"
    with transaction.atomic():
        if here.member:
            view = queries.person(here.principal)
            if view.conversation_id is None:
                raise NotFound()
            return support.erase_conversation(here.principal, view.conversation_id, reason)
        receipt = support.erase_contact(here.principal, here.contact, reason)
        WebVisitor.objects.filter(contact=here.contact).delete()
        return replace(receipt, contacts=max(1, receipt.contacts))


def feedback(here: Here, helped: str) -> None:
    """How it was, once; the answer leads to nobody. Raises Invalid for an answer that was not offered."""
    if helped not in rules.HELPED:
        raise Invalid({"helped": _("Choose one of them.")})
    view = queries.person(here.principal)
    if view.conversation_id is None:
        return
    once = crypto.blind_index("web:feedback", str(view.conversation_id))
    try:
        with transaction.atomic():
            WebFeedback.objects.create(once=once, helped=helped, day=clock.now().date())
    except IntegrityError:
        return  # said already; the first answer stands


def sweep() -> int:
    """Forget visitors who have not been here for a year. Returns how many."""
    count, _by_kind = WebVisitor.objects.filter(seen_at__lt=clock.now() - rules.FORGOTTEN_AFTER).delete()
    return count
