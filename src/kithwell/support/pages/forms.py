"""Reading what a desk form sent. Every reader raises errors.Invalid with the field's name, and loses nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kithwell.kernel import clock, ids
from kithwell.kernel.errors import Invalid, NotFound

FLAG_DAYS = {"1": 1, "7": 7, "30": 30, "90": 90}
LATER_HOURS = {"": None, "1": 1, "4": 4, "24": 24, "48": 48, "168": 168}


def text(request: HttpRequest, name: str, *, required: bool = True) -> str:
    """A field's words, stripped."""
    words = request.POST.get(name, "").strip()
    if required and not words:
        raise Invalid({name: _("Write something here first.")})
    return words


def ident(value: str) -> UUID:
    """An id from a URL or a form. Raises NotFound when it is none."""
    found = ids.parse(value)
    if found is None:
        raise NotFound()
    return found


def version(request: HttpRequest) -> int:
    """The controller version the page was showing; a change in between is then noticed."""
    value = request.POST.get("version", "")
    if not value.isdecimal() or len(value) > 9:
        raise Invalid({"version": _("This page is out of date. Reload it; what you wrote stays here.")})
    return int(value)


def number(request: HttpRequest, name: str) -> int | None:
    """A small number a form carries along; None when it is none."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 5 else None


def since(request: HttpRequest) -> int:
    """The newest arrival number a live fragment's reader has."""
    value = request.GET.get("since", "0")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def later(request: HttpRequest, name: str) -> datetime | None:
    """A moment some hours from now, chosen from a short list; None when nothing was chosen."""
    hours = LATER_HOURS.get(request.POST.get(name, ""), -1)
    if hours == -1:
        raise Invalid({name: _("Choose one of the times in the list.")})
    return None if hours is None else clock.now() + timedelta(hours=hours)


def flag_until(request: HttpRequest) -> datetime:
    """When a flag ends. Every flag ends."""
    days = FLAG_DAYS.get(request.POST.get("days", ""))
    if days is None:
        raise Invalid({"days": _("Choose how long this should be shown.")})
    return clock.now() + timedelta(days=days)


def choice(request: HttpRequest, name: str, allowed: Any) -> str:
    """One of `allowed`."""
    value = request.POST.get(name, "")
    if value not in allowed:
        raise Invalid({name: _("Choose one from the list.")})
    return value
