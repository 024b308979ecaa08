"""Settings: where they come from, what is refused, and that every one is documented."""

import ast
import dataclasses
import stat
from pathlib import Path

import pytest

from kithwell.config import options, parts, secrets_file
from kithwell.config.options import Options, OptionsError

ROOT = Path(__file__).resolve().parents[4]


def load(tmp_path, toml="", make=False, **environ):
    (tmp_path / "kithwell.toml").write_text(toml)
    return options.load({"KITHWELL_DATA": str(tmp_path)} | environ, make=make)


def test_with_nothing_set_everything_has_a_value(tmp_path):
    found = load(tmp_path)
    assert found.data_dir == tmp_path
    assert found.languages[0] == "en" and found.port == 8000 and not found.demo


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    found = load(tmp_path, 'site_name = "From file"\nport = 9001\n', KITHWELL_PORT="9002")
    assert (found.site_name, found.port, found.threads) == ("From file", 9002, 3)


def test_each_kind_of_value_can_come_from_the_environment(tmp_path):
    found = load(
        tmp_path,
        KITHWELL_DEMO="yes",
        KITHWELL_LANGUAGES="es, en",
        KITHWELL_BODY_SECONDS="2.5",
        KITHWELL_WHATSAPP_ACCOUNTS='[{"name":"a","phone_number_id":"1","token":"t","app_secret":"s","verify_token":"v"}]',
    )
    assert found.demo is True and found.languages == ("es", "en") and found.body_seconds == 2.5
    assert found.whatsapp_accounts[0]["name"] == "a"


def test_tables_can_come_from_the_file(tmp_path):
    account = (
        '[[whatsapp_accounts]]\nname="a"\nphone_number_id="1"\ntoken="t"\napp_secret="s"\nverify_token="v"\n'
    )
    assert load(tmp_path, account).whatsapp_accounts[0]["token"] == "t"


def test_all_mistakes_are_told_at_once_with_place_and_what_is_allowed(tmp_path):
    toml = 'port = "eighty"\nnonsense = 1\ntrusted_proxies = ["not-a-network"]\ndemo = "yes"\n'
    with pytest.raises(OptionsError) as caught:
        load(
            tmp_path,
            toml,
            KITHWELL_THREADS="0",
            KITHWELL_DEFAULT_COUNTRY="germany",
            KITHWELL_LOG_LEVEL="loud",
        )
    text = str(caught.value)
    assert len(caught.value.problems) == 7
    for wanted in (
        "port: 'eighty' is not a whole number",
        "nonsense: there is no such setting",
        "networks such as 10.0.0.0/8",
        "demo: 'yes' is not true or false",
        "KITHWELL_THREADS: '0'; allowed is a number from 1 to 64",
        "KITHWELL_DEFAULT_COUNTRY",
        "one of debug, info, warning, error",
    ):
        assert wanted in text


def test_a_file_that_is_no_toml_is_named(tmp_path):
    with pytest.raises(OptionsError, match=r"kithwell\.toml: is not TOML"):
        load(tmp_path, "port = = 1")
    with pytest.raises(OptionsError, match="cannot be read"):
        load(tmp_path, KITHWELL_CONFIG=str(tmp_path / "missing.toml"))


def test_a_wrong_secret_is_refused_without_being_shown(tmp_path):
    with pytest.raises(OptionsError) as caught:
        load(tmp_path, KITHWELL_MASTER_KEYS="hunter2", KITHWELL_SECRET_KEY="hunter3")
    assert "hunter" not in str(caught.value)


def test_secrets_are_made_once_for_this_user_only(tmp_path):
    first = load(tmp_path, make=True)
    again = load(tmp_path, make=True)
    assert (first.secret_key, first.master_keys) == (again.secret_key, again.master_keys)
    assert len(bytes.fromhex(first.master_keys[0])) == 32
    for name in (secrets_file.KEYS_FILE, secrets_file.SECRET_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_spoilt_key_file_stops_the_start_and_is_never_overwritten(tmp_path):
    (tmp_path / secrets_file.KEYS_FILE).write_text("master_keys = []\n")
    with pytest.raises(OptionsError, match="holds no keys"):
        load(tmp_path, make=True)
    assert (tmp_path / secrets_file.KEYS_FILE).read_text() == "master_keys = []\n"


def test_given_keys_are_used_and_none_are_made(tmp_path):
    found = load(tmp_path, make=True, KITHWELL_MASTER_KEYS=f"{'ab' * 32},{'cd' * 32}")
    assert found.master_keys == ("ab" * 32, "cd" * 32)
    assert not (tmp_path / secrets_file.KEYS_FILE).exists()


def test_every_setting_is_documented_and_nothing_else_is():
    text = (ROOT / "docs" / "settings.md").read_text()
    rows = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert rows == {item.name for item in dataclasses.fields(Options)}


def test_the_documented_defaults_are_the_real_ones():
    text = (ROOT / "docs" / "settings.md").read_text()
    rows = {r.split("`")[1]: r for r in text.splitlines() if r.startswith("| `")}
    for item in dataclasses.fields(Options):
        if item.name == "data_dir":
            continue
        assert f"| {show(item.default)} |" in rows[item.name], item.name


def show(value):
    """A default as docs/settings.md writes it."""
    if value == "" or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_setting_that_code_reads_exists():
    known = {item.name for item in dataclasses.fields(Options)}
    wrong = []
    for path in parts.ROOT.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "get"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "conf"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.args[0].value not in known
            ):
                wrong.append(f"{path.relative_to(parts.ROOT)}:{node.lineno} {node.args[0].value}")
    assert not wrong
