"""Choosing language, theme and country: a small form on any page, kept in a cookie on this device.

These forms carry no CSRF token, because a token would keep every public page out of the cache. Another site can at
most change a visitor's language; the browser's own word about where a form came from is heeded all the same.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from kithwell.kernel import conf, errors, pages, preferences


def _choose(request: HttpRequest, cookie: str, value: str, allowed: bool) -> HttpResponseBase:
    if request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") == "cross-site":
        raise errors.Refused()
    if not allowed:
        raise errors.NotFound()
    response = pages.redirect(pages.safe_next(request))
    response.set_cookie(
        cookie, value, max_age=preferences.KEPT_FOR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


@csrf_exempt
@pages.page(methods=("POST",))
def language(request: HttpRequest) -> HttpResponseBase:
    wanted = request.POST.get("language", "")
    return _choose(request, preferences.LANGUAGE_COOKIE, wanted, wanted in conf.get("languages"))


@csrf_exempt
@pages.page(methods=("POST",))
def theme(request: HttpRequest) -> HttpResponseBase:
    wanted = request.POST.get("theme", "")
    return _choose(request, preferences.THEME_COOKIE, wanted, wanted in preferences.THEMES)


@csrf_exempt
@pages.page(methods=("POST",))
def country(request: HttpRequest) -> HttpResponseBase:
    wanted = request.POST.get("country", "").upper()
    return _choose(request, preferences.COUNTRY_COOKIE, wanted, preferences.is_country(wanted))
