"""What an import holds about an account: that somebody chose to bring their lines under it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kithwell.community.imports import words
from kithwell.community.imports.models import Item, Person
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterable[tuple[str, bytes]]:
    """Lines that wait to come under this account."""
    if account is None:
        return
    for person in Person.objects.filter(account=account).select_related("of"):
        key = person.of.subject
        yield (
            f"imports/{person.of_id}.json",
            export.as_json(
                {
                    "answer": person.answer,
                    "answered_at": person.answered_at,
                    "lines": [
                        {
                            "at": item.at,
                            "text": words.opened(
                                key, item.body, (words.ITEM, "body", f"{person.of_id}:{item.key}")
                            ),
                            "here_since": item.brought_at,
                            "stays_behind": item.stays,
                        }
                        for item in Item.objects.filter(person=person).order_by("seq").iterator()
                    ],
                }
            ),
        )


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    return ()


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Whatever still waits for this account never comes."""
    if account is None:
        return 0
    return Person.objects.filter(account=account).update(account=None, answer=Person.Answer.NO)


def register() -> None:
    export.register("imports", tell)
    erasure.register("imports", describe, erase)
