"""Does a page cost more when the community has grown? Ten thousand posts against a million.

    ./dev bench growth [--posts 1000000] [--rounds 40]

Builds two communities of the same kind: 10,000 posts in 100 groups with 2,000 members, and 1,000,000 in 10,000 groups
with 200,000. In both, one group holds a tenth of all posts and one member is in 50 groups. Measured in turn, in one
process each, through the whole of Django's chain: processor time of the group page (for a member, and signed out with
nothing kept), of the feed of the member of 50 groups, and of a thread; and the number of queries of each. Fails where
a page costs more than 1.2 times or asks more often.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

BAR = 1.2
SMALL = 10_000
A_GROUP = 100  # posts, on average
MEMBERS_A_GROUP = 20  # accounts there are, for each group
FEED_OF = 50
BATCH = 2_000
WORDS = (
    "night quiet morning walk water letter window garden music train tea slow kind small list breath book door coat "
    "friend evening hard soft bread rain sleep work sister phone light river bench"
).split()
START = datetime(2026, 1, 1, tzinfo=UTC)


# -- building, inside a process of its own ---------------------------------------------------------------------------


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, BATCH):
        yield range(start, min(start + BATCH, count))


def _people(count: int) -> tuple[list[UUID], list[UUID]]:
    from kithwell.kernel import crypto
    from kithwell.people.models import Account

    accounts: list[UUID] = []
    subjects: list[UUID] = []
    for batch in _batches(count):
        keys = crypto.new_subjects(len(batch))
        rows = [
            Account(
                pseudonym=f"Otter {n}",
                pseudonym_key=f"otter {n}",
                subject=key,
                password="!",
                age_band="26-64",
            )
            for n, key in zip(batch, keys, strict=True)
        ]
        Account.objects.bulk_create(rows)
        accounts += [row.id for row in rows]
        subjects += keys
    return accounts, subjects


def _groups(count: int, accounts: list[UUID], dice: random.Random) -> list[UUID]:
    from kithwell.community.groups.models import Group, Membership

    found: list[UUID] = []
    everybody = accounts[1:]
    for batch in _batches(count):
        rows = [
            Group(
                slug=f"group-{n}", name=f"Group {n}", name_key=f"group {n:06}", purpose="For a measurement.",
                reading="everyone", member_n=60, facilitator_seen_at=datetime.now(UTC),
            )
            for n in batch
        ]  # fmt: skip
        Group.objects.bulk_create(rows)
        found += [row.id for row in rows]
        stays = [
            Membership(group=row, account=account)
            for row in rows
            for account in dice.sample(everybody, min(60, len(everybody)))
        ]
        stays += [
            Membership(group=row, account=accounts[0])
            for n, row in zip(batch, rows, strict=True)
            if n < FEED_OF
        ]
        Membership.objects.bulk_create(stays, batch_size=BATCH)
    return found


def _posts(
    count: int, groups: list[UUID], accounts: list[UUID], subjects: list[UUID], dice: random.Random
) -> UUID:
    from kithwell.community.posts import words
    from kithwell.community.posts.models import Post, Reply
    from kithwell.kernel import crypto, ids

    first: UUID | None = None
    for batch in _batches(count):
        posts, replies = [], []
        writers = [dice.randrange(1, len(accounts)) for _n in batch]
        others = [dice.randrange(1, len(accounts)) for _n in batch]
        crypto.load_keys(subjects[n] for n in (*writers, *others))  # one query, not one for each writer
        for n, who, other in zip(batch, writers, others, strict=True):
            group = groups[0] if n % 10 == 0 else groups[n % len(groups)]
            at = START + timedelta(seconds=n * 20)
            post = Post(
                id=ids.new_id(),
                group=group,
                author=accounts[who],
                subject=subjects[who],
                created_at=at,
                activity_at=at,
            )
            said = " ".join(dice.choices(WORDS, k=60))
            post.body = words.seal_body(subjects[who], words.POST, post.id, said)
            posts.append(post)
            if n % 5 == 0:
                reply = Reply(
                    id=ids.new_id(), group=group, author=accounts[other], subject=subjects[other], created_at=at,
                    post=post, n=1,
                )  # fmt: skip
                reply.body = words.seal_body(subjects[other], words.REPLY, reply.id, said[:120])
                replies.append(reply)
                post.reply_n, post.first_reply_at = 1, at
        Post.objects.bulk_create(posts)
        Reply.objects.bulk_create(replies)
        first = posts[-10].id if len(posts) >= 10 else posts[0].id
    assert first is not None
    return first


def build(posts: int, seed: int = 7) -> UUID:
    """Fill this process's database, a few thousand rows at a time. Returns a post with a reply."""
    from django.db import connection

    from kithwell.config import prepare

    prepare.migrate(lambda _words: None)
    if connection.vendor == "sqlite":
        connection.cursor().execute(
            "PRAGMA synchronous=OFF"
        )  # while it is built; nothing here has to survive
    dice = random.Random(seed)
    count = max(FEED_OF, posts // A_GROUP)
    accounts, subjects = _people(count * MEMBERS_A_GROUP)
    groups = _groups(count, accounts, dice)
    return _posts(posts, groups, accounts, subjects, dice)


# -- measuring, in the same process ----------------------------------------------------------------------------------


class Pages:
    """The pages that are measured, each asked for through Django's whole chain with nothing kept."""

    def __init__(self, thread: UUID) -> None:
        from django.conf import settings
        from django.test import Client

        from kithwell.people.models import Account
        from kithwell.people.sessions import SessionStore

        store = SessionStore()
        store.begin(Account.objects.get(pseudonym_key="otter 0").id, "bench", stay=False, proved=True)
        store.save()
        self.member, self.visitor = Client(), Client()
        self.member.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
        self.asks = {
            "group page, member": (self.member, "/g/group-0"),
            "group page, signed out": (self.visitor, "/g/group-0"),
            "feed of 50 groups": (self.member, "/feed"),
            "thread": (self.member, f"/p/{thread}"),
        }

    def queries(self, name: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._forget()
        with CaptureQueriesContext(connection) as found:
            self._ask(name)
        return len(found)

    def cost(self, name: str) -> float:
        """Milliseconds of processor time of one answer."""
        self._forget()
        began = time.process_time()
        self._ask(name)
        return (time.process_time() - began) * 1000

    def _ask(self, name: str) -> None:
        client, path = self.asks[name]
        answer = client.get(path)
        if answer.status_code != 200 or answer.content.count(b"Otter") < 1:
            raise SystemExit(f"{name}: {answer.status_code} {answer.content[:300]!r}")

    def _forget(self) -> None:
        from kithwell.community.posts import cache
        from kithwell.kernel import crypto

        cache.clear()
        crypto.forget_cached_keys()


def child(posts: int) -> None:
    """Build, then answer the parent's questions on stdin: one JSON line each."""
    from kithwell.config.cli import setup_django

    setup_django()
    began = time.monotonic()
    pages = Pages(build(posts))
    print(json.dumps({"built_s": round(time.monotonic() - began)}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        measure = pages.queries if asked["what"] == "queries" else pages.cost
        print(json.dumps(measure(asked["page"])), flush=True)


# -- the parent ------------------------------------------------------------------------------------------------------


class Community:
    """A child process with its own database."""

    def __init__(self, posts: int, folder: str) -> None:
        data = Path(folder) / str(posts)
        data.mkdir()
        env = {**os.environ, "KITHWELL_DATA": str(data), "KITHWELL_LOG_LEVEL": "error"}
        env.pop("KITHWELL_DATABASE_URL", None)
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.growth", "--child", str(posts)],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def hear(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the measured process ended early; its words stand above")
        return json.loads(line)

    def ask(self, what: str, page: str) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"what": what, "page": page}) + "\n")
        self.process.stdin.flush()
        return float(self.hear())

    @property
    def size_mb(self) -> float:
        return sum(f.stat().st_size for f in self.data.glob("kithwell.sqlite3*")) / 1e6


