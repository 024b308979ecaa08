"""Addresses of the pages that belong to no part."""

from __future__ import annotations

from django.urls import path

from kithwell.ui import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("leave", pages.leave, name="leave"),
    path("about/privacy", pages.privacy, name="privacy"),
    path("about/leaving", pages.leaving, name="leaving"),
    path("styleguide", pages.styleguide, name="styleguide"),
    path("styleguide/<str:name>", pages.styleguide, name="styleguide-part"),
]
