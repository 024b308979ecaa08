"""Founding a group."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.groups import words
from kithwell.community.groups.actions import common
from kithwell.community.groups.actions.join import enter
from kithwell.community.groups.models import Group
from kithwell.community.groups.rules import ages, find
from kithwell.kernel import clock, events, ids, texts
from kithwell.kernel.errors import Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import roles

FOUNDERS = (roles.FACILITATOR, roles.STEWARD)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a group is to be."""

    name: str
    purpose: str
    about: str = ""
    kind: str = "experience"
    topic: str = "other"
    language: str = "en"
    country: str = ""
    place: str = ""
    timezone: str = "UTC"
    age_band: str = ages.ADULTS
    joining: str = "open"
    reading: str = "members"
    capacity: int | None = None
    guidelines: str = ""
    questions: tuple[str, ...] = field(default=())


@transaction.atomic
def found(principal: Principal, wanted: Wanted) -> UUID:
    """Found a group and lead it. Facilitators and stewards by role found at once; a member's is a proposal that a
    steward looks at. Raises SignInNeeded, Refused or Invalid."""
    people_access.require(principal)
    account = principal.id
    assert account is not None
    band = people.age_bands([account]).get(account, "")
    if not principal.has(*FOUNDERS):
        if not ages.side(band):
            raise Invalid(
                {"age_band": _("Say your age first: adults and young people meet in groups of their own.")}
            )
        if not ages.may_know(wanted.age_band, band):
            raise Refused(_("A group is led by people of the age it is for."))
    _check(wanted)
    group = Group(
        id=ids.new_id(),
        name=texts.tidy(wanted.name, 80, "name"),
        purpose=texts.tidy(wanted.purpose, 400, "purpose"),
        about=texts.tidy(wanted.about, 4000, "about"),
        kind=wanted.kind,
        topic=wanted.topic,
        language=wanted.language,
        country=wanted.country,
        place=texts.tidy(wanted.place, 80, "place"),
        timezone=wanted.timezone,
        age_band=wanted.age_band,
        joining=wanted.joining,
        reading=wanted.reading,
        capacity=wanted.capacity,
        guidelines=texts.tidy(wanted.guidelines, 4000, "guidelines"),
        questions=[texts.tidy(q, 200, "questions") for q in wanted.questions if q.strip()],
        state=Group.State.OPEN if principal.has(*FOUNDERS) else Group.State.PROPOSED,
        proposed_by=account,
        created_at=clock.now(),
        facilitator_seen_at=clock.now(),
    )
    group.name_key = find.fold(group.name)[:80]
    group.slug = common.slug_for(group.name)
    group.settle()
    group.save(force_insert=True)
    common.index_words(group)
    enter(group, account, role="facilitator")
    if group.state == Group.State.PROPOSED:
        events.publish("community.group.proposed", group=str(group.id), account=str(account))
    return group.id


def _check(wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    if len(wanted.name.strip()) < 3:
        wrong["name"] = _("Give the group a name of three letters or more.")
    if len(wanted.purpose.strip()) < 10:
        wrong["purpose"] = _("Say in a sentence whom the group is for.")
    for name, value, allowed in (
        ("kind", wanted.kind, words.KINDS),
        ("topic", wanted.topic, words.TOPICS),
        ("age_band", wanted.age_band, words.AGES),
        ("joining", wanted.joining, words.JOINING),
        ("reading", wanted.reading, words.READING),
    ):
        if value not in allowed:
            wrong[name] = _("Choose one from the list.")
    if wanted.capacity is not None and not 2 <= wanted.capacity <= 100_000:
        wrong["capacity"] = _("A number from 2 up, or nothing.")
    if ages.is_for_minors(wanted.age_band) and wanted.reading == "everyone":
        wrong["reading"] = _("What young people write stays among the members of their group.")
    if wrong:
        raise Invalid(wrong)
