"""Back-ups: all comes back, and what was erased stays erased in every one of them, old ones too."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools import ROOT, machine, services

SCRIPT = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "kithwell.config.settings"
django.setup()
from django.core.management import call_command
from kithwell.kernel import crypto
from kithwell.kernel.models import SystemKey
what, *rest = sys.argv[1:]
AT = ("people_account", "note", "1")
if what == "write":
    call_command("migrate", verbosity=0)
    for text in rest:
        subject = crypto.new_subject()
        print(subject)
        SystemKey.objects.create(name=text, wrapped_key=crypto.seal(subject, text, at=AT), master="")
elif what == "erase":
    from uuid import UUID
    crypto.erase_subject(UUID(rest[0]))
else:
    from uuid import UUID
    blob = bytes(SystemKey.objects.get(name=rest[1]).wrapped_key)
    try:
        print(crypto.unseal(UUID(rest[0]), blob, at=AT))
    except crypto.Erased:
        print("ERASED")
"""


def kithwell(data: Path, address: str, *arguments: str) -> str:
    env = {
        **os.environ,
        "KITHWELL_DATA": str(data),
        "KITHWELL_DATABASE_URL": address,
        "KITHWELL_REDIS_URL": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], env=env, capture_output=True, text=True, cwd=data
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def backup(data: Path, address: str, *arguments: str) -> str:
    tools = str(Path(machine.find_postgres("pg_dump") or "x").parent)
    path = tools + os.pathsep + os.environ["PATH"]
    env = {**os.environ, "KITHWELL_DATA": str(data), "KITHWELL_DATABASE_URL": address, "PATH": path}
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy/backup"), *arguments], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def databases():
    """fresh() -> the address of an empty PostgreSQL database, or "" when this run is on SQLite."""
    with contextlib.ExitStack() as stack:
        address = os.environ.get("KITHWELL_DATABASE_URL", "")
        yield lambda: stack.enter_context(services.fresh_database(address)) if address else ""


@pytest.mark.servers
def test_an_old_back_up_brings_back_all_but_those_who_were_erased_since(tmp_path, databases):
    data, new, folder = tmp_path / "data", tmp_path / "new", tmp_path / "backups"
    data.mkdir()
    address, empty = databases(), databases()
    anna, bela = kithwell(data, address, "write", "anna", "bela").split()
    (data / "files/ab").mkdir(parents=True)
    (data / "files/ab/x").write_bytes(b"sealed")

    old = backup(data, address, "make", str(folder))
    kithwell(data, address, "erase", anna)
    backup(data, address, "make", str(folder))
    backup(new, "", "restore", old, "--into", str(new), "--database-url", empty)

    assert (new / "files/ab/x").read_bytes() == b"sealed"
    assert not (new / "keys.toml").exists()  # kept apart, put back by hand
    (new / "keys.toml").write_bytes((data / "keys.toml").read_bytes())
    assert kithwell(new, empty, "read", bela, "bela") == "bela"
    assert kithwell(new, empty, "read", anna, "anna") == "ERASED"


@pytest.mark.servers
def test_a_back_up_without_its_keys_holds_no_key_and_no_master_key(tmp_path, databases):
    data, folder = tmp_path / "data", tmp_path / "backups"
    data.mkdir()
    address = databases()
    kithwell(data, address, "write", "anna")
    made = Path(backup(data, address, "make", str(folder)))
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    master = (data / "keys.toml").read_text().split('"')[1]
    assert master.encode() not in everything and bytes.fromhex(master) not in everything
    if not address:
        import sqlite3

        keys = (
            sqlite3.connect(folder / "people-keys/keys")
            .execute("SELECT wrapped_key FROM kernel_subject")
            .fetchall()
        )
        assert keys and all(key[0] not in everything for key in keys)


@pytest.mark.servers
def test_only_as_many_back_ups_as_asked_for_are_kept_and_one_copy_of_the_keys(tmp_path, databases):
    data, folder = tmp_path / "data", tmp_path / "backups"
    data.mkdir()
    address = databases()
    kithwell(data, address, "write", "anna")
    made = [backup(data, address, "make", str(folder), "--keep", "2") for _ in range(3)]
    assert sorted(path.name for path in folder.iterdir()) == [
        *(Path(name).name for name in made[1:]),
        "people-keys",
    ]
    assert [path.name for path in (folder / "people-keys").iterdir()] == ["keys"]
