"""Jobs of groups: thin calls into actions. Safe to repeat."""

from __future__ import annotations

from kithwell.kernel import events, jobs


@jobs.every(seconds=600)
def check_quiet() -> None:
    """Warn, and later let rest, the groups that nobody looks after."""
    from kithwell.community.groups.actions import watch

    watch.check()


@jobs.every(seconds=300)
def weekly_prompts() -> None:
    """Say which groups have their weekly prompt now."""
    from kithwell.community.groups.actions import watch

    watch.publish_prompts()


@events.subscribe("people.about", durable=True)
def apart(account: str) -> None:
    """Adults and minors stay apart when somebody says another age."""
    from kithwell.community.groups.actions import members

    members.apart(account)


@events.subscribe("community.post.written")
def a_post(group: str = "", author: str | None = None, **_more: object) -> None:
    """A facilitator who writes looks after the group."""
    _looked_after(group, author)


@events.subscribe("community.reply.written")
def a_reply(group: str = "", author: str | None = None, **_more: object) -> None:
    """A facilitator who replies looks after the group."""
    _looked_after(group, author)


def _looked_after(group: str, author: str | None) -> None:
    from kithwell.community.groups.actions import watch

    if group and author:
        watch.wrote(group, author)
