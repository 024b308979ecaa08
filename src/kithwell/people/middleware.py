"""Puts `request.principal` on every request, and sends people to sign in where a page asks for it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kithwell.people import access


class PrincipalMiddleware:
    """`request.principal` is looked up when first used: a page that does not ask costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = SimpleLazyObject(lambda: access.principal_for(request))
        response = self.get_response(request)
        # Whoever asked for a proof of who this is (access.SignInNeeded, StepUpNeeded) ended in a 401.
        if response.status_code == 401 and not response.has_header("WWW-Authenticate"):
            return access.send_there(request, request.principal)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, access.SignInNeeded | access.StepUpNeeded):  # not caught by a `pages.page`
            return access.send_there(request, request.principal)
        return None
