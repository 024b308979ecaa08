"""A push service on this machine, which the site is told to know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from kithwell.community.notices.tests.service import PushService
from kithwell.kernel import limits


@pytest.fixture
def push_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    service = PushService()
    service.start()
    monkeypatch.setitem(settings.KITHWELL, "push_services", (service.origin,))
    yield service
    service.stop()


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    limits.forget_all()
    yield
