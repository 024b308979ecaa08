"""The site that bench/page.py loads: a group page with 20 posts, on the real front, base page and query shape.

The community part does not exist yet; this page stands for it: one query for the group, one for 20 posts with their
authors and counts through `values()`, Jinja2, the site's own base template and components.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench._page_settings"

import django

django.setup()

from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseBase  # noqa: E402
from django.urls import path  # noqa: E402
from jinja2 import ChoiceLoader, DictLoader  # noqa: E402

from kithwell.config import urls as real  # noqa: E402
from kithwell.kernel import errors, jinja, pages  # noqa: E402


class Author(models.Model):
    """Who wrote."""

    name = models.CharField(max_length=40)

    class Meta:
        app_label, db_table, managed = "bench", "bench_author", False


class Group(models.Model):
    """Where."""

    name = models.CharField(max_length=80)
    about = models.TextField()

    class Meta:
        app_label, db_table, managed = "bench", "bench_group", False


class Post(models.Model):
    """What was written."""

    group = models.ForeignKey(Group, models.DO_NOTHING)
    author = models.ForeignKey(Author, models.DO_NOTHING)
    title = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    answers = models.IntegerField()
    thanks = models.IntegerField()

    class Meta:
        app_label, db_table, managed = "bench", "bench_post", False


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as the page shows it."""

    id: int
    title: str
    text: str
    at: datetime
    answers: int
    thanks: int
    author: str


_FIELDS = ("id", "title", "text", "at", "answers", "thanks", "author__name")
_SOURCE = """
{% extends "ui/base.html" %}
{% import "ui/c.html" as c with context %}
{% block title %}{{ group.name }} · {{ site_name }}{% endblock %}
{% block main %}
<h1>{{ group.name }}</h1><p>{{ group.about }}</p>
{% for post in posts %}
<article class="card" id="post-{{ post.id }}">
<h2><a href="/g/1/{{ post.id }}">{{ post.title }}</a></h2>
<p class="meta">{{ c.avatar(post.author) }} {{ post.author }} · {{ c.time(post.at) }}</p>
<p>{{ post.text|truncate(280) }}</p>
<p class="meta">{{ ngettext("%(num)s answer", "%(num)s answers", post.answers) }} ·
{{ ngettext("%(num)s thank-you", "%(num)s thank-yous", post.thanks) }}</p>
</article>
{% endfor %}
<p><a href="/g/1?before={{ posts[-1].id }}">{{ _("Older") }}</a></p>
{% endblock %}
"""
jinja.environment().loader = ChoiceLoader(
    [DictLoader({"bench/group.html": _SOURCE}), jinja.environment().loader]
)


def _posts(group: int) -> list[PostRow]:
    rows = Post.objects.filter(group_id=group).order_by("-at", "-id").values_list(*_FIELDS)[:20]
    return [PostRow(*row) for row in rows]


def _page(request: HttpRequest, group: int) -> HttpResponse:
    found = Group.objects.filter(id=group).values("name", "about").first()
    if found is None:
        raise errors.NotFound()
    return pages.render(request, "bench/group.html", {"group": found, "posts": _posts(group)})


@pages.page()
def hello(request: HttpRequest) -> HttpResponseBase:
    """The floor: nothing but the way through the front and Django."""
    return HttpResponse("hello")


uncached = pages.page()(_page)
cached = pages.public_cache(60)(pages.page()(_page))
urlpatterns = [
    path("bench/hello", hello),
    path("bench/uncached/<int:group>", uncached),
    path("bench/cached/<int:group>", cached),
    *real.urlpatterns,
]
handler404, handler500 = real.handler404, real.handler500


def fill(database: Path, posts: int) -> None:
    """Write `posts` posts by 2,000 people in 50 groups."""
    words = "today was heavy and then a walk by the river helped a little so I write it down here for later".split()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    db = sqlite3.connect(database)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
        "CREATE TABLE bench_author (id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE bench_group (id INTEGER PRIMARY KEY, name TEXT, about TEXT);"
        "CREATE TABLE bench_post (id INTEGER PRIMARY KEY, group_id INT, author_id INT, title TEXT, text TEXT, at TEXT,"
        " answers INT, thanks INT);"
    )
    db.executemany(
        "INSERT INTO bench_author VALUES (?, ?)", ((n, f"Quiet Heron {n}") for n in range(1, 2001))
    )
    about = "For everybody who sleeps badly. Kind words, no advice unless asked for."
    db.executemany(
        "INSERT INTO bench_group VALUES (?, ?, ?)", ((n, f"Night owls {n}", about) for n in range(1, 51))
    )
    rows = (
        (
            n,
            n % 50 + 1,
            n % 2000 + 1,
            " ".join(words[n % 7 : n % 7 + 6]).capitalize(),
            " ".join(words[(n + k) % len(words)] for k in range(70)),
            (start + timedelta(seconds=n)).isoformat(sep=" "),
            n % 17,
            n % 9,
        )
        for n in range(1, posts + 1)
    )
    db.executemany("INSERT INTO bench_post VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute("CREATE INDEX bench_post_newest ON bench_post (group_id, at DESC, id DESC)")
    db.execute("ANALYZE")
    db.commit()
    db.close()


def make_app() -> object:
    """The front, once Django is set up with these addresses."""
    from kithwell.config.front import Front

    return Front()


app = make_app()
