"""What peers hold about somebody, told and taken away through `people`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kithwell.community.peers import words
from kithwell.community.peers.actions import buddies
from kithwell.community.peers.models import (
    Badge,
    Buddying,
    CheckIn,
    Follow,
    Goal,
    Kindness,
    Note,
    Profile,
    Seeking,
    Start,
    Step,
)
from kithwell.people import erasure, export


def tell(subject: UUID, account: UUID | None) -> Iterator[tuple[str, bytes]]:
    """Answers, notes one wrote, profile, steps and the rest. What others wrote to one is theirs."""
    if account is None:
        return
    start = Start.objects.filter(pk=account).first()
    if start is not None:
        yield (
            "welcome.json",
            export.as_json(words.opened(subject, start.answers, (words.START, "answers", account))),
        )
    seeking = Seeking.objects.filter(pk=account).first()
    if seeking is not None:
        yield (
            "shared.json",
            export.as_json(words.opened(subject, seeking.shared, (words.SEEKING, "shared", account))),
        )
    mine = Buddying.objects.filter(Q(a=account) | Q(b=account), agreed_at__isnull=False).order_by("asked_at")
    if mine:
        yield "buddies.json", export.as_json([_buddying(row, subject, account) for row in mine])
    profile = Profile.objects.filter(pk=account).first()
    if profile is not None:
        pieces = words.opened(subject, profile.pieces, (words.PROFILE, "pieces", account))
        yield "profile.json", export.as_json({"pieces": pieces, "seen by": profile.seen_by})
    steps = [
        {"title": words.opened(subject, row.title, (words.STEP, "title", row.pk)), "done": row.done_at}
        for row in Step.objects.filter(account=account).order_by("made_at")
    ]
    if steps:
        yield "steps.json", export.as_json(steps)
    badges = list(
        Badge.objects.filter(account=account).values("kind", "vouched", "since", "until", "ended_at")
    )
    if badges:
        yield "badges.json", export.as_json(badges)
    rest = {
        "kindnesses": list(Kindness.objects.filter(account=account).values("day", "replies", "signs")),
        "following": Follow.objects.filter(follower=account, state="yes").count(),
    }
    if any(rest.values()):
        yield "more.json", export.as_json(rest)


def _buddying(row: Buddying, subject: UUID, account: UUID) -> dict[str, Any]:
    notes = Note.objects.filter(buddying=row, author=account).order_by("pk")
    checks = (
        CheckIn.objects.filter(buddying=row, account=account).exclude(answered_at=None).order_by("asked_at")
    )
    return {
        "began": row.agreed_at,
        "ended": row.ended_at,
        "notes you wrote": [
            {"at": n.at, "text": words.opened(subject, n.body, (words.NOTE, "body", n.pk))} for n in notes
        ],
        "check-ins": [
            {
                "at": c.answered_at,
                "how": c.how,
                "words": words.opened(subject, c.words, (words.CHECK, "words", c.pk)),
            }
            for c in checks
        ],
    }


def describe(subject: UUID, account: UUID | None) -> Iterable[str]:
    if account is None:
        return
    if Start.objects.filter(pk=account).exists() or Profile.objects.filter(pk=account).exists():
        yield _("What you said at the welcome, and your profile.")
    if Buddying.objects.filter(Q(a=account) | Q(b=account)).exists():
        yield _("Your buddies: you stop being buddies, and every note you wrote is deleted.")
    if Step.objects.filter(account=account).exists():
        yield _("The steps you wrote down for yourself.")


def erase(subject: UUID, account: UUID | None, choices: erasure.Choices) -> int:
    """Notes are between two people in confidence: they go whatever the choice about writing."""
    if account is None:
        return 0
    rows = buddies.forget(account)
    for table in (Start, Profile, Step, Kindness, Badge):
        rows += table.objects.filter(account=account).delete()[0]
    rows += Follow.objects.filter(Q(follower=account) | Q(followed=account)).delete()[0]
    Badge.objects.filter(given_by=account).update(ended_by=None)
    return rows + Goal.objects.filter(made_by=account).update(made_by=None)


def register() -> None:
    export.register("peers", tell)
    erasure.register("peers", describe, erase)
