"""The demo looks alive, quickly, and only once."""

from __future__ import annotations

import time

import pytest
from django.conf import settings

from kithwell.community.peers import demo, queries
from kithwell.community.peers.models import Buddying, Note
from kithwell.community.peers.tests import cast
from kithwell.safety import warm

pytestmark = pytest.mark.django_db


def test_the_demo_is_made_once_and_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.KITHWELL, "demo", True)
    heron = cast.person("Quiet Heron")
    cast.person("Robin", "steward")
    warm()  # the server has read its lists and weights by then
    began = time.process_time()
    demo.load()
    assert time.process_time() - began < 4
    demo.load()
    assert demo.loaded()
    assert Note.objects.count() == 5
    assert Buddying.objects.count() == 2
    seen = queries.buddies(heron)
    assert seen.open and seen.asking and seen.suggestions


def test_outside_of_a_demo_nothing_is_invented() -> None:
    cast.person("Quiet Heron")
    demo.load()
    assert not demo.loaded()
