"""Changes: accepting guidelines, and making a new version of them by two stewards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation.guidelines import queries, rules
from kithwell.moderation.guidelines.models import Acceptance, Version
from kithwell.people import access, roles


def accept(principal: Principal, version: int | str) -> int:
    """Somebody says yes to the guidelines that hold now. Saying it twice is fine. Returns the version."""
    access.require(principal)
    assert principal.id is not None
    now = queries.current().version
    if str(version) != str(now):
        raise Invalid({"version": _("The guidelines have changed in the meantime. Please read them again.")})
    Acceptance.objects.get_or_create(account=principal.id, version=now)
    return now


def _steward(principal: Principal) -> str:
    access.require(principal, roles.STEWARD, step_up=True)
    return str(principal.id)


def start(principal: Principal) -> UUID:
    """A new draft, with the words that hold now in every language there is."""
    me = _steward(principal)
    now = queries.current()
    row = Version.objects.filter(number=now.version).first()
    texts = row.texts if row else {lang: _data(lang) for lang in queries.SHIPPED_LANGUAGES}
    return Version.objects.create(texts=texts, editors=[me]).id


def _data(language: str) -> dict[str, Any]:
    found = queries.shipped(language)
    return {"intro": found.intro, "rules": [rule.as_dict() for rule in found.rules]}


def _locked(principal: Principal, ident: UUID | str, revision: int | str) -> Version:
    """A draft to write in, as this steward last saw it. Inside a transaction."""
    _steward(principal)
    known = ids.parse(str(ident))
    rows = Version.objects.select_for_update().filter(number=None, withdrawn_at=None)
    row = rows.filter(pk=known).first() if known else None
    if row is None:
        raise NotFound()
    if str(row.revision) != str(revision):
        raise Conflict(_("Somebody else changed this draft in the meantime. Please look at it again."))
    return row


def _written(row: Version, principal: Principal) -> None:
    """Words changed: whoever wrote them cannot publish them, and a proposal has to be made anew."""
    row.editors = sorted({*row.editors, str(principal.id)})
    row.revision += 1
    row.proposed_at = None
    row.save()


def edit(
    principal: Principal, ident: UUID | str, revision: int | str, language: str, given: Mapping[str, Any]
) -> None:
    """New words in one language: "intro" and, by code, {"title", "text", "why", "fine", "not_fine"}."""
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        if language not in row.texts:
            raise NotFound()
        text = row.texts[language]
        text["intro"] = tidy(str(given.get("intro", "")), rules.INTRO_MAX, "intro")
        for rule in text["rules"]:
            new = given.get(rule["code"])
            if new is not None:
                rule.update(_tidied(rule["code"], new))
        _written(row, principal)


def _tidied(code: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """One rule's words as they may be kept. Raises Invalid by the field of the form."""
    out: dict[str, Any] = {
        name: tidy(str(given.get(name, "")), most, f"{code}-{name}")
        for name, most in (("title", rules.TITLE_MAX), ("text", rules.TEXT_MAX), ("why", rules.TEXT_MAX))
    }
    out["title"] = " ".join(out["title"].split())
    for name in ("fine", "not_fine"):
        lines = [line.strip() for line in str(given.get(name, ""))[:10_000].splitlines() if line.strip()]
        if len(lines) > rules.EXAMPLES_MAX:
            words = _("At most %(limit)d examples, one on each line. Nothing was lost.")
            raise Invalid({f"{code}-{name}": words % {"limit": rules.EXAMPLES_MAX}})
        out[name] = [tidy(line, rules.EXAMPLE_MAX, f"{code}-{name}") for line in lines]
    return out


def add_rule(
    principal: Principal, ident: UUID | str, revision: int | str, code: str, categories: str = ""
) -> None:
    """A new rule at the end, empty in every language."""
    if not rules.CODE.fullmatch(code):
        raise Invalid({"code": _("Small letters, digits and hyphens, beginning with a letter.")})
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        for text in row.texts.values():
            if any(rule["code"] == code for rule in text["rules"]):
                raise Invalid({"code": _("There is a rule with this code already.")})
            if len(text["rules"]) >= rules.RULES_MAX:
                raise Invalid({"code": _("That is more rules than anybody reads. Please drop one first.")})
            empty = rules.Rule(code, "", "", categories=tuple(categories[:200].split()[:10]))
            text["rules"].append(empty.as_dict())
        _written(row, principal)


def drop_rule(principal: Principal, ident: UUID | str, revision: int | str, code: str) -> None:
    """Take a rule out, in every language. What every house keeps stays."""
    if code in rules.NEVER_DROPPED:
        raise Refused(_("This one stays: being in crisis is never against the rules, anywhere."))
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        for text in row.texts.values():
            text["rules"] = [rule for rule in text["rules"] if rule["code"] != code]
        _written(row, principal)


def propose(
    principal: Principal, ident: UUID | str, revision: int | str, note: str, changes_meaning: bool
) -> None:
    """Ask a second steward to publish it. `note` says in a plain sentence what changed."""
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        said = tidy(note, 300, "note")
        if not said:
            raise Invalid({"note": _("Please say in one sentence what changes. People will read it.")})
        _complete(principal, row)
        row.note, row.changes_meaning, row.proposed_at = said, changes_meaning, clock.now()
        row.editors = sorted({*row.editors, str(principal.id)})
        row.save()
        audit.record(principal, "guidelines.proposed", kind="guidelines", id=row.id)


def _complete(principal: Principal, row: Version) -> None:
    if found := queries.draft(principal, row.id).problems:
        raise Invalid({"draft": _problem(found[0])})


def _problem(code: str) -> str:
    words = {
        "crisis": _("The rule that being in crisis is never a violation is missing."),
        "gaps": _("A rule is still missing its title or its text in one of the languages."),
        "languages": _("The languages do not have the same rules in the same order."),
    }
    return words.get(code, _("This draft cannot be published as it is."))


def publish(principal: Principal, ident: UUID | str, revision: int | str) -> int:
    """A second steward agrees: from now on these hold. Returns the version. Publishes "guidelines.published"."""
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        if row.proposed_at is None:
            raise Conflict(_("This draft has not been proposed yet."))
        if str(principal.id) in row.editors:
            raise Refused(_("Somebody who did not write any of it has to agree. Please ask another steward."))
        _complete(principal, row)
        highest = Version.objects.aggregate(found=Max("number"))["found"] or queries.SHIPPED
        row.number, row.published_by, row.published_at = highest + 1, principal.id, clock.now()
        row.save()
        audit.record(principal, "guidelines.published", kind="guidelines", id=row.id, version=row.number)
        events.publish("guidelines.published", version=row.number, changes_meaning=row.changes_meaning)
    return row.number


def withdraw(principal: Principal, ident: UUID | str, revision: int | str) -> None:
    """Put a draft away. It is kept, and no longer offered."""
    with transaction.atomic():
        row = _locked(principal, ident, revision)
        row.withdrawn_at = clock.now()
        row.save()
        audit.record(principal, "guidelines.withdrawn", kind="guidelines", id=row.id)
