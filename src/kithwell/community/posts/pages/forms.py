"""Reading what a form sent, and showing it again with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.boundaries import actions as boundaries
from kithwell.boundaries.rules import known_warnings
from kithwell.community.groups.access import JoinFirst
from kithwell.community.posts.rules import writing
from kithwell.community.posts.rules.writing import Written
from kithwell.kernel import ids
from kithwell.kernel.errors import NotFound
from kithwell.kernel.pages import redirect


class Soft(dict[str, Any]):
    """A form's words or errors for a template: what is not there is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def at_the_door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Page decorator: whoever may know a group but not read it is led to its door."""

    @wraps(view)
    def inner(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except JoinFirst as first:
            return redirect(first.url)

    return inner


def ident(value: str) -> UUID:
    """An id from an address or a form. Raises NotFound when it is none."""
    found = ids.parse(value)
    if found is None:
        raise NotFound()
    return found


def maybe(value: str) -> UUID | None:
    return ids.parse(value) if value else None


def number(value: str, most: int = 2_000_000_000) -> int:
    """A number from an address; 0 for anything else."""
    fine = value.isascii() and value.isdecimal() and len(value) <= 13
    return min(int(value), most) if fine else 0


def written(request: HttpRequest) -> Written:
    """What the form says, tidied; unknown codes are left out, missing fields have their defaults."""
    post = request.POST
    return Written(
        text=writing.tidy(post.get("text", "")),
        warnings=known_warnings(post.getlist("warnings")),
        own_warning=writing.one_line(post.get("own_warning", "")),
        replies_from=post.get("replies_from", "") or "members",
        anonymous=post.get("anonymous") == "1",
        options=writing.options(post.getlist("options")),
        poll_days=writing.POLL_DAYS.get(post.get("poll_days", "")),
        client_key=writing.one_line(post.get("client_key", ""))[:64],
        as_is=post.get("nudge") == "seen",
    )


def kept(request: HttpRequest) -> dict[str, Any]:
    """The form's words as they were sent, to show them again or to keep them as a draft."""
    post = request.POST
    return {
        "text": writing.tidy(post.get("text", "")),
        "warnings": list(known_warnings(post.getlist("warnings"))),
        "own_warning": writing.one_line(post.get("own_warning", "")),
        "replies_from": post.get("replies_from", "") or "members",
        "anonymous": post.get("anonymous") == "1",
        "options": list(writing.options(post.getlist("options")))[: writing.OPTIONS_MAX + 2],
        "poll": post.get("poll") == "1",
        "poll_days": post.get("poll_days", ""),
        "parent": post.get("parent", "")[:36],
        "client_key": writing.one_line(post.get("client_key", ""))[:64],
    }


def replies_options() -> list[tuple[str, Any]]:
    return [
        ("members", _("Members of the group")),
        ("welcomers", _("Only those who offered to welcome, and facilitators")),
        ("nobody", _("Nobody: I only want to say it")),
    ]


def poll_days() -> list[tuple[str, Any]]:
    return [
        ("", _("no end")),
        ("1", _("one day")),
        ("3", _("three days")),
        ("7", _("a week")),
        ("14", _("two weeks")),
    ]


def count_nudge(request: HttpRequest, before: str, after: str) -> None:
    """A second look was given and the words went out: only that it was, and whether they changed."""
    if request.POST.get("nudge") == "seen":
        language = request.POST.get("nudge_language", "")[:12]
        boundaries.nudge_answered(language, rephrased=before != after)
