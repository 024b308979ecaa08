"""Addresses of groups. `/g/<slug>` itself, with what is written there, belongs to posts."""

from django.urls import path

from kithwell.community.groups.pages import directory, door, lead

urlpatterns = [
    path("groups", directory.show, name="groups"),
    path("groups/new", directory.new, name="groups-new"),
    path("groups/proposals", directory.proposals, name="groups-proposals"),
    path("groups/proposals/<str:ident>", directory.look_at, name="groups-proposal"),
    path("g/<slug:slug>/about", door.about, name="group-about"),
    path("g/<slug:slug>/join", door.join, name="group-join"),
    path("g/<slug:slug>/leave", door.leave, name="group-leave"),
    path("g/<slug:slug>/welcome", door.welcome, name="group-welcome"),
    path("g/<slug:slug>/members", lead.members, name="group-members"),
    path("g/<slug:slug>/wake", lead.wake, name="group-wake"),
    path("g/<slug:slug>/settings", lead.settings, name="group-settings"),
    path("g/<slug:slug>/health", lead.health, name="group-health"),
]
