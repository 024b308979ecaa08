"""The kernel's own pages: choosing language, theme and country without an account."""

from __future__ import annotations

from django.urls import path

from kithwell.kernel import choices

urlpatterns = [
    path("language", choices.language, name="language"),
    path("theme", choices.theme, name="theme"),
    path("country", choices.country, name="country"),
]
