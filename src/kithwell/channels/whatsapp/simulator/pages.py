"""/sim: a phone in the browser, so that anyone can be the person who writes. Demo only; works without scripts.

What is typed here goes the whole real way: the simulated provider signs a webhook and posts it over HTTP to this
installation's own door, and answers come back through the simulated Graph API.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.channels.whatsapp.simulator import faults, inside, phone_view, samples
from kithwell.channels.whatsapp.simulator.engine import Engine
from kithwell.kernel import clock, ids, live, pages
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.texts import tidy

COOKIE = "kw_sim"
MOST_PHONES = 8
MAX_PICTURE = 5 << 20
_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PN": "image/png", b"RIF": "image/webp"}


def _demo_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not inside.is_on():
            raise NotFound(_("The simulated phone is part of the demo only."))
        return view(request, *args, **kwargs)

    return inner


@live.topic("sim")
def _may_listen(cookies: dict[str, str], ident: str) -> int:
    """Whoever knows a phone's unguessable name may listen to it."""
    row = inside.engine().person(ident) if inside.is_on() else None
    if row is None:
        raise live.Refused
    return int(row["n"])


def _mine(request: HttpRequest) -> list[str]:
    return [word for word in request.COOKIES.get(COOKIE, "").split(".") if word][:MOST_PHONES]


def _person(engine: Engine, ident: str) -> Any:
    row = engine.person(ident)
    if row is None:
        raise NotFound(_("There is no such phone."))
    return row


@pages.page()
@_demo_only
def home(request: HttpRequest) -> HttpResponse:
    """GET /sim: my phones, and a new one."""
    engine = inside.engine()
    rows = [row for ident in _mine(request) if (row := engine.person(ident)) is not None]
    shown = [phone_view.card(row) for row in rows]
    return pages.render(request, "whatsapp/sim_home.html", {"phones": shown, "names": samples.NAMES})


@pages.page(methods=("POST",))
@_demo_only
def new(request: HttpRequest) -> HttpResponse:
    """POST /sim/new: a phone with a number, or one that is known by a username alone."""
    name = tidy(request.POST.get("name", ""), 40) or secrets.choice(samples.NAMES)
    with_number = request.POST.get("known_by", "phone") == "phone"
    country = request.POST.get("country", samples.FIRST_COUNTRY)
    country = country if country in samples.COUNTRIES else samples.FIRST_COUNTRY
    start, more = samples.COUNTRIES[country]
    digits = "".join(secrets.choice("0123456789") for _ in range(more))
    ident = inside.engine().add_person(
        name=name,
        phone=f"{start}{digits}" if with_number else "",
        bsuid=f"{country}.{secrets.randbelow(10**20):020d}",
        username="" if with_number else name.lower().replace(" ", "."),
    )
    response = pages.redirect(f"/sim/p/{ident}")
    kept = ".".join([ident, *_mine(request)][:MOST_PHONES])
    response.set_cookie(COOKIE, kept, max_age=7 * 86400, httponly=True, samesite="Lax", path="/sim")
    return response


@pages.page()
@_demo_only
def phone(request: HttpRequest, person: str) -> HttpResponse:
    """GET /sim/p/<person>: the phone."""
    engine = inside.engine()
    row = _person(engine, person)
    engine.read_all(person)
    current = engine.faults
    shown = {
        "phone": phone_view.card(row),
        "lines": phone_view.lines(engine, person),
        "n": engine.person(person)["n"],
        "topic": f"sim:{person}",
        "window_open": engine.window_open(person),
        "now": clock.now(),
        "client_key": ids.token(12),
        "trouble": bool(current.duplicate or current.shuffle),
        "sender": phone_view.sender(),
        "page_width": "wide",
    }
    return pages.render(request, "whatsapp/sim_phone.html", shown)


@pages.page()
@_demo_only
def fragment(request: HttpRequest, person: str) -> HttpResponse:
    """GET /sim/p/<person>/new?since=N: what changed since."""
    engine = inside.engine()
    _person(engine, person)
    given = request.GET.get("since", "0")
    since = int(given) if given.isdecimal() and len(given) < 10 else 0
    n = engine.person(person)["n"]
    lines = phone_view.lines(engine, person, since)
    response = pages.render(
        request,
        "whatsapp/sim_lines.html",
        {"lines": lines, "phone": phone_view.card(engine.person(person)), "client_key": ids.token(12)},
    )
    response["X-Since"] = str(n)
    engine.read_all(person)
    return response


