"""The demo's figures: twelve invented weeks, one of them out of the ordinary, and a rule in the making."""

from __future__ import annotations

import random
from datetime import timedelta

from kithwell.kernel import clock, conf
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening import actions
from kithwell.moderation.screening.actions import counting
from kithwell.moderation.screening.models import Change, Count, Shadow
from kithwell.moderation.screening.rules import cells
from kithwell.people import actions as people_actions
from kithwell.people import demo as people_demo
from kithwell.people import queries as people
from kithwell.people import roles

WEEKS = 12
SECOND = "Kim"  # a second steward, so that somebody can agree
SIGN_INS = [people_demo.SignIn(roles.STEWARD, SECOND, people_demo.PASSWORD, "/moderation/screening")]
USUAL = {
    "harassment": 0.014,
    "hate": 0.012,
    "offensive": 0.05,
    "spam": 0.008,
    "personal_data": 0.02,
    "help": 0.06,
}
PLACES = {"community.post": (420, {"en": 0.7, "es": 0.3}), "community.reply": (900, {"en": 0.7, "es": 0.3}),
          "community.story": (24, {"en": 0.8, "es": 0.2})}  # fmt: skip
RULE = {
    "label": "sells lamps",
    "lang": "en",
    "weight": "0.7",
    "any": "(moon|star|healing) (lamp|lamps) <4 (offer|sale|order|price|cheap)",
    "unless": "(scam|do not buy|dont buy)",
    "needs": "",
    "yes": "moon lamps on sale, order today",
    "no": "my moon lamp helps me to sleep\ndo not buy the healing lamp offer, it is a scam",
    "owner": "Robin",
    "why": "The same seller of lamps comes back under new names.",
}


def sign_ins() -> list[people_demo.SignIn]:
    return SIGN_INS


def load() -> None:
    """Does nothing a second time, or outside demo mode."""
    if not conf.get("demo", False) or Count.objects.exists():
        return
    _steward(SECOND)
    _weeks()
    counting.look_for_drift()
    if not Change.objects.exists():
        robin = _steward("Robin")
        ident = actions.begin(robin, "add", kind="spam")
        actions.write(robin, ident, 1, RULE)
        actions.shadow(robin, ident, 2, True)
        for day in range(1, 15):
            Shadow.objects.create(
                day=clock.now().date() - timedelta(days=day), candidate="house.spam.1 2", language="en",
                category="spam", both=day % 2, only_candidate=(day % 5 == 0) * 2, only_now=day % 3 == 0,
                neither=60 + day,
            )  # fmt: skip


def _weeks() -> None:
    dice = random.Random(11)
    this = cells.monday(clock.now().date())
    for n in range(WEEKS, 0, -1):
        for place, (texts, tongues) in PLACES.items():
            for language, part in tongues.items():
                day = this - timedelta(weeks=n) + timedelta(days=dice.randrange(7))
                total = round(texts * part * dice.uniform(0.85, 1.15))
                counting.add(day, place, language, counting.ALL, total)
                for category, share in USUAL.items():
                    wave = 4.5 if (n, category, language) == (1, "hate", "en") else 1.0
                    flagged = sum(dice.random() < share * wave for _ in range(total))
                    if flagged:
                        counting.add(day, place, language, category, flagged)


def _steward(name: str) -> Principal:
    account = people.account_named(name)
    if account is None:
        account = people_actions.create_account(
            name, people_demo.PASSWORD, roles=(roles.STEWARD,), language="en"
        )
    return Principal("account", account, name, people.roles_of(account), stepped_up=True)
