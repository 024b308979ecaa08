"""Addresses of hash lists."""

from django.urls import path

from kithwell.moderation.files import pages

urlpatterns = [
    path("moderation/hash-lists", pages.hash_lists, name="hash-lists"),
    path("moderation/hash-lists/<str:ident>/drop", pages.drop, name="hash-list-drop"),
]
