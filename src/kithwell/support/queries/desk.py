"""A supporter's own desk, and one conversation with everything beside it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.support import access, house, ports, ready, words
from kithwell.support.actions import common as acting
from kithwell.support.actions import desk as acting_desk
from kithwell.support.actions import silence
from kithwell.support.models import (
    Alert,
    Conversation,
    Debrief,
    Flag,
    FollowUp,
    HandOver,
    Note,
    Presence,
    QuickReply,
    SupporterState,
    Team,
)
from kithwell.support.queries import common, transcript
from kithwell.support.queries.views import (
    AlertRow,
    ColleagueRow,
    ConversationView,
    DebriefRow,
    Desk,
    FlagRow,
    FollowUpRow,
    HandOverRow,
    MyState,
    NoteRow,
    PastRow,
    QuickReplyRow,
)
from kithwell.support.rules import care


def desk(principal: Principal) -> Desk:
    """Everything on one's own desk. Eleven queries at most, whatever lies on it. Raises Refused for non-staff."""
    account = access.need_role(principal, *access.STAFF)
    rows = Conversation.objects.filter(common.mine(account)).order_by("assigned_at").values(*common.CARD)
    offers = list(
        HandOver.objects.filter(to_account=account, state="offered").select_related("conversation__contact")
    )
    follow = list(_follow_ups(account))
    alerts = list(_alerts(Q(account=account, acknowledged_at__isnull=True, settled_at__isnull=True)))
    state = SupporterState.objects.filter(account=account).first() or SupporterState(account=account)
    names = common.names({o.from_account for o in offers})
    debriefs = Debrief.objects.filter(account=account, state="due").order_by("created_at")
    return Desk(
        mine=common.cards(list(rows)),
        me=my_state(principal, state),
        waiting_any=_waiting_any(state),
        offers=tuple(hand_over_row(o, names, {}) for o in offers),
        follow_ups=tuple(_follow_up_row(f, account) for f in follow),
        debriefs=tuple(
            DebriefRow(*row) for row in debriefs.values_list("conversation", "level", "created_at")
        ),
        alerts=tuple(alert_row(a) for a in alerts),
        n=acting.pulse(),
    )


def my_state(principal: Principal, state: SupporterState) -> MyState:
    """Where a supporter stands now. One query."""
    now, limits = clock.now(), house.limits()
    me = acting_desk.carer(state, *acting_desk.loads([state.account]).get(state.account, (0, 0)))
    cooling = state.cooldown_until if state.cooldown_until and state.cooldown_until > now else None
    return MyState(
        shift=me.on_shift,
        on_break=me.on_break,
        break_since=state.break_since,
        cooldown_until=cooling,
        cap=care.cap_of(me, limits),
        load=me.load,
        may_take=care.refusal(me, limits, now) if principal.has("supporter") else "no_role",
        on_shift_since=state.on_shift_since,
        shift_ends_at=state.shift_ends_at,
        break_due_at=state.worked_since + limits.work_before_break if state.worked_since else None,
        hard_this_week=len(care.recent_hard(me.hard_contacts, limits, now)),
        languages=tuple(state.languages),
    )


def _waiting_any(state: SupporterState) -> bool:
    return acting_desk.waiting_for(state).exists()


def _follow_ups(account: UUID) -> object:
    return (
        FollowUp.objects.filter(by=account, state__in=("planned", "at_desk"))
        .select_related("conversation__contact")
        .order_by("due_at")[:20]
    )


def _follow_up_row(row: FollowUp, account: UUID) -> FollowUpRow:
    return FollowUpRow(
        row.id,
        row.reached_id or row.conversation_id,
        row.conversation.contact.handle,
        row.kind,
        row.due_at,
        row.state,
        row.by == account,
    )


def _alerts(which: Q) -> object:
    return (
        Alert.objects.filter(which)
        .select_related("conversation__contact")
        .order_by("-level", "created_at")[:50]
    )


def alert_row(alert: Alert, answered_by: tuple[str, ...] = ()) -> AlertRow:
    handle = alert.conversation.contact.handle
    return AlertRow(alert.id, alert.conversation_id, handle, alert.level, alert.created_at, answered_by)


def hand_over_row(offer: HandOver, names: dict[UUID, str], teams: dict[UUID, str]) -> HandOverRow:
    subject = offer.conversation.contact.subject
    to_name = (
        teams.get(offer.to_team_id, "")
        if offer.to_team_id
        else names.get(offer.to_account or UUID(int=0), "")
    )
    return HandOverRow(
        offer.id,
        offer.conversation_id,
        names.get(offer.from_account, "") if offer.from_account else "",
        offer.to_kind,
        to_name,
        words.open_text(subject, offer.note, ("support_handover", "note", offer.id)),
        offer.created_at,
    )


