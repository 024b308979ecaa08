"""Addresses of the simulated phone. They are there in a demo only (each page asks again)."""

from django.urls import path

from kithwell.channels.whatsapp.simulator import pages

_P = "sim/p/<str:person>"

urlpatterns = [
    path("sim", pages.home, name="sim"),
    path("sim/new", pages.new, name="sim-new"),
    path(_P, pages.phone, name="sim-phone"),
    path(f"{_P}/new", pages.fragment, name="sim-fragment"),
    path(f"{_P}/state", pages.state, name="sim-state"),
    path(f"{_P}/say", pages.say, name="sim-say"),
    path(f"{_P}/press", pages.press, name="sim-press"),
    path(f"{_P}/picture", pages.picture, name="sim-picture"),
    path(f"{_P}/file/<str:media>", pages.file, name="sim-file"),
    path(f"{_P}/do", pages.do, name="sim-do"),
]
