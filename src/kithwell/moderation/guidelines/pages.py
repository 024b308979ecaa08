"""Pages of the guidelines: for everybody, for saying yes, and for the stewards who change them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from kithwell.kernel import errors, pages
from kithwell.kernel.principal import Principal
from kithwell.moderation.guidelines import actions, queries, rules
from kithwell.people import access, roles

EDIT = "/guidelines/edit"


def _who(request: HttpRequest) -> Principal:
    return request.principal  # type: ignore[attr-defined, no-any-return]


def _language(request: HttpRequest) -> str:
    return pages.preferences_of(request).spoken


@pages.public_cache(300)
@pages.page()
def current(request: HttpRequest) -> HttpResponseBase:
    """The guidelines that hold now."""
    who = _who(request)
    asked = who.is_account and who.id is not None and queries.must_accept(who.id)
    found = queries.current(_language(request))
    ctx = {"found": found, "history": queries.history(), "asked": asked, "old": False}
    return pages.render(request, "guidelines/page.html", ctx)


@pages.public_cache(300)
@pages.page()
def past(request: HttpRequest, number: int) -> HttpResponseBase:
    """An older version, and what changed with it."""
    if number > 100_000:
        raise errors.NotFound()
    found = queries.version(number, _language(request))
    history = queries.history()
    before = max((line.number for line in history if line.number < number), default=None)
    ctx = {
        "found": found,
        "history": history,
        "asked": False,
        "old": number != history[0].number,
        "before": before,
        "changes": queries.between(before, number, found.language) if before else (),
        "line": next(line for line in history if line.number == number),
    }
    return pages.render(request, "guidelines/past.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def accept(request: HttpRequest) -> HttpResponseBase:
    """Read them and say yes. `next` says where one was going."""
    found = queries.current(_language(request))
    ctx: dict[str, Any] = {"found": found, "next": pages.safe_next(request, "/guidelines"), "wrong": {}}
    if request.method != "POST":
        return pages.render(request, "guidelines/accept.html", ctx)
    try:
        actions.accept(_who(request), request.POST.get("version", ""))
    except errors.Invalid as error:
        return pages.render(request, "guidelines/accept.html", ctx | {"wrong": error.fields}, status=422)
    return pages.redirect(ctx["next"])


@pages.page(methods=("GET", "POST"))
@access.staff(roles.STEWARD)
def drafts(request: HttpRequest) -> HttpResponseBase:
    """Drafts in the making; starting one."""
    who = _who(request)
    if request.method == "POST":
        return pages.redirect(f"{EDIT}/{actions.start(who)}")
    ctx = {"drafts": queries.drafts(who), "history": queries.history()}
    return pages.render(request, "guidelines/drafts.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.staff(roles.STEWARD)
def draft(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One draft: its words in one language, what they change, and publishing it by two."""
    who = _who(request)
    wrong: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            return _change(request, who, ident)
        except (errors.Invalid, errors.Conflict) as error:
            wrong = dict(error.fields) if isinstance(error, errors.Invalid) else {"": error.message}
            status = error.status
    found = queries.draft(who, ident)
    asked = request.POST.get("language") or request.GET.get("language", "")
    language = asked if asked in found.texts else next(iter(found.texts))
    ctx = {
        "draft": found,
        "language": language,
        "tongues": [
            (_own_name(code), f"{EDIT}/{found.id}?language={code}", code == language) for code in found.texts
        ],
        "changes": queries.draft_changes(found, language),
        "kept": rules.NEVER_DROPPED,
        "typed": request.POST if status != 200 else {},
        "wrong": wrong,
        "said": _("Saved.") if "saved" in request.GET else "",
    }
    return pages.render(request, "guidelines/draft.html", ctx, status=status)


def _change(request: HttpRequest, who: Principal, ident: str) -> HttpResponseBase:
    form, what = request.POST, request.POST.get("do", "")
    revision, language = form.get("revision", ""), form.get("language", "")
    if what == "publish":
        access.require_fresh(request)
        return pages.redirect(f"/guidelines/v/{actions.publish(who, ident, revision)}")
    if what == "withdraw":
        actions.withdraw(who, ident, revision)
        return pages.redirect(EDIT)
    if what == "save":
        actions.edit(who, ident, revision, language, _given(request))
    elif what == "add":
        actions.add_rule(who, ident, revision, form.get("code", "")[:60], form.get("categories", ""))
    elif what == "drop":
        actions.drop_rule(who, ident, revision, form.get("code", ""))
    elif what == "propose":
        actions.propose(who, ident, revision, form.get("note", ""), "changes_meaning" in form)
    else:
        raise errors.NotFound()
    return pages.redirect(f"{EDIT}/{ident}?saved=1&language={language if language.isalpha() else ''}")


def _own_name(code: str) -> str:
    """A language's name for itself."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def _given(request: HttpRequest) -> dict[str, Any]:
    out: dict[str, Any] = {"intro": request.POST.get("intro", "")}
    for key, value in request.POST.items():
        code, dash, name = key.rpartition("-")
        if dash and name in rules.FIELDS and rules.CODE.fullmatch(code):
            out.setdefault(code, {})[name] = value
    return out
