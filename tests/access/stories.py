"""Who gets which answer at stories. "teller" wrote {st_draft}, {st_sent} and the public {st_slug}; "reader"
reviews (a moderator)."""

from __future__ import annotations

from typing import Any

from tests.access.desk import Row

PART = "stories"
WORDS = (
    "For a year I could hardly get up, and I told nobody.",
    "My neighbour asked me to water her plants, every day at nine. It was small, and it held me.",
    "You do not have to do it all today.",
    "Thank you for it.",
)
ROLES = ("anonymous", "member", "st_teller", "st_reader", "steward", "stale")


def _row(method: str, path: str, status: int, form: dict[str, Any] | None = None, /, **given: int) -> Row:
    return (method, path, form or {}, {role: given.get(role, status) for role in ROLES})


_OWN = {"anonymous": 303, "st_teller": 200}
_DOES = {"anonymous": 303, "st_teller": 303}
_READS = {"anonymous": 303, "stale": 303, "st_reader": 200, "steward": 200}
_DECIDES = {"anonymous": 303, "stale": 303, "st_reader": 303, "steward": 303}
_D, _S = "/stories/mine/{st_draft}", "/stories/mine/{st_sent}"
_CHECKS = {"checks": "method", "version": "{st_sent_version}"}

ROWS: list[Row] = [
    _row("GET", "/stories", 200),
    _row("GET", "/stories?language=es", 200),
    _row("GET", "/stories/{st_slug}", 200),
    _row("GET", "/stories/{st_gone}", 410),
    _row("GET", "/stories/made-up", 404),
    _row("GET", "/stories/write", 200),
    _row("POST", "/stories/write", 303),
    _row("GET", "/stories/mine", 200, anonymous=303),
    _row("GET", _D, 404, **_OWN),
    _row("GET", f"{_D}/step/hard", 404, **_OWN),
    _row("GET", f"{_D}/step/made-up", 404, anonymous=303),
    _row("POST", f"{_D}/step/hard", 404, {"text": "It was hard."}, **_DOES),
    _row("GET", f"{_D}/details", 404, **_OWN),
    _row("POST", f"{_D}/details", 404, {"title": "Rain", "byline": "", "language": "en", "warnings": "death"}, **_DOES),
    _row("POST", f"{_D}/send", 404, {"site": "365", "campaign": "", "network": ""}, **_DOES),
    _row("POST", f"{_D}/act", 404, {"do": "let-go"}, **_DOES),
    _row("POST", f"{_D}/act", 404, {"do": "agree", "version": "1"}, **(_DOES | {"st_teller": 409})),
    _row("POST", f"{_D}/act", 404, {"do": "longer", "kind": "site", "days": "365"}, **(_DOES | {"st_teller": 409})),
    _row("POST", f"{_D}/file", 404, {"alt": "a hill"}, **(_DOES | {"st_teller": 422})),
    _row("GET", f"{_D}/file/{{st_tune}}", 404, **_OWN),
    _row("POST", f"{_D}/file/{{st_tune}}", 404, {"captions": "0:01 Hello", "alt": "A song"}, **_DOES),
    _row("GET", f"{_S}/file/{{st_tune}}", 404, anonymous=303),  # a file of another story
    _row("GET", "/stories/file/{st_tune}", 404, st_teller=200),
    _row("GET", "/stories/file/{st_tune}/captions.vtt", 404, st_teller=200),
    _row("GET", "/stories/file/{st_heard}", 200),
    _row("GET", "/stories/file/{st_heard}/captions.vtt", 200),
    _row("GET", "/stories/file/made-up", 404),
    _row("GET", "/stories/review", 403, **_READS),
    _row("GET", "/stories/review/{st_sent}", 403, **_READS),
    _row("GET", "/stories/review/{st_draft}", 403, **(_READS | {"st_reader": 404, "steward": 404})),
    _row("POST", "/stories/review/{st_sent}", 403, {"do": "changes", "note": "Thank you for "
        "it.", **_CHECKS}, **_DECIDES),
    _row("POST", "/stories/review/{st_sent}", 403, {"do": "decline", "note": "Thank you for "
        "it.", **_CHECKS}, **_DECIDES),
    _row(
        "POST", "/stories/review/{st_sent}", 403, {"do": "approve", **_CHECKS},
        **(_DECIDES | {"st_reader": 422, "steward": 422}),
    ),
    _row(
        "POST", "/stories/review/{st_sent}", 403,
        {"do": "propose", "title": "Rain", "hard": "x", "helped": "y", "now": "z", "note": "Thank you for "
            "it.", **_CHECKS},
        **(_DECIDES | {"st_reader": 422, "steward": 422}),
    ),
]  # fmt: skip


def furnish(world: Any) -> None:
    from tests.access.world import PASSWORD, enter

    from kithwell.kernel import limits

    limits.forget_all()  # so many people sign in from one place here that they would be slowed

    from kithwell.community.stories import actions
    from kithwell.community.stories.models import Story
    from kithwell.community.stories.rules.story import CHECKS
    from kithwell.community.stories.tests import cast

    teller = world.people["st_teller"] = cast.person("Teller", password=PASSWORD)
    reader = world.people["st_reader"] = cast.person("Reader", "moderator", password=PASSWORD)
    for role in ("st_teller", "st_reader"):
        world.clients[role] = enter(world.people[role].name)
    places = world.places
    draft, sent, shown = cast.draft(teller), cast.sent(teller), cast.draft(teller)
    places["st_draft"], places["st_sent"] = str(draft), str(sent)
    places["st_sent_version"] = str(cast.row(sent).version)
    places["st_tune"] = str(actions.add(teller, draft, cast.mp3()))
    actions.caption(teller, draft, places["st_tune"], "0:01 La")
    places["st_heard"] = str(actions.add(teller, shown, cast.mp3()))
    actions.caption(teller, shown, places["st_heard"], "0:01 Hello")
    actions.send(teller, shown, {"site": "365"})
    places["st_slug"] = actions.approve(reader, shown, cast.row(shown).version, CHECKS)
    places["st_gone"] = cast.published(teller, reader)
    actions.withdraw(teller, Story.objects.get(slug=places["st_gone"]).id)
