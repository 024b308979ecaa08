"""Stories that look like stories: five that are public, one that waits to be read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kithwell.community.stories import actions
from kithwell.community.stories.models import Story
from kithwell.community.stories.rules.story import CHECKS
from kithwell.kernel import clock, conf
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people import queries, roles
from kithwell.people.demo import PASSWORD

READER = "Robin"

# account, what they are called here, language, warnings, title, hard, helped, now, days ago
TOLD = (
    ("Quiet Heron", "Marlo", "en", (), "The plants of number nine",
     "For most of a year I got up late and answered nobody. I was ashamed of how small my days had become, "
         "and I hid it well.",
     "My neighbour went away and asked me to water her plants, every day at nine. It was the first thing in "
         "months that somebody counted on me for. After two weeks I had a morning again. Later I found a "
             "doctor who listened, and a medicine that fits.",
     "You do not have to do it all today. One small thing that somebody needs from you can be a beginning.", 40),
    ("Late Train", "", "en", ("substances",), "Counting evenings, not years",
     "I drank so that the evenings would end. In the mornings I promised myself things.",
     "A group, on Tuesdays, where nobody was surprised by anything. And somebody who answered when I wrote "
         "at eleven at night. I stopped counting years and counted evenings.",
     "If tonight goes wrong, tomorrow evening is a new one. Tell somebody before it, not after.", 31),
    ("Slow River", "Amparo", "es", ("death",), "El banco del parque",
     "Cuando murió mi hermano por suicidio, la gente cambiaba de acera. No sabían qué decir, y yo tampoco.",
     "Una vecina se sentó a mi lado en el banco y no dijo nada. Volvió cada jueves. Con ella pude hablar de "
         "él sin tener que explicar nada, y más tarde en un grupo de personas que también habían perdido a alguien.",
     "No hace falta encontrar las palabras. Quédate un rato más.", 22),
    ("Warm Window", "Jo", "en", ("eating",), "Breakfast with the radio",
     "Food was a sum I did all day long, and there was no room for anything else in my head.",
     "A nurse who talked about my guitar and not about numbers. Breakfast with the radio on. It took a long "
         "time, longer than people think, and there were weeks that went backwards.",
     "Backwards weeks are part of it. You are more than what you eat.", 12),
    ("Blue Kettle", "Tariq", "en", (), "What my football team knew",
     "I thought if I said that I was afraid before every exam, they would laugh.",
     "I told one of them, on the bus. He said: me too, every match. In the end it was four of us, and the "
         "coach found somebody to talk to at the school.",
     "Say it to one person. You may be the one they were waiting for.", 4),
)  # fmt: skip


def load() -> None:
    """Fill an empty shelf. Does nothing when there is a story already, or outside demo mode."""
    if not conf.get("demo", False) or Story.objects.exists():
        return
    reader = _account(READER, roles.STEWARD)
    for name, byline, language, warnings, title, hard, helped, now, days in TOLD:
        with clock.frozen(clock.now() - timedelta(days=days)):
            made = _write(_account(name), byline, language, warnings, title, (hard, helped, now))
            uses = {"site": "365", "campaign": "90" if days > 20 else ""}
            actions.send(_account(name), made, uses)
            version = Story.objects.values_list("version", flat=True).get(id=made)
            actions.approve(reader, made, version, CHECKS)
    waiting = _write(
        _account("Paper Boat"), "", "en", ("self-harm",), "A drawer full of letters",
        (
            "I hurt myself for some years and thought I was the only one my age.",
            "I wrote letters to the person I would be at thirty. I am thirty now, and I read them to my therapist.",
            "It gets easier. Not in a straight line, but it does.",
        ),
    )  # fmt: skip
    actions.send(_account("Paper Boat"), waiting, {"site": "365"})


def _account(name: str, *held: str) -> Principal:
    ident = queries.account_named(name)
    if ident is None:
        ident = people.create_account(name, PASSWORD, age_band="26-64")
    elif not queries.age_bands([ident]).get(ident):
        own = Principal("account", ident, name, frozenset({"member"}))
        people.set_about(own, language="en", country="", age_band="26-64")
    for role in set(held) - queries.roles_of(ident):
        people.grant_role(SYSTEM, ident, role)
    return Principal("account", ident, name, frozenset({"member", *held}), stepped_up=True)


def _write(
    who: Principal,
    byline: str,
    language: str,
    warnings: tuple[str, ...],
    title: str,
    parts: tuple[str, str, str],
) -> UUID:
    made = actions.begin(who, language)
    for part, text in zip(("hard", "helped", "now"), parts, strict=True):
        actions.keep_part(who, made, part, text)
    actions.keep_details(who, made, title, byline, language, warnings)
    return made