PAGES = ("group page, member", "group page, signed out", "feed of 50 groups", "thread")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench growth", description=__doc__.split("\n")[0])
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--child", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    if chosen.child:
        child(chosen.child)
        return 0
    with tempfile.TemporaryDirectory(prefix="kithwell-growth-") as folder:
        both = {}
        for posts in (SMALL, chosen.posts):
            print(f"Building {posts:,} posts ...", flush=True)
            both[posts] = Community(posts, folder)
            print(f"  {both[posts].hear()['built_s']} s, {both[posts].size_mb:.0f} MB", flush=True)
        found: dict[str, Any] = {}
        good = True
        print(
            f"{'page':<24}{'queries':>16}{'ms, ' + format(SMALL, ','):>14}"
            f"{'ms, ' + format(chosen.posts, ','):>16}{'ratio':>8}"
        )
        for page in PAGES:
            asked = [int(c.ask("queries", page)) for c in both.values()]
            costs: list[list[float]] = [[], []]
            for _round in range(chosen.rounds + 3):
                for kept, community in zip(costs, both.values(), strict=True):
                    kept.append(community.ask("cost", page))
            small, large = (statistics.median(c[3:]) for c in costs)
            ratio = large / small
            good = good and ratio <= BAR and asked[0] == asked[1]
            print(f"{page:<24}{asked[0]:>8}{asked[1]:>8}{small:>14.2f}{large:>16.2f}{ratio:>8.2f}")
            found[page] = {
                "queries": asked,
                "ms": [round(small, 2), round(large, 2)],
                "ratio": round(ratio, 3),
            }
        for community in both.values():
            community.process.kill()
    print(
        "BENCH "
        + json.dumps({"bench": "growth", "ok": good, "bar": BAR, "posts": [SMALL, chosen.posts], **found})
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
