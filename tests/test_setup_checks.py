"""The checks of `./dev check` can fail: each is shown something wrong."""

from email.message import Message

import pytest
from tools import messages
from tools.checks import code, product, supply

pytestmark = pytest.mark.once


def facts(**fields):
    message = Message()
    message["Name"], message["Version"] = "thing", "1.0"
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    "fields",
    [
        {"License_Expression": "MIT"},
        {"License_Expression": "Apache-2.0 OR GPL-2.0-only"},
        {"License_Expression": "(MIT AND Zlib) AND 0BSD"},
        {"License": "BSD-3-Clause"},
        {"License": "something long", "Classifier": ["License :: OSI Approved :: MIT License"]},
        {
            "License": "Copyright 2023 X\n Permission is hereby granted, free of charge, to any person obtaining a copy"
        },
    ],
)
def test_licences_that_go_with_the_agpl_are_allowed(fields):
    assert supply.licence_problem(facts(**fields)) == ""


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"License_Expression": "GPL-2.0-only"},
        {"License_Expression": "MIT AND SSPL-1.0"},
        {"License_Expression": "BUSL-1.1", "Classifier": ["License :: OSI Approved :: MIT License"]},
        {"License": "Proprietary"},
        {"Classifier": ["License :: Other/Proprietary License"]},
    ],
)
def test_licences_that_do_not_go_with_the_agpl_or_are_unknown_are_refused(fields):
    assert supply.licence_problem(facts(**fields)).startswith("thing 1.0")


def test_a_path_of_somebodys_machine_is_noticed_and_other_paths_are_not():
    for bad in (
        "see /home/" + "ana/kithwell/x.py",
        "'/Users/" + "ben/data'",
        "(/root/" + ".cache/x)",
        "C:\\Users\\" + "cy",
    ):
        assert supply.machine_paths(bad), bad
    for good in (
        "/var/lib/kithwell",
        "href='/home'",
        "parts/home/x.css",
        "~/.config",
        "{base}/home/x/",
        "https://x/home/y",
    ):
        assert not supply.machine_paths(good), good


def test_a_rule_that_looks_at_the_clock_or_the_disk_is_noticed():
    assert code.impurities("import math\nfrom dataclasses import dataclass\n", "support") == []
    assert code.impurities("from kithwell.support.rules import care\nfrom . import levels\n", "support") == []
    assert code.impurities("import random\ndef name(dice: random.Random) -> str: ...", "support") == []
    for line, why in {
        "import time": "time", "from django.db import models": "django", "import os.path": "os",
        "from kithwell.kernel import clock": "kithwell.kernel", "x = datetime.now(UTC)": ".now()",
        "open('x')": "open()", "random.choice(words)": "random.choice", "d = date.today()": ".today()",
    }.items():  # fmt: skip
        assert any(why in problem for problem in code.impurities(line, "support")), line


def test_a_setting_without_a_description_is_noticed(monkeypatch, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/settings.md").write_text("| `port` | ...", encoding="utf-8")
    monkeypatch.setattr(product, "ROOT", tmp_path)
    problems = product._settings()
    assert any("`host`" in line for line in problems) and not any("`port`" in line for line in problems)


def test_translations_that_lose_a_placeholder_or_a_text_are_noticed(monkeypatch, tmp_path):
    folder = tmp_path / "es/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Hello %(name)s"\nmsgstr "Hola"\n\nmsgid "Bye %(name)s"\nmsgstr "Adiós %(name)s"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    problems = messages.mismatches()
    assert len(problems) == 1 and "Hello %(name)s" in problems[0]
    row = messages.coverage()[0]
    assert row.language == "es" and row.total > 50 and len(row.missing) == row.total
