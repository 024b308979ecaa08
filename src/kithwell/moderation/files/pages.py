"""Hash lists, for stewards. Nothing here shows a picture or what a list matched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.kernel import ids, pages
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.moderation import words
from kithwell.moderation.files import lists
from kithwell.moderation.rules import categories
from kithwell.people import access, roles


@pages.uploads
@pages.page(methods=("GET", "POST"))
@access.staff(roles.STEWARD)
def hash_lists(request: HttpRequest) -> HttpResponse:
    """/moderation/hash-lists: all lists, and the form for one more."""
    errors: dict[str, str] = {}
    notice = ""
    if request.method == "POST":
        said, file = request.POST, request.FILES.get("file")
        try:
            text = file.read().decode("utf-8", "replace") if file is not None else ""
            new, known = lists.bring(
                request.principal,
                said.get("name", ""),
                said.get("source", ""),
                said.get("category", ""),
                said.get("effect", ""),
                text,
            )
            notice = _("%(new)d new hashes, %(known)d were there already.") % {"new": new, "known": known}
        except Invalid as why:
            errors = dict(why.fields)
    shown = {
        "rows": lists.rows(request.principal),
        "errors": errors,
        "notice": notice,
        "said": request.POST,
        "categories": [(c, words.category(c)) for c in categories.REPORTED if c != categories.WORRIED],
    }
    return pages.render(request, "moderation_files/lists.html", shown, status=422 if errors else 200)


@pages.page(methods=("POST",))
@access.staff(roles.STEWARD)
def drop(request: HttpRequest, ident: str) -> HttpResponse:
    """/moderation/hash-lists/<id>/drop"""
    found = ids.parse(ident)
    if found is None:
        raise NotFound()
    lists.drop(request.principal, found)
    return pages.redirect("/moderation/hash-lists")
