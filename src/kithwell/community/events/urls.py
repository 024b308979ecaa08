"""Addresses of events."""

from django.urls import path

from kithwell.community.events.pages import calendar, event, feeds, hosting, queue

_E = "events/<str:ident>"

urlpatterns = [
    path("events", calendar.index, name="events"),
    path("events/zone", calendar.zone, name="events-zone"),
    path("events/new", hosting.new, name="events-new"),
    path("events/days.ics", feeds.awareness, name="events-days"),
    path("events/feed", feeds.own, name="events-feed"),
    path("events/feed/<str:token>.ics", feeds.feed, name="events-feed-file"),
    path(_E, event.show, name="event"),
    path(f"{_E}/calendar.ics", feeds.one, name="event-file"),
    path(f"{_E}/live", event.live, name="event-live"),
    path(f"{_E}/seat", event.seat, name="event-seat"),
    path(f"{_E}/ask", event.ask, name="event-ask"),
    path(f"{_E}/q/<str:question>", event.question, name="event-question"),
    path(f"{_E}/transcript", event.transcript, name="event-transcript"),
    path(f"{_E}/edit", hosting.edit, name="event-edit"),
    path(f"{_E}/host", queue.desk, name="event-host"),
    path(f"{_E}/host/queue", queue.fragment, name="event-host-queue"),
    path(f"{_E}/host/q/<str:question>", queue.settle, name="event-host-question"),
    path(f"{_E}/host/transcript", queue.transcript, name="event-host-transcript"),
]