@pages.page()
@_demo_only
def state(request: HttpRequest, person: str) -> HttpResponse:
    """GET /sim/p/<person>/state: what time it is there and whether the window is open."""
    engine = inside.engine()
    _person(engine, person)
    shown = {"window_open": engine.window_open(person), "now": clock.now()}
    return pages.fragment(request, "whatsapp/sim_state.html", shown)


@pages.page(methods=("POST",))
@_demo_only
def say(request: HttpRequest, person: str) -> HttpResponse:
    """POST /sim/p/<person>/say: the person writes. The same form sent twice is one message."""
    engine = inside.engine()
    _person(engine, person)
    text = tidy(request.POST.get("text", ""), 4096)
    if not text:
        raise Invalid({"text": _("Write something first.")})
    if engine.first_time(person, request.POST.get("client_key", "")):
        engine.say(person, "text", {"body": text})
    return _back(person)


@pages.page(methods=("POST",))
@_demo_only
def press(request: HttpRequest, person: str) -> HttpResponse:
    """POST /sim/p/<person>/press: a button under a message, as "<number of the message>:<button id>"."""
    engine = inside.engine()
    _person(engine, person)
    wamid, _sep, ident = request.POST.get("button", "").partition("|")
    for row in engine.chat(person):
        for button in phone_view.buttons_of(row):
            if row.id == wamid and button["id"] == ident:
                if engine.first_time(person, request.POST.get("client_key", "")):
                    content = {"type": "button_reply", "button_reply": button}
                    engine.say(person, "interactive", content, reply_to=row.id)
                return _back(person)
    raise NotFound(_("That button is not there any more."))


@pages.page(methods=("POST",))
@_demo_only
def picture(request: HttpRequest, person: str) -> HttpResponse:
    """POST /sim/p/<person>/picture: a picture of one's own, or the ready one."""
    engine = inside.engine()
    _person(engine, person)
    upload = request.FILES.get("picture")
    if upload is not None and (upload.size or 0) > MAX_PICTURE:
        raise Invalid({"picture": _("A picture may have 5 MB here.")})
    data = upload.read() if upload is not None else samples.picture()
    mime = next((m for magic, m in _TYPES.items() if data.startswith(magic)), "")
    if not mime:
        raise Invalid({"picture": _("This is no JPEG, PNG or WebP picture.")})
    if engine.first_time(person, request.POST.get("client_key", "")):
        media, digest = engine.add_media(data, mime)
        engine.say(person, "image", {"id": media, "mime_type": mime, "sha256": digest})
    return _back(person)


@pages.page()
@_demo_only
def file(request: HttpRequest, person: str, media: str) -> HttpResponse:
    """GET /sim/p/<person>/file/<media>: a picture of this chat."""
    engine = inside.engine()
    if not any(row.content.get("id") == media for row in engine.chat(person)):
        raise NotFound(_("There is no such picture."))
    found = engine.media_of(media)
    if found is None:
        raise NotFound(_("There is no such picture."))
    return HttpResponse(found[0], content_type=found[1])


@pages.page(methods=("POST",))
@_demo_only
def do(request: HttpRequest, person: str) -> HttpResponse:
    """POST /sim/p/<person>/do: 24 hours pass, the phone goes off or on, we are blocked, the provider stumbles."""
    engine = inside.engine()
    row = _person(engine, person)
    act = request.POST.get("act", "")
    if act == "day":
        clock.advance_demo(timedelta(hours=24))
    elif act == "off":
        engine.change_person(person, off=0 if row["off"] else 1)
    elif act == "block":
        engine.change_person(person, blocked=0 if row["blocked"] else 1)
    elif act == "trouble":
        on = bool(engine.faults.duplicate)
        engine.faults = (
            faults.Faults() if on else faults.Faults(duplicate=0.5, shuffle=2.0, reorder_statuses=True)
        )
    elif act == "number":
        digits = "".join(secrets.choice("0123456789") for _ in range(8))
        engine.change_number(person, row["phone"][:-8] + digits if row["phone"] else "")
    else:
        raise Invalid({"act": _("This phone cannot do that.")})
    return _back(person)


def _back(person: str) -> HttpResponse:
    return pages.redirect(f"/sim/p/{person}#end")
