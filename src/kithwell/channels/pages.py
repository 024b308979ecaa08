"""Pages for stewards: how channels stand, and posts that could not be read."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.channels import operators
from kithwell.channels.whatsapp import errors as meanings
from kithwell.kernel import audit, errors, pages
from kithwell.people import access, roles


@pages.page()
@access.staff(roles.STEWARD)
def overview(request: HttpRequest) -> HttpResponseBase:
    """GET /ops/channels."""
    found = operators.overview()
    why = {a.down_code: meanings.meaning(a.down_code) for a in found.accounts if a.down_since}
    return pages.render(request, "channels/ops.html", {"found": found, "why": why})


@pages.page(methods=("POST",))
@access.staff(roles.STEWARD)
def act(request: HttpRequest, ident: UUID) -> HttpResponseBase:
    """POST /ops/channels/<id>: read a post once more, or delete it for good."""
    acts = {"again": operators.try_again, "discard": operators.discard}
    chosen = request.POST.get("act", "")
    if chosen not in acts:
        raise errors.Invalid({"act": _("This is not one of the choices.")})
    with transaction.atomic():
        if not acts[chosen](ident):
            raise errors.NotFound(_("This delivery is no longer there."))
        audit.record(request.principal, f"raw_post.{chosen}", kind="raw_post", id=ident)  # type: ignore[attr-defined]
    return pages.redirect("/ops/channels")
