"""kill -9 at random while 10,000 messages come in, doubled and shuffled: what is lost, what is doubled, what is out of
order.

The provider's part is played as providers do it: a post is sent again until it is answered 200, some are sent twice at
the same moment, and neighbours change places. Web and worker processes of a really running product are killed all the
while. At the end the database is read: every message once, each conversation in the order in which it was written.

Held to: 0 lost, 0 doubled, 0 out of order, 0 changed.

usage: ./dev bench crash [--events 10000] [--people 300] [--rate 200] [--seed 1] [--db postgresql://...]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict

from bench import _whatsapp as wa
from bench._site import free_port

_DUPLICATE, _SHUFFLE = 0.15, 40  # share of posts sent twice; how far a post may move
_KILL_ON_SECONDS = 20.0
_DRAIN_SECONDS = 300.0


def _messages(events: int, people: int, rng: random.Random) -> list[tuple[str, str, int, str]]:
    """(id, sender, time, text): each person's messages have growing times (the provider tells whole seconds)."""
    start = int(time.time()) - 3600
    clock: dict[str, int] = defaultdict(lambda: start)
    found = []
    for n in range(events):
        sender = f"3470{rng.randrange(people):07d}"
        clock[sender] += rng.choice((1, 1, 2, 5))
        found.append((f"wamid.crash{n:06d}", sender, clock[sender], f"message number {n} of this test"))
    return found


def _posts(messages: list[tuple[str, str, int, str]], rng: random.Random) -> list[bytes]:
    """One to three messages in a post, some posts twice, neighbours shuffled."""
    posts, at = [], 0
    while at < len(messages):
        size = rng.choice((1, 1, 1, 2, 3))
        body = wa.text_post(messages[at : at + size])
        posts += [body] * (2 if rng.random() < _DUPLICATE else 1)
        at += size
    places = sorted(range(len(posts)), key=lambda i: i + rng.random() * _SHUFFLE)
    return [posts[i] for i in places]


async def _deliver(client: wa.Client, body: bytes, tries: Counter[str]) -> None:
    """Again and again until 200, as a provider does, only faster."""
    pause = 0.1
    while True:
        status, _ = await client.post(body, patience=10)
        tries[str(status)] += 1
        if status == 200:
            return
        await asyncio.sleep(pause)
        pause = min(2.0, pause * 2)


async def _kill(product: wa.Product, rng: random.Random, stop: asyncio.Event, killed: Counter[str]) -> None:
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), rng.uniform(0.7, 2.5))
        working = product.working()
        if stop.is_set() or not working:
            continue
        pid, kind = rng.choice(sorted(working.items()))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed[kind] += 1


async def _run(args: argparse.Namespace, product: wa.Product, graph_port: int) -> dict[str, object]:
    rng = random.Random(args.seed)
    messages = _messages(args.events, args.people, rng)
    posts = _posts(messages, rng)
    graph = wa.Graph(lambda *_: None)
    await graph.start(graph_port)
    client, stop = wa.Client(product.port, 24), asyncio.Event()
    tries: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    killer = asyncio.create_task(_kill(product, rng, stop, killed))
    began = time.monotonic()
    gate = asyncio.Semaphore(24)

    async def one(body: bytes) -> None:
        async with gate:
            await _deliver(client, body, tries)

    tasks = []
    for number, body in enumerate(posts):
        if (wait := began + number / args.rate - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(one(body)))
    await asyncio.gather(*tasks)
    taken = time.monotonic() - began
    calm = time.monotonic() + _KILL_ON_SECONDS  # and on while what was taken is being digested
    while len(await asyncio.to_thread(_stored_ids)) < len(messages) and time.monotonic() < calm:
        await asyncio.sleep(0.5)
    stop.set()
    await killer
    until = time.monotonic() + _DRAIN_SECONDS
    while len(await asyncio.to_thread(_stored_ids)) < len(messages) and time.monotonic() < until:
        await asyncio.sleep(0.5)
    digested = time.monotonic() - began
    found = await asyncio.to_thread(_check, messages)
    return {
        "events": len(messages),
        "posts": len(posts),
        "tries": sum(tries.values()),
        "unanswered": tries["0"],
        "refused": sum(v for k, v in tries.items() if k not in ("0", "200")),
        "kills": sum(killed.values()),
        "killed": dict(killed),
        "taken_s": round(taken, 1),
        "digested_s": round(digested, 1),
        **found,
    }


def _stored_ids() -> set[str]:
    from kithwell.support.models import Message

    return set(Message.objects.filter(author="person").values_list("provider_id", flat=True))


def _check(messages: list[tuple[str, str, int, str]]) -> dict[str, object]:
    """Read the database as the desk would."""
    from django.db.models import F

    from kithwell.channels.models import RawEvent
    from kithwell.channels.whatsapp.names import own_name
    from kithwell.kernel import crypto
    from kithwell.support import words
    from kithwell.support.models import Message

    messages = [(own_name(ident), *rest) for ident, *rest in messages]
    rows = Message.objects.filter(author="person").order_by("provider_at", "order", "provider_id")
    fields = ("id", "provider_id", "conversation_id", "body", "subject", "n")
    stored = list(rows.annotate(subject=F("conversation__contact__subject")).values(*fields))
    crypto.load_keys({row["subject"] for row in stored})
    wanted = {ident: text for ident, _, _, text in messages}
    count = Counter(row["provider_id"] for row in stored)
    changed = sum(
        words.open_body(row["subject"], row["id"], row["body"])[0] != wanted.get(row["provider_id"])
        for row in stored
    )
    by_person: dict[str, list[str]] = defaultdict(list)
    for ident, sender, _, _ in messages:
        by_person[sender].append(ident)
    sender_of = {ident: sender for ident, sender, _, _ in messages}
    shown: dict[str, list[str]] = defaultdict(list)
    talks: dict[str, set[object]] = defaultdict(set)
    for row in stored:
        sender = sender_of.get(row["provider_id"], "")
        shown[sender].append(row["provider_id"])
        talks[sender].add(row["conversation_id"])
    return {
        "lost": sum(ident not in count for ident in wanted),
        "doubled": sum(c - 1 for c in count.values()),
        "disordered": sum(shown[sender] != idents for sender, idents in by_person.items()),
        "split": sum(len(found) != 1 for found in talks.values()),
        "changed": changed,
        "left_raw": RawEvent.objects.exclude(state="done").count(),
    }


def main(argv: list[str]) -> int:
    """Run it. 0 when nothing was lost, doubled, out of order or changed."""
    parser = argparse.ArgumentParser(prog="bench crash", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--rate", type=float, default=200.0, help="posts a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--web", default="2", help="web processes")
    parser.add_argument("--db", default="")
    parser.add_argument("--keep", action="store_true", help="keep the data directory")
    args = parser.parse_args(argv)
    graph_port = free_port()
    with wa.product(graph_port, args.db, keep=args.keep, web_processes=args.web) as product:
        product.start()
        wa.use(product.env)
        figures = asyncio.run(_run(args, product, graph_port))
        if args.keep:
            print("data:", product.data, file=sys.stderr)
    good = not any(figures[k] for k in ("lost", "doubled", "disordered", "split", "changed", "left_raw"))
    good = good and int(str(figures["kills"])) > 0
    for name, value in figures.items():
        print(f"{name:<12} {value!s:>40}")
    print("bars: 0 lost, 0 doubled, 0 out of order, 0 split, 0 changed, nothing left undigested")
    print(
        "BENCH "
        + json.dumps({"bench": "crash", "ok": good, "db": "postgresql" if args.db else "sqlite", **figures})
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
