"""Addresses of the desk, and of what members read about reports and decisions."""

from django.urls import path

from kithwell.moderation.pages import cases, desk, house, mine, quality, report

_C = "moderation/c/<str:case>"

urlpatterns = [
    path("report", report.report, name="report"),
    path("me/reports", mine.reports, name="my-reports"),
    path("me/decisions", mine.decisions, name="my-decisions"),
    path("decisions/<str:decision>", mine.decision, name="decision"),
    path("decisions/<str:decision>/data", mine.data, name="decision-data"),
    path("appeal/<str:decision>", mine.appeal, name="appeal"),
    path("moderation", desk.home, name="moderation"),
    path("moderation/take", desk.take, name="moderation-take"),
    path("moderation/break", desk.rest, name="moderation-break"),
    path("moderation/quality", quality.show, name="moderation-quality"),
    path("moderation/quality/<str:sample>", quality.read_again, name="moderation-sample"),
    path("moderation/figures", house.figures, name="moderation-figures"),
    path("moderation/hours", house.hours, name="moderation-hours"),
    path("moderation/unsealing", house.unsealings, name="moderation-unsealings"),
    path("moderation/unsealing/<str:unsealing>", house.unsealing, name="moderation-unsealing"),
    path(_C, cases.show, name="moderation-case"),
    path(f"{_C}/around", cases.around, name="moderation-around"),
    path(f"{_C}/picture/<str:key>", cases.picture, name="moderation-picture"),
    path(f"{_C}/decide", cases.decide, name="moderation-decide"),
    path(f"{_C}/confirm", cases.confirm, name="moderation-confirm"),
    path(f"{_C}/answer", cases.answer, name="moderation-answer"),
    path(f"{_C}/note", cases.note, name="moderation-note"),
    path(f"{_C}/hand-over", cases.hand_over, name="moderation-hand-over"),
    path(f"{_C}/release", cases.release, name="moderation-release"),
    path(f"{_C}/support", cases.support, name="moderation-support"),
    path(f"{_C}/unseal", cases.unseal, name="moderation-unseal"),
]
