"""kill -9 at random while 10,000 messages come in, doubled and shuffled: what is lost, what is doubled, what is out of
order.

The provider's part is played as providers do it: a post is sent again until it is answered 200, some are sent twice at
the same moment, and neighbours change places. Web and worker processes of a really running product are killed all the
while. At the end each transcript is read as the person and the desk read it: every message once, in the order in which
it was written. What we say to them goes out through a stand-in for the provider that reports it as delivered; how often
the same words went out twice is counted too (a send whose worker died cannot be known to have failed, see
docs/decisions/0020-a-send-whose-worker-died.md).

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
    client, stop = wa.Client(product.port, 24), asyncio.Event()
    tries: Counter[str] = Counter()
    telling: set[asyncio.Task[None]] = set()

    def told(wamid: str, callback: str, to: str) -> None:
        body = wa.status_post(wamid, callback, "delivered", to)
        telling.add(task := asyncio.create_task(_deliver(client, body, Counter())))
        task.add_done_callback(telling.discard)

    graph = wa.Graph(told)
    await graph.start(graph_port)
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
    until = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < until and (telling or await asyncio.to_thread(_unsent)):
        await asyncio.sleep(1.0)
    found = await asyncio.to_thread(_check, messages)
    found |= await asyncio.to_thread(_check_answers, [callback for _, callback, _ in graph.sends])
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


def _unsent() -> int:
    """Our own words that are still on their way."""
    from kithwell.support.models import Delivery

    return Delivery.objects.filter(state__in=("pending", "sending")).count()


def _check_answers(callbacks: list[str]) -> dict[str, object]:
    """What went out, by the attempt that the provider was told: messages sent, sent twice, and still not sent."""
    from kithwell.support.models import Delivery

    message_of = {str(d): m for d, m in Delivery.objects.values_list("id", "message_id")}
    sends = Counter(message_of.get(callback) for callback in callbacks)
    return {
        "answers": len(sends),
        "answers_twice": sum(n > 1 for n in sends.values()),
        "answers_open": _unsent(),
    }


def _check(messages: list[tuple[str, str, int, str]]) -> dict[str, object]:
    """Read every transcript as the person themself does."""
    from django.db.models import Count

    from kithwell.channels.models import RawEvent
    from kithwell.channels.whatsapp.names import own_name
    from kithwell.kernel.principal import Principal
    from kithwell.support import queries
    from kithwell.support.models import Conversation, Message

    messages = [(own_name(ident), *rest) for ident, *rest in messages]
    name_of = dict(Message.objects.filter(author="person").values_list("id", "provider_id"))
    wanted = {ident: text for ident, _, _, text in messages}
    sender_of = {ident: sender for ident, sender, _, _ in messages}
    count: Counter[str] = Counter()
    changed = 0
    shown: dict[str, list[str]] = defaultdict(list)
    talks: dict[str, set[object]] = defaultdict(set)
    for talk, contact in Conversation.objects.order_by("created_at").values_list("id", "contact_id"):
        for row in queries.transcript(Principal("visitor", contact), talk).messages:
            if row.author != "person":
                continue
            ident = name_of[row.id]
            count[ident] += 1
            changed += row.text != wanted.get(ident)
            shown[sender_of.get(ident, "")].append(ident)
            talks[sender_of.get(ident, "")].add(talk)
    by_person: dict[str, list[str]] = defaultdict(list)
    for ident, sender, _, _ in messages:
        by_person[sender].append(ident)
    people = Conversation.objects.aggregate(n=Count("contact", distinct=True))["n"]
    return {
        "lost": sum(ident not in count for ident in wanted),
        "doubled": sum(c - 1 for c in count.values()),
        "disordered": sum(shown[sender] != idents for sender, idents in by_person.items()),
        "split": sum(len(found) != 1 for found in talks.values()) + abs(people - len(by_person)),
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
