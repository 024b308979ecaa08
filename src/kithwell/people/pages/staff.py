"""For stewards: who works here, and in which role."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.kernel import conf, errors, ids, pages
from kithwell.people import access, actions, queries, roles, texts
from kithwell.people.pages import tools


@pages.page(methods=("GET", "POST"))
@access.staff(roles.STEWARD)
def people(request: HttpRequest) -> HttpResponseBase:
    """Everybody with a role; giving and taking back. Changes need a proof within the last half hour."""
    said = _("Done, and recorded.") if "done" in request.GET else ""
    if request.method != "POST":
        return pages.render(request, "people/people.html", _ctx(request) | {"said": said})
    access.require_fresh(request)
    try:
        _change(request)
    except (errors.Invalid, errors.Conflict, errors.Refused) as error:
        return tools.show(request, "people/people.html", _ctx(request), error)
    return pages.redirect("/people?done=1")


def _ctx(request: HttpRequest) -> dict[str, Any]:
    everybody = queries.staff()
    proposers = {g.proposed_by for person in everybody for g in person.grants if g.pending and g.proposed_by}
    return {
        "everybody": everybody,
        "names": queries.names(proposers),
        "role_words": texts.ROLE,
        "role_choices": [(role, texts.ROLE[role]) for role in roles.GRANTABLE],
        "name": request.POST.get("name", "")[:200],
        "role": request.POST.get("role", roles.SUPPORTER),
        "until": request.POST.get("until", "")[:10],
        "two": bool(conf.get("two_stewards", False)),
        "wrong": {},
        "said": "",
    }


def _change(request: HttpRequest) -> None:
    principal = request.principal
    what = request.POST.get("do", "")
    if what == "grant":
        account = queries.account_named(tools.field(request, "name", 200))
        if account is None:
            raise errors.Invalid(
                {"name": _("Nobody here has that name. They make their own account first, at /join.")}
            )
        actions.grant_role(principal, account, request.POST.get("role", ""), until=_until(request))
        return
    ident = ids.parse(request.POST.get("id", ""))
    if ident is None:
        raise errors.NotFound()
    if what == "confirm":
        actions.confirm_grant(principal, ident)
    elif what == "revoke":
        actions.revoke_role(principal, ident, request.POST.get("role", ""))
    else:
        raise errors.NotFound()


def _until(request: HttpRequest) -> datetime | None:
    typed = tools.field(request, "until", 10).strip()
    if not typed:
        return None
    try:
        day = datetime.strptime(typed, "%Y-%m-%d").date()
    except ValueError:
        raise errors.Invalid(
            {"until": _("Please write the day as year-month-day, like 2030-12-31.")}
        ) from None
    return datetime.combine(day, time(0), UTC) + timedelta(days=1)  # to the end of that day
