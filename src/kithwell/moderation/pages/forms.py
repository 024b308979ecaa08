"""Reading what a form sent. Every reader raises errors of the kernel and loses nothing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kithwell.kernel import ids
from kithwell.kernel.errors import Invalid, NotFound


def ident(value: str) -> UUID:
    """An id from an address or a form. Raises NotFound when it is none."""
    found = ids.parse(value)
    if found is None:
        raise NotFound()
    return found


def choice(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`. Raises Invalid."""
    value = request.POST.get(name, "")
    if value not in allowed:
        raise Invalid({name: _("Choose one.")})
    return value


def number(request: HttpRequest, name: str, most: int = 400) -> int:
    """A small number; 0 where nothing usable was sent."""
    value = request.POST.get(name, "")
    return (
        int(value) if value.isascii() and value.isdecimal() and len(value) < 5 and int(value) <= most else 0
    )
