"""/help, answered on the event loop from memory: no database, no Django view, no session."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kithwell.directory import help_page, queries, static
from kithwell.kernel import logs, preferences

log = logs.get("directory.help")


def _where(request: Request) -> tuple[str, bool, bool]:
    """(country, guessed, chosen now). Chosen here or before, else the region of the browser's language; no IP look-up.

    The site's default country is not used: it would be another country's number for whoever is elsewhere.
    """
    if "country" in request.query_params:
        wanted = request.query_params["country"].upper()
        return (wanted if wanted in queries.codes() else ""), False, True
    cookie = request.cookies.get(preferences.COUNTRY_COOKIE, "")
    if preferences.is_country(cookie):
        return cookie, False, False
    guess = preferences.country_of("", request.headers.get("accept-language", ""), "")
    return guess, bool(guess), False


def _language(request: Request) -> str:
    offered = help_page.languages()
    wanted = request.query_params.get("lang", "")
    if wanted in offered:
        return wanted
    cookie = request.cookies.get(preferences.LANGUAGE_COOKIE, "")
    return preferences.language_of(cookie, request.headers.get("accept-language", ""), offered)


def _answer(request: Request) -> Response:
    country, guessed, chosen = _where(request)
    language = _language(request)
    body = help_page.render(country, language, guessed=guessed, staffing=static.staffing())
    response = _page(help_page.with_theme(body, request.cookies.get(preferences.THEME_COOKIE, "")))
    if chosen:
        if country:
            response.set_cookie(
                preferences.COUNTRY_COOKIE,
                country,
                max_age=preferences.KEPT_FOR,
                httponly=True,
                samesite="lax",
                secure=request.url.scheme == "https",
            )
        else:
            response.delete_cookie(preferences.COUNTRY_COOKIE)
    return response


def _page(body: bytes) -> Response:
    headers = {"content-security-policy": help_page.policy().decode(), "cache-control": "private, no-cache"}
    return Response(body, headers=headers, media_type="text/html; charset=utf-8")


async def help_now(request: Request) -> Response:
    """The help page. Whatever goes wrong inside, people get a page with numbers."""
    try:
        return _answer(request)
    except Exception as error:
        log.error("help.failed", error=type(error).__name__)
    try:
        accept = request.headers.get("accept-language", "")
        language = preferences.language_of("", accept, ("en", "es"))
        return _page(static.fallback(preferences.country_of("", accept, ""), language))
    except Exception:
        return Response(static.fallback("", "en"), media_type="text/html; charset=utf-8")


routes = [Route("/help", help_now)]
