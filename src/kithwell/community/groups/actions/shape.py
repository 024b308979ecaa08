"""What a group is to be: read, checked, and put into its row. The same for founding and for settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from kithwell.community.groups import words
from kithwell.community.groups.models import Group
from kithwell.community.groups.rules import ages, find, quiet
from kithwell.kernel import conf, texts
from kithwell.kernel.errors import Invalid

QUESTIONS_MAX, PROMPTS_MAX = 3, 52
CAPACITY_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a group is to be. `guidelines`, `questions` and `prompts` have one entry a line."""

    name: str
    purpose: str
    about: str = ""
    kind: str = "experience"
    topic: str = "other"
    language: str = "en"
    country: str = ""
    place: str = ""
    timezone: str = "UTC"
    age_band: str = ages.ADULTS  # not changed after founding: people joined among those of their age
    joining: str = "open"
    reading: str = "members"
    capacity: int | None = None
    indexable: bool = False
    allow_anonymous: bool = True
    show_typing: bool = False
    guidelines: str = ""
    questions: str = ""
    refusal: str = ""
    welcome: str = ""
    help_text: str = ""
    prompts: str = ""
    prompts_on: bool = False
    prompt_day: int = 0
    prompt_hour: int = 10
    quiet_hours: int = quiet.USUAL


@cache
def zones() -> tuple[str, ...]:
    """Time zones to choose from."""
    named = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
    return (*named, "UTC")


def lines(text: str, most: int, length: int, field: str) -> list[str]:
    """The lines of a text that say something. Raises Invalid for too many or too long ones."""
    found = [texts.tidy(line, length, field) for line in text.splitlines() if line.strip()]
    if len(found) > most:
        raise Invalid({field: _("At most %(most)d lines fit here.") % {"most": most}})
    return found


def check(wanted: Wanted, members: int = 0) -> None:
    """Raise Invalid with every field that cannot be used."""
    wrong: dict[str, str] = {}
    if len(find.words(wanted.name)) < 1 or len(wanted.name.strip()) < 3:
        wrong["name"] = _("Give the group a name of three letters or more.")
    if len(wanted.purpose.strip()) < 10:
        wrong["purpose"] = _("Say in a sentence who the group is for.")
    languages = tuple(conf.get("languages", ("en",)))
    for field, value, allowed in (
        ("kind", wanted.kind, words.KINDS),
        ("topic", wanted.topic, words.TOPICS),
        (
            "language",
            wanted.language,
            (*languages, wanted.language) if len(wanted.language) == 2 else languages,
        ),
        ("age_band", wanted.age_band, words.AGES),
        ("joining", wanted.joining, words.JOINING),
        ("reading", wanted.reading, words.READING),
        ("timezone", wanted.timezone, zones()),
        ("prompt_day", wanted.prompt_day, range(7)),
        ("prompt_hour", wanted.prompt_hour, range(24)),
        ("quiet_hours", wanted.quiet_hours, range(quiet.SHORTEST, quiet.LONGEST + 1)),
    ):
        if value not in allowed:
            wrong[field] = _("Choose one from the list.")
    if wanted.country and not (
        len(wanted.country) == 2 and wanted.country.isascii() and wanted.country.isalpha()
    ):
        wrong["country"] = _("Two letters, such as GB or ES, or nothing.")
    wrong |= _doors(wanted, members)
    if wrong:
        raise Invalid(wrong)


def _doors(wanted: Wanted, members: int) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if wanted.capacity is not None and not 2 <= wanted.capacity <= CAPACITY_MAX:
        wrong["capacity"] = _("A number from 2 up, or nothing.")
    elif wanted.capacity is not None and wanted.capacity < members:
        wrong["capacity"] = _("More people than that are here already, and nobody is made to leave.")
    if ages.is_for_minors(wanted.age_band) and wanted.reading == "everyone":
        wrong["reading"] = _("What young people write stays among the members of their group.")
    if wanted.indexable and wanted.reading != "everyone":
        wrong["indexable"] = _("Only a group that everybody can read can be found by search engines.")
    return wrong


def put(group: Group, wanted: Wanted) -> None:
    """Write what is wanted into the row (in memory). A change of the guidelines is a new version of them."""
    guidelines = "\n".join(lines(wanted.guidelines, 20, 300, "guidelines"))
    if group.guidelines != guidelines and group.guidelines_version and not group._state.adding:
        group.guidelines_version += 1
    group.guidelines = guidelines
    group.name = texts.tidy(wanted.name, 80, "name")
    group.name_key = find.fold(group.name)[:80]
    group.purpose = texts.tidy(wanted.purpose, 400, "purpose")
    group.about = texts.tidy(wanted.about, 4000, "about")
    group.place = texts.tidy(wanted.place, 80, "place")
    group.help_text = texts.tidy(wanted.help_text, 400, "help_text")
    group.refusal = texts.tidy(wanted.refusal, 600, "refusal")
    group.welcome = texts.tidy(wanted.welcome, 600, "welcome")
    group.questions = lines(wanted.questions, QUESTIONS_MAX, 200, "questions")
    group.prompts = lines(wanted.prompts, PROMPTS_MAX, 300, "prompts")
    group.country = wanted.country.upper()
    for field in (
        "kind", "topic", "language", "timezone", "joining", "reading", "capacity", "indexable", "allow_anonymous",
        "show_typing", "prompts_on", "prompt_day", "prompt_hour", "quiet_hours",
    ):  # fmt: skip
        setattr(group, field, getattr(wanted, field))
    group.settle()
