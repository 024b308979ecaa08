"""What the provider tells about our account and our templates, and what our own sends tell about it."""

from __future__ import annotations

from kithwell.channels.models import AccountState, TemplateState
from kithwell.channels.whatsapp import errors, protocol
from kithwell.kernel import clock, events, logs

log = logs.get("channels.whatsapp")
_DOWN = {
    "DISABLED_UPDATE",
    "ACCOUNT_RESTRICTION",
    "ACCOUNT_VIOLATION",
    "ACCOUNT_DELETED",
    "DISABLE",
    "RESTRICT",
}
_UP = {"VERIFIED_ACCOUNT", "ACCOUNT_REINSTATED", "REINSTATE", "UNBLOCKED"}


def apply(account: str, notice: protocol.Notice) -> None:
    """Keep one notice. Safe to repeat."""
    facts = notice.facts
    log.info("account.notice", account_name=account, kind=notice.kind, code=facts.get("code", ""))
    if notice.kind == "message_template_status_update":
        _template(account, facts)
    elif notice.kind == "error":
        if errors.meaning(facts.get("code", "")).cls == "account":
            account_down(account, facts.get("code", ""))
    elif notice.kind not in ("status", "call"):
        _account(account, notice)


def _template(account: str, facts: dict[str, str]) -> None:
    name, language = facts.get("message_template_name", ""), facts.get("message_template_language", "")
    if name:
        TemplateState.objects.update_or_create(
            account=account,
            name=name,
            language=language[:20],
            defaults={
                "status": facts.get("event", "")[:40].upper(),
                "reason": facts.get("reason", ""),
                "changed_at": clock.now(),
            },
        )


def _account(account: str, notice: protocol.Notice) -> None:
    event = notice.facts.get("event", "").upper()
    detail = " ".join(f"{key}={value}" for key, value in sorted(notice.facts.items()))
    AccountState.objects.update_or_create(
        account=account,
        defaults={"notice": notice.kind[:60], "notice_detail": detail[:120], "notice_at": clock.now()},
    )
    if event in _DOWN or notice.facts.get("ban", "").upper() in ("DISABLE", "SCHEDULE_FOR_DISABLE"):
        account_down(account, event or "ban")
    elif event in _UP:
        account_up(account)


def account_down(account: str, code: str) -> None:
    """Nothing can be sent from this account: remember since when, and tell operators once."""
    AccountState.objects.get_or_create(account=account)
    if AccountState.objects.filter(account=account, down_since=None).update(
        down_since=clock.now(), down_code=str(code)[:40]
    ):
        log.error("account.down", account_name=account, code=str(code))
        events.publish("channel.down", channel="whatsapp", account=account, error_code=str(code))


def account_up(account: str) -> None:
    """A send went through, or the provider says so. Asked after every send: writes only when there is a change."""
    down = AccountState.objects.filter(account=account, down_since__isnull=False)
    if down.exists() and down.update(down_since=None, down_code=""):
        log.info("account.up", account_name=account)
        events.publish("channel.up", channel="whatsapp", account=account)
