"""Reads. `current` costs one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from uuid import UUID

from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation.guidelines import rules
from kithwell.moderation.guidelines.models import Acceptance, Version
from kithwell.moderation.guidelines.rules import Change, Guidelines, Rule, load, rule_of
from kithwell.people import access, roles

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
    return of_row(row, language) if row else shipped(language)


def of_row(row: Version, language: str) -> Guidelines:
    """A row's text in one language, else in English, else in whichever there is. Half-written rules are left out."""
    texts = row.texts
    spoken = language if language in texts else "en" if "en" in texts else next(iter(texts))
    ready = [rule for rule in texts[spoken]["rules"] if rule["title"].strip() and rule["text"].strip()]
    rules_ = tuple(rule_of(rule) for rule in ready)
    return Guidelines(
        row.number or 0, rules_, language=spoken, intro=texts[spoken].get("intro", ""), own=True
    )


def version(number: int, language: str = "en") -> Guidelines:
    """A published version, however old. Raises NotFound. At most one query."""
    if number == SHIPPED:
        return shipped(language)
    row = Version.objects.filter(number=number).first()
    if row is None:
        raise NotFound()
    return of_row(row, language)


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the list of versions."""

    number: int
    at: datetime | None  # None: shipped with Kithwell
    note: str
    changes_meaning: bool


def history() -> tuple[Published, ...]:
    """All published versions, newest first. One query."""
    rows = Version.objects.filter(number__isnull=False).order_by("-number")
    own = rows.values_list("number", "published_at", "note", "changes_meaning")
    return (*(Published(*row) for row in own), Published(SHIPPED, None, "", True))


def accepted(account: UUID | None) -> int | None:
    """The newest version this account said yes to. One query."""
    if account is None:
        return None
    rows = Acceptance.objects.filter(account=account).order_by("-version")
    return rows.values_list("version", flat=True).first()


def must_accept(account: UUID) -> bool:
    """Has this account to be asked (again): never accepted, or the meaning has changed since? Two queries."""
    rows = Version.objects.filter(number__isnull=False).values_list("number", "changes_meaning")
    own = [(number, meaning) for number, meaning in rows if number is not None]
    return rules.asked_again(accepted(account), [(SHIPPED, True), *own])


def quote(code: str, language: str = "en") -> Rule | None:
    """The rule with this code as it holds now, for a decision to quote. One query."""
    return current(language).rule(code)


def rule_for(category: str, language: str = "en") -> Rule | None:
    """The rule that a report of this category is about. One query."""
    return current(language).for_category(category)


def between(older: int, newer: int, language: str = "en") -> tuple[Change, ...]:
    """What changed from one published version to another. At most two queries."""
    return rules.changes(version(older, language).rules, version(newer, language).rules)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version in the making, as a steward sees it."""

    id: UUID
    texts: dict[str, dict[str, object]]
    note: str
    changes_meaning: bool
    revision: int
    drafted_at: datetime
    proposed_at: datetime | None
    problems: tuple[str, ...]
    mine: bool  # this steward wrote in it and may not publish it

    def rules(self, language: str) -> tuple[dict[str, object], ...]:
        """The rules as data, half-written ones too."""
        return tuple(self.texts[language]["rules"])  # type: ignore[arg-type]


def drafts(principal: Principal) -> tuple[Draft, ...]:
    """Versions in the making, newest first. One query."""
    access.require(principal, roles.STEWARD, step_up=True)
    rows = Version.objects.filter(number=None, withdrawn_at=None).order_by("-drafted_at", "-id")
    return tuple(_draft(row, principal) for row in rows)


def draft(principal: Principal, ident: UUID | str) -> Draft:
    """One of them. Raises NotFound."""
    found = {str(row.id): row for row in drafts(principal)}.get(str(ident))
    if found is None:
        raise NotFound()
    return found


def _draft(row: Version, principal: Principal) -> Draft:
    shapes = {language: tuple(_loose(rule) for rule in text["rules"]) for language, text in row.texts.items()}
    return Draft(
        id=row.id,
        texts=row.texts,
        note=row.note,
        changes_meaning=row.changes_meaning,
        revision=row.revision,
        drafted_at=row.drafted_at,
        proposed_at=row.proposed_at,
        problems=rules.problems(shapes),
        mine=str(principal.id) in row.editors,
    )


def _loose(row: dict[str, str]) -> Rule:
    return Rule(code=row["code"], title=row["title"], text=row["text"])


def draft_changes(found: Draft, language: str) -> tuple[Change, ...]:
    """What a draft would change in one language. One query."""
    after = [
        Rule(
            code=str(row["code"]),
            title=str(row["title"]),
            text=str(row["text"]),
            fine=tuple(row.get("fine", ())),  # type: ignore[arg-type]
            not_fine=tuple(row.get("not_fine", ())),  # type: ignore[arg-type]
            why=str(row.get("why", "")),
        )
        for row in found.rules(language)
    ]
    now = current(language)
    return rules.changes(now.rules if now.language == language else (), after)
