"""The shapes that reads return: frozen, small, no model objects, no addresses anywhere (safety invariant 11)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ButtonRow:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """`state`: arriving | ready | failed | removed; bytes come from `queries.attachment`, blurred until asked for."""

    id: UUID
    kind: str
    mime: str
    name: str
    size: int
    state: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as shown. `author`: person | assistant | supporter | system | note.

    `name` is a handle or pseudonym ("" for the assistant and the system). `status` follows rules.status; `loud` says
    that it did not arrive and somebody should act. `level` and `spans` are "" and () for the person themself.
    `redacted`: the words were taken out, with a reason kept in the audit.
    """

    n: int
    id: UUID
    author: str
    name: str
    text: str
    at: datetime
    status: str
    kind: str
    attachments: tuple[AttachmentRow, ...] = ()
    level: str = ""
    buttons: tuple[ButtonRow, ...] = ()
    script: str = ""
    mine: bool = False
    redacted: bool = False
    loud: bool = False
    error_class: str = ""
    reply_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """`n`: the newest arrival number (ask again with since=n); messages in display order.

    `since` filters by arrival number, and a late message may belong between older ones: sort by its place in a full
    read, or append; both end in the same transcript on reload.
    """

    conversation_id: UUID
    messages: tuple[MessageRow, ...]
    n: int
    state: str
    controller: str
    version: int
    handle: str
    language: str
    channel: str
    with_name: str  # the supporter's pseudonym while a human holds it, else ""
    ended_at: datetime | None
    can_write: bool


@dataclass(frozen=True, slots=True)
class FlagRow:
    id: UUID
    kind: str
    reason: str
    until: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: UUID
    by_name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One reason of the screening: words of the person (None where they were not kept) and what they count for.

    `label` is in the reader's language; `weighed` where the scorer alone gave the reason.
    """

    text: str
    label: str
    weight: float
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """Why the level is what it is, from the most serious message."""

    level: str
    score: float
    distress: float
    lang: str
    validated: bool
    version: str
    message_n: int
    spans: tuple[SpanRow, ...]
    harm: tuple[str, ...]
    conduct: tuple[str, ...]
    failed: bool


@dataclass(frozen=True, slots=True)
class PastRow:
    """An earlier conversation of the same person."""

    id: UUID
    channel: str
    started_at: datetime
    ended_at: datetime | None
    level: str
    summary: str
    next_step: str


@dataclass(frozen=True, slots=True)
class HandOverRow:
    id: UUID
    conversation_id: UUID
    from_name: str
    to_kind: str
    to_name: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    id: UUID
    conversation_id: UUID
    handle: str
    kind: str
    due_at: datetime
    state: str
    mine: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A call about somebody in danger. `answered_by`: names of those who said that they are on it."""

    id: UUID
    conversation_id: UUID
    handle: str
    level: str
    at: datetime
    answered_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """One line on the desk. `window_closes_at` None with `window_open` True: the channel knows no window."""

    id: UUID
    handle: str
    channel: str
    level: str
    self_rating: int | None
    language: str
    country: str
    state: str
    unanswered: int
    last_at: datetime
    n: int
    waiting_since: datetime | None
    window_open: bool
    window_closes_at: datetime | None
    reason: str
    failed_sends: int


