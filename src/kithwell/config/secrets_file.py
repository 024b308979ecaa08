"""The secrets an installation makes for itself: readable by its own user only, made once, never overwritten."""

from __future__ import annotations

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

KEYS_FILE = "keys.toml"
SECRET_FILE = "secret_key"

_KEYS_TEXT = """# The keys that wrap every person's data key. Whoever has them and the database can read everything;
# without them nobody can, not even you. Keep a copy apart from the back-up of the database.
# The first is current. To rotate: put a new one in front, restart, run `kithwell keys rotate`, take the old one out.
master_keys = [
  "{key}",
]
"""


def _make_once(path: Path, text: str) -> str:
    """Write `text` unless the file is there; returns what stands in it. Two processes at once agree on one."""
    if not path.exists():
        mine = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(mine, path)  # fails when another process was first; then its file counts
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text(encoding="utf-8")


def complete(values: dict[str, Any]) -> None:
    """Fill in data directory, secret key and master keys. Raises OSError, ValueError (a key file without keys)."""
    data: Path = values["data_dir"]
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not values.get("secret_key"):
        values["secret_key"] = _make_once(data / SECRET_FILE, secrets.token_urlsafe(48)).strip()
    if not values.get("master_keys"):
        text = _make_once(data / KEYS_FILE, _KEYS_TEXT.format(key=secrets.token_hex(32)))
        keys = tomllib.loads(text).get("master_keys", [])
        if not keys or not all(isinstance(k, str) and len(bytes.fromhex(k)) == 32 for k in keys):
            raise ValueError(f"{KEYS_FILE} holds no keys of 64 hexadecimal characters")
        values["master_keys"] = tuple(keys)
