"""Words for the demo's groups: kind, varied, some warned of, one unanswered, one anonymous, a poll, a deep thread."""

# ruff: noqa: E501  (what people say is read best on one line)

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from kithwell.community.groups import queries as groups
from kithwell.community.posts import actions
from kithwell.community.posts.actions import Written
from kithwell.community.posts.demo_weeks import WEEKS
from kithwell.community.posts.models import Post
from kithwell.kernel import clock, conf
from kithwell.kernel.errors import KithwellError
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people


@dataclass(frozen=True)
class Said:
    """One post or reply. `ago` is minutes before now; `to` the index of the reply it answers."""

    who: str
    ago: int
    text: str
    warnings: tuple[str, ...] = ()
    own_warning: str = ""
    anonymous: bool = False
    options: tuple[str, ...] = ()
    votes: tuple[tuple[str, int], ...] = ()
    replies_from: str = "members"
    pinned_by: str = ""
    signs: tuple[tuple[str, str], ...] = ()
    to: int | None = None
    replies: tuple[Said, ...] = field(default=())


THREADS: dict[str, tuple[Said, ...]] = {
    "night-owls": (
        Said(
            "Fern", 20_000,
            "Welcome. This is a place for the hours between one and five.\n\n- You can write one line, or read along.\n"
            "- Nobody has to have slept better by tomorrow.\n- If the night gets too heavy, **Help now** is on top of"
            " every page.",
            pinned_by="Fern", signs=(("Warm Bread", "thanks"), ("Slow Tide", "thanks"), ("Quiet Heron", "same")),
            replies=(Said("Paper Boat", 19_800, "Reading along from the kitchen floor. Good to know you are there."),),
        ),
        Said(
            "Quiet Heron", 320,
            "Three in the morning again. The house makes its noises and my head makes its lists.\n\nI have stopped"
            " fighting the lists. I write them down and tell them *tomorrow*.",
            signs=(("Warm Bread", "with-you"), ("Slow Tide", "with-you"), ("Paper Boat", "with-you"), ("Fern", "hope")),
            replies=(
                Said("Slow Tide", 290, "I read this at ten past three. You were not the only one awake."),
                Said("Warm Bread", 260, "The lists! Mine has a heading now: _Things that are not for the night_."),
                Said("Quiet Heron", 250, "I am stealing that heading.", to=1),
                Said("Warm Bread", 245, "It is yours. It works better with a bad pen.", to=2),
                Said("Paper Boat", 230, "A bad pen and the small lamp. I will try it tonight.", to=3),
                Said("Slow Tide", 140, "Tell us tomorrow how it was. Or do not, that is fine too.", to=4),
            ),
        ),
        Said(
            "Old Lighthouse", 900, "What do you do first when you notice that you will not fall asleep again?",
            options=("Get up and make tea", "Stay and listen to something", "Write it down", "Something else"),
            votes=(("Slow Tide", 0), ("Warm Bread", 0), ("Paper Boat", 1), ("Fern", 2)),
            replies=(Said("Paper Boat", 800, "The shipping forecast, very quietly."),),
        ),
        Said(
            "Slow Tide", 2_600,
            "My sister would have been forty today. I do not know what to do with the day, so I bring it here.",
            warnings=("death",), own_warning="a birthday", anonymous=True,
            signs=(("Fern", "hope"), ("Quiet Heron", "with-you")),
            replies=(
                Said("Fern", 2_560, "Thank you for bringing it. We sit with you a while."),
                Said("Old Lighthouse", 2_300, "I light a candle on such days and cook what they liked. It is not much."),
                Said("Slow Tide", 2_200, "She liked pancakes. I think there will be pancakes.", anonymous=True, to=1),
            ),
        ),
        Said("Paper Boat", 330, "New job on Monday and I have not slept since Thursday. Is anybody else awake?"),
        Said("Warm Bread", 5_200, "Only to say it: today was too loud. I need no answer.", replies_from="nobody",
             signs=(("Quiet Heron", "same"), ("Fern", "with-you"))),
    ),
    "living-with-worry": (
        Said(
            "Quiet Heron", 1_500,
            "I took the bus today. Two stops, heart up to my ears, and then I *walked home like somebody who had been"
            " somewhere*.",
            signs=(("Paper Boat", "thanks"), ("Slow Tide", "same"), ("Fern", "hope")),
            replies=(
                Said("Paper Boat", 1_440, "Two stops is two stops. I am smiling at my screen."),
                Said("Fern", 1_400, "> like somebody who had been somewhere\n\nYou had been somewhere."),
                Said("Quiet Heron", 1_300, "I did not expect anybody to answer. Thank you.", to=1),
            ),
        ),
        Said(
            "Paper Boat", 4_000,
            "Things that helped me this week, perhaps one of them is of use:\n\n1. counting blue things\n2. cold water"
            " on the wrists\n3. telling one person",
            replies=(Said("Slow Tide", 3_900, "Counting blue things is going on my list."),),
        ),
        Said("Slow Tide", 7_000, "The pictures in the waiting room made it worse today.", warnings=("body",),
             own_warning="a hospital", replies=(Said("Fern", 6_900, "That would get to me too. How are you now?"),)),
    ),
    "after-a-loss": (
        Said(
            "Slow Tide", 1_100, "Eleven months. People have stopped asking. I have not stopped wanting to be asked.",
            warnings=("death",),
            replies=(
                Said("Old Lighthouse", 1_050, "I ask. What was the day like?"),
                Said("Slow Tide", 1_000, "Long. And then his song was on in the shop and I stayed for all of it.", to=0),
            ),
        ),
    ),
    "quienes-cuidan": (
        Said(
            "Lluvia Mansa", 700,
            "Hoy he dormido cuatro horas seguidas por primera vez en semanas. Lo cuento aquí porque en casa nadie se"
            " dio cuenta.",
            signs=(("Marisol", "hope"), ("Ines", "same")),
            replies=(
                Said("Marisol", 640, "Cuatro horas *seguidas*. Nos alegramos contigo."),
                Said("Ines", 600, "Yo también llevo la cuenta de esas noches. No estás sola."),
            ),
        ),
        Said("Ines", 260, "¿Alguien sabe cómo pedir ayuda a la familia sin que suene a reproche?"),
    ),
    "stille-tage": (
        Said("Stiller Bach", 1_900, "Heute nur geduscht und eine Suppe gegessen. Das schreibe ich hier als **Erfolg** auf."),
    ),
}  # fmt: skip


