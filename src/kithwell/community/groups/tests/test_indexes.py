"""The directory and the door are answered from an index, with 10,000 groups and 200,000 members in mind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithwell.community.groups import access, actions, queries
from kithwell.community.groups.actions import watch
from kithwell.community.groups.models import Group, GroupWord, JoinRequest, Membership
from kithwell.community.groups.rules import find
from kithwell.community.groups.tests.cast import group, joins, lead_of, somebody
from kithwell.kernel import ids
from kithwell.kernel.principal import ANONYMOUS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans of SQLite"),
]
TABLES = ("group", "groupword", "membership", "joinrequest", "invitation")


def walks(act: Callable[[], Any]) -> list[str]:
    """The reads and changes of `act` that walk through a whole table or sort what an index could give in order."""
    with CaptureQueriesContext(connection) as caught:
        act()
    found = []
    for sql in (q["sql"] for q in caught.captured_queries if q["sql"].split()[0] in ("SELECT", "UPDATE")):
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            steps = [str(row[-1]) for row in cursor.fetchall()]
        scans = tuple(f"SCAN community_groups_{table}" for table in TABLES)
        listed = "SCAN community_groups_group USING INDEX group_l"
        found += [f"{s}: {sql[-500:]}" for s in steps if s in scans or s.startswith(listed)]
    return found


@pytest.fixture
def town() -> tuple[Group, Any, Any]:
    """A crowd of groups, and somebody at the door of one."""
    rows = []
    for n in range(400):
        row = Group(
            id=ids.new_id(), slug=f"g{n}", name=f"Group {n}", name_key=f"group {n:04}", purpose="For us"
        )
        row.language, row.topic = ("en", "es", "de")[n % 3], ("sleep", "work", "other")[n % 3]
        rows.append(row)
    Group.objects.bulk_create(rows)
    GroupWord.objects.bulk_create(
        [GroupWord(group=g, key=find.key(w), word=w) for g in rows for w in ("group", g.slug, g.topic)]
    )
    owls, ana = group(joining="request"), somebody("Ana")
    joins(ana, owls)
    return owls, ana, lead_of(owls)


def test_no_read_of_groups_walks_through_all_of_them(town: tuple[Group, Any, Any]) -> None:
    owls, ana, lead = town
    request = JoinRequest.objects.get().id
    after = Group.objects.order_by("name_key").values_list("id", flat=True)[30]
    ask = queries.Asked
    acts: dict[str, Callable[[], Any]] = {
        "directory": lambda: queries.directory(ana, ask()),
        "visitor": lambda: queries.directory(ANONYMOUS, ask()),
        "words": lambda: queries.directory(ana, ask(words="owls nig")),
        "language": lambda: queries.directory(ana, ask(language="es")),
        "topic": lambda: queries.directory(ana, ask(topic="sleep")),
        "next page": lambda: queries.directory(ana, ask(after=after)),
        "suitable": lambda: queries.suitable(ana.id, languages=("en",), topics=("sleep",)),
        "mine": lambda: queries.memberships(lead.id),
        "shared": lambda: queries.shared(ana.id, lead.id),
        "door": lambda: queries.about(ana, owls.slug, "en"),
        "reader": lambda: access.reader(lead, owls.slug),
        "by id": lambda: access.place_by_id(lead, owls.id),
        "people": lambda: queries.people_of(lead, owls.slug),
        "health": lambda: queries.health_of(lead, owls.slug),
        "welcomers": lambda: queries.welcomers(owls.id),
        "accept": lambda: actions.decide(lead, owls.slug, request, accept=True),
        "leave": lambda: actions.leave(ana, owls.slug, "keep"),
        "quiet": watch.check,
        "prompts": watch.publish_prompts,
    }
    assert {name: found for name, act in acts.items() if (found := walks(act))} == {}


def test_the_directory_takes_as_many_queries_for_ten_groups_as_for_four_hundred(
    town: tuple[Group, Any, Any], django_assert_num_queries: Any
) -> None:
    _owls, ana, _lead = town
    with django_assert_num_queries(4):
        found = queries.directory(ana, queries.Asked())
    assert len(found.groups) == 20 and found.more is not None
    Group.objects.filter(slug__startswith="g1").delete()
    with django_assert_num_queries(4):
        queries.directory(ana, queries.Asked())
    with django_assert_num_queries(1):
        queries.directory(ANONYMOUS, queries.Asked())


def test_going_through_all_pages_shows_every_group_once(town: tuple[Group, Any, Any]) -> None:
    _owls, ana, _lead = town
    seen: list[str] = []
    after = None
    while True:
        page = queries.directory(ana, queries.Asked(after=after))
        seen += [card.slug for card in page.groups]
        after = page.more
        if after is None:
            break
    assert len(seen) == len(set(seen)) == Group.objects.filter(listed=True).count()


def test_a_place_costs_three_queries_whoever_asks(
    town: tuple[Group, Any, Any], django_assert_max_num_queries: Any
) -> None:
    owls, _ana, lead = town
    Membership.objects.bulk_create(
        [Membership(id=ids.new_id(), group=owls, account=ids.new_id()) for _ in range(200)]
    )
    for act in (access.reader, access.visitor, access.member, access.facilitator):
        with django_assert_max_num_queries(3):
            act(lead, owls.slug)
