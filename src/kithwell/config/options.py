"""Every setting of an installation: its type, its default, what it means, and where its value came from.

A value is looked for in the environment (`KITHWELL_<NAME>`), then in one TOML file (named by `KITHWELL_CONFIG`, else
`./kithwell.toml`, else `kithwell.toml` in the data directory), then the default stands. All mistakes are reported at
once. `docs/settings.md` describes each setting; a test fails when one is missing there.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from kithwell.config import secrets_file

Check = Callable[[Any], str]  # gives what is allowed when the value is wrong, "" when it is right


@dataclass(frozen=True, slots=True)
class Meta:
    """What a setting means. `secret` values are never printed; `env` is a second environment name."""

    doc: str
    secret: bool = False
    check: Check | None = None
    env: str = ""


def _opt(default: Any, doc: str, *, secret: bool = False, check: Check | None = None, env: str = "") -> Any:
    return field(default=default, metadata={"meta": Meta(doc, secret, check, env)})


def _between(low: float, high: float) -> Check:
    return lambda value: "" if low <= value <= high else f"a number from {low:g} to {high:g}"


def _one_of(*allowed: str) -> Check:
    return lambda value: "" if value in allowed else "one of " + ", ".join(allowed)


def _url(*schemes: str) -> Check:
    def check(value: str) -> str:
        parts = urlsplit(value)
        right = not value or (parts.scheme in schemes and (parts.netloc or parts.path))
        return (
            ""
            if right
            else "empty, or an address that starts with " + " or ".join(s + "://" for s in schemes)
        )

    return check


def _networks(values: tuple[str, ...]) -> str:
    for value in values:
        try:
            ipaddress.ip_network(value)
        except ValueError:
            return "IP addresses or networks such as 10.0.0.0/8 (not: " + value + ")"
    return ""


def _keys(values: tuple[str, ...]) -> str:
    right = all(len(v) == 64 and set(v) <= set("0123456789abcdefABCDEF") for v in values)
    return "" if right else "keys of 64 hexadecimal characters each"


def _secret(value: str) -> str:
    return "" if not value or len(value) >= 32 else "at least 32 characters, unguessable"


def _country(value: str) -> str:
    right = value == "" or (len(value) == 2 and value.isascii() and value.isupper() and value.isalpha())
    return "" if right else "empty, or a country's two capital letters (ISO 3166-1)"


def _accounts(values: tuple[dict[str, Any], ...]) -> str:
    needed = {"name", "phone_number_id", "token", "app_secret", "verify_token"}
    for value in values:
        if missing := sorted(needed - set(value)):
            return (
                "tables with name, phone_number_id, token, app_secret and verify_token; missing: "
                + ", ".join(missing)
            )
    return ""


def default_data_dir() -> Path:
    """`.data` in a source checkout, else the user's own data directory (XDG base directory specification)."""
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").is_file():
        return root / ".data"
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return home / "kithwell"


