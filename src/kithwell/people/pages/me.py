"""One's own account: name, ways in, devices."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.kernel import conf, errors, pages
from kithwell.people import access, actions, queries, texts
from kithwell.people.actions import mail
from kithwell.people.pages import tools
from kithwell.people.pages.coming_in import chosen_name, proposals


def _base(request: HttpRequest) -> dict[str, Any]:
    principal = request.principal
    return {"me": queries.me(principal), "wrong": {}, "said": ""}


def language_choices() -> list[tuple[str, str]]:
    """Languages offered, each in its own words."""
    from django.conf import settings
    from django.conf.locale import LANG_INFO

    return [
        (code, str(LANG_INFO.get(code, {}).get("name_local", code)).capitalize())
        for code, _n in settings.LANGUAGES
    ]


@pages.page(methods=("GET", "POST"))
@access.signed_in
def me(request: HttpRequest) -> HttpResponseBase:
    """The first page of one's account."""
    principal = request.principal
    if request.method == "POST":
        language = request.POST.get("language", "")
        if language not in conf.get("languages"):
            raise errors.Invalid({"language": _("This language is not offered here.")})
        country = pages.preferences_of(request).country
        band = request.POST.get("age_band", "")
        actions.set_about(principal, language=language, country=country, age_band=band)
        answer = pages.redirect("/me?saved=1")
        tools.remember_language(request, answer, language)
        return answer
    ctx = _base(request) | {
        "fresh": "new" in request.GET,
        "said": _("Saved.") if "saved" in request.GET else "",
        "role_words": texts.ROLE,
        "languages": language_choices(),
        "ages": list(texts.AGE.items()),
    }
    return pages.render(request, "people/me.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.signed_in
def name(request: HttpRequest) -> HttpResponseBase:
    """Another name."""
    ctx = _base(request) | {
        "names": proposals(pages.preferences_of(request).language),
        "pick": request.POST.get("pick", ""),
        "own": request.POST.get("own", "")[:200],
    }
    if request.method != "POST" or "again" in request.POST:
        return pages.render(request, "people/name.html", ctx | {"pick": ""})
    try:
        tools.slow_down(request, "name", tries=20, seconds=3600)
        actions.rename(request.principal, chosen_name(request.POST)[:1000])
    except (errors.Invalid, errors.TooMany) as error:
        return tools.show(request, "people/name.html", ctx, error)
    return pages.redirect("/me?saved=1")


@pages.page(methods=("GET", "POST"))
@access.signed_in
def keys(request: HttpRequest) -> HttpResponseBase:
    """Passkeys, password, recovery codes, and an address where mail is sent from here."""
    principal = request.principal
    said = _("The passkey is ready to use.") if "added" in request.GET else ""
    if request.method == "POST":
        access.require_fresh(request)
        try:
            done = _change_keys(request, principal)
        except (errors.Invalid, errors.Conflict, errors.TooMany) as error:
            return tools.show(request, "people/keys.html", _keys_ctx(request), error)
        if isinstance(done, list):
            return pages.render(request, "people/codes.html", _base(request) | {"codes": done})
        said = done
    return pages.render(request, "people/keys.html", _keys_ctx(request) | {"said": said})


def _keys_ctx(request: HttpRequest) -> dict[str, Any]:
    principal = request.principal
    return _base(request) | {"keys": queries.passkeys_of(principal), "mail": mail.offered()}


def _change_keys(request: HttpRequest, principal: Any) -> str | list[str]:
    what = request.POST.get("do", "")
    if what == "codes":
        return actions.new_recovery_codes(principal)
    if what == "password":
        seat = tools.store(request).seat
        keep = seat.session if seat else None
        actions.set_password(principal, tools.field(request, "password"), keep_session=keep)
        return _("The new password is set. All other devices are signed out.")
    if what == "email" and mail.offered():
        tools.slow_down(request, "mail", tries=6, seconds=3600)
        actions.set_email(principal, tools.field(request, "email"))
        return _("We are sending a link to that address. It is confirmed once you open the link.")
    if what == "email-remove":
        actions.remove_email(principal)
        return _("The address has been deleted.")
    raise errors.NotFound()


@pages.page(methods=("GET", "POST"))
@access.signed_in
def key(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One passkey: another word for it, or its removal."""
    principal = request.principal
    row = access.own_passkey(principal, ident)
    found = next(k for k in queries.passkeys_of(principal) if k.id == row.pk)
    ctx = _base(request) | {"key": found}
    if request.method != "POST":
        return pages.render(request, "people/key.html", ctx)
    try:
        if request.POST.get("do") == "remove":
            access.require_fresh(request)
            actions.remove_passkey(principal, ident)
        else:
            actions.rename_passkey(principal, ident, tools.field(request, "name"))
    except (errors.Invalid, errors.Conflict) as error:
        return tools.show(request, "people/key.html", ctx, error)
    return pages.redirect("/me/keys")


@pages.page(methods=("GET", "POST"))
@access.signed_in
def sessions(request: HttpRequest) -> HttpResponseBase:
    """Where one is signed in; ending one, or all others."""
    principal = request.principal
    seat = tools.store(request).seat
    here = seat.session if seat else None
    if request.method == "POST":
        if "others" in request.POST and here:
            actions.end_other_sessions(principal, here)
        else:
            actions.end_session(principal, request.POST.get("end", ""))
        return pages.redirect("/me/sessions?ended=1")
    ctx = _base(request) | {
        "devices": queries.sessions_of(principal, here),
        "said": _("Done. Signed out there.") if "ended" in request.GET else "",
    }
    return pages.render(request, "people/sessions.html", ctx)
