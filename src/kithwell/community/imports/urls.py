"""Addresses of moving a community in."""

from django.urls import path

from kithwell.community.imports import pages

urlpatterns = [
    path("g/<slug:slug>/import", pages.of_group, name="group-import"),
    path("imports/mine/<str:token>", pages.mine, name="import-mine"),
    path("imports/<str:ident>", pages.one, name="import"),
    path("imports/<str:ident>/live", pages.live, name="import-live"),
    path("imports/<str:ident>/do", pages.do, name="import-do"),
]
