"""The demo's groups: varied, in order, and made once."""

from __future__ import annotations

from typing import Any

import pytest

from kithwell.community.groups import demo, queries
from kithwell.community.groups.models import Group, Membership
from kithwell.community.groups.rules import ages
from kithwell.people import queries as people

pytestmark = pytest.mark.django_db


def test_the_demo_has_varied_groups_and_makes_them_once(settings: Any) -> None:
    settings.KITHWELL = {**settings.KITHWELL, "demo": True}
    demo.load()
    demo.load()
    groups = list(Group.objects.all())
    assert 8 <= len(groups) <= 12
    assert len({g.language for g in groups}) >= 4 and len({g.topic for g in groups}) >= 6
    assert {g.joining for g in groups} == {"open", "request", "invite"}
    stays = list(Membership.objects.select_related("group").filter(left_at=None))
    bands = people.age_bands({s.account for s in stays})
    for stay in stays:
        leads = stay.role != "member"
        assert ages.may_join(stay.group.age_band, bands[stay.account]) or (leads and stay.group.for_minors)
    for group in groups:
        assert group.guidelines and group.member_n == sum(1 for s in stays if s.group_id == group.id)
        assert queries.members(group.id, ("facilitator",))
