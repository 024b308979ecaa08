"""Who wrote: from addresses to contacts, under a lock, without ever needing a phone number.

Identity is (channel, account, kind, value). A webhook that states two addresses together is the only evidence on which
two contacts are joined by themselves, reversibly, and never while one of them is at high risk: then it is proposed to
a supervisor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kithwell.kernel import crypto, ids
from kithwell.support import handles, words
from kithwell.support.models import Contact, ContactAddress, ContactMerge, Conversation
from kithwell.support.ports import Inbound
from kithwell.support.rules import levels

Key = tuple[str, str, str, str]  # channel, account, kind, blind index


def index_of(channel: str, account: str, kind: str, value: str) -> str:
    return crypto.blind_index(f"address:{channel}:{account}:{kind}", value)


def forgotten_key(channel: str, account: str, provider_id: str) -> str:
    return crypto.blind_index("forgotten", f"{channel}\x1f{account}\x1f{provider_id}")


def contacts(inbounds: Sequence[Inbound], now: datetime) -> dict[int, Contact]:
    """The (root) contact of each inbound by its index, made where unknown and locked; left out: an erased visitor."""
    keys = [_keys(inbound) for inbound in inbounds]
    owners = _owners({key for some in keys for key in some})
    known = _lock({*owners.values(), *(i.contact_id for i in inbounds if i.contact_id)})
    found: dict[int, Contact] = {}
    made: list[Contact] = []
    addresses: list[ContactAddress] = []
    subjects = _subjects(inbounds, keys, owners)
    for i, inbound in enumerate(inbounds):
        contact = _pick(inbound, keys[i], owners, known, now)
        if contact is None and inbound.contact_id is None:
            contact = Contact(
                subject=subjects.pop() if subjects else crypto.new_subject(),
                handle=handles.new(),
                language=inbound.language,
                country=inbound.country,
                created_at=now,
                last_seen_at=now,
            )
            made.append(contact)
            known[contact.id] = contact
        if contact is None:
            continue
        found[i] = contact
        for key, (kind, value) in zip(keys[i], inbound.addresses, strict=True):
            if key not in owners:
                owners[key] = contact.id
                addresses.append(_address(contact, inbound, kind, value, key[3], now))
    if made:
        Contact.objects.bulk_create(made)
    if addresses:
        ContactAddress.objects.bulk_create(addresses)
    _note_seen(found, made, inbounds, now)
    return found


def _keys(inbound: Inbound) -> list[Key]:
    return [
        (inbound.channel, inbound.account, kind, index_of(inbound.channel, inbound.account, kind, value))
        for kind, value in inbound.addresses
    ]


def _owners(keys: set[Key]) -> dict[Key, UUID]:
    """The root contact of each known address: one query."""
    if not keys:
        return {}
    rows = ContactAddress.objects.filter(
        channel__in={k[0] for k in keys},
        account__in={k[1] for k in keys},
        kind__in={k[2] for k in keys},
        index__in={k[3] for k in keys},
    ).values_list("channel", "account", "kind", "index", "contact_id", "contact__merged_into_id")
    return {(c, a, k, i): merged or contact for c, a, k, i, contact, merged in rows}


def _lock(contact_ids: set[UUID]) -> dict[UUID, Contact]:
    """Contacts by id, locked in one order so that two workers cannot wait for each other in a ring."""
    if not contact_ids:
        return {}
    rows = Contact.objects.select_for_update().filter(id__in=contact_ids, erased_at__isnull=True)
    return {contact.id: contact for contact in rows.order_by("id")}


def _subjects(inbounds: Sequence[Inbound], keys: list[list[Key]], owners: dict[Key, UUID]) -> list[UUID]:
    """Data keys for the people in this batch nobody knows yet, made with one insert."""
    strangers: set[Key] = set()
    count = 0
    for inbound, some in zip(inbounds, keys, strict=True):
        if inbound.contact_id is None and not any(key in owners or key in strangers for key in some):
            count += 1
        strangers.update(some)
    return crypto.new_subjects(count) if count else []


def _address(
    contact: Contact, inbound: Inbound, kind: str, value: str, index: str, now: datetime
) -> ContactAddress:
    row = ContactAddress(
        id=ids.new_id(),
        contact=contact,
        channel=inbound.channel,
        account=inbound.account,
        kind=kind,
        index=index,
        created_at=now,
    )
    row.value = crypto.seal(contact.subject, value, at=(words.ADDRESS, "value", row.id))
    return row


def _pick(
    inbound: Inbound, keys: list[Key], owners: dict[Key, UUID], known: dict[UUID, Contact], now: datetime
) -> Contact | None:
    if inbound.contact_id is not None:
        # A web visitor stays the contact their link names, whatever staff joined it to: a link to one conversation
        # must never open another.
        return known.get(inbound.contact_id)
    owned = list(dict.fromkeys(owners[key] for key in keys if key in owners))
    candidates = [known[o] for o in owned if o in known]
    if len(candidates) > 1:
        return _join(candidates, owners, now)
    return candidates[0] if candidates else None


def _join(candidates: list[Contact], owners: dict[Key, UUID], now: datetime) -> Contact:
    """Contacts stated together by one webhook. The first address (the most specific) says who stays.

    A contact in the middle of a conversation is not joined to another: its words lie under its own key, and somebody
    is talking with it. That is proposed to a supervisor instead, as it is for anybody at high risk.
    """
    open_now = dict(
        Conversation.objects.filter(contact__in=candidates)
        .exclude(state="ended")
        .values_list("contact_id", "level")
    )
    candidates = sorted(candidates, key=lambda c: c.id not in open_now)
    target = candidates[0]
    risky = any(levels.is_urgent(level) for level in open_now.values())
    for source in candidates[1:]:
        state = "proposed" if risky or source.id in open_now else "done"
        _, fresh = ContactMerge.objects.exclude(state="undone").get_or_create(
            source=source, target=target, defaults={"state": state, "evidence": "same_webhook", "at": now}
        )
        if fresh and state == "done":
            merge(source, target)
            for key, owner in owners.items():
                if owner == source.id:
                    owners[key] = target.id
    return target


def merge(source: Contact, target: Contact) -> None:
    """Point `source`, and whatever was joined to it, at `target`. Their rows and keys stay their own."""
    Contact.objects.filter(Q(id=source.id) | Q(merged_into=source)).update(merged_into=target)


def _note_seen(
    found: dict[int, Contact], made: list[Contact], inbounds: Sequence[Inbound], now: datetime
) -> None:
    fresh = {contact.id for contact in made}
    seen = {contact.id for contact in found.values()} - fresh
    if seen:
        Contact.objects.filter(id__in=seen).update(last_seen_at=now)
    for i, contact in found.items():
        given = inbounds[i]
        if contact.id not in fresh and given.language and not contact.language:
            contact.language = given.language
            Contact.objects.filter(id=contact.id).update(language=given.language)
        if contact.id not in fresh and given.country and not contact.country:
            contact.country = given.country
            Contact.objects.filter(id=contact.id).update(country=given.country)
