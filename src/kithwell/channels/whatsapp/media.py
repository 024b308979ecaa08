"""Files people send: fetched as a job of their own, checked, cleaned, and handed to the desk, which seals them.

The message is at the desk at once with "attachment arriving". GET /{media id} gives an address that lives five
minutes, GET of that address with the same token gives the bytes. `phone_number_id` is never passed: with it the
provider refuses every file a person sent. After 20 failed GETs in an hour the provider blocks us for half an hour, so
we stop by ourselves a little earlier.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

import httpx

from kithwell.channels.models import AccountState
from kithwell.channels.whatsapp import accounts, client, pictures
from kithwell.kernel import jobs, logs
from kithwell.support import actions
from kithwell.support.actions.attachments import AttachmentRef, attachments_arriving

LIMITS = {
    "image": 5 << 20,
    "audio": 16 << 20,
    "voice": 16 << 20,
    "video": 16 << 20,
    "document": 100 << 20,
    "sticker": 1 << 19,
}
MAX_FAILURES, FAILURES_WITHIN = 15, 3600.0  # the provider's own limit is 20 in 60 minutes
log = logs.get("channels.media")


class _Gone(Exception):
    """The file cannot be had: a code that says why, no content."""


class _Later(Exception):
    """It did not work this time."""


def fetch(attachment_id: UUID) -> None:
    """Fetch one file. Raises jobs.RetryLater or any error to be tried again; gives up with a word to the desk."""
    ref = actions.attachment_ref(attachment_id)
    if ref is None or ref.channel != accounts.CHANNEL:
        return
    account = accounts.by_name(ref.account)
    if account is None:
        actions.attachment_failed(attachment_id, "not_configured")
        return
    if (wait := _blocked_for(account.name)) > 0:
        raise jobs.RetryLater(wait, "too many failed fetches lately")
    try:
        data, mime = _download(account, ref)
    except _Gone as gone:
        log.warning("media.gone", attachment_id=str(attachment_id), code=str(gone))
        actions.attachment_failed(attachment_id, str(gone))
        return
    except (_Later, httpx.HTTPError) as error:
        _note_failure(account.name)
        raise jobs.RetryLater(_pause(account.name), logs.describe(error)) from None
    data, mime = pictures.clean(data, mime)
    actions.attachment_ready(attachment_id, data, mime, hashlib.sha256(data).hexdigest())


def _download(account: accounts.Account, ref: AttachmentRef) -> tuple[bytes, str]:
    http = client.client(account)
    found = client.body_of(_checked(http.get(ref.ref)))
    url = found.get("url")
    if not isinstance(url, str):
        raise _Later
    most = LIMITS.get(ref.kind, LIMITS["document"])
    if int(found.get("file_size") or 0) > most:
        raise _Gone("too_large")
    data = bytearray()
    with http.stream("GET", url) as answer:
        _checked(answer)
        for part in answer.iter_bytes():
            data += part
            if len(data) > most:
                raise _Gone("too_large")
    stated = str(found.get("sha256") or ref.sha256)
    if stated and not _same_hash(bytes(data), stated):
        raise _Later  # cut short on the way
    return bytes(data), str(found.get("mime_type") or ref.mime or "application/octet-stream").split(";")[
        0
    ].strip()


def _checked(answer: httpx.Response) -> httpx.Response:
    """Tell what will never work from what may work later."""
    if answer.status_code < 400:
        return answer
    if answer.status_code in (400, 404, 410):
        raise _Gone("expired" if answer.status_code != 400 else "refused")
    if answer.status_code in (401, 403):
        raise _Later  # a new token may be on its way; tried for hours
    raise _Later


def _same_hash(data: bytes, stated: str) -> bool:
    """The provider states SHA-256 in hexadecimal or in base64."""
    import base64

    digest = hashlib.sha256(data).digest()
    return hmac.compare_digest(digest.hex(), stated.lower()) or hmac.compare_digest(
        base64.b64encode(digest).decode(), stated
    )


# -- the provider's guard against failing fetches ------------------------------------------------------------


def _failures(account: str) -> list[float]:
    state = AccountState.objects.filter(account=account).first()
    since = time.time() - FAILURES_WITHIN
    return [at for at in (state.media_failures if state else []) if at > since]


def _note_failure(account: str) -> None:
    kept: list[Any] = [*_failures(account), time.time()][-40:]
    AccountState.objects.update_or_create(account=account, defaults={"media_failures": kept})


def _blocked_for(account: str) -> float:
    """Seconds until the oldest of too many failures is an hour old; 0 when we may ask."""
    failures = _failures(account)
    if len(failures) < MAX_FAILURES:
        return 0.0
    return failures[-MAX_FAILURES] + FAILURES_WITHIN - time.time()


def _pause(account: str) -> float:
    """Seconds until the next try: quick after a first stumble, slower when fetching fails again and again."""
    return float(min(900, 2 ** min(10, len(_failures(account)))))


def sweep() -> int:
    """Ask again for files that should have come by now and whose job is lost. Returns how many."""
    from kithwell.channels.whatsapp.tasks import fetch_file

    asked = 0
    for ident in attachments_arriving():
        hour = int(time.time() // 3600)
        if fetch_file.enqueue(attachment_id=str(ident), key=f"sweep:{ident}:{hour}"):
            asked += 1
    return asked
