"""Somebody types: said without a name, only in small groups that chose it, and kept nowhere."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from django.db import close_old_connections, connection

from kithwell.community.groups.models import Group
from kithwell.community.posts import actions
from kithwell.community.posts.live import typing as topic
from kithwell.community.posts.tests import cast
from kithwell.kernel import limits, live
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal

WORDS = "Somebody is typing"


def written() -> dict[str, int]:
    """How many rows every table holds."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


@pytest.mark.django_db(transaction=True)
def test_others_hear_that_somebody_types_and_not_who_and_nothing_of_groups_that_did_not_choose_it() -> None:
    chosen, other = cast.circle(show_typing=True), cast.circle()
    said, quiet = chosen.write(chosen.ben, "a question"), other.write(other.ben, "a question")
    listener = live.Listening()
    names = [f"typing:{said}", f"typing:{quiet}"]

    def type_in(who: Principal, post: UUID) -> int:
        try:
            return actions.typing(who, post)
        finally:
            close_old_connections()

    async def story() -> Any:
        live.hub.start()
        live.hub.add(listener, names, "test")
        try:
            with pytest.raises(NotFound):
                await asyncio.to_thread(type_in, other.cleo, quiet)
            own = await asyncio.to_thread(type_in, chosen.cleo, said)
            again = await asyncio.to_thread(type_in, chosen.cleo, said)
            while names[0] not in listener.pending:
                await asyncio.sleep(0.01)
            return own, again, dict(listener.pending)
        finally:
            live.hub.remove(listener, names, "test")
            live.hub.stop()

    before = written()
    own, again, heard = asyncio.run(asyncio.wait_for(story(), 20))
    assert own > 0 and again == 0, "once in three seconds"
    assert heard == {names[0]: live.encode(names[0], own)}
    assert str(chosen.cleo.id).encode() not in heard[names[0]]
    assert written() == before


@pytest.mark.django_db
def test_only_members_of_a_small_group_that_chose_it_see_and_send_it() -> None:
    circle = cast.circle("everyone", show_typing=True)
    post = circle.write(circle.ben, "a question")
    path = f"/p/{post}/typing"
    assert circle.browser(circle.cleo).post(path).status_code == 204
    assert WORDS in circle.page(circle.cleo, f"/p/{post}")
    assert WORDS not in circle.page(circle.zoe, f"/p/{post}") + circle.page(None, f"/p/{post}")
    assert circle.browser(circle.zoe).post(path).status_code == 404
    Group.objects.filter(id=circle.group.id).update(member_n=500)
    limits.forget_all()
    assert circle.browser(circle.cleo).post(path).status_code == 404, "too large by now"
    assert WORDS not in circle.page(circle.cleo, f"/p/{post}")


@pytest.mark.django_db
def test_who_may_not_read_the_thread_may_not_listen() -> None:
    circle = cast.circle(show_typing=True)
    post = circle.write(circle.ben, "a question")
    cookies = {
        who.name: {k: m.value for k, m in circle.browser(who).cookies.items()}
        for who in (circle.cleo, circle.zoe)
    }
    assert topic(cookies[circle.cleo.name], str(post)) == 0
    for jar in (cookies[circle.zoe.name], {}):
        with pytest.raises(Exception) as shut:
            topic(jar, str(post))
        assert getattr(shut.value, "status", 0) in (403, 404)
    Group.objects.filter(id=circle.group.id).update(show_typing=False)
    with pytest.raises(NotFound):
        topic(cookies[circle.cleo.name], str(post))
