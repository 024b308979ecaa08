"""One cast for all tests of the desk: Ana and Ben write; Sam, Toni and Uma support; Vera supervises; Olu is on call."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kithwell.kernel import clock
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people
from kithwell.support import actions, ports
from kithwell.support.models import Conversation, Delivery
from kithwell.support.ports import Inbound, SendError, Sent, check_limits
from kithwell.support.queries import openness

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def staff(name: str, *roles: str) -> Principal:
    """A real account with these roles, signed in and stepped up."""
    ident = people.create_account(f"{name} {next(_numbers)}", roles=roles)
    return Principal("account", ident, name, frozenset(roles), stepped_up=True)


def visitor(contact: UUID) -> Principal:
    return Principal("visitor", contact)


@dataclass
class Phone:
    """A person with a phone on the fake channel. `say` sends words in; times come from the clock."""

    number: str
    channel: str = "test"
    account: str = "main"
    language: str = "en"
    country: str = "GB"
    sent: int = 0
    extra: tuple[tuple[str, str], ...] = ()

    def words(
        self, text: str, at: datetime | None = None, ident: str = "", order: int = 0, **more: object
    ) -> Inbound:
        self.sent += 1
        return Inbound(
            channel=self.channel,
            account=self.account,
            addresses=(*self.extra, ("phone", self.number)),
            provider_id=ident or f"in-{self.number}-{self.sent}",
            provider_at=at or clock.now(),
            order=order,
            kind=str(more.pop("kind", "text")),
            text=text,
            language=self.language,
            country=self.country,
            **more,  # type: ignore[arg-type]
        )

    def say(self, text: str, **more: object) -> Conversation:
        received = actions.receive([self.words(text, **more)])[0]  # type: ignore[arg-type]
        assert received.conversation_id is not None
        return Conversation.objects.select_related("contact").get(id=received.conversation_id)


@dataclass
class FakeChannel:
    """A channel that keeps what was sent, in order, and fails as it is told: it stands for a provider."""

    kind: str = "test"
    instant: bool = False
    window_hours: int | None = 24
    privacy_note_key: str = "whatsapp"
    limits: ports.Limits = field(default_factory=ports.Limits)
    sent: list[ports.Delivery] = field(default_factory=list)
    templates: list[tuple[ports.Delivery, str]] = field(default_factory=list)
    failures: list[SendError] = field(default_factory=list)

    def check(self, text: str, buttons: tuple[ports.Button, ...] = ()) -> None:
        check_limits(self.limits, text, buttons)

    def deliver(self, delivery: ports.Delivery) -> Sent:
        if self.failures:
            raise self.failures.pop(0)
        newest = Conversation.objects.filter(id=delivery.conversation_id).values_list(
            "last_inbound_at", flat=True
        )[0]
        assert self.window_hours is None or clock.now() - newest < timedelta(hours=self.window_hours), (
            "131047"
        )
        self.sent.append(delivery)
        return Sent(f"out-{delivery.id.hex}")

    def send_template(self, delivery: ports.Delivery, template: str) -> Sent:
        self.templates.append((delivery, template))
        return Sent(f"tpl-{delivery.id.hex}")

    def texts(self) -> list[str]:
        return [d.text for d in self.sent]


def fake_channel(**changes: object) -> FakeChannel:
    """A fresh fake channel, registered."""
    channel = FakeChannel(**changes)  # type: ignore[arg-type]
    ports.register(channel)
    openness.forget()
    return channel


def on_shift(name: str = "Sam", *roles: str) -> Principal:
    """A supporter whose shift has begun."""
    principal = staff(name, *(roles or ("supporter",)))
    actions.start_shift(principal)
    return principal


def version(conversation: UUID) -> int:
    return int(Conversation.objects.values_list("controller_version", flat=True).get(id=conversation))


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.select_related("contact").get(id=conversation.id)


def states(conversation: Conversation) -> list[str]:
    return list(
        Delivery.objects.filter(conversation=conversation)
        .order_by("n", "attempt")
        .values_list("state", flat=True)
    )
