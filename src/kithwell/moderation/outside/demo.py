"""The demo's figures: two quarters of a quiet house, and one notice from outside that waits. All of it is invented."""

from __future__ import annotations

import random
from datetime import date

from kithwell.kernel import clock, conf
from kithwell.moderation.outside import actions, rules
from kithwell.moderation.outside.models import DayFigures, Notice

_ABOUT = (
    "harassment",
    "harassment",
    "spam",
    "spam",
    "doxxing",
    "advice",
    "eating",
    "method",
    "hate",
    "other",
)
_RULES = {
    "harassment": "kindness",
    "hate": "kindness",
    "spam": "no-advertising",
    "doxxing": "no-contact-details",
    "advice": "no-diagnosis",
    "eating": "no-encouragement",
    "method": "no-methods",
    "other": "lawful",
}


def load() -> None:
    """Does nothing a second time, or outside demo mode."""
    if not conf.get("demo", False) or DayFigures.objects.exists():
        return
    dice = random.Random(5)
    today = clock.now().date()
    first = rules.quarter_of(today).before.before.first
    DayFigures.objects.bulk_create(DayFigures(day=day, data=_day(dice)) for day in rules.days(first, today))
    if not Notice.objects.exists():
        _notice(today)


def _day(dice: random.Random) -> dict[str, object]:
    told = [dice.choice(_ABOUT) for _n in range(dice.choice((0, 0, 1, 1, 2)))]
    machine = dice.choice((0, 0, 1))
    acted = [about for about in told if dice.random() < 0.6]
    data: dict[str, dict[str, int]] = {
        "notices": {"rules": 1} if dice.random() < 0.1 else {},
        "reports": {about: told.count(about) for about in told},
        "cases": {"found by machine": machine, "told by people": len(told)},
        "things": {
            "nothing": len(told) - len(acted) + (machine and dice.randint(0, 1)),
            "remove": len(acted),
        },
        "persons": {"message": len(acted)},
        "grounds": {_RULES[about]: sum(_RULES[a] == _RULES[about] for a in acted) for about in acted},
        "automated": {dice.choice(("acted", "acted", "kept")): machine},
        "appeals": {"asked": 1, dice.choice(("kept", "granted")): 1} if dice.random() < 0.08 else {},
    }
    return {
        **data,
        "hours": [dice.randint(0, 20) for _a in told],
        "appeal_hours": [dice.randint(8, 60)] * bool(data["appeals"]),
    }


def _notice(today: date) -> None:
    actions.receive(
        {
            "what": "A reply under a post about moving house",
            "address": "https://kithwell.example/p/018f0000-0000-7000-8000-000000000001",
            "why": "It names the street where my sister lives now. She does not want to be found.",
            "ground": "rules",
            "category": "doxxing",
            "good_faith": "1",
        },
        country="ES",
    )
