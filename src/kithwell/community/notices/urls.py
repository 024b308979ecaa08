"""Addresses of this part."""

from __future__ import annotations

from django.urls import path

from kithwell.community.notices import pages

urlpatterns = [
    path("me/notices", pages.notices, name="me-notices"),
    path("me/notices/choices", pages.choices, name="me-notices-choices"),
    path("me/notices/device", pages.add_device, name="me-notices-device"),
    path("me/notices/device/<uuid:ident>/remove", pages.remove_device, name="me-notices-device-remove"),
    path("me/notices/<uuid:ident>", pages.notice, name="me-notice"),
    path("notices/stop/<str:word>", pages.stop, name="notices-stop"),
    path("push-worker.js", pages.worker, name="push-worker"),
]
