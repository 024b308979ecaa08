"""What people see when something does not work: what happened, that nothing was lost, what to do next, Help now.

`STATIC` is plain bytes for the moment when templates, database or everything else fails.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kithwell.kernel import errors, logs, pages

log = logs.get("kernel.pages")


class Words(NamedTuple):
    """What happened, whether anything was lost, what next."""

    title: str
    kept: str
    todo: str


_NOTHING_LOST = gettext_noop("Nothing you saved is lost.")
WORDS: dict[int, Words] = {
    400: Words(
        gettext_noop("We could not read that request"),
        _NOTHING_LOST,
        gettext_noop("Go back and try again. If it happens again, start from the home page."),
    ),
    403: Words(
        gettext_noop("This page is not open to you"),
        _NOTHING_LOST,
        gettext_noop("It may be meant for somebody else, or you may need to sign in again."),
    ),
    404: Words(
        gettext_noop("There is nothing here"),
        _NOTHING_LOST,
        gettext_noop(
            "The address may be mistyped, or the page may have gone. Start again from the home page."
        ),
    ),
    405: Words(
        gettext_noop("This page does not work that way"),
        _NOTHING_LOST,
        gettext_noop("Go back and use the buttons of the page."),
    ),
    408: Words(
        gettext_noop("The connection was too slow to finish"),
        gettext_noop("What you sent did not arrive in full, so it was not saved."),
        gettext_noop("Go back: your text should still be there. Then send it once more."),
    ),
    409: Words(
        gettext_noop("Somebody else changed this at the same time"),
        _NOTHING_LOST,
        gettext_noop("Go back, look at what is new, and try again."),
    ),
    413: Words(
        gettext_noop("That is too large to send"),
        gettext_noop("It was not saved. What you saved before is still there."),
        gettext_noop("Go back and send a smaller file or a shorter text."),
    ),
    421: Words(
        gettext_noop("This site is not known by that name"),
        _NOTHING_LOST,
        gettext_noop(
            "Check the address. Whoever runs this site can allow the name in its settings (allowed_hosts)."
        ),
    ),
    422: Words(
        gettext_noop("Something in the form needs to be changed"),
        gettext_noop("Nothing was lost: go back and your text is still there."),
        gettext_noop("Change what is marked and send it again."),
    ),
    429: Words(
        gettext_noop("Too many tries in a short time"),
        _NOTHING_LOST,
        gettext_noop("Wait a minute, then try again."),
    ),
    431: Words(
        gettext_noop("Your browser sent too much with this request"),
        _NOTHING_LOST,
        gettext_noop("Delete the cookies of this site and try again."),
    ),
    500: Words(
        gettext_noop("Something went wrong on our side"),
        gettext_noop("What was saved before is still there. It is not your fault."),
        gettext_noop("Try again in a minute. If you need somebody now, use Help now."),
    ),
    503: Words(
        gettext_noop("We are very busy, or being repaired, right now"),
        gettext_noop("What was saved before is still there."),
        gettext_noop("Try again in a minute. If you need somebody now, use Help now."),
    ),
}

_PLAIN = """<!doctype html>
<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{kept}</p><p>{todo}</p>
<p><a href="/help">{help}</a></p><p><a href="/">{home}</a></p></main></body></html>
"""


def words(status: int) -> Words:
    """The words for a status, in the present language."""
    found = WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    return Words(_(found.title), _(found.kept), _(found.todo))


def plain(status: int, lang: str = "en", direction: str = "ltr") -> bytes:
    """An error page that needs no template, no file and no database."""
    said = words(status)
    values = {
        "title": said.title,
        "kept": said.kept,
        "todo": said.todo,
        "help": _("Help now"),
        "home": _("Home page"),
    }
    return _PLAIN.format(
        lang=escape(lang), dir=direction, **{k: escape(v) for k, v in values.items()}
    ).encode()


@cache
def _english(status: int) -> bytes:
    found = WORDS.get(status) or WORDS[500]
    values = {**found._asdict(), "help": "Help now", "home": "Home page"}
    return _PLAIN.format(lang="en", dir="ltr", **{k: escape(v) for k, v in values.items()}).encode()


def last_resort(status: int = 500) -> bytes:
    """The same in English, without even the translation machinery."""
    return _english(status)


def _wants_json(request: HttpRequest) -> bool:
    accept = request.META.get("HTTP_ACCEPT", "")
    return "application/json" in accept and "text/html" not in accept


def show(
    request: HttpRequest,
    status: int,
    *,
    message: str = "",
    fields: dict[str, str] | None = None,
    code: str = "",
    why_url: str = "",
) -> HttpResponse:
    """The error page for `status`, with `message` in place of the general title where one is given."""
    said = words(status)
    if _wants_json(request):
        data: dict[str, Any] = {"code": code or str(status), "message": message or said.title}
        return JsonResponse(data | ({"fields": fields} if fields else {}), status=status)
    ctx = {"status": status, "words": said, "message": message, "fields": fields or {}, "why_url": why_url}
    try:
        response = pages.render(request, "kernel/error.html", ctx, status=status)
    except Exception as error:
        log.error("errorpage.template_failed", error=logs.describe(error), status=status)
        prefs = pages.preferences_of(request)
        response = HttpResponse(plain(status, prefs.spoken, prefs.dir), status=status)
    response["Cache-Control"] = "no-store"
    return response


def for_error(request: HttpRequest, error: errors.KithwellError) -> HttpResponse:
    """The page of an error from `kernel.errors`."""
    fields = {k: str(v) for k, v in error.fields.items()} if isinstance(error, errors.Invalid) else {}
    response = show(
        request,
        error.status,
        message=str(error.message),
        fields=fields,
        code=error.code,
        why_url=str(getattr(error, "why_url", "")),
    )
    if isinstance(error, errors.TooMany):
        response["Retry-After"] = str(error.after)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return show(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was older than its cookie, or came from another site."""
    return show(
        request,
        403,
        message=_(
            "This form was open for too long, or cookies are off. Go back, reload the page, and send it again."
        ),
        code="csrf",
    )


@cache
def plain_in(status: int, lang: str, direction: str) -> bytes:
    """`plain` in a language, for the front, which runs outside of any request."""
    from django.utils import translation

    try:
        with translation.override(lang):
            return plain(status, lang, direction)
    except Exception:
        return last_resort(status)
