"""The few calls we make to the provider, over one kept connection each account and process, with typed errors."""

from __future__ import annotations

import os
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from kithwell.channels.whatsapp import errors
from kithwell.channels.whatsapp.accounts import Account
from kithwell.support.ports import SendError

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
AMBIGUOUS_WAIT = 20.0  # seconds: a status with our attempt's id may still tell that it went out after all
_PER_SECOND = 80.0  # messages a second and number, in and out (provider's published default)
_clients: dict[tuple[int, str], httpx.Client] = {}
_lock = threading.Lock()


def client(account: Account) -> httpx.Client:
    """This process's client for an account."""
    key = (os.getpid(), account.name + account.base_url + account.token)
    with _lock:
        if key not in _clients:
            _clients[key] = httpx.Client(
                base_url=f"{account.base_url.rstrip('/')}/{account.version}/",
                headers={"Authorization": f"Bearer {account.token}"},
                timeout=TIMEOUT,
                trust_env=urlsplit(account.base_url).hostname not in ("127.0.0.1", "localhost"),
            )
        return _clients[key]


def close_all() -> None:
    """Close this process's clients (tests)."""
    with _lock:
        for found in _clients.values():
            found.close()
        _clients.clear()


class Bucket:
    """A token bucket in this process: `rate` a second, `burst` at once. `take` says how long to wait, in seconds."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.level, self.at = burst, time.monotonic()
        self.lock = threading.Lock()

    def take(self) -> float:
        with self.lock:
            now = time.monotonic()
            self.level = min(self.burst, self.level + (now - self.at) * self.rate)
            self.at = now
            self.level -= 1
            return 0.0 if self.level >= 0 else -self.level / self.rate


_buckets: dict[str, Bucket] = {}


def pace(account: Account) -> None:
    """Wait for our turn under the provider's rate of the whole account."""
    with _lock:
        bucket = _buckets.setdefault(account.phone_number_id, Bucket(_PER_SECOND, _PER_SECOND))
    wait = bucket.take()
    if wait > 5.0:
        raise SendError("retry", "local_rate", retry_after=wait)
    if wait > 0:
        time.sleep(wait)


def send(account: Account, payload: dict[str, Any], attempt: int) -> str:
    """POST a message; the provider's id of it. Raises SendError."""
    pace(account)
    try:
        answer = client(account).post(f"{account.phone_number_id}/messages", json=payload)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise SendError("retry", "no_connection", type(error).__name__) from None
    except httpx.HTTPError as error:
        # It may have arrived. The status webhook carries our attempt's id and may settle it before we try again.
        raise SendError("retry", "no_answer", type(error).__name__, retry_after=AMBIGUOUS_WAIT) from None
    found = body_of(answer)
    if answer.status_code >= 400:
        raise refusal(answer, found, attempt)
    try:
        ident = found["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        raise SendError("retry", "no_id", retry_after=AMBIGUOUS_WAIT) from None
    return str(ident)


def body_of(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refusal(answer: httpx.Response, found: dict[str, Any], attempt: int = 1) -> SendError:
    """What a 4xx or 5xx means for us."""
    given = found.get("error")
    error: dict[str, Any] = given if isinstance(given, dict) else {}
    code = str(error.get("code", "")) if error else ""
    details = error.get("error_data") or {}
    detail = str(details.get("details") or "")[:200] if isinstance(details, dict) else ""
    asked = answer.headers.get("retry-after", "")
    wait = float(asked) if asked.isdecimal() else None
    if not code:
        if answer.status_code in (401, 403):
            return SendError("account", f"http_{answer.status_code}")
        return SendError("retry", f"http_{answer.status_code}", retry_after=wait)
    return SendError(errors.meaning(code).cls, code, detail, errors.wait_after(code, attempt) or wait)
