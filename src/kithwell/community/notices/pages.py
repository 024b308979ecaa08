"""Pages of notices: the list, the choices, the devices, and the way out of the mails."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kithwell.community import zones
from kithwell.community.notices import actions, kinds, queries
from kithwell.kernel import clock, errors, ids, pages
from kithwell.people import access
from kithwell.people import rules as people_rules


@pages.page(methods=("GET", "POST"))
@access.signed_in
def notices(request: HttpRequest) -> HttpResponseBase:
    """What is new, newest first."""
    if request.method == "POST":
        actions.read_all(request.principal)
        return pages.redirect("/me/notices?read=1")
    found = queries.page(request.principal, request.GET.get("before", ""))
    today = clock.now().date()
    parts = [
        (_("Today"), [line for line in found.lines if line.at.date() == today]),
        (_("Earlier"), [line for line in found.lines if line.at.date() != today]),
    ]
    ctx = {
        "parts": [(title, lines) for title, lines in parts if lines],
        "before": found.before,
        "any_new": found.any_new,
        "said": _("All read.") if "read" in request.GET else "",
    }
    return pages.render(request, "notices/notices.html", ctx)


@pages.page()
@access.signed_in
def notice(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """Mark as read, and on to what it is about."""
    return pages.redirect(people_rules.safe_next(actions.read(request.principal, ident), "/me/notices"))


@pages.page(methods=("GET", "POST"))
@access.signed_in
def choices(request: HttpRequest) -> HttpResponseBase:
    """How one wants to be told."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        try:
            actions.choose(request.principal, _wanted(request))
            return pages.redirect("/me/notices/choices?saved=1")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {
        "s": queries.settings(request.principal),
        "families": kinds.FAMILIES,
        "zones": [("", _("The usual one for my country")), *((name, name) for name in sorted(zones.known()))],
        "hours": [(hour, f"{hour:02d}:00") for hour in range(24)],
        "weekdays": _weekdays(),
        "wrong": wrong,
        "said": _said(request),
        "page_js": ["notices"],
    }
    return pages.render(request, "notices/choices.html", ctx, status=422 if wrong else 200)


def _said(request: HttpRequest) -> str:
    if "saved" in request.GET:
        return _("Saved.")
    return _("That device will not be told anything any more.") if "removed" in request.GET else ""


def _weekdays() -> list[tuple[int, str]]:
    names = (
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")
    )  # fmt: skip
    return list(enumerate(names))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def _wanted(request: HttpRequest) -> actions.Wanted:
    form = request.POST
    of_groups = {}
    for name, how in form.items():
        if name.startswith("group-") and (ident := ids.parse(name.removeprefix("group-"))) is not None:
            of_groups[ident] = str(how)
    return actions.Wanted(
        digest=form.get("digest", ""),
        hour=_number(form.get("hour", "")),
        weekday=_number(form.get("weekday", "")),
        zone=form.get("zone", ""),
        quiet_from=_number(form.get("quiet_from", "")),
        quiet_to=_number(form.get("quiet_to", "")),
        night=form.get("night", ""),
        mail="mail" in form,
        kinds={family: form.get(f"kind-{family}", "") for family in kinds.FAMILIES},
        groups=of_groups,
    )


@pages.page(methods=("POST",))
@access.signed_in
def add_device(request: HttpRequest) -> HttpResponseBase:
    """A script hands over what the browser gave, after the person's tap. Answers JSON."""
    try:
        given = json.loads(request.body)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise errors.Invalid({"subscription": "a JSON object is wanted"})
    zone = given.get("zone")
    actions.add_device(
        request.principal,
        given.get("subscription"),
        words=people_rules.device_words(request.headers.get("User-Agent", "")),
        zone=zone if isinstance(zone, str) else "",
    )
    return JsonResponse({"ok": True})


@pages.page(methods=("POST",))
@access.signed_in
def remove_device(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """Tell a device nothing any more."""
    actions.remove_device(request.principal, ident)
    return pages.redirect("/me/notices/choices?removed=1")


@csrf_exempt  # a mail program posts here by itself (RFC 8058): the word in the address is all it has
@pages.page(methods=("GET", "POST"))
def stop(request: HttpRequest, word: str) -> HttpResponseBase:
    """No more mails. Opening the address asks once, so that a scanner of links stops nothing."""
    if not queries.mails_to(word):
        raise errors.NotFound()
    done = request.method == "POST" and actions.stop_mail(word)
    return pages.render(request, "notices/stop.html", {"done": done, "word": word})


@cache
def _worker() -> bytes:
    return (Path(__file__).parent / "worker.js").read_bytes()


@pages.page()
def worker(request: HttpRequest) -> HttpResponseBase:
    """The service worker: at the root of this site under a name that stays, as browsers ask."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )
