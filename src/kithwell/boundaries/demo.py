"""The demo's own boundaries: one person has chosen a few things, and the nudge has been shown for some weeks."""

from __future__ import annotations

import random
from datetime import timedelta

from kithwell.boundaries import actions
from kithwell.boundaries.models import NudgeDay, Wishes
from kithwell.kernel import clock, conf
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people

_DAYS = 28


def load() -> None:
    """Does nothing a second time, or outside demo mode."""
    if not conf.get("demo", False) or NudgeDay.objects.exists():
        return
    dice = random.Random(11)
    today = clock.now().date()
    rows = []
    for back in range(1, _DAYS):
        for language, often in (("en", 3), ("es", 1)):
            shown = dice.randint(0, often)
            rephrased = dice.randint(0, shown)
            as_is = dice.randint(0, shown - rephrased)
            day = today - timedelta(days=back)
            if shown:
                rows.append(
                    NudgeDay(day=day, language=language, shown=shown, rephrased=rephrased, as_is=as_is)
                )
    NudgeDay.objects.bulk_create(rows)
    heron = people.account_named("Quiet Heron")
    if heron is not None and not Wishes.objects.filter(pk=heron).exists():
        me = Principal("account", heron, "Quiet Heron", frozenset({"member"}))
        actions.add_word(me, "calories")
        actions.set_filters(me, {"eating": "hide", "death": "show"})
