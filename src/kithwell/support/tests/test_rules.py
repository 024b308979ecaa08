"""The pure rules, by property: order, ageing, status, window, control, care, and honest waiting words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from kithwell.support.rules import care, control, levels, order, status, triage, waiting, window

T0 = datetime(2026, 11, 21, tzinfo=UTC)
moments = st.integers(0, 10_000_000).map(lambda s: T0 + timedelta(seconds=s))
needs = st.builds(
    triage.Need,
    level=st.sampled_from([*levels.LEVELS, levels.UNKNOWN]),
    self_rating=st.none() | st.integers(0, 10),
    asked_for_person=st.booleans(),
    carried_over=st.booleans(),
)
idents = st.uuids()
places = st.builds(triage.place, needs, moments, idents)


@given(places, places, places)
def test_the_queue_is_a_total_order(a: triage.Place, b: triage.Place, c: triage.Place) -> None:
    assert (a < b) + (b < a) + (a == b) == 1
    if a <= b and b <= c:
        assert a <= c


@given(needs, needs, moments, moments, idents, idents)
def test_c4_and_c5_are_ahead_of_everybody_else_however_long_they_wait(
    crisis: triage.Need, other: triage.Need, at: datetime, before: datetime, one: UUID, two: UUID
) -> None:
    assume(levels.is_crisis(crisis.level) and not levels.is_crisis(other.level))
    assert triage.place(crisis, at, one) < triage.place(other, before, two)


@given(needs, needs, moments, st.integers(0, 100_000), idents, idents)
def test_nobody_starves_because_nobody_who_comes_later_than_the_longest_head_start_can_pass(
    first: triage.Need, later: triage.Need, at: datetime, more: int, one: UUID, two: UUID
) -> None:
    assume(triage.band(first.level) == triage.band(later.level))
    after = at + triage.MAX_HEAD_START + timedelta(seconds=more + 1)
    assert triage.place(first, at, one) < triage.place(later, after, two)


def test_a_c0_who_has_waited_long_passes_a_fresh_c2_but_never_a_c4() -> None:
    old, now = T0, T0 + timedelta(hours=6)
    c0 = triage.place(triage.Need("C0"), old, UUID(int=1))
    assert c0 < triage.place(triage.Need("C2", self_rating=10), now, UUID(int=2))
    assert c0 > triage.place(triage.Need("C4"), now, UUID(int=3))


@given(needs, moments, idents, st.integers(0, 10))
def test_more_need_never_moves_anybody_back(
    need: triage.Need, at: datetime, ident: UUID, rating: int
) -> None:
    place = triage.place(need, at, ident)
    asked = triage.Need(need.level, need.self_rating, True, need.carried_over)
    rated = triage.Need(
        need.level, max(rating, need.self_rating or 0), need.asked_for_person, need.carried_over
    )
    assert triage.place(asked, at, ident) <= place
    assert triage.place(rated, at, ident) <= place
    worse = levels.LEVELS[min(5, levels.rank(need.level) + 1)]
    raised = triage.Need(worse, need.self_rating, need.asked_for_person, need.carried_over)
    assert triage.place(raised, at, ident) <= place


def test_what_could_not_be_screened_ranks_as_doubt_and_not_as_nothing() -> None:
    unknown, fine = triage.Need(levels.UNKNOWN), triage.Need("C1")
    assert triage.head_start(unknown) > triage.head_start(fine)


@given(
    st.lists(st.sampled_from(["sent", "delivered", "read", "played", "failed", "deleted", ""]), max_size=12)
)
def test_statuses_in_any_order_and_any_number_end_in_the_same_state(reports: list[str]) -> None:
    def run(some: list[str]) -> str:
        state = status.SENDING
        for report in some:
            state = status.advance(state, report)
        return state

    assert run(reports) == run(sorted(reports)) == run([*reports, *reports]) == run(list(reversed(reports)))


@given(st.lists(st.sampled_from(status.REPORTED), max_size=8), st.sampled_from(status.REPORTED))
def test_a_status_never_moves_back(reports: list[str], one_more: str) -> None:
    state = status.SENT
    for report in reports:
        state = status.advance(state, report)
    after = status.advance(state, one_more)
    arrived = ("delivered", "read", "played")
    assert not (state in arrived and after not in arrived)
    assert status.advance(after, one_more) == after


def test_a_failure_stands_over_sent_and_an_arrival_over_a_failure() -> None:
    assert status.advance("sent", "failed") == "failed"
    assert status.advance("failed", "sent") == "failed"
    assert status.advance("failed", "delivered") == "delivered"


def test_a_retry_clears_nothing_until_it_succeeds_and_an_arrived_attempt_counts() -> None:
    assert status.best(["failed"]) == "failed"
    assert status.best(["failed", "pending"]) == "pending"
    assert status.best(["failed", "sent"]) == "sent"
    assert status.best(["delivered", "failed"]) == "delivered"
    assert status.best(["delivered", "read"]) == "read"


@given(st.integers(1, 48), moments, moments)
def test_the_window_is_open_exactly_when_the_provider_would_take_it(
    hours: int, last: datetime, now: datetime
) -> None:
    found = window.state(hours, last, now)
    if found.open and last <= now:
        assert now - last < timedelta(hours=hours)
        assert found.closes_at is not None and found.closes_at > now
    if now - last >= timedelta(hours=hours):
        assert not found.open


def test_a_channel_without_a_window_is_always_open_and_silence_opens_none() -> None:
    assert window.state(None, None, T0).open
    assert not window.state(24, None, T0).open


@given(st.lists(st.sampled_from(["assistant", "human", "nobody"]), max_size=20))
def test_every_change_of_hands_raises_the_version_by_one(hands: list[str]) -> None:
    held = control.Control()
    for n, hand in enumerate(hands, start=2):
        held = control.hand_to(held, hand)
        assert (held.controller, held.version) == (hand, n)


carers = st.builds(
    care.Carer,
    on_shift=st.booleans(),
    on_break=st.booleans(),
    load=st.integers(0, 5),
    hard_load=st.integers(0, 2),
    cooldown_until=st.none() | moments,
    worked_since=st.none() | moments,
    hard_contacts=st.lists(moments, max_size=4).map(tuple),
    cap=st.none() | st.integers(1, 6),
)


@given(carers, moments)
def test_nobody_takes_a_person_off_shift_on_a_break_while_resting_when_a_break_is_due_or_at_the_cap(
    carer: care.Carer, now: datetime
) -> None:
    limits = care.Limits()
    if care.refusal(carer, limits, now) == "":
        assert carer.on_shift and not carer.on_break
        assert carer.cooldown_until is None or carer.cooldown_until <= now
        assert carer.load < limits.cap
        assert not care.break_due(carer, limits, now)


@given(
    carers,
    st.sampled_from(levels.LEVELS),
    st.integers(0, 600),
    st.lists(st.integers(0, 5), max_size=4),
    moments,
)
def test_fairness_between_carers_never_holds_up_somebody_in_crisis_for_long(
    carer: care.Carer, level: str, waited: int, others: list[int], now: datetime
) -> None:
    limits = care.Limits()
    may = care.may_take(carer, level, timedelta(seconds=waited), others, limits, now)
    room = care.room_for(carer, levels.is_urgent(level), limits)
    if not levels.is_crisis(level) or waited >= limits.fair_share_wait.total_seconds() or not others:
        assert may == room


def test_the_last_place_is_kept_for_those_in_danger() -> None:
    two = care.Carer(on_shift=True, on_break=False, load=2)
    assert not care.room_for(two, False, care.Limits())
    assert care.room_for(two, True, care.Limits())
    beginner = care.Carer(on_shift=True, on_break=False, load=0, cap=1)
    assert care.room_for(beginner, False, care.Limits())


def test_the_carer_with_fewer_hard_contacts_goes_first() -> None:
    now, limits = T0, care.Limits()
    tired = care.Carer(True, False, 0, hard_contacts=(T0 - timedelta(days=1), T0 - timedelta(days=2)))
    assert not care.may_take(tired, "C4", timedelta(0), [1], limits, now)
    assert care.may_take(tired, "C4", timedelta(0), [2, 3], limits, now)
    assert care.may_take(tired, "C3", timedelta(0), [0], limits, now)


@given(st.integers(0, 500), st.integers(0, 50), st.lists(st.floats(0, 20_000), max_size=40))
def test_a_wait_is_never_promised_shorter_than_what_people_just_lived_through(
    ahead: int, staff: int, waits: list[float]
) -> None:
    minutes = waiting.estimate(ahead, staff, waits)
    if staff == 0:
        assert minutes == -1
    elif len(waits) >= waiting.MIN_SAMPLES and minutes < 240:
        assert minutes * 60 >= waiting.percentile(waits, 0.75)


@given(st.lists(st.floats(0, 1000), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_at_least_that_share_is_below(
    values: list[float], share: float
) -> None:
    found = waiting.percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values) - 1e-9


def test_messages_are_ordered_by_the_providers_time_and_only_then_by_anything_else() -> None:
    class M:
        def __init__(self, at: datetime, n: int, ident: str) -> None:
            self.provider_at, self.order, self.provider_id = at, n, ident

    a, b, c = M(T0, 1, "z"), M(T0, 2, "a"), M(T0 + timedelta(seconds=1), 0, "a")
    assert sorted([c, b, a], key=order.key) == [a, b, c]
