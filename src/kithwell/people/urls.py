"""Addresses of this part."""

from __future__ import annotations

from django.urls import path

from kithwell.people.pages import coming_in, data, me, passkey_calls, staff

urlpatterns = [
    path("join", coming_in.join, name="join"),
    path("join/passkey/begin", passkey_calls.join_begin, name="join-passkey-begin"),
    path("join/passkey/finish", passkey_calls.join_finish, name="join-passkey-finish"),
    path("sign-in", coming_in.sign_in, name="sign-in"),
    path("sign-in/other", coming_in.other_ways, name="sign-in-other"),
    path("sign-in/passkey/begin", passkey_calls.sign_in_begin, name="sign-in-passkey-begin"),
    path("sign-in/passkey/finish", passkey_calls.sign_in_finish, name="sign-in-passkey-finish"),
    path("link/<str:secret>", coming_in.link, name="link"),
    path("sign-out", coming_in.sign_out, name="sign-out"),
    path("step-up", coming_in.step_up, name="step-up"),
    path("step-up/passkey/begin", passkey_calls.step_up_begin, name="step-up-passkey-begin"),
    path("step-up/passkey/finish", passkey_calls.step_up_finish, name="step-up-passkey-finish"),
    path("me", me.me, name="me"),
    path("me/name", me.name, name="me-name"),
    path("me/keys", me.keys, name="me-keys"),
    path("me/keys/passkey/begin", passkey_calls.add_begin, name="me-passkey-begin"),
    path("me/keys/passkey/finish", passkey_calls.add_finish, name="me-passkey-finish"),
    path("me/keys/<str:ident>", me.key, name="me-key"),
    path("me/sessions", me.sessions, name="me-sessions"),
    path("me/consents", data.consents, name="me-consents"),
    path("me/export", data.export, name="me-export"),
    path("me/export/<str:ident>/take", data.export_take, name="me-export-take"),
    path("me/export/<str:ident>/stop", data.export_stop, name="me-export-stop"),
    path("me/erase", data.erase, name="me-erase"),
    path("erased/<str:code>", data.erased, name="erased"),
    path("people", staff.people, name="people"),
]
