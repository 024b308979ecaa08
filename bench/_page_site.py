"""The site that bench/page.py loads: the product with its own group page, and that page past the page cache.

`/bench/uncached/<group>` is the view behind `/g/<group>` without its cache; `/bench/cold/<group>` forgets
before each request what the process keeps of opened and rendered words, so that all twenty are unsealed and made anew.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "bench._page_settings"

import django

django.setup()

from django.http import HttpRequest, HttpResponse, HttpResponseBase  # noqa: E402
from django.urls import path  # noqa: E402

from kithwell.community.posts import cache  # noqa: E402
from kithwell.community.posts.pages import group as group_pages  # noqa: E402
from kithwell.config import urls as real  # noqa: E402
from kithwell.kernel import pages  # noqa: E402

GROUPS, PEOPLE = 50, 2_000
_WORDS = (
    "today was heavy and then a walk by the river helped a little so I write it down here for later".split()
)


@pages.page()
def hello(request: HttpRequest) -> HttpResponseBase:
    """The floor: nothing but the way through the front and Django."""
    return HttpResponse("hello")


uncached = group_pages.show.__wrapped__  # type: ignore[attr-defined]


def cold(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The page with nothing kept of its words."""
    cache.clear()
    answer: HttpResponseBase = uncached(request, slug)
    return answer


urlpatterns = [
    path("bench/hello", hello),
    path("bench/uncached/<str:slug>", uncached),
    path("bench/cold/<str:slug>", cold),
    *real.urlpatterns,
]
handler404, handler500 = real.handler404, real.handler500


def words(n: int) -> str:
    """About 70 words in two paragraphs, every third post with a little formatting."""
    said = [_WORDS[(n + k) % len(_WORDS)] for k in range(70)]
    if n % 3 == 0:
        said[5], said[20] = f"*{said[5]}*", f"**{said[20]}**"
    return " ".join(said[:40]) + "\n\n" + " ".join(said[40:])


def fill(posts: int) -> None:
    """Write `posts` sealed posts by 2,000 people in 50 groups that everybody may read, named g-1 to g-50."""
    from django.db import connection

    from kithwell.community.groups.models import Group
    from kithwell.community.posts import words as sealing
    from kithwell.community.posts.models import Post
    from kithwell.kernel import crypto, ids
    from kithwell.people.models import Account

    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA synchronous=OFF")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    subjects = crypto.new_subjects(PEOPLE)
    accounts = [
        Account(id=ids.new_id(), pseudonym=f"Quiet Heron {n}", pseudonym_key=f"heron{n}", subject=subject)
        for n, subject in enumerate(subjects)
    ]
    Account.objects.bulk_create(accounts)
    about = "For everybody who sleeps badly. Kind words, no advice unless asked for."
    groups = [
        Group(id=ids.new_id(), slug=f"g-{n}", name=f"Night owls {n}", name_key=f"night owls {n:02}", purpose=about,
              reading="everyone", listed=True)
        for n in range(1, GROUPS + 1)
    ]  # fmt: skip
    Group.objects.bulk_create(groups)
    rows: list[Post] = []
    for n in range(posts):
        crypto.load_keys([subjects[n % PEOPLE]])
        at = start + timedelta(seconds=n)
        post = Post(
            id=ids.new_id(),
            group=groups[n % GROUPS].id,
            author=accounts[n % PEOPLE].id,
            subject=subjects[n % PEOPLE],
            created_at=at,
            activity_at=at,
            first_reply_at=at if n % 17 else None,
            reply_n=n % 17,
        )
        post.body = sealing.seal_body(post.subject, sealing.POST, post.id, words(n))
        rows.append(post)
        if len(rows) == 5_000 or n + 1 == posts:
            Post.objects.bulk_create(rows, batch_size=500)
            rows = []
    connection.cursor().execute("ANALYZE")


def make_app() -> object:
    """The front, once Django is set up with these addresses."""
    from kithwell.config.front import Front

    return Front()


app = make_app()
