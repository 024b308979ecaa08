"""The short talks between the browser's passkey script and us: begin (a challenge) and finish (the answer).

Each challenge lies in the session, works once and for five minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from kithwell.kernel import clock, errors, ids, pages
from kithwell.kernel.principal import Principal
from kithwell.people import access, actions, passkeys, rules, texts
from kithwell.people.actions import accounts, keys
from kithwell.people.models import Account
from kithwell.people.pages import tools
from kithwell.people.pages.coming_in import HOME, chosen_name

_LIFE = 300  # seconds


def _keep(request: HttpRequest, purpose: str, state: Mapping[str, Any], **more: str) -> None:
    request.session["passkey"] = {
        "for": purpose,
        "state": dict(state),
        "until": int(clock.now().timestamp()) + _LIFE,
        **more,
    }


def _take(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """The challenge that was kept, once. Raises Invalid when there is none, or its time is over."""
    kept = request.session.pop("passkey", None)
    if not kept or kept["for"] != purpose or kept["until"] < clock.now().timestamp():
        raise errors.Invalid({"": _("This took too long. Please try again.")})
    return dict(kept)


def _answer(options: Mapping[str, Any]) -> JsonResponse:
    return JsonResponse({"publicKey": options}, headers={"Cache-Control": "no-store"})


@pages.page(methods=("POST",))
def join_begin(request: HttpRequest) -> HttpResponseBase:
    """Somebody chose a name and wants a passkey: the name is checked now, the account made when the key is there."""
    tools.slow_down(request, "join", tries=30, seconds=3600)
    fields = tools.body(request)
    name = accounts.checked_name(tools.text(chosen_name(fields))[:200])
    account = ids.new_id()
    site = passkeys.site_of(request)
    options, state = passkeys.ask_to_make(site, account, name, ())
    _keep(
        request, "join", state, account=str(account), name=name, age_band=tools.text(fields.get("age_band"))
    )
    return _answer(options)


@pages.page(methods=("POST",))
def join_finish(request: HttpRequest) -> HttpResponseBase:
    sent = tools.body(request)
    kept = _take(request, "join")
    made = keys.made_from(sent.get("credential") or {}, kept["state"], passkeys.site_of(request))
    prefs = pages.preferences_of(request)
    with transaction.atomic():
        account = actions.sign_up(
            kept["name"],
            None,
            language=prefs.language,
            country=prefs.country,
            age_band=kept["age_band"],
            account_id=UUID(kept["account"]),
        )
        row = Account.objects.get(pk=account)
        device = rules.device_words(request.headers.get("User-Agent", ""))
        keys.keep_passkey(row, made, device, Principal("account", account, row.pseudonym))
    actions.begin_session(request, account, stay=bool(sent.get("stay")))
    return tools.go("/me?new=1")


@pages.page(methods=("POST",))
def sign_in_begin(request: HttpRequest) -> HttpResponseBase:
    tools.slow_down(request, "passkey", tries=60)
    options, state = passkeys.ask_to_show(passkeys.site_of(request))
    _keep(request, "sign-in", state)
    return _answer(options)


@pages.page(methods=("POST",))
def sign_in_finish(request: HttpRequest) -> HttpResponseBase:
    tools.slow_down(request, "passkey", tries=60)
    sent = tools.body(request)
    kept = _take(request, "sign-in")
    account = _account(request, sent, kept)
    try:
        actions.begin_session(request, account, stay=bool(sent.get("stay")))
    except errors.NotFound:
        raise errors.Invalid({"": str(texts.PAUSED)}) from None
    seat = tools.store(request).seat
    leaving = seat is not None and seat.leaving
    return tools.go("/me/erase" if leaving else rules.safe_next(tools.text(sent.get("next")), HOME))


def _account(request: HttpRequest, sent: dict[str, Any], kept: dict[str, Any]) -> UUID:
    credential = sent.get("credential")
    found = None
    if isinstance(credential, dict):
        found = actions.account_of_passkey(credential, kept["state"], passkeys.site_of(request))
    if found is None:
        raise errors.Invalid({"": str(texts.NOT_THAT_KEY)})
    return found


@pages.page(methods=("POST",))
@access.signed_in
def step_up_begin(request: HttpRequest) -> HttpResponseBase:
    principal = request.principal
    options, state = passkeys.ask_to_show(passkeys.site_of(request), keys.known_credentials(principal.id))
    _keep(request, "step-up", state)
    return _answer(options)


@pages.page(methods=("POST",))
@access.signed_in
def step_up_finish(request: HttpRequest) -> HttpResponseBase:
    sent = tools.body(request)
    kept = _take(request, "step-up")
    if _account(request, sent, kept) != request.principal.id:
        raise errors.Invalid({"": str(texts.NOT_THAT_KEY)})
    tools.store(request).prove()
    return tools.go(rules.safe_next(tools.text(sent.get("next")), HOME))


@pages.page(methods=("POST",))
@access.signed_in
def add_begin(request: HttpRequest) -> HttpResponseBase:
    access.require_fresh(request)
    principal = request.principal
    known = keys.known_credentials(principal.id)
    options, state = passkeys.ask_to_make(passkeys.site_of(request), principal.id, principal.name, known)
    _keep(request, "add", state)
    return _answer(options)


@pages.page(methods=("POST",))
@access.signed_in
def add_finish(request: HttpRequest) -> HttpResponseBase:
    access.require_fresh(request)
    sent = tools.body(request)
    kept = _take(request, "add")
    made = keys.made_from(sent.get("credential") or {}, kept["state"], passkeys.site_of(request))
    name = tools.text(sent.get("name"))[:200] or rules.device_words(request.headers.get("User-Agent", ""))
    actions.add_passkey(request.principal, made, name)
    return tools.go("/me/keys?added=1")
