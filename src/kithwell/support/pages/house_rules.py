"""Teams, duties and ready sentences: what those who lead the desk set up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kithwell.kernel import pages
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.people.access import staff
from kithwell.support import actions, queries
from kithwell.support.pages import forms

SAID = {
    "saved": gettext_lazy("Saved."),
    "written": gettext_lazy("Saved. Supporters are offered it once somebody else has read it."),
}


def _show(request: HttpRequest, template: str, *, status: int = 200, **extra: object) -> HttpResponse:
    rules = queries.house_rules(request.principal, pages.preferences_of(request).language)
    usual = _("as usual here (%(n)s)") % {"n": rules.cap}
    shown = {
        "rules": rules,
        "caps": [("", usual), *((str(n), str(n)) for n in range(1, rules.cap + 1))],
        "instead": [("", _("alongside the others")), *((key, title) for key, title, _words in rules.shipped)],
        "notice": SAID.get(request.GET.get("notice", ""), ""),
        "said": {},
        "errors": {},
        "page_width": "wide",
        "page_css": ["desk"],
        **extra,
    }
    return pages.render(request, template, shown, status=status)


def _refused(request: HttpRequest, template: str, why: Invalid | Conflict) -> HttpResponse:
    fields = getattr(why, "fields", None) or {"": why.message}
    return _show(request, template, status=why.status, said=request.POST, errors=fields)


@pages.page(methods=("GET", "POST"))
@staff("supervisor", "steward")
def team(request: HttpRequest) -> HttpResponse:
    """/supervisor/team: who serves which team and how many people at once; add a team, take one away."""
    if request.method != "POST":
        return _show(request, "support/team.html")
    act = forms.choice(request, "do", ("add", "drop", "duties"))
    try:
        if act == "add":
            actions.add_team(request.principal, forms.text(request, "name"))
        elif act == "drop":
            actions.drop_team(request.principal, forms.text(request, "team"))
        else:
            actions.set_duties(
                request.principal,
                forms.ident(forms.text(request, "account")),
                teams=request.POST.getlist("team"),
                personal_cap=forms.number(request, "cap"),
            )
    except (Invalid, Conflict) as why:
        return _refused(request, "support/team.html", why)
    return pages.redirect("/supervisor/team?notice=saved")


@pages.page(methods=("GET", "POST"))
@staff("supervisor", "steward")
def sentences(request: HttpRequest) -> HttpResponse:
    """/supervisor/sentences: the organisation's own; one writes, another reads, then supporters are offered them."""
    if request.method != "POST":
        return _show(request, "support/sentences.html")
    act = forms.choice(request, "do", ("write", "review", "drop"))
    try:
        if act == "write":
            actions.write_sentence(
                request.principal,
                forms.text(request, "title"),
                forms.text(request, "text"),
                forms.text(request, "language"),
                forms.text(request, "key", required=False),
            )
        else:
            step = actions.review_sentence if act == "review" else actions.drop_sentence
            step(request.principal, forms.ident(forms.text(request, "sentence")))
    except (Invalid, Conflict) as why:
        return _refused(request, "support/sentences.html", why)
    return pages.redirect(f"/supervisor/sentences?notice={'written' if act == 'write' else 'saved'}")