def conversation(principal: Principal, conversation_id: UUID) -> ConversationView:
    """The one screen of one conversation, for staff. A fixed number of queries; reading it is audited."""
    account = access.need_role(principal, *access.STAFF)
    seen = access.conversation(principal, conversation_id)
    if seen.is_person:  # supporters are people too: their own is read where people read theirs
        raise NotFound()
    it = seen.conversation
    common.note_reading(principal, it)
    card = Conversation.objects.filter(id=it.id).values(*common.CARD)
    notes = list(Note.objects.filter(conversation=it).order_by("created_at"))
    flags = _flags(it)
    offer = _offer(it)
    follow = (
        FollowUp.objects.filter(conversation=it).select_related("conversation__contact").order_by("due_at")
    )
    present = _present(it)
    teams = {t.id: t for t in Team.objects.order_by("name")}
    colleagues = list(
        SupporterState.objects.filter(on_shift_since__isnull=False).exclude(account=account)[:100]
    )
    names = common.names(
        {n.by for n in notes} | {f.by for f in flags} | {c.account for c in colleagues} | {it.assigned_to, *present}
        | ({offer.from_account, offer.to_account} if offer else set())
    )  # fmt: skip
    return ConversationView(
        card=common.cards(list(card))[0],
        transcript=transcript.build(principal, seen),
        role=seen.role,
        can=_can(principal, seen, offer),
        notes=tuple(_note_row(n, it, names) for n in notes),
        flags=tuple(_flag_row(f, names) for f in flags),
        past=_past(it),
        screening=transcript.screening(it),
        quick_replies=quick_replies(it.language or "en"),
        colleagues=_colleagues(colleagues, names),
        teams=tuple((t.slug, t.name) for t in teams.values()),
        hand_over=hand_over_row(offer, names, {t.id: t.name for t in teams.values()}) if offer else None,
        follow_ups=tuple(_follow_up_row(f, account) for f in follow),
        assigned_name=names.get(it.assigned_to, "") if it.assigned_to else "",
        present=tuple(names.get(p, "") for p in present),
        max_chars=_max_chars(it.channel),
        silent=silence.wanted(it),
    )


def _offer(it: Conversation) -> HandOver | None:
    return (
        HandOver.objects.filter(conversation=it, state="offered")
        .select_related("conversation__contact")
        .first()
    )


def _present(it: Conversation) -> list[UUID]:
    return list(
        Presence.objects.filter(conversation=it, left_at__isnull=True).values_list("account", flat=True)
    )


def _max_chars(channel: str) -> int:
    try:
        return ports.adapter(channel).limits.text
    except LookupError:
        return ports.Limits().text


def _can(principal: Principal, seen: access.Access, offer: HandOver | None) -> frozenset[str]:
    """What this principal may do now; pages show these and actions check them again."""
    open_ = seen.conversation.state != Conversation.State.ENDED
    human = seen.conversation.state == Conversation.State.HUMAN
    may: set[str] = set()
    if seen.role == "holder":
        may |= {"note", "flag", "end", "set_level", "reveal"}
        may |= {"reply", "hand_over", "whisper", "release"} if human else set()
    if seen.role in ("supervisor", "joined", "oncall"):
        may |= {"note", "flag", "set_level", "reveal"}
        may |= {"whisper"} if open_ else set()
        if open_ and (principal.has("supervisor") or seen.role == "oncall"):
            may |= {"take_over"} | ({"leave"} if seen.role == "joined" else {"join"})
    if offer is not None and offer.to_account == principal.id:
        may |= {"accept", "decline"}
    if offer is not None and offer.from_account == principal.id:
        may.add("withdraw")
    if principal.has("supervisor"):
        may.add("redact")
    return frozenset(may)


def _flags(it: Conversation) -> list[Flag]:
    live = Flag.objects.filter(
        contact_id__in=access.same_person(it.contact), until__gt=clock.now(), removed_at__isnull=True
    )
    return list(live.select_related("contact").order_by("created_at"))


def _flag_row(flag: Flag, names: dict[UUID, str]) -> FlagRow:
    reason = words.open_text(flag.contact.subject, flag.reason, ("support_flag", "reason", flag.id))
    return FlagRow(flag.id, flag.kind, reason, flag.until, names.get(flag.by, "") if flag.by else "")


def _note_row(note: Note, it: Conversation, names: dict[UUID, str]) -> NoteRow:
    text = words.open_text(it.contact.subject, note.text, ("support_note", "text", note.id))
    return NoteRow(note.id, names.get(note.by, "") if note.by else "", text, note.created_at)


def _past(it: Conversation) -> tuple[PastRow, ...]:
    """Earlier conversations of the same person, newest first."""
    rows = (
        Conversation.objects.filter(contact_id__in=access.same_person(it.contact), last_n__gt=0)
        .exclude(id=it.id)
        .select_related("contact")
        .order_by("-created_at")[:20]
    )
    return tuple(
        PastRow(
            row.id,
            row.channel,
            row.created_at,
            row.ended_at,
            row.level,
            words.open_text(row.contact.subject, row.summary, (words.CONVERSATION, "summary", row.id)),
            words.open_text(row.contact.subject, row.next_step, (words.CONVERSATION, "next_step", row.id)),
        )
        for row in rows
    )


def _colleagues(rows: list[SupporterState], names: dict[UUID, str]) -> tuple[ColleagueRow, ...]:
    now, limits = clock.now(), house.limits()
    held = acting_desk.loads()
    return tuple(
        ColleagueRow(
            row.account,
            names.get(row.account, ""),
            tuple(row.languages),
            not care.refusal(acting_desk.carer(row, *held.get(row.account, (0, 0))), limits, now),
        )
        for row in sorted(rows, key=lambda r: names.get(r.account, ""))
    )


def quick_replies(language: str) -> tuple[QuickReplyRow, ...]:
    """The house's own reviewed sentences in a language (English where there are none), else those that come with
    Kithwell. One query."""
    rows = QuickReply.objects.filter(language__in=(language[:2], language, "en"), reviewed_at__isnull=False)
    best: dict[str, tuple[bool, QuickReplyRow]] = {}
    for key, lang, title, text in rows.order_by("key").values_list("key", "language", "title", "text"):
        own = lang != "en" or language.startswith("en")
        if key not in best or (own and not best[key][0]):
            best[key] = (own, QuickReplyRow(key, title, text))
    shipped = [QuickReplyRow(*row) for row in ready.sentences(language) if row[0] not in best]
    return (*(row for _, row in best.values()), *shipped)


def teams() -> tuple[tuple[str, str], ...]:
    """(slug, name) of every team. One query."""
    return tuple(Team.objects.order_by("name").values_list("slug", "name"))