def load() -> None:
    """Fill empty groups of the demo. Does nothing a second time, or outside demo mode."""
    if not conf.get("demo", False) or Post.objects.exists():
        return
    now = clock.now()
    for slug, threads in THREADS.items():
        if groups.card(slug) is None:
            continue
        weeks = _weeks(now) if slug == "night-owls" else ()
        for said in sorted((*threads, *weeks), key=lambda post: -post.ago):
            _write(slug, said, now)


def _weeks(now: datetime) -> tuple[Said, ...]:
    """In the small hours of each day."""
    found = []
    for n, (who, days, wait, text, other, answer) in enumerate(WEEKS):
        at = (now - timedelta(days=days)).replace(hour=1 + n % 4, minute=7 * n % 60)
        ago = int((now - at).total_seconds() // 60)
        found.append(Said(who, ago, text, replies=(Said(other, ago - wait, answer),)))
    return tuple(found)


def _write(slug: str, said: Said, now: datetime) -> None:
    """A post with all that hangs on it. Somebody who does not belong to the group (any more) is left out."""
    try:
        with clock.frozen(now - timedelta(minutes=said.ago)):
            post = actions.write(_who(said.who), slug, _written(said), poll=bool(said.options)).post
    except KithwellError:
        return
    for name, kind in said.signs:
        _try(lambda who, kind=kind: actions.react(who, post, kind), name)
    for name, option in said.votes:
        _try(lambda who, option=option: actions.vote(who, post, option), name)
    made: list[UUID] = []
    for answer in said.replies:
        above = made[answer.to] if answer.to is not None and answer.to < len(made) else None
        with clock.frozen(now - timedelta(minutes=answer.ago)):
            _try(
                lambda who, answer=answer, above=above: made.append(
                    actions.reply(who, post, _written(answer), above).id
                ),
                answer.who,
            )
    if said.pinned_by:
        _try(lambda who: actions.pin(who, post, True), said.pinned_by)


def _written(said: Said) -> Written:
    return Written(
        text=said.text,
        warnings=said.warnings,
        own_warning=said.own_warning,
        replies_from=said.replies_from,
        anonymous=said.anonymous,
        options=said.options,
        as_is=True,
    )


def _who(name: str) -> Principal:
    ident = people.account_named(name)
    return Principal("account", ident, name, people.roles_of(ident) if ident else frozenset())


def _try(act: object, name: str) -> None:
    try:
        act(_who(name))  # type: ignore[operator]
    except KithwellError:
        return
