"""Addresses of the desk."""

from django.urls import path

from kithwell.support.pages import conversation, desk, house_rules, supervisor

_C = "desk/c/<str:conversation>"

urlpatterns = [
    path("desk", desk.home, name="desk"),
    path("desk/side", desk.side, name="desk-side"),
    path("desk/take", desk.take, name="desk-take"),
    path("desk/shift", desk.shift, name="desk-shift"),
    path("desk/languages", desk.languages, name="desk-languages"),
    path("desk/beat", desk.beat, name="desk-beat"),
    path("desk/alert/<str:alert>", desk.acknowledge, name="desk-alert"),
    path("desk/follow-up/<str:follow_up>", desk.follow_up_done, name="desk-follow-up"),
    path("desk/debrief/<str:conversation>", desk.debrief, name="desk-debrief"),
    path(_C, conversation.show, name="desk-conversation"),
    path(f"{_C}/new", conversation.new, name="desk-new"),
    path(f"{_C}/reply", conversation.reply, name="desk-reply"),
    path(f"{_C}/note", conversation.note, name="desk-note"),
    path(f"{_C}/flag", conversation.flag, name="desk-flag"),
    path(f"{_C}/level", conversation.level, name="desk-level"),
    path(f"{_C}/hand-over", conversation.hand_over, name="desk-hand-over"),
    path(f"{_C}/offer", conversation.answer_offer, name="desk-offer"),
    path(f"{_C}/end", conversation.end, name="desk-end"),
    path(f"{_C}/release", conversation.release, name="desk-release"),
    path(f"{_C}/reveal", conversation.reveal, name="desk-reveal"),
    path(f"{_C}/supervise", conversation.supervise, name="desk-supervise"),
    path(f"{_C}/message/<str:message>", conversation.resend, name="desk-resend"),
    path(f"{_C}/redact", conversation.redact, name="desk-redact"),
    path(f"{_C}/rescue", conversation.rescue, name="desk-rescue"),
    path(f"{_C}/unflag/<str:flag>", conversation.unflag, name="desk-unflag"),
    path(f"{_C}/file/<str:attachment>", conversation.attachment, name="desk-file"),
    path("supervisor", supervisor.board, name="supervisor"),
    path("supervisor/board", supervisor.fragment, name="supervisor-board"),
    path("supervisor/reports", supervisor.reports, name="supervisor-reports"),
    path("supervisor/team", house_rules.team, name="supervisor-team"),
    path("supervisor/sentences", house_rules.sentences, name="supervisor-sentences"),
]
