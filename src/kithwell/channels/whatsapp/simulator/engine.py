"""The simulated provider's memory and rules: people with phones, messages, windows, templates, files, webhook posts.

All state lies in one small SQLite file (or in memory), so that several processes can play the same provider. Two
clocks: `clock` (which tests and demos move) stamps messages and closes windows; the wall clock paces posts and rates.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kithwell.channels.whatsapp.simulator import faults as faulty
from kithwell.channels.whatsapp.simulator import strict
from kithwell.channels.whatsapp.simulator.rates import Rates
from kithwell.channels.whatsapp.simulator.store import Store

WINDOW = 24 * 3600.0
MEDIA_URL_LIVES = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Keys:
    """What product and provider agreed on."""

    phone_number_id: str = "100200300400500"
    token: str = field(default="simulated-token", repr=False)
    app_secret: str = field(default="simulated-app-secret", repr=False)
    verify_token: str = field(default="simulated-verify-token", repr=False)
    waba_id: str = "900800700600500"


@dataclass(frozen=True, slots=True)
class Row:
    """One message of a chat as the phone shows it. `up`: from the person."""

    id: str
    up: bool
    kind: str
    content: dict[str, Any]
    at: datetime
    n: int
    status: str
    reply_to: str = ""


class Refused(Exception):
    """The provider says no: HTTP status, code, details."""

    def __init__(self, http: int, code: int, details: str) -> None:
        super().__init__(f"{http} {code} {details}")
        self.http, self.code, self.details = http, code, details


def _wall() -> datetime:
    return datetime.now(UTC)


class Engine(Store):
    """One simulated provider with one number."""

    def __init__(
        self,
        path: str = ":memory:",
        keys: Keys | None = None,
        *,
        clock: Callable[[], datetime] = _wall,
        faults: faulty.Faults | None = None,
        on_change: Callable[[str, int], None] = lambda person, n: None,
    ) -> None:
        super().__init__(path, faults)
        self.keys = keys or Keys()
        self.clock = clock
        self.on_change = on_change
        self.on_post: Callable[[], None] = lambda: None
        self.random = random.Random((faults.seed if faults else 0) or None)
        self.refused: dict[int, int] = {}
        self.rates = Rates()

    # -- people ------------------------------------------------------------------------------------------------

    def add_person(self, *, name: str = "", phone: str = "", bsuid: str = "", username: str = "") -> str:
        """A new phone. Without `phone` the person is known by a business-scoped user id alone. Returns the id."""
        ident = secrets.token_urlsafe(9)
        bsuid = bsuid or "ES." + "".join(secrets.choice("0123456789") for _ in range(20))
        self._run(
            "INSERT INTO person (id, name, phone, bsuid, username, made) VALUES (?,?,?,?,?,?)",
            ident, name or "Somebody", phone, bsuid, username, time.time(),
        )  # fmt: skip
        return ident

    def person(self, ident: str) -> Any:
        """The row of a person, None when there is none."""
        return self._one("SELECT * FROM person WHERE id=?", ident)

    def change_person(self, ident: str, **values: Any) -> None:
        """phone, bsuid, username, blocked, off."""
        for key, value in values.items():
            if key not in ("name", "phone", "bsuid", "username", "blocked", "off"):
                raise ValueError(key)
            self._run(f"UPDATE person SET {key}=? WHERE id=?", value, ident)
        if values.get("off") == 0:
            for row in self._all("SELECT id FROM message WHERE person=? AND up=0 AND status='sent'", ident):
                self.report(row["id"], "delivered")

    def change_number(self, ident: str, phone: str) -> None:
        """The person moves to another number: a new phone and a new scoped id, and the system message that says so."""
        person = self.person(ident)
        old = dict(self._sender(person)[1])
        bsuid = person["bsuid"].split(".")[0] + "." + "".join(secrets.choice("0123456789") for _ in range(20))
        self.change_person(ident, phone=phone, bsuid=bsuid)
        system = {"type": "user_changed_number", "body": "number changed", "wa_id": phone, "user_id": bsuid}
        wamid = "wamid." + secrets.token_urlsafe(24)
        stamp = str(int(self.clock().timestamp()))
        self.post(
            {"messages": [{"id": wamid, "timestamp": stamp, "type": "system", "system": system, **old}]}
        )

    def _sender(self, person: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """(contact object, fields of the message) as the webhook states them."""
        contact: dict[str, Any] = {"profile": {"name": person["name"]}, "user_id": person["bsuid"]}
        sender: dict[str, Any] = {"from_user_id": person["bsuid"]}
        if person["username"]:
            contact["profile"]["username"] = person["username"]
        if person["phone"]:
            contact["wa_id"] = sender["from"] = person["phone"]
        return contact, sender

    # -- from people to the product ----------------------------------------------------------------------------

    def say(
        self, ident: str, kind: str, content: Any, *, reply_to: str = "", at: datetime | None = None
    ) -> str:
        """A person sends something; the webhook follows. Returns the provider's id of the message."""
        person, at = self.person(ident), at or self.clock()
        wamid = "wamid." + base64.urlsafe_b64encode(secrets.token_bytes(24)).decode().rstrip("=")
        contact, sender = self._sender(person)
        message = {"id": wamid, "timestamp": str(int(at.timestamp())), "type": kind, **sender}
        if content is not None:
            message[kind] = content
        if reply_to:
            message["context"] = {"id": reply_to, "from": self.keys.phone_number_id}
        self._keep_message(wamid, ident, True, kind, content, at, "sent", reply_to=reply_to)
        self._run(
            "UPDATE person SET last_inbound=max(coalesce(last_inbound, 0), ?) WHERE id=?",
            at.timestamp(),
            ident,
        )
        self.post({"contacts": [contact], "messages": [message]}, about=wamid)
        return wamid

    def _keep_message(
        self, wamid: str, person: str, up: bool, kind: str, content: Any, at: datetime, status: str,
        *, callback: str = "", reply_to: str = "",
    ) -> None:  # fmt: skip
        with self.lock:
            n = self._bump(person)
            self.db.execute(
                "INSERT INTO message (id, person, up, kind, content, at, n, status, callback, reply_to) "
                "VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    wamid,
                    person,
                    int(up),
                    kind,
                    json.dumps(content),
                    at.timestamp(),
                    n,
                    status,
                    callback,
                    reply_to,
                ),
            )
        self.on_change(person, n)

    def _bump(self, person: str) -> int:
        row = self.db.execute("UPDATE person SET n=n+1 WHERE id=? RETURNING n", (person,)).fetchone()
        return int(row[0])

    def post(self, value: dict[str, Any], *, name: str = "messages", about: str = "") -> None:
        """Queue one webhook post, with whatever misbehaviour is asked for."""
        faults = self.faults
        metadata = {"display_phone_number": "0", "phone_number_id": self.keys.phone_number_id}
        base = {"messaging_product": "whatsapp", "metadata": metadata} if name == "messages" else {}
        body = json.dumps({"field": name, "value": {**base, **value}}, ensure_ascii=False)
        due = time.time() + faults.delay + (self.random.random() * faults.shuffle if faults.shuffle else 0.0)
        copies = 2 if self.random.random() < faults.duplicate else 1
        if self.random.random() < faults.forge:
            self._run("INSERT INTO hook (due, change, forged, about) VALUES (?,?,1,'')", due, body)
        for _ in range(copies):
            self._run("INSERT INTO hook (due, change, forged, about) VALUES (?,?,0,?)", due, body, about)
        self.on_post()

    # -- from the product to people ----------------------------------------------------------------------------

    def send(self, payload: Any) -> dict[str, Any]:
        """POST /{number}/messages. Raises Refused."""
        faults = self.faults
        if isinstance(payload, dict) and payload.get("status") == "read":
            self._run("UPDATE message SET status='read' WHERE id=? AND up=1", str(payload.get("message_id")))
            return {"success": True}
        if (failure := faults.next_failure()) is not None:
            self._keep(faults)
            self._refuse(failure.http, failure.code, "asked for by the fault script")
        if refused := strict.message(payload):
            self._refuse(*refused)
        to, recipient = str(payload.get("to") or ""), str(payload.get("recipient") or "")
        person = self._recipient(to.lstrip("+"), recipient)
        if late := self.rates.take(to or recipient):
            self._refuse(*late)
        kind = str(payload.get("type", "text"))
        if kind == "template":
            self._check_template(payload["template"])
        elif person is not None and not self.window_open(person["id"]):
            self._refuse(400, 131047, "more than 24 hours have passed since the person wrote")
        reply_to = str((payload.get("context") or {}).get("message_id") or "")
        if reply_to and self._one("SELECT 1 FROM message WHERE id=?", reply_to) is None:
            self._refuse(400, 131009, "context.message_id is not known")
        wamid = "wamid." + base64.urlsafe_b64encode(secrets.token_bytes(24)).decode().rstrip("=")
        self._accept(wamid, person, to, kind, payload, reply_to)
        return {
            "messaging_product": "whatsapp",
            "contacts": [
                {"input": to or recipient, "wa_id": to} if to else {"input": recipient, "user_id": recipient}
            ],
            "messages": [{"id": wamid}],
        }

    def _accept(
        self, wamid: str, person: Any, to: str, kind: str, payload: dict[str, Any], reply_to: str
    ) -> None:
        callback = str(payload.get("biz_opaque_callback_data") or "")
        if person is None:
            if (
                "." not in to
            ):  # an id in `to` is accepted and dropped without a word, as reported of the provider
                self._tell(wamid, "failed", to, callback, code=131026)
            return
        content = self._template_text(payload["template"]) if kind == "template" else payload[kind]
        self._keep_message(
            wamid,
            person["id"],
            False,
            kind,
            content,
            self.clock(),
            "accepted",
            callback=callback,
            reply_to=reply_to,
        )
        first = ["sent"] if person["blocked"] or person["off"] else ["sent", "delivered"]
        if self.faults.reorder_statuses:
            self.random.shuffle(first)
        for status in first:
            self.report(wamid, status)

    def report(self, wamid: str, status: str) -> None:
        """A status of one of the product's messages: on the phone and, unless lost, by webhook."""
        ranks = ["accepted", "sent", "delivered", "read"]
        row = self._one(
            "SELECT m.*, p.phone, p.bsuid FROM message m JOIN person p ON p.id=m.person WHERE m.id=?", wamid
        )
        if row is None:
            return
        if status in ranks and ranks.index(status) > ranks.index(row["status"]):
            with self.lock:
                n = self._bump(row["person"])  # the new number lets the phone see the changed tick
                self.db.execute("UPDATE message SET status=?, n=? WHERE id=?", (status, n, wamid))
            self.on_change(row["person"], n)
        if self.random.random() >= self.faults.lose_status:
            self._tell(wamid, status, row["phone"] or row["bsuid"], row["callback"])

    def _tell(self, wamid: str, status: str, recipient: str, callback: str, code: int = 0) -> None:
        told: dict[str, Any] = {
            "id": wamid, "status": status, "timestamp": str(int(self.clock().timestamp())), "recipient_id": recipient,
        }  # fmt: skip
        if callback:
            told["biz_opaque_callback_data"] = callback
        if code:
            told["errors"] = [{"code": code, "title": "failed", "error_data": {"details": "failed"}}]
        self.post({"statuses": [told]})

    def _recipient(self, to: str, recipient: str) -> Any:
        if recipient:
            return self._one("SELECT * FROM person WHERE bsuid=?", recipient)
        return self._one("SELECT * FROM person WHERE phone=? AND phone<>'' ORDER BY made DESC", to)

    def window_open(self, ident: str) -> bool:
        last = self.person(ident)["last_inbound"]
        return last is not None and self.clock().timestamp() < last + WINDOW

    def _check_template(self, template: dict[str, Any]) -> None:
        row = self._one(
            "SELECT status FROM template WHERE name=? AND language=?",
            template["name"],
            template["language"]["code"],
        )
        status = row["status"] if row else ""
        if status != "APPROVED":
            code = {"PAUSED": 132015, "DISABLED": 132016}.get(status, 132001)
            self._refuse(400, code, f"template is {status or 'not there'}")

    def _template_text(self, template: dict[str, Any]) -> dict[str, Any]:
        row = self._one(
            "SELECT body FROM template WHERE name=? AND language=?",
            template["name"],
            template["language"]["code"],
        )
        return {"body": row["body"] if row else "", "template": template["name"]}

    def set_template(
        self, name: str, language: str, status: str, body: str = "", *, tell: bool = True
    ) -> None:
        """Approve, pause or disable a prepared message; the webhook tells the product."""
        self._run(
            "INSERT INTO template VALUES (?,?,?,?) ON CONFLICT (name, language) DO UPDATE SET status=excluded.status, "
            "body=CASE WHEN excluded.body='' THEN template.body ELSE excluded.body END",
            name, language, status, body,
        )  # fmt: skip
        if tell:
            facts = {"event": status, "message_template_name": name, "message_template_language": language}
            self.post(facts, name="message_template_status_update")

    def _refuse(self, http: int, code: int, details: str) -> None:
        self.refused[code] = self.refused.get(code, 0) + 1
        raise Refused(http, code, details)

    # -- files -------------------------------------------------------------------------------------------------

    def add_media(self, data: bytes, mime: str) -> tuple[str, str]:
        """Keep a file; returns (media id, SHA-256 in hexadecimal)."""
        ident, digest = str(secrets.randbelow(10**15) + 10**15), hashlib.sha256(data).hexdigest()
        self._run("INSERT INTO media (id, mime, data, sha256) VALUES (?,?,?,?)", ident, mime, data, digest)
        return ident, digest

    def media_address(self, ident: str) -> dict[str, Any]:
        """GET /{media id}: an address that lives five minutes. Raises Refused."""
        faults = self.faults
        if faults.fail_media > 0:
            faults.fail_media -= 1
            self._keep(faults)
            self._refuse(503, 131016, "service unavailable")
        row = self._one("SELECT id, mime, sha256, length(data) AS size FROM media WHERE id=?", ident)
        if row is None:
            self._refuse(404, 100, "no such media")
        token = secrets.token_urlsafe(16)
        self._run("UPDATE media SET url_token=?, url_at=? WHERE id=?", token, self.clock().timestamp(), ident)
        return {
            "messaging_product": "whatsapp", "id": ident, "mime_type": row["mime"], "sha256": row["sha256"],
            "file_size": row["size"], "url": token,
        }  # fmt: skip

    def media_bytes(self, token: str) -> tuple[bytes, str]:
        """The file behind an address. Raises Refused when the address is older than five minutes."""
        row = self._one("SELECT data, mime, url_at FROM media WHERE url_token=? AND url_token<>''", token)
        if row is None or self.clock().timestamp() > row["url_at"] + MEDIA_URL_LIVES:
            self._refuse(404, 100, "address expired")
        return bytes(row["data"]), str(row["mime"])

    def media_of(self, ident: str) -> tuple[bytes, str] | None:
        """The file as the phone itself shows it."""
        row = self._one("SELECT data, mime FROM media WHERE id=?", ident)
        return (bytes(row["data"]), str(row["mime"])) if row else None

    # -- the phone's view --------------------------------------------------------------------------------------

    def chat(self, ident: str, since: int = 0) -> list[Row]:
        """Messages of a person in order of their time."""
        rows = self._all("SELECT * FROM message WHERE person=? AND n>? ORDER BY at, n", ident, since)
        return [
            Row(
                r["id"], bool(r["up"]), r["kind"], json.loads(r["content"]) or {},
                datetime.fromtimestamp(r["at"], UTC), r["n"], r["status"], r["reply_to"],
            )
            for r in rows
        ]  # fmt: skip

    def arrived(self, wamid: str) -> None:
        """The product took a person's message: two ticks on the phone."""
        row = self._one("SELECT person FROM message WHERE id=? AND up=1 AND status='sent'", wamid)
        if row is not None:
            with self.lock:
                n = self._bump(row["person"])
                self.db.execute("UPDATE message SET status='delivered', n=? WHERE id=?", (n, wamid))
            self.on_change(row["person"], n)

    def read_all(self, ident: str) -> None:
        """The person looks at the chat: what was delivered is read."""
        for row in self._all("SELECT id FROM message WHERE person=? AND up=0 AND status='delivered'", ident):
            self.report(row["id"], "read")
