"""Groups for trying things out: varied, kind, in several languages. Their people are invented, as those of `people`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kithwell.community.groups import actions
from kithwell.community.groups.actions import Wanted
from kithwell.community.groups.models import Group, Membership
from kithwell.kernel import clock, conf
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people import demo as people_demo
from kithwell.people import queries as people_queries
from kithwell.people import roles
from kithwell.people.demo import SignIn

# name -> (age band, language, facilitator by role)
PEOPLE: dict[str, tuple[str, str, bool]] = {
    "Fern": ("26-64", "en", True),
    "Marisol": ("26-64", "es", True),
    "Old Lighthouse": ("65-plus", "en", False),
    "Paper Boat": ("18-25", "en", False),
    "Warm Bread": ("26-64", "en", False),
    "Slow Tide": ("26-64", "en", False),
    "Lluvia Mansa": ("26-64", "es", False),
    "Stiller Bach": ("26-64", "de", False),
    "Petit Phare": ("26-64", "fr", False),
    "Green Kite": ("16-17", "en", False),
    "Tiny Comet": ("16-17", "en", False),
}
SIGN_INS: list[SignIn] = [
    SignIn("facilitator", "Fern", people_demo.PASSWORD, "/groups"),
    SignIn("member (17)", "Green Kite", people_demo.PASSWORD, "/groups"),
]
RULES = (
    "Say how it is for you, not how it should be for others.\n"
    "No numbers: no weights, no doses, no methods.\n"
    "What is said here stays here."
)

# (what it is, who leads, co-facilitators, members; a * behind a name: offers to welcome)
GROUPS: tuple[tuple[Wanted, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        Wanted(
            "Night owls",
            "For those who lie awake, and would rather not do it alone.",
            about="We write when the house is quiet. Nobody has to sleep better by tomorrow.\n\nSome of us read more"
            " than we write, and that is company too.",
            topic="sleep",
            timezone="Europe/London",
            guidelines=RULES,
            prompts_on=True,
            prompt_day=6,
            prompt_hour=20,
            help_text="If the night gets too heavy, you do not have to wait for a reply here.",
        ),
        "Fern",
        ("Warm Bread",),
        ("Quiet Heron", "Slow Tide*", "Paper Boat", "Old Lighthouse"),
    ),
    (
        Wanted(
            "Living with worry",
            "Anxiety, panic, and days on which they are smaller.",
            about="What helps us, what does not, and what it is like to step out of the door.",
            topic="anxiety",
            reading="everyone",
            timezone="Europe/London",
            guidelines=RULES,
        ),
        "Fern",
        (),
        ("Quiet Heron", "Paper Boat*", "Slow Tide"),
    ),
    (
        Wanted(
            "After a loss",
            "For people who miss somebody. Grief keeps no timetable.",
            topic="bereavement",
            joining="request",
            capacity=25,
            timezone="Europe/London",
            guidelines=RULES + "\nWe do not compare losses.",
            questions="Who do you miss, in a word or two? (No names, please.)\nWhat would you hope to find here?",
        ),
        "Fern",
        ("Old Lighthouse",),
        ("Slow Tide*", "Warm Bread"),
    ),
    (
        Wanted(
            "Bereaved by suicide",
            "For those who lost somebody to suicide. Every feeling about it is welcome here.",
            topic="suicide-loss",
            joining="request",
            capacity=15,
            timezone="Europe/London",
            guidelines=RULES + "\nWe do not speak about how it happened.",
            questions="What would you like us to know before you come in?",
            help_text="This is a lot to carry. Talking to somebody today is not too much to ask.",
        ),
        "Old Lighthouse",
        ("Fern",),
        ("Slow Tide*",),
    ),
    (
        Wanted(
            "Quienes cuidan",
            "Para quienes cuidan de alguien en casa y casi nunca hablan de sí.",
            about="Aquí también se puede estar en cansancio, sin pedir perdón.",
            topic="carers",
            language="es",
            timezone="Europe/Madrid",
            guidelines="Hablamos de lo que vivimos, sin dar lecciones.\nLo que se dice aquí se queda aquí.",
            prompts_on=True,
            prompt_day=2,
            prompt_hour=19,
        ),
        "Marisol",
        (),
        ("Lluvia Mansa*", "Ines"),
    ),
    (
        Wanted(
            "Madrid, tardes de domingo",
            "Gente de Madrid a la que se le hacen largos los domingos.",
            kind="place",
            topic="loneliness",
            language="es",
            country="ES",
            place="Madrid",
            timezone="Europe/Madrid",
            guidelines="Nadie tiene que venir animado.\nSin datos personales, tampoco en privado.",
        ),
        "Marisol",
        ("Lluvia Mansa",),
        (),
    ),
    (
        Wanted(
            "Stille Tage",
            "Für Menschen, denen an manchen Tagen alles zu viel ist.",
            kind="language",
            topic="depression",
            language="de",
            timezone="Europe/Berlin",
            guidelines="Wir geben keine Ratschläge, um die niemand gebeten hat.\nWas hier steht, bleibt hier.",
        ),
        "Stiller Bach",
        (),
        ("Fern*",),
    ),
    (
        Wanted(
            "Premiers pas de parents",
            "Pour celles et ceux qui viennent d'avoir un bébé et ne dorment plus.",
            topic="new-parents",
            language="fr",
            timezone="Europe/Paris",
            capacity=40,
            guidelines="Ici, aucun parent n'est parfait.\nCe qui se dit ici reste ici.",
        ),
        "Petit Phare",
        (),
        ("Warm Bread",),
    ),
    (
        Wanted(
            "Exam nights",
            "School, exams, and everything around them. For people of 16 and 17.",
            kind="age",
            topic="students",
            age_band="16-17",
            timezone="Europe/London",
            guidelines="No marks, no ranking.\nIf somebody is in danger, we tell Fern.",
            help_text="You can talk to a person at any time, and they will not tell your school.",
        ),
        "Fern",
        (),
        ("Green Kite*", "Tiny Comet"),
    ),
    (
        Wanted(
            "Old friends of the sea",
            "For people of 65 and older who live alone, and like to look out of the window together.",
            kind="age",
            topic="loneliness",
            age_band="older",
            joining="invite",
            capacity=12,
            timezone="Europe/London",
            guidelines=RULES,
        ),
        "Old Lighthouse",
        (),
        (),
    ),
)  # fmt: skip


def sign_ins() -> list[tuple[str, str, str]]:
    """What the start prints: who it is, name, password."""
    return [(line.role, line.pseudonym, line.password) for line in SIGN_INS]


def load() -> None:
    """Make the demo's groups and their people once. Does nothing outside demo mode."""
    if not conf.get("demo", False) or Group.objects.exists():
        return
    people_demo.load()
    known = {name: _person(name) for name in PEOPLE}
    for name in ("Quiet Heron", "Ines"):
        known[name] = _grown_up(name)
    for weeks, (wanted, lead, along, others) in enumerate(GROUPS, start=6):
        with clock.frozen(clock.now() - timedelta(weeks=weeks)):
            slug = _group(known, wanted, lead, along, others)
        Group.objects.filter(slug=slug).update(facilitator_seen_at=clock.now())


