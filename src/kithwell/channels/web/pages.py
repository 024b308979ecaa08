"""The pages of the web chat. Every form works without scripts; words that cannot be taken come back in the form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.channels.web import access, actions, rules
from kithwell.channels.web.access import DEVICE_COOKIE, VISIT_COOKIE, Here
from kithwell.channels.web.actions import Secrets
from kithwell.directory import queries as directory
from kithwell.kernel import conf, ids, pages, preferences
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.support import queries

COOKIES_FOR = "/"


def _here(request: HttpRequest) -> Here | None:
    return access.here(request.COOKIES, request.principal)


def _keep(request: HttpRequest, response: HttpResponseBase, secrets: Secrets) -> None:
    for name, value, age in (
        (VISIT_COOKIE, secrets.visit, rules.VISIT),
        (DEVICE_COOKIE, secrets.device, rules.DEVICE),
    ):
        response.set_cookie(
            name,
            value,
            max_age=age,
            path=COOKIES_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def _country(request: HttpRequest) -> str:
    """What the person chose here or before, else the region of their browser's language; never the site's default."""
    if "country" in request.POST:
        wanted = request.POST["country"].upper()
        return wanted if wanted in directory.codes() else ""
    accept = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return preferences.country_of(request.COOKIES.get(preferences.COUNTRY_COOKIE, ""), accept, "")


def _language(request: HttpRequest) -> str:
    wanted = request.POST.get("language", "")
    return wanted if wanted in conf.get("languages") else pages.preferences_of(request).language


# -- beginning -----------------------------------------------------------------------------------------------------


def _start_page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    language = _language(request)
    shown = {
        "open": queries.open_state(),
        "told": rules.told_minutes(queries.open_state().wait_minutes),
        "countries": [("", _("I would rather not say")), *directory.countries(language)],
        "chosen_country": _country(request),
        "chosen_language": language,
        "client_key": ids.token(12),
        "draft": "",
        "error": "",
        "max_chars": rules.MOST_CHARS,
        "may_link": request.principal.is_account,
        **extra,
    }
    return pages.render(request, "web/start.html", shown, status=status)


@pages.page()
def start(request: HttpRequest) -> HttpResponseBase:
    """GET /talk: what is private, who is there, and the first words. Whoever has a conversation goes on with it."""
    if _here(request) is not None:
        return pages.redirect("/talk/c#end")
    return _start_page(request)


@pages.page(methods=("POST",))
def begin(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/start: the conversation, and the first words if there are any."""
    words = request.POST.get("text", "")
    if len(words) > rules.MOST_CHARS and (problem := _too_long(words)):
        return _start_page(request, status=422, draft=words, error=problem)
    earlier = _here(request)
    if earlier is not None:  # the same form sent twice, or a second tab
        return _said_and_back(request, earlier, words)
    linked = request.principal if request.principal.is_account and request.POST.get("link") else None
    here, secrets = actions.come_in(
        language=_language(request),
        country=_country(request),
        device=request.COOKIES.get(DEVICE_COOKIE, ""),
        account=linked,
    )
    response = _said_and_back(request, here, words)
    if secrets is not None:
        _keep(request, response, secrets)
    for name, value in (
        (preferences.COUNTRY_COOKIE, _country(request)),
        (preferences.LANGUAGE_COOKIE, _language(request)),
    ):
        if value and name.removeprefix("kw_") in request.POST:  # what they chose holds for the whole site
            response.set_cookie(
                name,
                value,
                max_age=preferences.KEPT_FOR,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
    return response


def _too_long(words: str) -> str:
    try:
        from kithwell.kernel import texts

        texts.tidy(words, rules.MOST_CHARS)
    except Invalid as refused:
        return str(refused.message)
    return ""


def _said_and_back(request: HttpRequest, here: Here, words: str) -> HttpResponseBase:
    if words.strip():
        actions.say(
            here,
            words,
            request.POST.get("client_key", ""),
            language=_language(request),
            country=_country(request),
        )
    return pages.redirect("/talk/c#end")


@pages.page()
def resume(request: HttpRequest, secret: str) -> HttpResponseBase:
    """GET /talk/r/<secret>: the link, in the browser it was made in."""
    try:
        secrets = actions.come_back(secret, request.COOKIES)
    except NotFound:
        return pages.render(request, "web/no_link.html", status=404)
    response = pages.redirect("/talk/c")
    _keep(request, response, secrets)
    return response


# -- the conversation ----------------------------------------------------------------------------------------------


def _now_context(here: Here, *, whole: bool = False) -> dict[str, Any]:
    view = queries.person(here.principal)
    shown: dict[str, Any] = {
        "view": view,
        "place": rules.place(view.queue_position),
        "told": rules.told_minutes(view.open.wait_minutes),
        "transcript": None,
        "buttons": (),
        "danger": False,
        "emergency": None,
        "client_key": ids.token(12),
        "member": here.member,
    }
    if view.conversation_id is not None:
        read = queries.transcript if whole else actions.latest
        transcript = read(here.principal, view.conversation_id)
        shown["transcript"] = transcript
        shown["buttons"] = _buttons(transcript)
        danger, country = actions.in_danger(here.principal, view.conversation_id)
        shown["danger"] = danger and transcript.state != "ended"
        shown["emergency"] = directory.emergency(country) if danger and country else None
    return shown


def _buttons(transcript: Any) -> tuple[Any, ...]:
    """Ready answers of the latest thing said, while nobody has answered it and a person has not taken over."""
    if transcript.controller != "assistant" or transcript.state == "ended":
        return ()
    found: tuple[Any, ...] = ()
    for message in reversed(transcript.messages):
        if message.author != "assistant":
            break
        found = (*message.buttons, *(b for b in found if b.id not in {x.id for x in message.buttons}))
    return found[:4]


def _conversation_page(request: HttpRequest, here: Here, *, status: int = 200, **extra: Any) -> HttpResponse:
    shown = {
        **_now_context(here, whole=True),
        "draft": "",
        "error": "",
        "notice": _NOTICES.get(request.GET.get("said", ""), lambda: "")(),
        "max_chars": rules.MOST_CHARS,
        "own_link": "",
        **extra,
    }
    response = pages.render(request, "web/conversation.html", shown, status=status)
    row = access.visitor(request.COOKIES)
    if row is not None and actions.stay(row):
        _keep(
            request, response, Secrets(request.COOKIES[VISIT_COOKIE], request.COOKIES.get(DEVICE_COOKIE, ""))
        )
    return response


_NOTICES = {
    "new": lambda: _(
        "This browser no longer had your earlier conversation open, so this is a new one. Your words arrived."
    ),
    "thanks": lambda: _("Thank you for telling us."),
    "ended": lambda: _("You ended the conversation. You can write again at any time."),
}


@pages.page()
def conversation(request: HttpRequest) -> HttpResponseBase:
    """GET /talk/c."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    try:
        return _conversation_page(request, here)
    except NotFound:  # erased meanwhile, by the person elsewhere or by age
        return _forget(pages.redirect("/talk"))


@pages.page()
def new(request: HttpRequest) -> HttpResponseBase:
    """GET /talk/c/new?since=N&of=ID: the bubbles that came since; all of them when the page shows another talk."""
    here = _here(request)
    view = queries.person(here.principal) if here else None
    if here is None or view is None or view.conversation_id is None:
        raise NotFound()
    since = request.GET.get("since", "")
    same = ids.parse(request.GET.get("of", "")) == view.conversation_id
    number = int(since) if same and since.isdecimal() and len(since) < 10 else 0
    transcript = queries.transcript(here.principal, view.conversation_id, number)
    return pages.fragment(
        request, "web/bubbles.html", {"messages": transcript.messages}, **{"X-Since": str(transcript.n)}
    )


@pages.page()
def now(request: HttpRequest) -> HttpResponseBase:
    """GET /talk/c/now: who is there, how long it may take, and the ready answers."""
    here = _here(request)
    if here is None:
        raise NotFound()
    shown = _now_context(here)
    return pages.fragment(
        request, "web/now.html", shown, **{"X-Of": str(shown["view"].conversation_id or "")}
    )


def _wants_data(request: HttpRequest) -> bool:
    return "application/json" in request.META.get("HTTP_ACCEPT", "")


@pages.page(methods=("POST",))
def send(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/send: words. Whoever has no conversation open any more is heard in a new one."""
    words, key = request.POST.get("text", ""), request.POST.get("client_key", "")
    here, secrets = _here(request), None
    try:
        if not words.strip() or _too_long(words):
            raise Invalid({"text": _too_long(words) or _("Write something first.")})
        arrived = here is not None and actions.say(here, words, key) is not None
        if not arrived:
            here, secrets = actions.come_in(
                language=_language(request),
                country=_country(request),
                device=request.COOKIES.get(DEVICE_COOKIE, ""),
            )
            actions.say(here, words, key, language=_language(request), country=_country(request))
    except Invalid as refused:
        if _wants_data(request):
            raise
        if here is None:
            return _start_page(request, status=422, draft=words, error=str(refused.message))
        return _conversation_page(request, here, status=422, draft=words, error=str(refused.message))
    if _wants_data(request):
        response: HttpResponseBase = HttpResponse(status=204)
        response["X-Client-Key"] = ids.token(12)
    else:
        response = pages.redirect("/talk/c?said=new#end" if secrets else "/talk/c#end")
    if secrets is not None:
        _keep(request, response, secrets)
    return response


@pages.page(methods=("POST",))
def press(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/press: a ready answer. One that is not open any more changes nothing."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    try:
        actions.press(here, request.POST.get("button", ""), request.POST.get("client_key", ""))
    except Invalid:
        if request.POST.get("button") == "human":  # never too late to ask for
            actions.ask_person(here)
    return pages.redirect("/talk/c#end")


@pages.page(methods=("POST",))
def person(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/person: a person, please."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    actions.ask_person(here)
    return pages.redirect("/talk/c#end")


# -- keeping, ending, erasing --------------------------------------------------------------------------------------


@pages.page(methods=("POST",))
def link(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/link: a link that opens this conversation in this browser. Shown once."""
    here = _here(request)
    if here is None or here.member:
        return pages.redirect("/talk/c")
    secret = actions.make_link(request.COOKIES)
    base = str(conf.get("public_url", "")).rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return _conversation_page(request, here, own_link=f"{base}/talk/r/{secret}")


def _forget(response: HttpResponseBase) -> HttpResponseBase:
    response.delete_cookie(VISIT_COOKIE, path=COOKIES_FOR)
    return response


@pages.page(methods=("POST",))
def put_away(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/away: on a shared device. Only the link opens it again."""
    actions.put_away(request.COOKIES)
    return _forget(pages.redirect("/talk"))


@pages.page(methods=("POST",))
def end(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/end."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    actions.end(here)
    return pages.redirect("/talk/c?said=ended")


@pages.page(methods=("POST",))
def feedback(request: HttpRequest) -> HttpResponseBase:
    """POST /talk/c/feedback: how it was."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    actions.feedback(here, request.POST.get("helped", ""))
    return pages.redirect("/talk/c?said=thanks")


@pages.page(methods=("GET", "POST"))
def delete(request: HttpRequest) -> HttpResponseBase:
    """GET /talk/c/delete asks once; POST erases and shows the receipt."""
    here = _here(request)
    if here is None:
        return pages.redirect("/talk")
    if request.method != "POST":
        return pages.render(request, "web/delete.html", {"member": here.member})
    receipt = actions.erase(here)
    response = pages.render(request, "web/deleted.html", {"receipt": receipt, "member": here.member})
    return response if here.member else _forget(response)
