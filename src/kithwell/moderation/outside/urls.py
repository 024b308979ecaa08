"""Addresses for those outside, for the public, and of the staff's pages about both."""

from django.urls import path

from kithwell.moderation.outside import pages

urlpatterns = [
    path("notice", pages.notice, name="notice"),
    path("notice/f/<str:secret>", pages.follow, name="notice-follow"),
    path("transparency", pages.transparency, name="transparency"),
    path("transparency/<str:code>.json", pages.export_json, name="transparency-json"),
    path("transparency/<str:code>.csv", pages.export_csv, name="transparency-csv"),
    path("transparency/<str:code>", pages.transparency, name="transparency-quarter"),
    path("moderation/notices", pages.notices, name="moderation-notices"),
    path("moderation/notices/<str:ident>", pages.opened, name="moderation-notice"),
    path("moderation/flaggers", pages.flaggers, name="moderation-flaggers"),
    path("moderation/law/<str:code>", pages.law, name="moderation-law"),
]
