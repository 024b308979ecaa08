"""`kithwell scan`: lines in, lines out, as a real process would be used."""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kithwell.safety import commands
from kithwell.safety import scan as scan_module

pytestmark = pytest.mark.once

SCAN = [sys.executable, "-m", "kithwell.safety.scan"]


def scan(data: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*SCAN, *args], input=data, capture_output=True, timeout=60, check=False)


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_an_answer_has_exactly_the_promised_shape() -> None:
    done = scan(
        line(id="a", text="I am going to kill myself tonight") + line(id=2, text="hi", context="x", lang="es")
    )
    first, second = [json.loads(row) for row in done.stdout.splitlines()]
    assert list(first) == ["id", "lang", "crisis", "distress", "harm", "conduct", "explain", "version"]
    assert (
        list(first["crisis"]) == ["level", "score", "flag", "severity"] and first["crisis"]["level"] == "C5"
    )
    assert first["crisis"]["severity"] > 4 > 1 > second["crisis"]["severity"] >= 0
    assert list(first["distress"]) == ["score", "flag"]
    assert all(list(row) == ["category", "score", "flag"] for row in first["harm"] + first["conduct"])
    assert {"hate", "offensive", "harassment", "threat"} <= {row["category"] for row in first["conduct"]}
    assert (
        all(set(row) == {"start", "end", "label", "weight"} for row in first["explain"]) and first["explain"]
    )
    assert (first["id"], second["id"], done.returncode, done.stderr) == ("a", 2, 0, b"")


def test_bad_lines_are_named_by_number_and_stop_nothing() -> None:
    bad = [
        b"{",
        b"[]",
        b'{"id":1}',
        b'{"id":1,"text":5}',
        b'{"text":"a","lang":7}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id":NaN,"text":"a"}',
        b'{"id":-Infinity,"text":"a"}',
    ]
    done = scan(
        line(id=0, text="one")
        + b"\n".join(bad)
        + b"\n\n"
        + line(id=9, text="two")
        + b'{"id":10,"text":"last"}'
    )
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == [0, 9, 10]
    assert [row.split(b":")[0] for row in done.stderr.splitlines()] == [b"line %d" % n for n in range(2, 11)]
    assert done.returncode == 0


def test_reports_of_bad_lines_do_not_repeat_their_text() -> None:
    assert b"sunflower" not in scan(b'{"id":1,"text":"sunflower"').stderr


def test_lone_surrogates_and_nul_go_through() -> None:
    done = scan(b'{"id":"\\ud800","text":"a\\ud800\\u0000 I want to die"}\n')
    assert json.loads(done.stdout)["crisis"]["flag"] is True


def test_every_line_is_answered_or_named_however_deep_its_id_is_nested() -> None:
    depths = range(50, 3000, 50)
    rows = b"".join(b'{"id":%s,"text":"hello"}\n' % (b"[" * deep + b"]" * deep) for deep in depths)
    done = scan(rows + line(id="last", text="hello"))
    answers = done.stdout.splitlines()
    assert json.loads(answers[-1])["id"] == "last" and done.returncode == 0
    assert len(answers) + len(done.stderr.splitlines()) == len(depths) + 1


def test_any_json_value_is_an_id_and_comes_back_as_it_was() -> None:
    ids = [None, 0, -1.5, "", "\u0000", True, [1, {"a": []}], {"b": "\ud800"}, 10**30]
    done = scan(b"\xef\xbb\xbf" + b"".join(line(id=one, text="hello") for one in ids))
    assert [json.loads(row)["id"] for row in done.stdout.splitlines()] == ids and not done.stderr


def test_a_line_longer_than_is_read_is_named_and_the_next_one_answered(monkeypatch) -> None:
    monkeypatch.setattr(scan_module, "MOST_BYTES", 1_000)
    rows = (
        line(id=1, text="x" * 5_000) + line(id=2, text="I want to die") + b'{"id":3,"text":"' + b"x" * 3_000
    )
    out, errors = io.StringIO(), io.StringIO()
    assert scan_module.run(io.BytesIO(rows), out, errors) == 2
    assert [json.loads(row)["id"] for row in out.getvalue().splitlines()] == [2]
    assert [row.split(":")[0] for row in errors.getvalue().splitlines()] == ["line 1", "line 3"]


def test_each_answer_is_written_before_the_next_line_is_asked_for() -> None:
    with subprocess.Popen(SCAN, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for number in range(3):
            process.stdin.write(line(id=number, text="hello"))
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()


def test_a_file_can_be_named_and_a_missing_one_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(line(id=1, text="hello"))
    assert json.loads(scan(b"", str(file)).stdout)["id"] == 1
    assert scan(b"", str(tmp_path / "none")).returncode == 2
    assert scan(b"", "--no-such-option").returncode == 2


def test_both_stages_can_be_asked_for_and_an_unknown_stage_is_a_usage_error() -> None:
    text = line(id=1, text="I keep thinking about ending it")
    for stage in ("first", "full"):
        done = scan(text, "--stage", stage)
        assert done.returncode == 0 and json.loads(done.stdout)["crisis"]["flag"] is True, stage
    assert scan(text, "--stage", "third").returncode == 2


def test_it_starts_quickly_and_without_django() -> None:
    code = (
        "import sys, kithwell.safety.scan as s; s.answer({'text': 'hi'}); sys.exit('django' in sys.modules)"
    )
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - spent.ru_utime < 5  # half a second when the machine is free


def test_the_operator_command_is_registered(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    file = tmp_path / "in.jsonl"
    file.write_bytes(line(id=1, text="hello"))
    args = parser.parse_args(["scan", str(file)])
    assert args.run(args) == 0
