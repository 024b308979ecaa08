"""Two stages: the second may refine the answer, and its absence or failure never costs anybody the first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import pytest

from kithwell.safety import full, has_second, screen, stages
from kithwell.safety.signals import Screening

TEXT = "I keep thinking about ending it, nobody would miss me"


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    stages._second.cache_clear()
    yield
    stages._second.cache_clear()


def _install(monkeypatch: pytest.MonkeyPatch, **parts: object) -> None:
    module = ModuleType("kithwell.safety.second")
    for name, part in parts.items():
        setattr(module, name, part)
    monkeypatch.setitem(sys.modules, "kithwell.safety.second", module)


def test_without_a_second_stage_the_first_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, available=lambda: False)
    assert not has_second() and full(TEXT) == screen(TEXT)


def test_a_second_stage_refines_what_the_first_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refine(text: str, seen: Screening, context: str = "") -> Screening:
        return replace(seen, crisis_severity=4.25)

    _install(monkeypatch, available=lambda: True, refine=refine)
    assert has_second() and full(TEXT).crisis_severity == 4.25
    assert full(TEXT).crisis_level == screen(TEXT).crisis_level


def test_a_second_stage_that_breaks_costs_nobody_the_first_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refine(text: str, seen: Screening, context: str = "") -> Screening:
        raise RuntimeError("no model")

    _install(monkeypatch, available=lambda: True, refine=refine)
    assert full(TEXT) == screen(TEXT)
    stages._second.cache_clear()
    _install(monkeypatch)  # not even `available`
    assert not has_second() and full(TEXT) == screen(TEXT)


def test_severity_is_on_the_scale_of_its_data_and_follows_what_is_said() -> None:
    calm = screen("we walked to the lake and talked for hours").crisis_severity
    wish = screen("sometimes I wish I was dead").crisis_severity
    plan = screen("I have the pills here and I will kill myself tonight").crisis_severity
    assert 0 <= calm < wish < plan <= 6
    assert screen("me voy a matar esta noche").crisis_severity > screen("me gusta el mar").crisis_severity
