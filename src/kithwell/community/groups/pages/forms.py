"""Reading what a form sent. Every reader raises errors.Invalid with the field's name, and loses nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.community.groups import words
from kithwell.community.groups.actions import Wanted, shape
from kithwell.community.groups.rules import quiet
from kithwell.kernel import conf, errors, pages
from kithwell.people import queries as people

TEXTS = (
    "name", "purpose", "about", "kind", "topic", "language", "country", "place", "timezone", "age_band", "joining",
    "reading", "guidelines", "questions", "refusal", "welcome", "help_text", "prompts",
)  # fmt: skip
TICKS = ("indexable", "allow_anonymous", "show_typing", "prompts_on")
LONGEST = 8000


def number(posted: Any, name: str, default: int | None = None) -> int:
    """A whole number. Raises Invalid."""
    value = posted.get(name, "").strip()
    if not value and default is not None:
        return default
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise errors.Invalid({name: _("Write a whole number.")})
    return int(value)


def choice(posted: Any, name: str, allowed: Collection[str]) -> str:
    value = str(posted.get(name, ""))
    if value not in allowed:
        raise errors.Invalid({name: _("Choose one from the list.")})
    return value


def wanted(posted: Any, *, whole: bool) -> Wanted:
    """What the form describes; `whole` for settings, where an empty box means no."""
    for name in TEXTS:
        if len(posted.get(name, "")) > LONGEST:
            raise errors.Invalid({name: _("This is too long. Nothing was lost.")})
    told: dict[str, Any] = {name: posted.get(name, "") for name in TEXTS if name in posted}
    ticks: dict[str, Any] = {name: bool(posted.get(name)) for name in TICKS} if whole else {}
    room = posted.get("capacity", "").strip()
    return Wanted(
        **{"name": "", "purpose": "", **told},
        **ticks,
        capacity=number(posted, "capacity") if room else None,
        prompt_day=number(posted, "prompt_day", 0),
        prompt_hour=number(posted, "prompt_hour", 10),
        quiet_hours=number(posted, "quiet_hours", quiet.USUAL),
    )


def language_choices(*more: str) -> list[tuple[str, str]]:
    codes = dict.fromkeys((*conf.get("languages", ("en",)), *(m for m in more if m)))
    return [(code, words.language(code)) for code in codes]


def lists(values: Any) -> dict[str, Any]:
    """What the form of a group chooses from."""
    week = [(str(n), name) for n, name in enumerate(words.DAYS)]
    hours = [(str(n), f"{n:02}:00") for n in range(24)]
    return {
        "kinds": list(words.KINDS.items()),
        "topics": list(words.TOPICS.items()),
        "ages": list(words.AGES.items()),
        "joinings": list(words.JOINING.items()),
        "readings": list(words.READING.items()),
        "languages": language_choices(str(values.get("language", ""))),
        "zones": [(zone, zone.replace("_", " ")) for zone in shape.zones()],
        "days": week,
        "hours": hours,
        "quiets": [(str(n), words.hours(n)) for n in (24, 48, 72, 168, 336)],
    }


def again(
    request: HttpRequest, template: str, ctx: dict[str, Any], error: errors.KithwellError
) -> HttpResponse:
    """The form once more, with what was wrong; nothing typed is lost."""
    fields = error.fields if isinstance(error, errors.Invalid) else {"": str(error.message)}
    return pages.render(request, template, {**ctx, "wrong": fields}, status=error.status)


def my_band(request: HttpRequest) -> str:
    account = request.principal.id if request.principal.is_account else None
    return people.age_bands([account]).get(account, "") if account else ""
