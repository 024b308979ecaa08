"""Who gets which answer at the desk. 303 for nobody and for a stale proof; 403 for a role that has no desk at all;
404 for whatever belongs to somebody else, whether it is there or not."""

from __future__ import annotations

from typing import Any

ROLES = ("anonymous", "member", "holder", "supporter", "supervisor", "oncall", "steward", "stale")
Row = tuple[str, str, dict[str, Any], dict[str, int]]


def _row(
    method: str, path: str, form: dict[str, Any] | None = None, /, others: int = 404, **given: int
) -> Row:
    statuses = {role: given.get(role, others) for role in ROLES}
    fixed = {"anonymous": 303, "stale": 303, "member": 403, "steward": 403}
    return (method, path, form or {}, {**statuses, **{r: given.get(r, s) for r, s in fixed.items()}})


def _get(path: str, others: int = 404, **given: int) -> Row:
    return _row("GET", path, others=others, **given)


def _post(path: str, form: dict[str, Any], others: int = 404, **given: int) -> Row:
    return _row("POST", path, form, others=others, **given)


_C = "/desk/c/{held}"
_READERS = {"holder": 200, "supervisor": 200}
_REPLY = {"text": "hello", "client_key": "k9", "version": "{held_version}"}
_END = {"summary": "we talked", "next_step": "sleep", "version": "{held_version}"}

ROWS: list[Row] = [
    _get("/desk", others=200),
    _get("/desk/side", others=200),
    _post("/desk/take", {}, others=303),
    _post("/desk/shift", {"step": "start"}, others=303, oncall=403),
    _post("/desk/languages", {"language": "es"}, others=303, oncall=403),
    _post("/desk/beat", {}, others=204),
    _post("/desk/alert/{alert}", {}, oncall=303),
    _post("/desk/alert/made-up", {}),
    _post("/desk/follow-up/{promise}", {"outcome": "done"}, holder=303, supervisor=303),
    _get("/desk/debrief/{closed}", others=200),  # an empty form about oneself; it shows nothing of the conversation
    _post("/desk/debrief/{closed}", {"mood": "fine"}, holder=303),
    # a conversation that Sam holds
    _get(_C, **_READERS),
    _get(_C + "/new?since=0", **_READERS),
    _get(_C + "/file/{file}", **_READERS),
    _get("/desk/c/{given}/file/{file}"),  # the file of another conversation, through one that is open to me
    _post(_C + "/reply", _REPLY, holder=303, supervisor=409),
    _post(_C + "/note", {"text": "noted"}, holder=303, supervisor=303),
    _post(_C + "/note", {"text": "psst", "kind": "whisper"}, holder=303, supervisor=303),
    _post(_C + "/flag", {"kind": "care", "days": "7", "reason": "gently"}, holder=303, supervisor=303),
    _post(_C + "/level", {"level": "C2"}, holder=303, supervisor=303),
    _post(_C + "/hand-over", {"to": "assistant", "version": "{held_version}"}, holder=303, supervisor=403),
    _post(_C + "/offer", {"step": "accept"}, holder=409, supervisor=409, oncall=403),
    _post(_C + "/end", _END, holder=303, supervisor=403),
    _post(_C + "/release", {}, holder=303, supervisor=403),
    _post(_C + "/reveal", {"reason": "an ambulance has to find them"}, holder=200, supervisor=200),
    _post(_C + "/supervise", {"step": "join"}, supervisor=303, holder=403, supporter=403),
    _post(_C + "/supervise", {"step": "take_over"}, supervisor=303, holder=403, supporter=403),
    _post(_C + "/supervise", {"step": "leave"}, supervisor=303, holder=403, supporter=403),
    _post(_C + "/message/{unsent}", {"step": "retry"}, holder=303, supervisor=403),
    _post("/desk/c/{given}/message/{unsent}", {"step": "retry"}, holder=303, supervisor=403),
    _post(_C + "/redact", {"message": "{message}", "reason": "a child's name"}, supervisor=303, others=403),
    _post(_C + "/redact", {"message": "made-up", "reason": "a child's name"}, others=403, supervisor=404),
    _post(_C + "/rescue", {"step": "ask", "reason": "said they stand on a bridge"}, holder=409, supervisor=409),
    _post(
        _C + "/rescue", {"step": "agree", "rescue": "{rescue}", "reason": "yes"}, holder=403, supervisor=303
    ),
    _post(
        "/desk/c/{given}/rescue",
        {"step": "agree", "rescue": "{rescue}", "reason": "yes"},
        holder=403,
        supervisor=303,
    ),
    _post(_C + "/unflag/{flag}", {}, holder=303, supervisor=303),
    _post("/desk/c/{given}/unflag/{flag}", {}, holder=303, supervisor=303),
    # one that Toni holds and offers to Sam
    _get("/desk/c/{given}", holder=200, supporter=200, supervisor=200),
    _post("/desk/c/{given}/offer", {"step": "accept"}, holder=303, supporter=409, supervisor=409, oncall=403),
    _post("/desk/c/{given}/note", {"text": "noted"}, holder=403, supporter=303, supervisor=303),
    _post("/desk/c/{given}/reveal", {"reason": "I only look at it"}, holder=403, supporter=200, supervisor=200),
    # one that Sam gave back to the queue; one that Sam ended: gone from Sam's eyes
    _get("/desk/c/{lost}", supervisor=200),
    _get("/desk/c/{lost}/new?since=0", supervisor=200),
    _post("/desk/c/{lost}/reply", {"text": "still me", "client_key": "k8", "version": "1"}, supervisor=409),
    _get("/desk/c/{closed}", supervisor=200),
    # one in the queue; one that the on-call person was called about
    _get("/desk/c/{waiting}", supervisor=200),
    _post("/desk/c/{waiting}/supervise", {"step": "take_over"}, holder=403, supporter=403, supervisor=303),
    _get("/desk/c/{alarm}", supervisor=200, oncall=200),
    _post("/desk/c/{alarm}/supervise", {"step": "take_over"}, holder=403, supporter=403, supervisor=303, oncall=303),
    # nothing there
    _get("/desk/c/01890000-0000-7000-8000-000000000000"),
    _get("/desk/c/made-up"),
    _get("/desk/c/' OR 1=1 --"),
    # the board
    _get("/supervisor", others=403, supervisor=200, oncall=200),
    _get("/supervisor/board", others=403, supervisor=200, oncall=200),
    _get("/supervisor/reports", others=403, supervisor=200, steward=200),
    # teams, duties and ready sentences
    _get("/supervisor/team", others=403, supervisor=200, steward=200),
    _post("/supervisor/team", {"do": "add", "name": "Night"}, others=403, supervisor=303, steward=303),
    _post("/supervisor/team", {"do": "drop", "team": "made-up"}, others=403, supervisor=404, steward=404),
    _post("/supervisor/team", {"do": "duties", "account": "made-up"}, others=403, supervisor=404, steward=404),
    _get("/supervisor/sentences", others=403, supervisor=200, steward=200),
    _post(
        "/supervisor/sentences",
        {"do": "write", "title": "Hello", "text": "I am here", "language": "en"},
        others=403,
        supervisor=303,
        steward=303,
    ),
    _post(
        "/supervisor/sentences", {"do": "review", "sentence": "made-up"}, others=403, supervisor=404, steward=404
    ),
]  # fmt: skip
