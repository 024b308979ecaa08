"""The demonstration: quick, repeatable, and with something at every stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kithwell.moderation import demo, demo_wall, kinds
from kithwell.moderation.models import Appeal, Case, Decision
from kithwell.people import demo as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_demo(settings: Any) -> Iterator[None]:
    settings.KITHWELL = {**settings.KITHWELL, "demo": True}
    demo_wall._writers.cache_clear()
    demo_wall.register()
    yield
    kinds.forget(demo_wall.KIND)
    demo_wall._writers.cache_clear()


def test_the_demo_has_something_at_every_stage_and_twice_is_once(in_demo: None) -> None:
    people.load()
    demo.load()
    stages = set(Case.objects.filter(state="open").values_list("stage", flat=True))
    assert stages == {"review", "second", "appeal"}
    assert (
        Decision.objects.filter(state="proposed").exists() and Appeal.objects.filter(state="waiting").exists()
    )
    before = Case.objects.count()
    demo.load()
    assert Case.objects.count() == before >= 8
    assert {line.pseudonym for line in demo.sign_ins()} == {"Mika", "Lou", "Nele", "Iva"}
