"""Who gets which answer at posts.

"po_writer" wrote {said} (with {told} under it) and has {mine_pic}; "po_member" belongs to the same closed group and wrote
{told}; "po_leader" leads it; "po_blocked" belongs to it and blocked the writer; "po_outside" has an account and nothing
more. {open} lies in a group that everybody may read, under an anonymous name of the writer.
"""

# ruff: noqa: E501  (tables of rows are read best on one line)

from __future__ import annotations

from typing import Any

from tests.access.desk import Row

PART = "posts"
WORDS = (
    "tea at night",
    "somebody writes here",
)
ROLES = ("anonymous", "po_outside", "po_member", "po_writer", "po_leader", "po_blocked")
_GONE = "01890000-0000-7000-8000-000000000000"


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_CLOSED = {"anonymous": 303, "po_outside": 303, "po_blocked": 404}
_NO_FRAGMENT = {"anonymous": 403, "po_outside": 403}
_SIGNED = {"anonymous": 303}

ROWS: list[Row] = [
    # the group's pages: a reader from outside is led to the group's door
    _row("GET", "/g/{quiet}", 200, anonymous=303, po_outside=303),
    _row("GET", "/g/{loud}", 200),
    _row("GET", "/g/{loud}?before=made-up", 200),
    _row("GET", "/g/made-up", 404),
    _row("GET", "/g/{quiet}/news?since=0", 200, **_NO_FRAGMENT),
    _row("GET", "/g/{loud}/news?since=0", 200),
    _row("GET", "/g/{quiet}/search?q=tea", 200, anonymous=303, po_outside=303),
    _row("GET", "/g/{quiet}/archive", 200, anonymous=303, po_outside=303),
    _row("GET", "/g/{quiet}/new", 200, anonymous=303, po_outside=303),
    _row("POST", "/g/{quiet}/new", 303, {"text": "a thought", "act": "write", "client_key": "k1", "warnings": "death",
         "own_warning": "", "replies_from": "members"}, po_outside=303),
    _row("POST", "/g/{quiet}/new", 200, {"text": "a thought", "act": "draft"}, anonymous=303, po_outside=303),
    _row("POST", "/g/{quiet}/new", 200, {"text": "a *thought*", "act": "preview"}, anonymous=303, po_outside=303),
    _row("POST", "/g/{quiet}/new", 200, {"text": "a thought", "act": "picture", "alt": "x"}, anonymous=303, po_outside=303),
    _row("POST", "/g/{quiet}/new", 200, {"text": "a thought", "act": "drop:{mine_pic}"}, anonymous=303, po_outside=303),
    _row("POST", "/g/{quiet}/new", 422, {"text": "which", "act": "write", "poll": "1", "options": "one", "poll_days": "1"},
         anonymous=303, po_outside=303),
    _row("GET", "/g/{quiet}/unanswered", 403, anonymous=303, po_leader=200),
    _row("POST", "/g/{quiet}/unanswered", 403, {"hours": "8"}, anonymous=303, po_leader=303),
    # a thread in a closed group
    _row("GET", "/p/{said}", 200, **_CLOSED),
    _row("GET", "/p/{said}?from=1&to={told}&after={told}", 200, **_CLOSED),
    _row("GET", "/p/" + _GONE, 404),
    _row("GET", "/p/made-up", 404),
    _row("GET", "/p/{said}/new?since=0", 200, **_NO_FRAGMENT, po_blocked=404),
    _row("POST", "/p/{said}/reply", 303, {"text": "I hear you", "client_key": "k2", "parent": "", "own_warning": ""}, po_blocked=404),
    _row("POST", "/p/{said}/reply", 303, {"text": "and you", "parent": "{told}", "act": "write"}, po_blocked=404),
    _row("POST", "/p/{said}/reply", 200, {"text": "later", "act": "draft"}, anonymous=303, po_outside=303, po_blocked=404),
    # typing is shown in {small} alone, a small group that chose it
    _row("POST", "/p/{said}/typing", 404, anonymous=303, po_outside=303),
    _row("POST", "/p/{whispered}/typing", 303, po_writer=204),
    _row("POST", "/p/{said}/act", 303, {"act": "react", "kind": "hope", "piece": "{said}"}, po_writer=403, po_blocked=404),
    _row("POST", "/p/{said}/act", 404, {"act": "vote", "option": "0"}, anonymous=303, po_outside=303),
    _row("POST", "/p/{asked}/act", 303, {"act": "vote", "option": "1"}),
    _row("POST", "/p/{said}/act", 403, {"act": "pin"}, anonymous=303, po_outside=303, po_leader=303, po_blocked=404),
    _row("POST", "/p/{said}/act", 403, {"act": "lock"}, anonymous=303, po_outside=303, po_leader=303, po_blocked=404),
    _row("POST", "/p/{said}/act", 403, {"act": "replies", "replies_from": "nobody"}, anonymous=303, po_outside=303, po_writer=303, po_blocked=404),
    _row("POST", "/p/{said}/act", 403, {"act": "delete", "piece": "{said}", "slug": "{quiet}"}, anonymous=303, po_outside=303, po_writer=303, po_blocked=404),
    _row("POST", "/p/{said}/act", 403, {"act": "delete", "piece": "{told}"}, anonymous=303, po_outside=303, po_member=303, po_blocked=404),
    _row("POST", "/p/{said}/act", 422, {"act": "made-up"}, anonymous=303),
    _row("GET", "/p/{said}/edit", 404, anonymous=303, po_writer=200, po_outside=303),
    _row("POST", "/p/{said}/edit", 404, {"text": "better words", "own_warning": "", "replies_from": "members"}, anonymous=303, po_writer=303, po_outside=303),
    _row("GET", "/p/{said}/earlier", 404, anonymous=303, po_writer=200, po_leader=200, po_outside=303),
    # an anonymous post in an open group: whoever blocked the writer sees it all the same
    _row("GET", "/p/{open}", 200),
    _row("GET", "/p/{open}/new?since=0", 200),
    _row("GET", "/p/{open}/edit", 404, anonymous=303, po_writer=200),
    _row("GET", "/p/{open}/earlier", 404, anonymous=303, po_writer=200, po_leader=200),
    # pictures
    _row("GET", "/picture/{mine_pic}", 404, po_writer=200),
    _row("GET", "/picture/{said_pic}", 200, anonymous=403, po_outside=403, po_blocked=404),
    _row("GET", "/picture/made-up", 404),
    # for the team alone (test_brought.py): whoever leads or belongs to a group is not it
    _row("GET", "/groups/waiting", 403, anonymous=303),
    # one's own
    _row("GET", "/feed", 200, **_SIGNED),
    _row("GET", "/feed?before=made-up", 200, **_SIGNED),
    _row("GET", "/drafts", 200, **_SIGNED),
    _row("POST", "/drafts", 303, {"draft": "{po_draft}"}),
]  # fmt: skip

