"""Addresses of people's own tools."""

from django.urls import path

from kithwell.boundaries import pages

urlpatterns = [
    path("me/boundaries", pages.own, name="boundaries"),
    path("boundaries/nudges", pages.nudges, name="boundaries-nudges"),
    path("boundaries/<str:what>", pages.line, name="boundaries-line"),
]
