"""Reads. `current` costs one query, and none for a second after it was asked."""

from __future__ import annotations

from functools import cache
from importlib import resources
from uuid import UUID

from kithwell.moderation.guidelines.models import Acceptance, Version
from kithwell.moderation.guidelines.rules import Guidelines, Rule, load, rule_of

SHIPPED = 1
SHIPPED_LANGUAGES = ("en", "es")


@cache
def _shipped(language: str) -> Guidelines:
    name = f"v{SHIPPED}_{language}.toml"
    return load((resources.files(__package__) / "data" / name).read_text(encoding="utf-8"))


def shipped(language: str) -> Guidelines:
    """The guidelines that come with Kithwell, in English where there is no translation."""
    return _shipped(language if language in SHIPPED_LANGUAGES else "en")


def current(language: str = "en") -> Guidelines:
    """The guidelines that hold now. One query."""
    row = Version.objects.filter(number__isnull=False).order_by("-number").first()
    return _of_row(row, language) if row else shipped(language)


def _of_row(row: Version, language: str) -> Guidelines:
    texts = row.texts
    spoken = language if language in texts else "en" if "en" in texts else next(iter(texts))
    rules = tuple(rule_of(rule) for rule in texts[spoken]["rules"])
    return Guidelines(row.number or 0, rules, language=spoken, intro=texts[spoken].get("intro", ""), own=True)


def accepted(account: UUID | None) -> int | None:
    """The newest version this account said yes to. One query."""
    rows = Acceptance.objects.filter(account=account).order_by("-version")
    return rows.values_list("version", flat=True).first() if account else None


def quote(code: str, language: str = "en") -> Rule | None:
    """The rule with this code as it holds now, for a decision to quote. One query."""
    return current(language).rule(code)


def rule_for(category: str, language: str = "en") -> Rule | None:
    """The rule that a report of this category is about. One query."""
    return current(language).for_category(category)
