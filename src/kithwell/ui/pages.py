"""Pages that belong to no part: the first page, Leave, and plain words about privacy and about leaving."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kithwell.kernel import conf, errors, pages
from kithwell.ui import samples
from kithwell.ui.jinja import leave_url


@pages.public_cache(300)
@pages.page()
def home(request: HttpRequest) -> HttpResponseBase:
    return pages.render(request, "ui/home.html")


@pages.page()
def leave(request: HttpRequest) -> HttpResponseBase:
    """Quick exit where scripts do not run: on to a harmless page that is not told where the visitor came from.

    `Clear-Site-Data: "cache"` makes the browser forget the pages it kept (W3C Clear Site Data, section 3.2.1);
    cookies stay, because a secret conversation that somebody wants to come back to hangs on one.
    """
    response = HttpResponse(status=303)
    response["Location"] = leave_url()
    response["Referrer-Policy"] = "no-referrer"
    response["Clear-Site-Data"] = '"cache"'
    return response


@pages.public_cache(300)
@pages.page()
def privacy(request: HttpRequest) -> HttpResponseBase:
    return pages.render(request, "ui/privacy.html")


@pages.public_cache(300)
@pages.page()
def leaving(request: HttpRequest) -> HttpResponseBase:
    return pages.render(request, "ui/leaving.html")


@pages.page()
def styleguide(request: HttpRequest, name: str = "") -> HttpResponseBase:
    """Every component with invented content; only where a demonstration or a developer asked for it."""
    if not (conf.get("demo", False) or conf.get("reload_templates", False)):
        raise errors.NotFound()
    if name not in ("", "desk", "phone", "chat"):
        raise errors.NotFound()
    rtl = request.GET.get("dir") == "rtl"
    ctx = {"sample": samples.everything(rtl), "rtl": rtl} | ({"dir": "rtl", "lang": "ar"} if rtl else {})
    return pages.render(request, f"ui/styleguide{'_' + name if name else ''}.html", ctx)
