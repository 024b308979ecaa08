"""What every request gets before its page: preferences, and, until somebody signs in, nobody."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kithwell.kernel import errorpages, preferences
from kithwell.kernel.principal import ANONYMOUS

Next = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Sets `request.preferences` and speaks the person's language for the length of the request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        prefs = preferences.of(request.COOKIES, request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        request.preferences = prefs  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = prefs.spoken
        translation.activate(prefs.spoken)
        try:
            if "\x00" in request.path_info:
                # No address here holds one, and PostgreSQL refuses to look for it.
                return errorpages.not_found(request)
            return self.get_response(request)
        finally:
            translation.deactivate()


class AnonymousMiddleware:
    """Stands in where no part knows accounts."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = ANONYMOUS  # type: ignore[attr-defined]
        return self.get_response(request)
