"""What the pages of this part share."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from kithwell.kernel import clock, errors, limits, pages, preferences
from kithwell.people import rules, sessions, texts


def client(request: HttpRequest) -> str:
    """A word for where a request comes from: a keyed hash of the address, another one each day."""
    key = f"{settings.SECRET_KEY}{clock.now():%Y%m%d}".encode()
    return hmac.new(key, request.META.get("REMOTE_ADDR", "").encode(), hashlib.sha256).hexdigest()[:20]


def slow_down(
    request: HttpRequest, what: str, *, name: str = "", tries: int = 20, seconds: int = 600
) -> None:
    """Raise TooMany after `tries` from one place within `seconds`, sooner for one name from one place.

    Nobody can lock somebody else out: a name alone is only slowed far above what a person types, and passkeys not at
    all. Help now and /talk never come here.
    """
    here = client(request)
    room = limits.hit(f"people:{what}:{here}", capacity=tries, per_seconds=seconds)
    if name:
        who = hashlib.sha256(rules.name_key(name[:200]).encode()).hexdigest()[:20]
        room &= limits.hit(f"people:{what}:{here}:{who}", capacity=max(3, tries // 2), per_seconds=seconds)
        room &= limits.hit(f"people:{what}:name:{who}", capacity=tries * 10, per_seconds=seconds)
    if not room:
        raise errors.TooMany(str(texts.SLOW_DOWN), after=seconds // 4)


def store(request: HttpRequest) -> sessions.SessionStore:
    """The request's session, by its own type."""
    return request.session  # type: ignore[return-value]


def body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that a script sent. Raises Invalid."""
    try:
        found = json.loads(request.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise errors.Invalid({"": "a JSON object is wanted"})
    return found


def text(value: Any) -> str:
    """A field of a JSON object that ought to be text."""
    return value if isinstance(value, str) else ""


def field(request: HttpRequest, name: str, at_most: int = 1000) -> str:
    """A field of a form. Raises Invalid with plain words when it is far too long."""
    value = request.POST.get(name, "")
    if len(value) > at_most:
        said = _("This is %(length)d characters long; there is room for %(limit)d. Nothing was lost.")
        raise errors.Invalid({name: said % {"length": len(value), "limit": at_most}})
    return value


def go(to: str) -> JsonResponse:
    """Tell the script where to go on."""
    return JsonResponse({"next": to}, headers={"Cache-Control": "no-store"})


def show(
    request: HttpRequest, template: str, ctx: dict[str, Any], error: errors.KithwellError
) -> HttpResponse:
    """The form again, with what was wrong; nothing typed is lost but passwords."""
    fields = error.fields if isinstance(error, errors.Invalid) else {"": str(error.message)}
    answer = pages.render(request, template, {**ctx, "wrong": fields}, status=error.status)
    if isinstance(error, errors.TooMany):
        answer["Retry-After"] = str(error.after)
    return answer


def remember_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Keep the language of an account on this device, where nothing was chosen here before."""
    answer.set_cookie(
        preferences.LANGUAGE_COOKIE,
        language,
        max_age=preferences.KEPT_FOR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
