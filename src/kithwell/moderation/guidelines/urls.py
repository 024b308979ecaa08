"""Addresses of the guidelines."""

from django.urls import path

from kithwell.moderation.guidelines import pages

urlpatterns = [
    path("guidelines", pages.current, name="guidelines"),
    path("guidelines/v/<int:number>", pages.past, name="guidelines-past"),
    path("guidelines/accept", pages.accept, name="guidelines-accept"),
    path("guidelines/edit", pages.drafts, name="guidelines-drafts"),
    path("guidelines/edit/<str:ident>", pages.draft, name="guidelines-draft"),
]
