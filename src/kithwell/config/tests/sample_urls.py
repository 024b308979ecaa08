"""Pages that exist only in tests of the front."""

from __future__ import annotations

import threading
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.utils.translation import get_language

from kithwell.kernel import errors, jinja, pages

calls: dict[str, int] = {}
gate = threading.Event()
entered = threading.Semaphore(0)


def _count(name: str) -> int:
    calls[name] = calls.get(name, 0) + 1
    return calls[name]


def _text(request: HttpRequest, source: str, **ctx: Any) -> HttpResponse:
    env = jinja.environment()
    return HttpResponse(env.from_string(source).render({**pages.context(request), **ctx}))


@pages.page()
def hello(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(f"hello {get_language()} {request.META['REMOTE_ADDR']} {request.scheme}")


@pages.public_cache(60)
@pages.page()
def public(request: HttpRequest) -> HttpResponseBase:
    number = _count("public")
    return _text(
        request, "<p lang={{ lang }} class={{ theme }}>{{ country }} {{ n }}</p>" + "x" * 2000, n=number
    )


@pages.public_cache(60)
@pages.page()
def public_form(request: HttpRequest) -> HttpResponseBase:
    _count("public_form")
    return _text(request, "<form>{{ csrf_token }}</form>")


@pages.page(methods=("GET", "POST"))
def echo(request: HttpRequest) -> HttpResponseBase:
    _count("echo")
    if request.method == "POST":
        return HttpResponse(request.POST.get("text", ""))
    return _text(request, "{{ csrf_token }}")


@pages.uploads
@pages.page(methods=("POST",))
def upload(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(str(len(request.body) if not request.FILES else request.FILES["file"].size))


upload.csrf_exempt = True  # type: ignore[attr-defined]
echo.csrf_exempt = True  # type: ignore[attr-defined]


@pages.page()
def waits(request: HttpRequest) -> HttpResponseBase:
    _count("waits")
    entered.release()
    gate.wait(20)
    return HttpResponse("waited")


@pages.page()
def fails(request: HttpRequest) -> HttpResponseBase:
    raise ValueError("what a person wrote: I feel so alone")


@pages.page()
def refuses(request: HttpRequest) -> HttpResponseBase:
    kinds: dict[str, errors.KithwellError] = {
        "404": errors.NotFound(),
        "403": errors.Refused(),
        "409": errors.Conflict(),
        "422": errors.Invalid({"name": "This name is taken."}),
        "429": errors.TooMany(after=7),
    }
    raise kinds[request.GET["as"]]


def streams(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse((f"part {n}\n".encode() for n in range(5)), content_type="text/plain")


urlpatterns = [
    path("hello", hello),
    path("talk/r/<str:secret>", hello),
    path("public", public),
    path("public-form", public_form),
    path("echo", echo),
    path("upload", upload),
    path("waits", waits),
    path("fails", fails),
    path("refuses", refuses),
    path("streams", streams),
]
handler404 = "kithwell.kernel.errorpages.not_found"
handler500 = "kithwell.kernel.errorpages.server_error"
