"""A small house with somebody in every role, and one conversation for every way of standing to it.

Everything is made through the product's own actions and pages: accounts with passwords, sign-ins over HTTP, words that
came in over a channel, an alert raised by a job.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from kithwell.kernel import clock, jobs
from kithwell.kernel.models import Job
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people.models import Session
from kithwell.support import actions
from kithwell.support.models import Alert, Conversation, FollowUp, Message
from kithwell.support.tests import cast

PASSWORD = "seven quiet lanterns"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)

# role -> what the account holds; "holder" holds {held}, "stale" held a key to the same doors but proved it a day ago
ACCOUNTS: dict[str, tuple[str, ...]] = {
    "member": (),
    "holder": ("supporter",),
    "supporter": ("supporter",),
    "supervisor": ("supervisor",),
    "oncall": ("oncall",),
    "steward": ("steward",),
    "stale": ("supporter", "supervisor", "oncall", "steward"),
}
NAMES = {
    "member": "Quiet Heron",
    "holder": "Sam",
    "supporter": "Toni",
    "supervisor": "Vera",
    "oncall": "Olu",
    "steward": "Robin",
    "stale": "Kofi",
}


def enter(name: str, password: str = PASSWORD, **more: Any) -> Client:
    """A browser that signed in at /sign-in."""
    client = Client(**more)
    answer = client.post("/sign-in", {"name": name, "password": password})
    assert answer.status_code == 303, f"{name} could not sign in: {answer.status_code}"
    return client


def join(name: str, *roles: str) -> Principal:
    """An account with a password and these roles."""
    ident = people.create_account(name, PASSWORD, roles=roles, by=SYSTEM)
    return Principal("account", ident, name, frozenset({"member", *roles}), stepped_up=True)


@dataclass
class World:
    """`clients`: a browser for each role. `places`: what the braces in a row stand for."""

    people: dict[str, Principal] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    talks: dict[str, Conversation] = field(default_factory=dict)


def build() -> World:
    """Somebody in every role, and {held} {given} {lost} {closed} {waiting} {alarm} with what hangs on them."""
    world = World()
    cast.fake_channel()
    for role, held in ACCOUNTS.items():
        world.people[role] = join(NAMES[role], *held)
        world.clients[role] = enter(NAMES[role])
    world.clients["anonymous"] = Client()
    Session.objects.filter(account_id=world.people["stale"].id).update(
        proved_at=clock.now() - timedelta(days=1)
    )
    for role in ("holder", "supporter"):
        actions.start_shift(world.people[role])
    _talks(world)
    _hangings(world)
    _visitors(world)
    from tests.access import parts  # its modules look at this one

    for part in parts.MODULES:
        if hasattr(part, "furnish"):
            before = dict(world.places)
            part.furnish(world)
            taken = [name for name, place in before.items() if world.places[name] != place]
            assert not taken, f"{part.__name__} gives other places the names of another part: {taken}"
    return world


def _say(world: World, place: str, text: str, number: str, **more: Any) -> Conversation:
    talk = cast.Phone(number).say(text, **more)
    world.talks[place] = talk
    world.places[place] = str(talk.id)
    return talk


def _give(world: World, place: str, role: str) -> None:
    """`role` talks with this person, as a supervisor arranged it."""
    to = world.people[role].id
    assert to is not None
    actions.reassign(world.people["supervisor"], world.talks[place].id, to, "the matrix needs it")
    world.places[f"{place}_version"] = str(cast.version(world.talks[place].id))


def _talks(world: World) -> None:
    sam, toni = world.people["holder"], world.people["supporter"]
    file = {"kind": "image", "mime": "image/png", "name": "hill.png", "ref": "media-1"}
    _say(world, "held", "I feel low today", "447700900101", attachments=(file,), kind="image")
    _give(world, "held", "holder")
    _say(world, "given", "I feel low as well", "447700900102")
    _give(world, "given", "supporter")
    actions.hand_over(
        toni,
        world.talks["given"].id,
        f"colleague:{sam.id}",
        "you know more",
        int(world.places["given_version"]),
    )
    _say(world, "lost", "is anybody there", "447700900103")
    _give(world, "lost", "holder")
    actions.release(sam, world.talks["lost"].id)
    _say(world, "closed", "thank you for yesterday", "447700900104")
    _give(world, "closed", "holder")
    version = int(world.places["closed_version"])
    later = clock.now() + timedelta(days=2)
    actions.end(sam, world.talks["closed"].id, "went well", "rest", follow_up_at=later, version=version)
    _say(world, "waiting", "good evening", "447700900105")
    _say(world, "alarm", "I am going to end my life right now.", "447700900106")
    jobs.run_due()


def _hangings(world: World) -> None:
    """Messages, files, alerts, promises, debriefs and jobs that hang on the talks."""
    sam, held = world.people["holder"], world.talks["held"]
    message = Message.objects.filter(conversation=held, author="person").get()
    world.places["message"] = str(message.id)
    attachment = message.attachments.get()
    actions.attachment_ready(attachment.id, PICTURE, "image/png")
    world.places["file"] = str(attachment.id)
    version = int(world.places["held_version"])
    reply = actions.reply(sam, held.id, "I am here", client_key="k1", version=version)
    Message.objects.filter(id=reply).update(status="failed")
    world.places["unsent"] = str(reply)
    flag = actions.set_flag(sam, held.id, "care", clock.now() + timedelta(days=7), "gently, please")
    world.places["flag"] = str(flag)
    world.places["rescue"] = str(actions.ask_rescue(sam, world.talks["held"].id, "they stopped answering"))
    world.places["alert"] = str(Alert.objects.get(account=world.people["oncall"].id).id)
    world.places["promise"] = str(FollowUp.objects.get(conversation=world.talks["closed"]).id)
    _debrief(world, sam.id)
    world.places["colleague"] = str(sam.id)
    now = clock.now()
    job = Job.objects.create(
        kind="support.tasks.retention",
        queue="bulk",
        args={},
        state=Job.State.DEAD,
        run_at=now,
        made_at=now,
        ended_at=now,
    )
    world.places["job"] = str(job.id)
    world.places["post"] = str(_unreadable_post())


def _unreadable_post() -> UUID:
    """A signed post that nobody can read, set aside for a steward."""
    from kithwell.channels.models import RawEvent
    from kithwell.channels.whatsapp.tests import kit

    with kit.account():
        kit.take(b"no JSON")
    return RawEvent.objects.get(state=RawEvent.State.POISON).id


def _visitors(world: World) -> None:
    """Two browsers with a web chat each; the first took a link."""
    for role, words in (("visitor", "I write from the library"), ("stranger", "and I from the train")):
        client = world.clients[role] = Client()
        answer = client.post("/talk/start", {"text": words, "country": "GB", "client_key": f"{role}-1"})
        assert answer.status_code == 303
    newest = Conversation.objects.filter(channel="web").order_by("created_at", "id").first()
    assert newest is not None
    world.places["talk"] = str(newest.id)
    shown = world.clients["visitor"].post("/talk/c/link").content.decode()
    world.places["link"] = shown.partition("/talk/r/")[2].partition('"')[0].partition("<")[0]


def _debrief(world: World, account: UUID | None) -> None:
    from kithwell.support.models import Debrief

    assert account is not None
    Debrief.objects.create(account=account, conversation=world.talks["closed"].id, level="C4")


def drop(conversation: Conversation) -> Conversation:
    """The row as it is now."""
    return Conversation.objects.get(id=conversation.id)