TOPICS = {
    "group:{quiet_id}": ("po_member", "po_writer", "po_leader", "po_blocked"),
    "post:{said}": ("po_member", "po_writer", "po_leader"),
    "typing:{said}": (),
    "typing:{whispered}": ("po_writer",),
}


def furnish(world: Any) -> None:
    """A closed group and an open one, with what hangs in them."""
    from io import BytesIO

    from PIL import Image

    from kithwell.boundaries import actions as boundaries
    from kithwell.community.groups import actions as groups
    from kithwell.community.posts import actions
    from kithwell.community.posts.models import Picture
    from kithwell.community.posts.tests import cast

    quiet, loud = cast.circle(), cast.circle("everyone")
    roles = {"po_member": quiet.cleo, "po_writer": quiet.ben, "po_leader": quiet.ada, "po_blocked": quiet.mia}
    for role, who in {**roles, "po_outside": quiet.zoe}.items():
        world.people[role], world.clients[role] = who, quiet.browser(who)
    for who in (quiet.ben, quiet.ada):
        groups.join(who, loud.slug, agreed=True)
    from kithwell.community.groups.models import Membership

    Membership.objects.filter(group=loud.group, account=quiet.ada.id).update(role="facilitator")
    sent = BytesIO()
    Image.new("RGB", (8, 8), "green").save(sent, "PNG")
    picture = actions.add_picture(quiet.ben, quiet.slug, sent.getvalue(), "a green field")
    said = quiet.write(quiet.ben, "tea at night", pictures=[picture])
    told = quiet.reply(quiet.cleo, said, "and honey")
    asked = quiet.write(quiet.ada, "tea or milk", poll=True, options=("tea", "milk"))
    loose = actions.add_picture(quiet.ben, quiet.slug, sent.getvalue(), "", no_alt=True)
    opened = loud.write(quiet.ben, "somebody writes here", anonymous=True)
    draft = actions.keep_draft(quiet.cleo, "new", quiet.slug, {"text": "not yet"})
    small = cast.circle(show_typing=True)
    groups.join(quiet.ben, small.slug, agreed=True)
    whispered = small.write(small.ben, "hush")
    boundaries.block(quiet.mia, quiet.ben.id)
    hung = Picture.objects.get(post=said).id
    places = {"quiet": quiet.slug, "quiet_id": quiet.group.id, "loud": loud.slug, "said": said, "told": told, "asked": asked,
              "open": opened, "mine_pic": loose, "said_pic": hung, "po_draft": draft, "whispered": whispered}  # fmt: skip
    world.places.update({key: str(value) for key, value in places.items()})
