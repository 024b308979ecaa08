"""What reports and signals share: one open case for a thing, its place in the queue, and its effects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kithwell import safety
from kithwell.kernel import clock, crypto, ids, logs
from kithwell.moderation import access, concerns, kinds, words
from kithwell.moderation.models import Case
from kithwell.moderation.rules import categories, priority

log = logs.get("moderation.cases")
EVIDENCE = ("moderation_case", "evidence")
MOST_EVIDENCE = 8000


def gather(
    kind: str, ident: str, snippet: kinds.Snippet | None, author: UUID | None, community: str = ""
) -> Case:
    """The open case of a thing, locked; made where there is none, with the words as they are now."""
    for _try in range(3):
        found = _open(kind, ident)
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return _new(kind, ident, snippet, author, community)
        except IntegrityError:
            continue  # somebody else made it a moment ago
    raise AssertionError("a case can be neither found nor made")


def _open(kind: str, ident: str) -> Case | None:
    rows = Case.objects.select_for_update().filter(kind=kind, ident=ident)
    return rows.filter(state__in=("open", "claimed")).exclude(stage="appeal").first()


def _new(kind: str, ident: str, snippet: kinds.Snippet | None, author: UUID | None, community: str) -> Case:
    now = clock.now()
    case = Case(
        id=ids.new_id(),
        kind=kind,
        ident=ident,
        community=(community or (snippet.community if snippet else ""))[:64],
        author=None if snippet is not None and snippet.anonymous else author,
        author_key=access.author_key(author),
        anonymous=bool(snippet is not None and snippet.anonymous),
        subject=crypto.new_subject(),
        created_at=now,
        waiting_since=now,
        effective_since=now,
    )
    text = snippet.text if snippet is not None else ""
    if text:
        case.evidence = words.seal(case.subject, text[:MOST_EVIDENCE], *EVIDENCE, case.id)
        _hear(case, text, author)
    case.save(force_insert=True)
    return case


def heard(text: str) -> tuple[str, str]:
    """(crisis level, language) of a text. A screening that fails says neither and stops nothing."""
    try:
        seen = safety.screen(text)
    except Exception as error:
        log.error("screening.failed", error=type(error).__name__)
        return "C0", ""
    return seen.crisis_level, seen.lang if len(seen.lang) == 2 else ""


def _hear(case: Case, text: str, author: UUID | None) -> None:
    """Does the writer need help? Beside the case, whatever becomes of it."""
    level, case.language = heard(text)
    if level >= concerns.FROM:
        case.crisis = level
        if author is not None:
            concerns.raise_concern(
                case.kind, case.ident, author, level, case.language, anonymous=case.anonymous
            )


def weigh(case: Case, found: Iterable[str], *, media: bool = False) -> None:
    """Raise the case (in memory) to what these categories say; its wait is kept, and it never sinks."""
    found = list(found)
    case.harm = max(case.harm, categories.harm(found))
    case.gravity = max(case.gravity, categories.gravity(found, media=media, crisis=bool(case.crisis)))
    place(case)


def place(case: Case) -> None:
    """The case's place in the queue (in memory)."""
    known = priority.Weight(case.harm, case.reporters, bool(case.crisis), case.hidden_at is not None)
    case.effective_since = priority.effective(known, case.waiting_since)


def back_to_queue(case: Case, stage: str, now: datetime) -> None:
    """Nobody holds it any more (in memory). `stage` says what is to be done with it next."""
    if case.stage != stage:
        case.waiting_since = now
    case.state, case.stage = Case.State.OPEN, stage
    case.claimed_by = case.claimed_until = case.kept_for = case.kept_until = None
    place(case)


def apply(case: Case, effect: str, warning: str = "") -> None:
    """Tell the part that holds the thing what happens to it."""
    known = kinds.get(case.kind)
    if known is None:
        log.error("kind.unknown", kind=case.kind, id=str(case.id))
        return
    known.apply(case.ident, effect, warning=warning)