# ruff: noqa: RUF009 (`_opt` makes a field)
@dataclass(frozen=True)
class Options:
    """All settings, validated. Grouped as in docs/settings.md."""

    # what people see
    site_name: str = _opt("Kithwell", "The name of this site.")
    organisation: str = _opt("", "Who runs it; people are told so. Empty: the name of the site.")
    public_url: str = _opt("", "The address people type, with https://.", check=_url("http", "https"))
    languages: tuple[str, ...] = _opt(
        ("en", "es", "fr", "de", "pt", "ar", "hi"), "Languages offered, first is default."
    )
    default_country: str = _opt("", "Country when nothing tells one; empty means: ask.", check=_country)
    leave_url: str = _opt(
        "https://www.bbc.co.uk/weather", "Where Leave goes: a harmless page.", check=_url("http", "https")
    )
    demo: bool = _opt(False, "Demonstration: invented people, a clock that moves by hand, sign-ins printed.")

    # where things lie
    data_dir: Path = _opt(
        None, "Directory of database, keys and files of this installation.", env="KITHWELL_DATA"
    )
    database_url: str = _opt(
        "",
        "PostgreSQL address; empty means SQLite in data_dir.",
        secret=True,
        check=_url("postgres", "postgresql"),
    )
    redis_url: str = _opt(
        "", "Redis address for several machines.", secret=True, check=_url("redis", "rediss", "unix")
    )
    sqlite_synchronous: str = _opt(
        "NORMAL", "FULL also survives a power cut.", check=_one_of("NORMAL", "FULL")
    )

    # secrets
    secret_key: str = _opt("", "Signs cookies; made in data_dir when empty.", secret=True, check=_secret)
    master_keys: tuple[str, ...] = _opt(
        (),
        "Keys that wrap people's keys, current one first; made in data_dir when empty.",
        secret=True,
        check=_keys,
    )
    metrics_token: str = _opt("", "Lets a bearer of it read /metrics from elsewhere.", secret=True)

    # serving
    host: str = _opt("127.0.0.1", "Address to listen on.")
    port: int = _opt(8000, "Port to listen on.", check=_between(1, 65535))
    allowed_hosts: tuple[str, ...] = _opt(
        (), "Host names answered to; empty: that of public_url and this machine's."
    )
    trusted_proxies: tuple[str, ...] = _opt((), "Proxies whose X-Forwarded-* are believed.", check=_networks)
    web_processes: int = _opt(1, "Web processes.", check=_between(1, 64))
    threads: int = _opt(3, "Threads for pages in each web process.", check=_between(1, 64))
    worker_crisis: int = _opt(1, "Worker processes for the queue crisis.", check=_between(1, 64))
    worker_normal: int = _opt(1, "Worker processes for the queue normal.", check=_between(1, 64))
    worker_bulk: int = _opt(0, "Worker processes for bulk; 0: those of normal do it.", check=_between(0, 64))
    max_form_bytes: int = _opt(1_000_000, "Largest body of a form.", check=_between(10_000, 100_000_000))
    max_upload_bytes: int = _opt(
        20_000_000, "Largest upload where one is allowed.", check=_between(10_000, 2_000_000_000)
    )
    head_seconds: float = _opt(
        10.0, "Time a client has to send the head of a request.", check=_between(1, 300)
    )
    body_seconds: float = _opt(30.0, "Time a client may be silent within a body.", check=_between(0.1, 600))
    page_seconds: float = _opt(
        30.0, "Time a page may take before the client is told so.", check=_between(0.1, 600)
    )
    stop_seconds: float = _opt(
        20.0, "Time requests and jobs have to finish at a stop.", check=_between(1, 600)
    )
    max_waiting: int = _opt(
        256, "Requests that may wait in a process before it says it is busy.", check=_between(4, 10000)
    )
    live_max_listeners: int = _opt(10_000, "Live listeners in a web process.", check=_between(1, 200_000))
    live_max_per_client: int = _opt(12, "Live listeners of one browser.", check=_between(1, 1000))
    reload_templates: bool = _opt(False, "Read changed templates at once (for developers).")

    # logs
    log_level: str = _opt(
        "info", "Least level that is logged.", check=_one_of("debug", "info", "warning", "error")
    )
    log_requests: bool = _opt(True, "One line for each request.")

    # files
    clamav: str = _opt(
        "", "ClamAV daemon that looks at files people send; empty: nobody does.", check=_url("unix", "tcp")
    )

    # screening
    screening_candidate: str = _opt(
        "", "Weights file of the first stage that runs beside the one in use and only counts; empty: none."
    )

    # people
    mail_url: str = _opt(
        "", "Server that sends mail; empty: none is sent.", secret=True, check=_url("smtp", "smtps", "file")
    )
    mail_from: str = _opt("", "Address that mail comes from.")
    push_services: tuple[str, ...] = _opt(
        (
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "web.push.apple.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ),
        "Push services that may be called to tell a device there is news; none: no push.",
    )
    staff_hours: float = _opt(
        12.0, "Hours after which staff pages ask for proof again.", check=_between(0.1, 720)
    )
    staff_idle_hours: float = _opt(4.0, "The same after this long without use.", check=_between(0.1, 720))
    stewards_need_passkey: bool = _opt(False, "Stewards' pages open only to accounts with a passkey.")
    two_stewards: bool = _opt(False, "A second steward has to agree before somebody becomes steward.")
    erasure_grace_days: int = _opt(21, "Days in which an erasure can be taken back.", check=_between(0, 365))

    # the desk: what keeps supporters well
    desk_cap: int = _opt(3, "Conversations one supporter holds at once.", check=_between(1, 20))
    desk_reserve: int = _opt(1, "Of these, how many are kept for C3 and above.", check=_between(0, 20))
    desk_cooldown_minutes: float = _opt(
        15.0, "Rest after a conversation of level C4 or C5.", check=_between(0, 240)
    )
    desk_work_before_break_minutes: float = _opt(
        120.0, "Work after which a break comes first.", check=_between(15, 480)
    )
    desk_break_minutes: float = _opt(10.0, "How long a break has to be to count.", check=_between(1, 120))
    desk_lease_seconds: float = _opt(
        180.0, "Silence after which a conversation returns to the queue.", check=_between(20, 3600)
    )
    desk_held_reply_days: float = _opt(
        7.0, "How long a reply is held outside a provider's window.", check=_between(1, 90)
    )

    # how long things are kept
    retention_messages_days: int = _opt(
        365, "Messages, after a conversation ended.", check=_between(1, 36500)
    )
    retention_summaries_days: int = _opt(730, "Summaries, next steps and notes.", check=_between(1, 36500))
    retention_screening_days: int = _opt(90, "Scores and reasons of the screening.", check=_between(1, 36500))
    retention_addresses_days: int = _opt(365, "Addresses of people not heard of.", check=_between(1, 36500))
    retention_debriefs_days: int = _opt(365, "Debriefs of supporters.", check=_between(1, 36500))

    # channels
    whatsapp_raw_days: float = _opt(0.0, "Days that a digested raw webhook is kept.", check=_between(0, 30))
    whatsapp_template_languages: tuple[str, ...] = _opt(
        ("en",), "Languages the waiting template is approved in."
    )
    whatsapp_accounts: tuple[dict[str, Any], ...] = _opt(
        (), "WhatsApp accounts.", secret=True, check=_accounts
    )


class OptionsError(Exception):
    """Some settings are wrong: `problems` says all of them, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Some settings are not right:\n" + "\n".join("  - " + p for p in problems))
        self.problems = problems


def _find_file(environ: Mapping[str, str], data_dir: Path) -> Path | None:
    if named := environ.get("KITHWELL_CONFIG"):
        return Path(named)
    for path in (Path.cwd() / "kithwell.toml", data_dir / "kithwell.toml"):
        if path.is_file():
            return path
    return None


def _from_text(kind: Any, text: str) -> Any:
    """A value of `kind` from an environment variable. Raises ValueError."""
    if kind is bool:
        words = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        if text.strip().lower() not in words | {"": False}:
            raise ValueError
        return words.get(text.strip().lower(), False)
    if kind is Path:
        return Path(text).expanduser()
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind == tuple[dict[str, Any], ...]:
        return _from_toml(kind, json.loads(text))
    return kind(text)


def _from_toml(kind: Any, value: Any) -> Any:
    """A value of `kind` from TOML. Raises ValueError."""
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    if kind == tuple[str, ...] and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if (
        kind == tuple[dict[str, Any], ...]
        and isinstance(value, list)
        and all(isinstance(v, dict) for v in value)
    ):
        return tuple(value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(kind, type) and isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError


_KINDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number of seconds",
    bool: "true or false",
    Path: "a path",
    tuple[str, ...]: "a list of texts (in the environment: separated by commas)",
    tuple[dict[str, Any], ...]: "a list of tables (in the environment: JSON)",
}


def kinds() -> dict[str, Any]:
    """The type of every setting."""
    return {name: kind for name, kind in get_type_hints(Options).items() if not name.startswith("_")}


def _read_file(path: Path | None, problems: list[str]) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read ({error.strerror})")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: is not TOML: {error}")
    return {}


def _show(meta: Meta, value: Any) -> str:
    return "(secret)" if meta.secret else repr(value)


def _gather(environ: Mapping[str, str], path: Path | None, problems: list[str]) -> dict[str, Any]:
    table, values, types = _read_file(path, problems), {}, kinds()
    for name in sorted(set(table) - set(types)):
        problems.append(f"{path}: {name}: there is no such setting")
    for item in dataclasses.fields(Options):
        meta: Meta = item.metadata["meta"]
        names = [n for n in ("KITHWELL_" + item.name.upper(), meta.env) if n and n in environ]
        kind = types[item.name]
        try:
            if names:
                origin, raw = names[0], environ[names[0]]
                values[item.name] = _from_text(kind, raw)
            elif item.name in table:
                origin, raw = f"{path}: {item.name}", table[item.name]
                values[item.name] = _from_toml(kind, raw)
            else:
                continue
        except ValueError:
            problems.append(f"{origin}: {_show(meta, raw)} is not {_KINDS[kind]}")
            continue
        wanted = meta.check(values[item.name]) if meta.check else ""
        if wanted:
            problems.append(f"{origin}: {_show(meta, raw)}; allowed is {wanted}")
    return values


def load(environ: Mapping[str, str] | None = None, *, make: bool = True) -> Options:
    """Read and check all settings. Raises OptionsError. With `make`, missing secrets are made in the data directory."""
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    start = environ.get("KITHWELL_DATA") or environ.get("KITHWELL_DATA_DIR")
    base = Path(start).expanduser() if start else default_data_dir()
    values = _gather(environ, _find_file(environ, base), problems)
    values["data_dir"] = Path(values.get("data_dir") or base).absolute()
    if not values.get("languages", ("en",)):
        problems.append("languages: at least one is needed")
    if problems:
        raise OptionsError(problems)
    if make:
        try:
            secrets_file.complete(values)
        except (OSError, ValueError) as error:
            raise OptionsError([f"{values['data_dir']}: {error}"]) from None
    return Options(**values)
