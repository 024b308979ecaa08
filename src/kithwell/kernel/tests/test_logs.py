"""Logs carry ids and never content."""

import ast
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kithwell.kernel import logs

SOURCE = Path(logs.__file__).resolve().parents[1]
WORDS = "I feel so alone tonight"


@pytest.fixture
def lines(capsys):
    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]

    return read


def test_a_line_is_json_with_time_level_logger_and_event(lines):
    logs.get("support.tasks").info("job.done", count=3, conversation_id="abc")
    (line,) = lines()
    assert line["event"] == "job.done" and line["level"] == "info" and line["logger"] == "support.tasks"
    assert line["count"] == 3 and line["conversation_id"] == "abc" and line["at"].endswith("Z")


def test_keys_that_are_not_allowed_are_dropped_and_named(lines):
    logs.get("x").info("message.received", text=WORDS, body=WORDS, count=1)
    (line,) = lines()
    assert WORDS not in json.dumps(line)
    assert line["dropped"] == ["body", "text"] and line["count"] == 1


def test_an_event_that_is_a_sentence_is_not_written(lines):
    logs.get("x").info(WORDS)
    (line,) = lines()
    assert line["event"] == "log.unnamed" and WORDS not in json.dumps(line)


def test_of_an_error_only_its_kind_and_place_are_kept(lines):
    try:
        raise ValueError(WORDS)
    except ValueError as error:
        logs.get("x").error("thing.failed", error=error)
    (line,) = lines()
    assert line["error"].startswith("ValueError at test_logs.py:") and WORDS not in json.dumps(line)


def test_libraries_log_without_what_they_were_given(lines):
    logging.getLogger("django.db").warning("slow query %s", WORDS)
    logging.getLogger("somelib").warning(f"could not parse {WORDS}")
    try:
        raise KeyError(WORDS)
    except KeyError:
        logging.getLogger("asyncio").exception("Task failed: %r", WORDS)
    found = lines()
    assert WORDS not in json.dumps(found)
    assert found[0]["said"] == "slow query %s" and "said" not in found[1]
    assert found[2]["error"].startswith("KeyError")


def test_an_error_nobody_caught_is_logged_without_its_words(lines, monkeypatch):
    import sys

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.guard_process()
    sys.excepthook(ValueError, ValueError(WORDS), None)
    threading.excepthook(threading.ExceptHookArgs((ValueError, ValueError(WORDS), None, None)))
    found = lines()
    assert [line["event"] for line in found] == ["process.uncaught"] * 2
    assert WORDS not in json.dumps(found)


def test_long_values_are_cut(lines):
    logs.get("x").info("a.b", code="x" * 5000)
    assert len(lines()[0]["code"]) == 200


def _parsed(source):
    """Parsed in a thread of its own: CPython 3.11 miscounts its depth in one where a test ran out of it before."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ast.parse, source).result()


def _log_calls():
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(_parsed(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "logger", "_log")
            ):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node


def test_every_log_call_names_its_event_and_uses_allowed_keys_only():
    wrong = []
    for where, node in _log_calls():
        event = node.args[0] if node.args else None
        if not (
            isinstance(event, ast.Constant) and logs._EVENT.match(str(event.value)) and len(node.args) == 1
        ):
            wrong.append(f"{where}: the event has to be a constant like part.what_happened")
        wrong += [
            f"{where}: key {k.arg}"
            for k in node.keywords
            if k.arg and k.arg not in logs.ALLOWED and not k.arg.endswith("_id")
        ]
    assert not wrong
