"""Who may listen to a group or a thread: its readers. The topic says that there is something, never what."""

from __future__ import annotations

from kithwell.community.groups import access as groups
from kithwell.community.posts import access
from kithwell.community.posts.actions.typing import may_show
from kithwell.community.posts.models import Post
from kithwell.kernel import ids, live
from kithwell.kernel.errors import NotFound
from kithwell.people.access import principal_from_cookies


@live.topic("group")
def group(cookies: dict[str, str], ident: str) -> int:
    """Milliseconds of the newest activity in a group, for its readers with an account."""
    principal, found = principal_from_cookies(cookies), ids.parse(ident)
    if found is None or not principal.is_account:
        raise NotFound()
    place = groups.place_by_id(principal, found)
    rows = Post.objects.filter(group=place.group.id, state=0).order_by("-activity_at")
    newest = rows.values_list("activity_at", flat=True).first()
    return int(newest.timestamp() * 1000) if newest else 0


@live.topic("post")
def post(cookies: dict[str, str], ident: str) -> int:
    """Milliseconds of the newest activity under a post, for those who may read it."""
    principal, found = principal_from_cookies(cookies), ids.parse(ident)
    if found is None or not principal.is_account:
        raise NotFound()
    _look, row = access.post(principal, found)
    return int(row.activity_at.timestamp() * 1000)


@live.topic("typing")
def typing(cookies: dict[str, str], ident: str) -> int:
    """Members of a small group that chose to show when somebody types. It stands nowhere: nothing is kept."""
    principal, found = principal_from_cookies(cookies), ids.parse(ident)
    if found is None or not principal.is_account:
        raise NotFound()
    look, _row = access.post(principal, found)
    if not may_show(look):
        raise NotFound()
    return 0
