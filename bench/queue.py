"""A simulated week at the desk: surges of nine times the usual rate, shifts, breaks, rests, lost leases.

The desk's own pure rules decide everything (who is next, who may take whom, when a break or a rest is due); only people
are made up. Nobody gives up waiting here, so the longest wait is the worst case. Seeded: the same seed gives the same
week.

Held to: at least 94 % of C3 and above answered within 5 minutes of writing, at the staffing printed; nobody overtaken
by somebody who came later than the head starts allow, and nobody waiting more than 12 hours; caps, breaks and rests
kept without exception.

usage: ./dev bench queue [--seed N] [--days N] [--usual N] [--use N.N]
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
import sys
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kithwell.support.rules import care, levels, triage
from kithwell.support.rules.waiting import percentile

BEGIN = datetime(2026, 11, 16, tzinfo=UTC)  # a Monday
BAR = 0.94
LONGEST_HOURS = 12.0  # nobody, however light their trouble, waits longer than this in the worst surge
# Share of people by level. C3 and above: 10 %. C4-C5: 3 %.
MIX = {"C0": 0.40, "C1": 0.33, "C2": 0.17, "C3": 0.07, "C4": 0.025, "C5": 0.005}
HOURLY = [
    0.9,
    0.8,
    0.7,
    0.5,
    0.4,
    0.3,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    0.9,
    0.9,
    1.0,
    1.1,
    1.2,
    1.4,
    1.7,
    1.9,
    2.0,
    1.8,
    1.3,
]
SURGES = ((1, 20.0, 1.5), (3, 2.0, 1.0), (5, 21.0, 1.5))  # (day, hour it begins, hours it lasts)
SURGE = 9.0
TALK_MINUTES, TALK_SPREAD = 40.0, 0.5  # a conversation: log-normal around the field's published 40 minutes
FIRST_WORDS = (15.0, 60.0)  # seconds from taking a person to the first words
CLICK = (5.0, 25.0)  # seconds until somebody free presses "Take the next person"
SETTLE = (60.0, 180.0)  # seconds before somebody who has just taken a person takes a second or third
SHIFT_HOURS = 4
SILENT = 0.02  # share of shifts in which the connection is lost for good half-way


@dataclass(slots=True)
class Person:
    ident: uuid.UUID
    at: datetime
    level: str
    rating: int | None
    answered: datetime | None = None
    carried: bool = False
    overtaken_by_later: timedelta = timedelta(0)

    def place(self) -> triage.Place:
        return triage.place(triage.Need(self.level, self.rating, False, self.carried), self.at, self.ident)


@dataclass(slots=True)
class Worker:
    number: int
    starts: datetime
    ends: datetime
    dies: datetime | None
    ready_at: datetime
    worked_since: datetime
    on_break_until: datetime | None = None
    cooldown_until: datetime | None = None
    talking: dict[uuid.UUID, Person] = field(default_factory=dict)
    hard: list[datetime] = field(default_factory=list)
    most: int = 0
    longest_work: timedelta = timedelta(0)
    taken: int = 0
    broken: list[str] = field(default_factory=list)

    def carer(self, now: datetime) -> care.Carer:
        there = self.starts <= now < self.ends - timedelta(minutes=30) and (
            self.dies is None or now < self.dies
        )
        return care.Carer(
            on_shift=there,
            on_break=self.on_break_until is not None and now < self.on_break_until,
            load=len(self.talking),
            hard_load=sum(levels.is_crisis(p.level) for p in self.talking.values()),
            cooldown_until=self.cooldown_until,
            worked_since=self.worked_since,
            hard_contacts=tuple(self.hard),
        )


def arrivals(dice: random.Random, days: int, usual: float) -> list[Person]:
    """People of `days` days by thinning; `usual` is the mean per hour outside surges."""
    people: list[Person] = []
    mean = sum(HOURLY) / 24
    peak = usual * max(HOURLY) / mean * SURGE
    at, end = BEGIN, BEGIN + timedelta(days=days)
    while True:
        at += timedelta(hours=dice.expovariate(peak))
        if at >= end:
            return people
        rate = usual * HOURLY[at.hour] / mean * (SURGE if in_surge(at) else 1.0)
        if dice.random() < rate / peak:
            level = dice.choices(list(MIX), list(MIX.values()))[0]
            rating = (
                min(10, max(0, round(dice.gauss(3 + 1.4 * levels.rank(level), 1.8))))
                if dice.random() < 0.6
                else None
            )
            people.append(Person(uuid.UUID(int=dice.getrandbits(128)), at, level, rating))


def in_surge(at: datetime) -> bool:
    hours = (at - BEGIN).total_seconds() / 3600
    return any(24 * day + hour <= hours < 24 * day + hour + long for day, hour, long in SURGES)


def needed(usual: float, hour: int, use: float, places: int) -> int:
    """Supporters for an hour of the day: the expected load at share of use `use`, never fewer than four."""
    rate = usual * max(HOURLY[hour], HOURLY[(hour + 1) % 24]) / (sum(HOURLY) / 24)
    return max(4, math.ceil(rate * TALK_MINUTES / 60 / (places * use)))


def roster(dice: random.Random, days: int, usual: float, use: float, limits: care.Limits) -> list[Worker]:
    """Shifts of four and a half hours that begin at every half hour, so that the desk never changes all at once.

    No surge is known beforehand: the roster is that of a usual week.
    """
    workers: list[Worker] = []
    for half in range(
        -48, 48 * days + 24
    ):  # from the day before, so that the week begins in the middle of things
        begin = BEGIN + timedelta(minutes=30 * half)
        there = sum(1 for w in workers if begin + timedelta(minutes=30) < w.ends - timedelta(minutes=30))
        for _ in range(max(0, needed(usual, begin.hour, use, limits.cap - limits.reserve) - there)):
            if half < -38 and dice.random() < 0.8:
                continue
            starts = begin + timedelta(minutes=dice.uniform(0, 5))
            ends = starts + timedelta(hours=SHIFT_HOURS, minutes=30)
            dies = (
                starts + timedelta(hours=SHIFT_HOURS * dice.uniform(0.3, 0.8))
                if dice.random() < SILENT
                else None
            )
            workers.append(Worker(len(workers), starts, ends, dies, starts, starts))
    return workers


class Week:
    """The simulation: somebody writes, a talk ends, somebody looks again, a lease is lost, a quarter hour goes by."""

    def __init__(
        self, seed: int, days: int, usual: float, use: float, called_in: float, reserve: int
    ) -> None:
        self.called_in = called_in
        self.crew_until = BEGIN
        self.crews = 0
        self.dice = random.Random(seed)
        self.limits = care.Limits(reserve=reserve)
        self.people = arrivals(self.dice, days, usual)
        self.workers = roster(self.dice, days, usual, use, self.limits)
        self.waiting: list[tuple[triage.Place, Person]] = []
        self.events: list[tuple[datetime, int, str, Person | None, Worker | None]] = []
        self.count = self.moved = self.second_hard = 0
        for person in self.people:
            self.push(person.at, "writes", person)
        for worker in self.workers:
            self.push(worker.starts, "look", None, worker)
            if worker.dies is not None:
                self.push(worker.dies + self.limits.lease, "lost", None, worker)
        for quarter in range(days * 96 + 200):
            self.push(BEGIN + timedelta(minutes=15 * quarter), "quarter")

    def push(
        self, at: datetime, what: str, person: Person | None = None, worker: Worker | None = None
    ) -> None:
        self.count += 1
        heapq.heappush(self.events, (at, self.count, what, person, worker))

    def run(self) -> None:
        last = BEGIN + timedelta(days=400)
        while self.events and self.events[0][0] < last:
            now, _, what, person, worker = heapq.heappop(self.events)
            if what == "writes" and person is not None:
                heapq.heappush(self.waiting, (person.place(), person))
            elif what == "ends" and person is not None and worker is not None:
                self.talk_ends(person, worker, now)
            elif what == "lost" and worker is not None:
                self.lease_lost(worker, now)
            elif what == "look" and worker is not None:
                self.look(worker, now)
            elif what == "quarter":
                self.call_in(now)
            if what == "writes":
                self.wake(now)

    def call_in(self, now: datetime) -> None:
        """Twice as many wait as supporters are there: others are called in, and are there 45 minutes later."""
        there = len(self.active(now))
        if not self.called_in or now < self.crew_until or len(self.waiting) <= 2 * there:
            return
        starts = now + timedelta(minutes=45)
        self.crew_until = starts + timedelta(hours=SHIFT_HOURS)
        self.crews += 1
        for _ in range(math.ceil(there * self.called_in)):
            ends = self.crew_until + timedelta(minutes=30)
            worker = Worker(len(self.workers), starts, ends, None, starts, starts)
            self.workers.append(worker)
            self.push(starts + timedelta(seconds=self.dice.uniform(*SETTLE)), "look", None, worker)

    def wake(self, now: datetime) -> None:
        """Somebody writes: those who sit ready see that somebody waits."""
        for worker in self.active(now):
            if worker.ready_at <= now and not care.refusal(worker.carer(now), self.limits, now):
                worker.ready_at = now + timedelta(seconds=self.dice.uniform(*CLICK))
                self.push(worker.ready_at, "look", None, worker)

    def active(self, now: datetime) -> list[Worker]:
        return [w for w in self.workers if w.starts <= now < w.ends]

    def look(self, worker: Worker, now: datetime) -> None:
        self.rest(worker, now)
        me = worker.carer(now)
        if care.refusal(me, self.limits, now):
            return
        others = [
            len(care.recent_hard(w.hard, self.limits, now))
            for w in self.active(now)
            if w is not worker
            and not care.refusal(w.carer(now), self.limits, now)
            and w.carer(now).hard_load < self.limits.hard_cap
        ]
        skipped: list[tuple[triage.Place, Person]] = []
        while self.waiting:
            place, person = heapq.heappop(self.waiting)
            if care.may_take(me, person.level, now - person.at, others, self.limits, now):
                self.take(worker, person, now)
                break
            skipped.append((place, person))
        for entry in skipped:
            heapq.heappush(self.waiting, entry)
        if any(levels.is_urgent(p.level) for _, p in skipped):  # let a colleague go first, look again soon
            self.push(now + timedelta(seconds=15), "look", None, worker)

    def take(self, worker: Worker, person: Person, now: datetime) -> None:
        me = worker.carer(now)
        if care.refusal(me, self.limits, now):
            worker.broken.append(care.refusal(me, self.limits, now))
        for _, other in self.waiting:  # whom did this person pass?
            if other.at < person.at and triage.band(other.level) == triage.band(person.level):
                other.overtaken_by_later = max(other.overtaken_by_later, person.at - other.at)
        worker.talking[person.ident] = person
        worker.taken += 1
        worker.most = max(worker.most, len(worker.talking))
        worker.longest_work = max(worker.longest_work, now - worker.worked_since)
        if levels.is_crisis(person.level):
            self.second_hard += me.hard_load > 0
            worker.hard.append(now)
        if person.answered is None:
            person.answered = now + timedelta(seconds=self.dice.uniform(*FIRST_WORDS))
        length = self.dice.lognormvariate(math.log(TALK_MINUTES) - TALK_SPREAD**2 / 2, TALK_SPREAD)
        self.push(now + timedelta(minutes=length), "ends", person, worker)
        worker.ready_at = now + timedelta(seconds=self.dice.uniform(*SETTLE))
        self.push(worker.ready_at, "look", None, worker)

    def talk_ends(self, person: Person, worker: Worker, now: datetime) -> None:
        if worker.talking.pop(person.ident, None) is None:
            return  # its lease was lost meanwhile
        rests = care.cooldown_after(person.level, self.limits, now)
        if rests is not None:
            worker.cooldown_until = rests
            self.push(rests, "look", None, worker)
        self.push(now + timedelta(seconds=self.dice.uniform(*CLICK)), "look", None, worker)

    def rest(self, worker: Worker, now: datetime) -> None:
        """Breaks: at the latest when due and the last talk is over; gladly earlier, when nobody waits."""
        if worker.on_break_until is not None and now >= worker.on_break_until:
            worker.on_break_until, worker.worked_since = None, now
        if worker.talking or worker.on_break_until is not None:
            return
        due = care.break_due(worker.carer(now), self.limits, now)
        early = now - worker.worked_since > self.limits.work_before_break / 2 and not self.waiting
        if due or early:
            worker.on_break_until = now + self.limits.break_length
            self.push(worker.on_break_until, "look", None, worker)

    def lease_lost(self, worker: Worker, now: datetime) -> None:
        for person in list(worker.talking.values()):
            del worker.talking[person.ident]
            person.carried = True
            heapq.heappush(self.waiting, (person.place(), person))
            self.moved += 1
        self.wake(now)


def figures(week: Week) -> dict[str, object]:
    def waits(wanted: object = None, surge: bool | None = None) -> list[float]:
        return [
            (p.answered - p.at).total_seconds()
            for p in week.people
            if p.answered is not None
            and (wanted is None or p.level in wanted)  # type: ignore[operator]
            and (surge is None or in_surge(p.at) == surge)
        ]

    urgent = ("C3", "C4", "C5")
    in_time = [w <= 300 for w in waits(urgent)]
    in_surge_time = [w <= 300 for w in waits(urgent, True)]
    rows = []
    for level in levels.LEVELS:
        some = waits((level,))
        rows.append(
            (level, len(some), percentile(some, 0.5), percentile(some, 0.95), max(some, default=0.0),
             sum(w <= 300 for w in some) / max(1, len(some)))
        )  # fmt: skip
    surge_people = sum(in_surge(p.at) for p in week.people)
    end = max(p.at for p in week.people)
    hours = (
        sum(max(0.0, (min(w.ends, end) - max(w.starts, BEGIN)).total_seconds()) for w in week.workers) / 3600
    )
    return {
        "rows": rows,
        "people": len(week.people),
        "in_surges": surge_people,
        "unanswered": sum(p.answered is None for p in week.people),
        "urgent": len(in_time),
        "urgent_in_5_min": sum(in_time) / max(1, len(in_time)),
        "urgent_in_5_min_in_surges": sum(in_surge_time) / max(1, len(in_surge_time)),
        "longest_wait_hours": max(waits(), default=0.0) / 3600,
        "overtaken_by_at_most_min": max(
            (p.overtaken_by_later.total_seconds() / 60 for p in week.people), default=0.0
        ),
        "may_be_overtaken_by_min": triage.MAX_HEAD_START.total_seconds() / 60,
        "most_at_once": max(w.most for w in week.workers),
        "cap": week.limits.cap,
        "rules_broken": sum(len(w.broken) for w in week.workers),
        "longest_work_min": max(w.longest_work.total_seconds() / 60 for w in week.workers),
        "crews_called_in": week.crews,
        "returned_leases": week.moved,
        "two_hard_at_once": week.second_hard,
        "supporter_hours": hours,
        "people_per_hour": len(week.people) / hours,
        "most_hard_per_shift": max(len(w.hard) for w in week.workers),
    }


def show(found: dict[str, object], week: Week, chosen: argparse.Namespace) -> None:
    limits = week.limits
    staff = [needed(chosen.usual, h, chosen.use, limits.cap - limits.reserve) for h in range(24)]
    surges = f"{found['in_surges']} of them in three surges of {SURGE:.0f} times the usual rate"
    print(f"{found['people']} people in {chosen.days} days, {surges}")
    print(
        f"staffing: {min(staff)} to {max(staff)} supporters by the hour, shifts of {SHIFT_HOURS}.5 h, ",
        end="",
    )
    print(f"{found['supporter_hours']:.0f} supporter hours, {found['people_per_hour']:.2f} people for each")
    print(f"cap {limits.cap}, {limits.reserve} of it kept for C3 and above; ", end="")
    print(f"planned so that {chosen.use:.0%} of the other places are in use on a usual day")
    print(
        f"when twice as many wait as are there, {chosen.called_in:.0%} more come within 45 min, for 4 h: ",
        end="",
    )
    print(f"{found['crews_called_in']} times")
    print(f"{'level':6}{'people':>8}{'median s':>10}{'p95 s':>10}{'longest s':>11}{'in 5 min':>10}")
    for level, count, median, p95, longest, share in found.pop("rows"):  # type: ignore[attr-defined]
        print(f"{level:6}{count:8}{median:10.0f}{p95:10.0f}{longest:11.0f}{share:10.1%}")
    in_surges = f"(in surges {found['urgent_in_5_min_in_surges']:.1%})"
    print(f"C3 and above in 5 min: {found['urgent_in_5_min']:.1%} {in_surges}, bar {BAR:.0%}")
    print(
        f"longest wait {found['longest_wait_hours']:.1f} h (bar {LONGEST_HOURS:.0f}); overtaken by people who came ",
        end="",
    )
    print(
        f"{found['overtaken_by_at_most_min']:.0f} min later (rule: at most {found['may_be_overtaken_by_min']:.0f})"
    )
    print(
        f"most at once {found['most_at_once']} (cap {found['cap']}), longest work before a new person ",
        end="",
    )
    print(f"{found['longest_work_min']:.0f} min (break due at 120), rules broken {found['rules_broken']}")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench queue", description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument(
        "--usual", type=float, default=12.0, help="people per hour, the week's mean outside surges"
    )
    parser.add_argument(
        "--use", type=float, default=0.6, help="planned share of the supporters' places in use"
    )
    parser.add_argument(
        "--called-in", type=float, default=0.5, help="called in when many wait, as a share of those there"
    )
    parser.add_argument(
        "--reserve", type=int, default=1, help="of a supporter's places, kept for C3 and above"
    )
    chosen = parser.parse_args(argv)
    week = Week(chosen.seed, chosen.days, chosen.usual, chosen.use, chosen.called_in, chosen.reserve)
    week.run()
    found = figures(week)
    show(found, week, chosen)
    good = (
        found["urgent_in_5_min"] >= BAR  # type: ignore[operator]
        and found["unanswered"] == 0
        and found["overtaken_by_at_most_min"] <= found["may_be_overtaken_by_min"]  # type: ignore[operator]
        and found["most_at_once"] <= found["cap"]  # type: ignore[operator]
        and found["rules_broken"] == 0
        and found["longest_wait_hours"] <= LONGEST_HOURS  # type: ignore[operator]
        and found["longest_work_min"] < week.limits.work_before_break.total_seconds() / 60  # type: ignore[operator]
    )
    print("BENCH " + json.dumps({"bench": "queue", "ok": good, "bar": BAR, **found}))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
