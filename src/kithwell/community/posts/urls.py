"""Addresses of posts."""

from django.urls import path

from kithwell.community.posts.pages import group, own, team, thread

urlpatterns = [
    path("g/<str:slug>", group.show, name="group"),
    path("g/<str:slug>/new", group.new, name="post-new"),
    path("g/<str:slug>/news", group.news, name="group-news"),
    path("g/<str:slug>/search", group.find, name="group-search"),
    path("g/<str:slug>/archive", group.archive, name="group-archive"),
    path("g/<str:slug>/unanswered", group.unanswered, name="group-unanswered"),
    path("p/<str:post>", thread.show, name="post"),
    path("p/<str:post>/new", thread.new, name="post-later"),
    path("p/<str:post>/reply", thread.reply, name="post-reply"),
    path("p/<str:post>/typing", thread.typing, name="post-typing"),
    path("p/<str:post>/act", thread.act, name="post-act"),
    path("p/<str:piece>/edit", thread.edit, name="post-edit"),
    path("p/<str:piece>/earlier", thread.earlier, name="post-earlier"),
    path("picture/<str:picture>", thread.picture, name="post-picture"),
    path("groups/waiting", team.waiting, name="posts-waiting"),
    path("feed", own.feed, name="feed"),
    path("drafts", own.drafts, name="drafts"),
]
