"""WhatsApp's way out: checks words when they are written, sends them, and says in our own terms what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kithwell.channels.models import TemplateState
from kithwell.channels.whatsapp import accounts, build, client, notices
from kithwell.channels.whatsapp.names import own_name
from kithwell.kernel import conf
from kithwell.kernel.errors import Invalid
from kithwell.support.ports import Button, Delivery, Limits, SendError, Sent

WINDOW_HOURS = 24
DEAD_TEMPLATE = frozenset({"PAUSED", "DISABLED", "REJECTED", "PENDING_DELETION", "DELETED"})


def window_open(last_inbound_at: datetime | None, now: datetime) -> bool:
    """May free words be sent now? 24 hours from the person's last message, by the provider's time; not after sends."""
    return last_inbound_at is not None and now < last_inbound_at + timedelta(hours=WINDOW_HOURS)


class WhatsAppAdapter:
    """See support.ports.ChannelAdapter."""

    kind = accounts.CHANNEL
    instant = False
    window_hours: int | None = WINDOW_HOURS
    privacy_note_key = "whatsapp"
    limits = Limits(
        text=build.TEXT,
        caption=build.CAPTION,
        button_title=build.BUTTON_TITLE,
        max_buttons=build.BUTTONS,
        text_with_buttons=build.BODY,
    )

    def check(self, text: str, buttons: tuple[Button, ...] = ()) -> None:
        """Raise Invalid for what the provider would refuse. Counts as the provider may: an emoji is two."""
        most = build.BODY if buttons else build.TEXT
        if not text.strip():
            raise Invalid({"text": _("Write something first.")})
        if (length := build.length(text)) > most:
            words = _("This is %(length)d characters long; WhatsApp allows %(limit)d. Nothing was lost.")
            raise Invalid({"text": words % {"length": length, "limit": most}})
        if len(buttons) > build.BUTTONS:
            raise Invalid(
                {"buttons": _("WhatsApp shows at most %(limit)d buttons.") % {"limit": build.BUTTONS}}
            )
        titles = [button.title for button in buttons]
        for title in titles:
            if not title.strip() or build.length(title) > build.BUTTON_TITLE:
                words = _("A button on WhatsApp has 1 to %(limit)d characters.")
                raise Invalid({"buttons": words % {"limit": build.BUTTON_TITLE}})
        if len(set(titles)) < len(titles) or len({b.id for b in buttons}) < len(buttons):
            raise Invalid({"buttons": _("Two buttons must not have the same words.")})

    def deliver(self, delivery: Delivery) -> Sent:
        """Send words, with buttons where there are any. Raises SendError."""
        account, to = _account(delivery), _to(delivery)
        try:
            self.check(delivery.text, delivery.buttons)
        except Invalid:
            raise SendError("content", "limits") from None
        callback = str(delivery.id)
        if delivery.buttons:
            choices = [(button.id, button.title) for button in delivery.buttons]
            payload = build.buttons(to, delivery.text, choices, callback=callback)
        else:
            payload = build.text(to, delivery.text, callback=callback)
        return _send(account, payload, delivery)

    def send_template(self, delivery: Delivery, template: str) -> Sent:
        """Send an approved template, the one thing that goes out when the window is shut. Raises SendError."""
        account, to = _account(delivery), _to(delivery)
        language = template_language(account.name, template, delivery.language)
        return _send(account, build.template(to, template, language, callback=str(delivery.id)), delivery)


def _account(delivery: Delivery) -> accounts.Account:
    account = accounts.by_name(delivery.account)
    if account is None:
        raise SendError("account", "not_configured")
    return account


def _to(delivery: Delivery) -> build.Address:
    to = build.address_for(delivery.addresses)
    if to is None:
        raise SendError("unreachable", "no_address")
    return to


def _send(account: accounts.Account, payload: dict[str, object], delivery: Delivery) -> Sent:
    try:
        provider_id = client.send(account, payload, delivery.attempt)
    except SendError as error:
        if error.cls == "account":
            notices.account_down(account.name, error.code)
        raise
    notices.account_up(account.name)
    return Sent(own_name(provider_id))


def template_language(account: str, name: str, language: str) -> str:
    """The approved language of a template that suits the person. Raises SendError when it cannot be sent at all.

    The provider tells by webhook what became of each template; of those it never spoke about nothing is known, and
    the languages named by the setting `whatsapp_template_languages` (default: English) are taken to be there.
    """
    told = dict(TemplateState.objects.filter(account=account, name=name).values_list("language", "status"))
    usable = {code for code, status in told.items() if status not in DEAD_TEMPLATE}
    usable |= {code for code in conf.get("whatsapp_template_languages", ("en",)) if code not in told}
    for wanted in _candidates(language):
        if wanted in usable:
            return wanted
    if usable:
        return "en" if "en" in usable else min(usable)
    raise SendError("content", "132015", "no usable language of the template")


def _candidates(language: str) -> Sequence[str]:
    """pt-BR: pt_BR, then pt."""
    base = language.replace("-", "_")
    return [base, base.split("_")[0]]
