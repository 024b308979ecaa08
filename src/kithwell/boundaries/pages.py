"""Pages: one's own boundaries, small forms that other pages embed, and what came of the nudge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kithwell.boundaries import actions, labels, queries, rules
from kithwell.boundaries.queries import Nudges
from kithwell.kernel import clock, errors, pages
from kithwell.kernel.jinja import language_name
from kithwell.kernel.principal import Principal
from kithwell.people import access, roles

OWN = "/me/boundaries"
LINES: dict[str, Callable[..., None]] = {
    "block": actions.block,
    "unblock": actions.unblock,
    "mute": actions.mute,
    "unmute": actions.unmute,
}
SAID = ("block", "unblock", "mute", "unmute", "word", "unword", "filters", "contact", "break", "back")


def _said(code: str) -> str:
    words = {
        "block": _("Done. You and this person no longer see each other."),
        "unblock": _("Done. You may see each other again."),
        "mute": _("Done. You no longer see what this person writes."),
        "unmute": _("Done. You see what this person writes again."),
        "word": _("Done. You will not see posts with this word."),
        "unword": _("The word is off your list."),
        "break": _("Enjoy the quiet. You can come back any time."),
        "back": _("Welcome back."),
    }
    return words.get(code, _("Saved.")) if code in SAID else ""


def _show(request: HttpRequest, error: errors.Invalid | None = None) -> HttpResponseBase:
    today = clock.now().date()
    ctx = {
        "own": queries.own(request.principal),
        "topics": rules.WARNINGS,
        "hows": [(how, labels.HOW[how]) for how in rules.HOWS],
        "contacts": [(contact, labels.CONTACT[contact]) for contact in rules.CONTACTS],
        "first_day": today.fromordinal(today.toordinal() + 1).isoformat(),
        "last_day": (today + rules.BREAK_MAX).isoformat(),
        "said": _said(request.GET.get("said", "")),
        "wrong": error.fields if error else {},
        "typed": {name: request.POST.get(name, "")[:200] for name in ("until", "word", "handle")},
    }
    return pages.render(request, "boundaries/own.html", ctx, status=error.status if error else 200)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def own(request: HttpRequest) -> HttpResponseBase:
    """One's own boundaries, to look at, to change, to undo."""
    if request.method != "POST":
        return _show(request)
    what = request.POST.get("do", "")
    try:
        _change(request.principal, what, request)
    except errors.Invalid as error:
        return _show(request, error)
    return pages.redirect(f"{OWN}?said={quote(what)}")


def _change(principal: Principal, what: str, request: HttpRequest) -> None:
    form = request.POST
    if what == "word":
        actions.add_word(principal, form.get("word", ""))
    elif what == "unword":
        actions.remove_word(principal, form.get("word", "")[: rules.WORD_LENGTH * 2])
    elif what == "filters":
        given = {topic: form.get(f"filter-{topic}", "") for topic in rules.WARNINGS}
        actions.set_filters(principal, {topic: how for topic, how in given.items() if how})
    elif what == "contact":
        actions.set_contact(principal, form.get("contact", ""))
    elif what == "break":
        actions.take_break(principal, _day(form.get("until", "")))
    elif what == "back":
        actions.come_back(principal)
    else:
        raise errors.NotFound()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.Invalid({"until": _("Please choose a day.")}) from None


@pages.page(methods=("POST",))
@access.signed_in
def line(request: HttpRequest, what: str) -> HttpResponseBase:
    """Block, mute, or take it back, from any page. `account` or `handle` says who; `next` where to go on."""
    do = LINES.get(what)
    if do is None:
        raise errors.NotFound()
    try:
        if what in ("block", "mute"):
            do(request.principal, _who(request), request.POST.get("label", "")[:200])
        else:
            do(request.principal, _who(request))
    except errors.Invalid as error:
        return _show(request, error)
    return pages.redirect(pages.safe_next(request, f"{OWN}?said={what}"))


def _who(request: HttpRequest) -> Any:
    given = request.POST.get("account", "")
    if given:
        return given
    found = queries.block_target(request.principal, request.POST.get("handle", ""))
    if found is None:
        raise errors.Invalid({"handle": _("There is nobody with that name here. Please check the spelling.")})
    return found


SPANS = (7, 28, 90)


@pages.page()
@access.staff(roles.STEWARD)
def nudges(request: HttpRequest) -> HttpResponseBase:
    """For stewards: how often the nudge was shown and accepted."""
    given = request.GET.get("days", "")
    days = next((span for span in SPANS if str(span) == given), 28)
    rows = queries.nudges(days)
    total = Nudges("", sum(r.shown for r in rows), sum(r.rephrased for r in rows), sum(r.as_is for r in rows))
    summary = ngettext(
        "Shown once in this time; %(share)s were not posted as they were.",
        "Shown %(count)d times in this time; %(share)s were not posted as they were.",
        total.shown,
    ) % {"count": total.shown, "share": _share(total)}
    ctx = {
        "page_width": "wide",
        "rows": rows,
        "total": total,
        "share": _share,
        "summary": summary,
        "table": [
            (language_name(r.language), r.shown, r.rephrased, r.left, r.as_is, _share(r)) for r in rows
        ],
        "spans": [
            (_("%(days)d days") % {"days": n}, f"/boundaries/nudges?days={n}", n == days) for n in SPANS
        ],
    }
    return pages.render(request, "boundaries/nudges.html", ctx)


def _share(row: Nudges) -> str:
    return "–" if row.accepted is None else f"{row.accepted:.0%}"
