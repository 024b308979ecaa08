"""Addresses of the rules of screening."""

from django.urls import path

from kithwell.moderation.screening.pages import book, figures

_S = "moderation/screening"
urlpatterns = [
    path(_S, book.home, name="screening"),
    path(f"{_S}/rules/<str:kind>", book.rules, name="screening-rules"),
    path(f"{_S}/begin", book.begin, name="screening-begin"),
    path(f"{_S}/changes/<str:ident>", book.change, name="screening-change"),
    path(f"{_S}/rates", figures.rates, name="screening-rates"),
    path(f"{_S}/rates/<str:ident>/seen", figures.seen, name="screening-drift-seen"),
    path(f"{_S}/thresholds/<str:kind>", figures.thresholds, name="screening-thresholds"),
    path(f"{_S}/survey", figures.survey, name="screening-survey"),
    path(f"{_S}/beside", figures.beside, name="screening-beside"),
]
