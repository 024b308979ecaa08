"""Pages of channels for those who run the site."""

from django.urls import path

from kithwell.channels import pages

urlpatterns = [
    path("ops/channels", pages.overview, name="ops-channels"),
    path("ops/channels/<uuid:ident>", pages.act, name="ops-channels-post"),
]
