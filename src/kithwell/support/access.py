"""The only door to a conversation: fetch and authorise in one step. What is not yours is not there (NotFound)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.support import house
from kithwell.support.models import Alert, Contact, Conversation, HandOver, Presence

STAFF = ("supporter", "supervisor", "oncall")

Role = Literal["person", "holder", "offered", "joined", "supervisor", "oncall", "past"]


@dataclass(frozen=True, slots=True)
class Access:
    """A conversation and in what role this principal may see it."""

    conversation: Conversation
    role: Role

    @property
    def is_person(self) -> bool:
        return self.role == "person"


def conversation(principal: Principal, conversation_id: UUID, *, lock: bool = False) -> Access:
    """The conversation, for somebody who may read it. Raises NotFound for everybody else."""
    rows = Conversation.objects.select_related("contact", "team")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(id=conversation_id).first()
    if found is None:
        raise NotFound()
    role = _role(principal, found)
    if role is None:
        raise NotFound()
    return Access(found, role)


def _role(principal: Principal, conversation: Conversation) -> Role | None:
    if is_own(principal, conversation.contact):
        return "person"
    if principal.kind != "account" or not principal.has(*STAFF):
        return None
    if conversation.assigned_to == principal.id and conversation.state == Conversation.State.HUMAN:
        return "holder"
    if conversation.assigned_to == principal.id and _owes_summary(conversation):
        return "holder"
    if Presence.objects.filter(
        conversation=conversation, account=principal.id, left_at__isnull=True
    ).exists():
        return "joined"
    if principal.has("supervisor"):
        return "supervisor"
    if _is_offered(principal, conversation):
        return "offered"
    if (
        principal.has("oncall")
        and Alert.objects.filter(conversation=conversation, account=principal.id).exists()
    ):
        return "oncall"
    return "past" if _holds_same_person(principal, conversation) else None


def _owes_summary(conversation: Conversation) -> bool:
    return (
        conversation.state == Conversation.State.ENDED
        and conversation.ended_by == "person"
        and conversation.summary is None
        and conversation.ended_at is not None
        and conversation.ended_at > clock.now() - house.OWED_SUMMARY
    )


def is_own(principal: Principal, contact: Contact) -> bool:
    """Is this the person themself: a visitor by their contact, a member by their account?"""
    if principal.id is None or contact.erased_at is not None:
        return False
    if principal.kind == "visitor":
        return principal.id == contact.id
    return principal.kind == "account" and contact.account == principal.id


def _is_offered(principal: Principal, conversation: Conversation) -> bool:
    return HandOver.objects.filter(
        conversation=conversation, state=HandOver.State.OFFERED, to_account=principal.id
    ).exists()


def _holds_same_person(principal: Principal, conversation: Conversation) -> bool:
    """Whoever holds a conversation with this person now may read what came before."""
    return holds_person(principal, conversation.contact)


def same_person(contact: Contact) -> QuerySet[Contact, UUID]:
    """Ids of every contact known to be this person, as a subquery that its indexes can answer."""
    root = contact.merged_into_id or contact.id
    return Contact.objects.filter(Q(id=root) | Q(merged_into_id=root)).values_list("id", flat=True)


def holds_person(principal: Principal, contact: Contact) -> bool:
    """Does this supporter talk with this person now?"""
    return Conversation.objects.filter(
        contact_id__in=same_person(contact),
        state=Conversation.State.HUMAN,
        assigned_to=principal.id,
    ).exists()


def held(principal: Principal, conversation_id: UUID) -> Conversation:
    """The conversation this supporter holds, locked. Raises NotFound, or Refused when they only may look."""
    access = conversation(principal, conversation_id, lock=True)
    if access.role != "holder":
        raise Refused(
            _("Somebody else is talking with this person. You can look, or take over if that is your role.")
        )
    return access.conversation


def supervised(principal: Principal, conversation_id: UUID) -> Conversation:
    """The conversation, locked, for somebody who may step in: a supervisor, or an on-call person who was alerted."""
    access = conversation(principal, conversation_id, lock=True)
    if access.is_person or not (principal.has("supervisor") or access.role == "oncall"):
        raise Refused(_("Only a supervisor, or the on-call person who was called, may do this."))
    return access.conversation


def staffed(principal: Principal, conversation_id: UUID, *, lock: bool = True) -> Conversation:
    """The conversation for staff who may write beside it (notes, flags, whispers)."""
    access = conversation(principal, conversation_id, lock=lock)
    if access.role in ("person", "past", "offered"):
        raise Refused(_("Notes and flags belong to those who are in the conversation."))
    return access.conversation


def own(principal: Principal, conversation_id: UUID) -> Conversation:
    """The person's own conversation, locked. Raises NotFound for everybody else, staff included."""
    access = conversation(principal, conversation_id, lock=True)
    if not access.is_person:
        raise NotFound()
    return access.conversation


def need_role(principal: Principal, *roles: str) -> UUID:
    """The account id of a principal who holds one of `roles`. Raises Refused."""
    if principal.kind != "account" or principal.id is None or not principal.has(*roles):
        raise Refused(_("Your account does not have the role this needs."))
    return principal.id