@dataclass(frozen=True, slots=True)
class DebriefRow:
    conversation_id: UUID
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MyState:
    """`may_take`: "" when "Take the next person" would work, else why not (off_shift, on_break, cooling_down,
    break_due, at_cap, no_role)."""

    shift: bool
    on_break: bool
    break_since: datetime | None
    cooldown_until: datetime | None
    cap: int
    load: int
    may_take: str
    on_shift_since: datetime | None
    shift_ends_at: datetime | None
    break_due_at: datetime | None
    hard_this_week: int
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on a supporter's own desk; never the queue itself, only whether anybody waits."""

    mine: tuple[ConversationCard, ...]
    me: MyState
    waiting_any: bool
    offers: tuple[HandOverRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    debriefs: tuple[DebriefRow, ...]
    alerts: tuple[AlertRow, ...]
    n: int


@dataclass(frozen=True, slots=True)
class QuickReplyRow:
    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody a conversation can be handed to."""

    id: UUID
    name: str
    languages: tuple[str, ...]
    free: bool


@dataclass(frozen=True, slots=True)
class ConversationView:
    """The one screen: conversation, what they told, before, why this level, notes, flags, and what may be done.

    `role`: holder | offered | joined | supervisor | oncall. `can`: any of reply, note, flag, hand_over, end, whisper,
    take_over, redact, reveal, accept, decline, leave, set_level.
    """

    card: ConversationCard
    transcript: Transcript
    role: str
    can: frozenset[str]
    notes: tuple[NoteRow, ...]
    flags: tuple[FlagRow, ...]
    past: tuple[PastRow, ...]
    screening: ScreeningRow | None
    quick_replies: tuple[QuickReplyRow, ...]
    colleagues: tuple[ColleagueRow, ...]
    teams: tuple[tuple[str, str], ...]  # (slug, name)
    hand_over: HandOverRow | None
    follow_ups: tuple[FollowUpRow, ...]
    assigned_name: str
    present: tuple[str, ...]  # names of those who joined
    max_chars: int
    silent: bool  # they wrote STOP and nothing since: what is written to them waits


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One open conversation as a supervisor sees it."""

    id: UUID
    handle: str
    channel: str
    level: str
    state: str
    in_queue: bool
    language: str
    waiting_since: datetime | None
    waiting_seconds: int  # until now while waiting; until the first reply otherwise
    assigned_name: str
    assigned_to: UUID | None
    silent_seconds: int  # since anything was said
    unanswered: int
    team: str
    alert: bool


@dataclass(frozen=True, slots=True)
class CarerRow:
    """One supporter on shift. `hard_this_week`: C4-C5 contacts in the last seven days."""

    id: UUID
    name: str
    load: int
    cap: int
    on_break: bool
    cooldown_until: datetime | None
    on_shift_since: datetime
    heartbeat_seconds: int
    hard_this_week: int
    break_due: bool
    wants_talk: bool


@dataclass(frozen=True, slots=True)
class SupervisorBoard:
    waiting: tuple[BoardRow, ...]
    talking: tuple[BoardRow, ...]
    with_assistant: int
    carers: tuple[CarerRow, ...]
    longest_wait_seconds: int
    over_five_minutes: int  # C3 and above, waiting longer than five minutes
    alerts: tuple[AlertRow, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar or point of a picture: a stretch of time and its figures (waits in seconds)."""

    at: datetime
    started: int
    answered: int
    median_wait: float
    p95_wait: float
    abandoned: int


@dataclass(frozen=True, slots=True)
class LoadRow:
    account: UUID
    name: str
    conversations: int
    hard: int
    hours: float


@dataclass(frozen=True, slots=True)
class Reports:
    """Figures since a moment. Waits in seconds from asking to the first human reply. `urgent`: people at C3 and above;
    `urgent_judged`: of these, answered or waiting for longer than 300 s; `urgent_in_time`: answered within 300 s.
    `abandoned`: ended without a human's word though they waited for one. A share of fewer than `FEW` is no share:
    pages show the counts instead."""

    since: datetime
    started: int
    answered: int
    median_wait: float
    p95_wait: float
    urgent: int
    urgent_judged: int
    urgent_in_time: int
    abandoned: int
    by_level: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    buckets: tuple[Bucket, ...]
    load: tuple[LoadRow, ...]
    held: int
    failed_sends: int


@dataclass(frozen=True, slots=True)
class Open:
    """What a person who might write wants to know. `wait_minutes` -1: nobody can say. `position`: next | few | some |
    many."""

    staffed: bool
    waiting: int
    wait_minutes: int
    position: str = "next"


@dataclass(frozen=True, slots=True)
class PersonView:
    """What the person themself needs besides the transcript."""

    conversation_id: UUID | None
    contact_id: UUID
    handle: str
    state: str
    queue_position: int  # people ahead of them; -1 when not waiting
    open: Open = field(default_factory=lambda: Open(False, 0, -1))
