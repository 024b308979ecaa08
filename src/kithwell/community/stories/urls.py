"""Addresses of stories."""

from django.urls import path

from kithwell.community.stories.pages import files, public, review, write

_M = "stories/mine/<str:ident>"

urlpatterns = [
    path("stories", public.index, name="stories"),
    path("stories/write", write.start, name="stories-write"),
    path("stories/mine", write.mine, name="stories-mine"),
    path(_M, write.look, name="story-own"),
    path(f"{_M}/step/<str:part>", write.step, name="story-step"),
    path(f"{_M}/details", write.details, name="story-details"),
    path(f"{_M}/send", write.send, name="story-send"),
    path(f"{_M}/act", write.act, name="story-act"),
    path(f"{_M}/file", files.add, name="story-file-add"),
    path(f"{_M}/file/<str:media>", files.edit, name="story-file-edit"),
    path("stories/review", review.index, name="stories-review"),
    path("stories/review/<str:ident>", review.show, name="story-review"),
    path("stories/file/<str:media>", files.send, name="story-file"),
    path("stories/file/<str:media>/captions.vtt", files.captions, name="story-captions"),
    path("stories/<str:slug>", public.show, name="story"),
]
