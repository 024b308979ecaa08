"""One's own data: consents, the archive of everything, and erasure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from kithwell.kernel import clock, errors, pages
from kithwell.people import access, actions, consent, erasure, queries
from kithwell.people.pages import tools


def _subject(request: HttpRequest) -> Any:
    return access.own_account(request.principal).subject


@pages.page(methods=("GET", "POST"))
@access.signed_in
def consents(request: HttpRequest) -> HttpResponseBase:
    """What one agreed to, item by item, with the way back."""
    subject = _subject(request)
    receipt = ""
    if request.method == "POST":
        known = {item.key: item for item in consent.items()}
        item = known.get(request.POST.get("item", ""))
        if item is None:
            raise errors.NotFound()
        if request.POST.get("say") == "yes":
            receipt = consent.give(subject, item.key, text_version=item.version)
        else:
            receipt = consent.withdraw(subject, item.key)
    present = consent.present(subject)
    titles = {item.key: item.title for item in consent.items()}
    ctx = {
        "items": [
            (item, last if (last := present.get(item.key)) and consent.stands(last) else None, last)
            for item in consent.items()
        ],
        "past": [(entry, titles.get(entry.item, entry.item)) for entry in consent.history(subject)[:200]],
        "receipt": receipt,
    }
    return pages.render(request, "people/consents.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything about oneself: ask for it, see it being made, take it once."""
    principal = request.principal
    if request.method == "POST":
        access.require_fresh(request)
        tools.slow_down(request, "export", tries=10, seconds=3600)
        actions.ask_for_export(principal)
        return pages.redirect("/me/export")
    return pages.render(request, "people/export.html", {"archives": queries.exports_of(principal)})


@pages.page(methods=("POST",))
@access.signed_in
def export_take(request: HttpRequest, ident: str) -> HttpResponseBase:
    """The archive itself. It is streamed, and gone from here afterwards."""
    access.own_export(request.principal, ident)
    access.require_fresh(request)
    pieces, size = actions.take_export(request.principal, ident)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Length"] = str(size)
    answer["Content-Disposition"] = f'attachment; filename="archive-{clock.now():%Y-%m-%d}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


@pages.page(methods=("POST",))
@access.signed_in
def export_stop(request: HttpRequest, ident: str) -> HttpResponseBase:
    actions.stop_export(request.principal, ident)
    return pages.redirect("/me/export")


@pages.page(methods=("GET", "POST"))
@access.signed_in
def erase(request: HttpRequest) -> HttpResponseBase:
    """Going for good: what goes, what may stay without a name, how long there is to come back."""
    principal = request.principal
    account = access.own_account(principal)
    ctx: dict[str, Any] = {
        "leaving_at": account.leaving_at,
        "goes": erasure.describe(account.subject, account.pk),
        "days": queries.grace_days(),
        "writing": request.POST.get("writing", "delete"),
        "wrong": {},
        "said": "",
    }
    if request.method != "POST":
        return pages.render(request, "people/erase.html", ctx)
    if request.POST.get("do") == "back":
        actions.come_back(principal)
        return pages.redirect("/me?saved=1")
    access.require_fresh(request)
    try:
        if not request.POST.get("sure"):
            raise errors.Invalid({"sure": _("Please tick this box, so that nobody is erased by accident.")})
        when = request.POST.get("when", "later")
        code = actions.ask_for_erasure(principal, writing=str(ctx["writing"]), at_once=when == "now")
    except (errors.Invalid, errors.Conflict) as error:
        return tools.show(
            request, "people/erase.html", ctx | {"when": request.POST.get("when", "later")}, error
        )
    actions.sign_out(request)
    return pages.redirect(f"/erased/{code}")


@pages.page()
def erased(request: HttpRequest, code: str) -> HttpResponseBase:
    """The receipt of an erasure; it needs no account, because there may be none."""
    tools.slow_down(request, "receipt", tries=60, seconds=600)
    found = queries.receipt(code)
    if found is None:
        raise errors.NotFound()
    return pages.render(request, "people/erased.html", {"receipt": found, "code": code})