def _person(name: str) -> Principal:
    band, language, trained = PEOPLE[name]
    ident = people_queries.account_named(name)
    if ident is None:
        password = people_demo.PASSWORD if name in {line.pseudonym for line in SIGN_INS} else None
        ident = people.create_account(name, password, language=language, age_band=band)
    if trained and roles.FACILITATOR not in people_queries.roles_of(ident):
        people.grant_role(SYSTEM, ident, roles.FACILITATOR)
    return _principal(ident, name)


def _grown_up(name: str) -> Principal:
    """One of the people's own demo, who says an age so that the groups are open to them."""
    ident = people_queries.account_named(name)
    assert ident is not None
    if not people_queries.age_bands([ident])[ident]:
        language = "es" if name == "Ines" else "en"
        people.set_about(_principal(ident, name), language=language, country="", age_band="26-64")
    return _principal(ident, name)


def _principal(ident: UUID, name: str) -> Principal:
    return Principal(
        "account", ident, name, people_queries.roles_of(ident) | {roles.FACILITATOR}, stepped_up=True
    )


def _group(
    known: dict[str, Principal], wanted: Wanted, lead: str, along: tuple[str, ...], others: tuple[str, ...]
) -> str:
    slug = Group.objects.values_list("slug", flat=True).get(id=actions.found(known[lead], wanted))
    for name in (*along, *others):
        who = known[name.rstrip("*")]
        band = people_queries.age_bands([who.id]).get(who.id, "") if who.id else ""  # type: ignore[arg-type]
        assert band
        _enter(who, slug)
        if name.endswith("*"):
            actions.offer_welcome(who, slug, True)
        if name in along:
            row = Membership.objects.get(group__slug=slug, account=who.id, left_at__isnull=True)
            actions.set_role(known[lead], slug, row.id, "cofacilitator")
    return slug


def _enter(who: Principal, slug: str) -> None:
    from kithwell.community.groups.actions.join import enter

    group = Group.objects.get(slug=slug)
    assert who.id is not None
    enter(group, who.id, (), 1)
