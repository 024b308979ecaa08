"""Pages: rendering with Jinja2, errors in words for people, redirects, and which pages may be cached.

A page is a function of a request; `@page()` turns errors of `kernel.errors` into pages and keeps it out of caches.
A public page adds `@public_cache(seconds)` outside of it: the front (config/front.py) then answers signed-out visitors
from memory, with an ETag. Whatever holds a CSRF token, a cookie or somebody's name is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from kithwell.kernel import errors, jinja, preferences
from kithwell.kernel.principal import ANONYMOUS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may count on."""
    prefs = preferences_of(request)
    return {
        "request": request,
        "principal": getattr(request, "principal", ANONYMOUS),
        "lang": prefs.spoken,
        "wanted_language": prefs.language,
        "dir": prefs.dir,
        "theme": prefs.theme,
        "country": prefs.country,
        "csrf_token": SimpleLazyObject(lambda: _token(request)),
        "path": request.path,
        "page_width": "narrow",
        "page_js": [],
    }


def _token(request: HttpRequest) -> str:
    request.csrf_used = True  # type: ignore[attr-defined]  # such a page belongs to one person
    return str(get_token(request))


def preferences_of(request: HttpRequest) -> preferences.Preferences:
    """The request's preferences, also where no middleware ran."""
    found = getattr(request, "preferences", None)
    if found is None:
        found = preferences.of(request.COOKIES, request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        request.preferences = found  # type: ignore[attr-defined]
    return found


def render_text(request: HttpRequest, template: str, ctx: dict[str, Any] | None = None) -> str:
    """The HTML of a template, for fragments and for pages alike."""
    return jinja.render(template, {**context(request), **(ctx or {})})


def render(
    request: HttpRequest, template: str, ctx: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page. `ctx` may be anything with names; it is put over what `context` gives."""
    return HttpResponse(render_text(request, template, ctx), status=status)


def fragment(
    request: HttpRequest, template: str, ctx: dict[str, Any] | None = None, **headers: str
) -> HttpResponse:
    """A piece of a page for a live region; never kept by a cache."""
    response = HttpResponse(render_text(request, template, ctx), headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def redirect(to: str, *, status: int = 303) -> HttpResponseRedirect:
    """Go on to `to`, an address of this site. 303: the answer to a form is fetched with GET."""
    response = HttpResponseRedirect(to)
    response.status_code = status
    return response


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Where a form wanted to go back to (`next`), if that is an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside else default


def page(
    methods: Iterable[str] = ("GET",),
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Make a function a page: only `methods` (HEAD goes with GET), errors in words, no caching unless it says so."""
    allowed = {m.upper() for m in methods}
    if "GET" in allowed:
        allowed.add("HEAD")

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            from kithwell.kernel import errorpages

            if request.method not in allowed:
                response: HttpResponseBase = errorpages.show(request, 405)
                response["Allow"] = HttpResponseNotAllowed(sorted(allowed))["Allow"]
                return response
            try:
                response = view(request, *args, **kwargs)
            except errors.KithwellError as error:
                response = errorpages.for_error(request, error)
            if not response.has_header("Cache-Control"):
                response["Cache-Control"] = "no-store"
            return response

        return inner

    return decorate


def public_cache(
    seconds: int,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Let the front keep this page for signed-out visitors for `seconds`, by path, query, language, theme, country."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and not personal(request, response):
                response.public_seconds = seconds  # type: ignore[attr-defined]
                response["Cache-Control"] = "private, no-cache"
            return response

        return inner

    return decorate


def uploads(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a page that takes files: its body may have `max_upload_bytes`. Put it outermost."""
    view.uploads = True  # type: ignore[attr-defined]
    return view


def personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Might this answer hold anything that is only for this visitor?"""
    return (
        request.method not in ("GET", "HEAD")
        or getattr(request, "principal", ANONYMOUS).kind != "anonymous"
        or bool(set(request.COOKIES) - preferences.COOKIES)
        or getattr(request, "csrf_used", False)
        or bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))
        or bool(response.cookies)
        or response.streaming
    )
