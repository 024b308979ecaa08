"""Addresses of this part."""

from __future__ import annotations

from django.urls import path

from kithwell.community.peers.pages import buddies, gentle, profile, welcome

urlpatterns = [
    path("welcome", welcome.welcome, name="welcome"),
    path("welcome/found", welcome.found, name="welcome-found"),
    path("welcome/<str:name>", welcome.step, name="welcome-step"),
    path("peers", buddies.peers, name="peers"),
    path("peers/badges", profile.badges, name="peers-badges"),
    path("peers/<uuid:ident>", buddies.room, name="peers-room"),
    path("u/<str:name>", profile.profile, name="profile"),
    path("me/profile", profile.own, name="me-profile"),
    path("me/people", profile.my_people, name="me-people"),
    path("me/rest", welcome.rest, name="me-rest"),
    path("me/steps", gentle.steps, name="me-steps"),
    path("g/<str:slug>/goal", gentle.goal, name="group-goal"),
]
