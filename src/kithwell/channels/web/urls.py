"""Addresses of the web chat."""

from django.urls import path

from kithwell.channels.web import pages

urlpatterns = [
    path("talk", pages.start, name="talk"),
    path("talk/start", pages.begin, name="talk-begin"),
    path("talk/c", pages.conversation, name="talk-conversation"),
    path("talk/c/new", pages.new, name="talk-new"),
    path("talk/c/now", pages.now, name="talk-now"),
    path("talk/c/send", pages.send, name="talk-send"),
    path("talk/c/press", pages.press, name="talk-press"),
    path("talk/c/person", pages.person, name="talk-person"),
    path("talk/c/link", pages.link, name="talk-link"),
    path("talk/c/away", pages.put_away, name="talk-away"),
    path("talk/c/end", pages.end, name="talk-end"),
    path("talk/c/feedback", pages.feedback, name="talk-feedback"),
    path("talk/c/delete", pages.delete, name="talk-delete"),
    path("talk/r/<str:secret>", pages.resume, name="talk-resume"),
]
