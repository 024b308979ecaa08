"""The moment of sending: a push or a mail that says nothing but that there is news. Called by jobs."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from kithwell.community.notices import actions, push, rules
from kithwell.community.notices.models import Chosen, Device
from kithwell.kernel import clock, conf, crypto, jobs
from kithwell.people import post
from kithwell.people import queries as people

STALE = timedelta(
    hours=24
)  # a push that could not be sent for so long is not sent: the notice is on the page


def push_to(ident: UUID, *, urgent: bool, made_at: str) -> None:
    """Tell one device, unless it is gone or somebody's night has begun since."""
    now = clock.now()
    device = Device.objects.filter(pk=ident).first()
    if device is None or now - datetime.fromisoformat(made_at) > STALE:
        return
    choices = _choices(device.account)
    if not rules.may_sound(now, choices, urgent=urgent):
        raise jobs.RetryLater((rules.awake(now, choices) - now).total_seconds(), "quiet hours")
    subject = people.subjects([device.account]).get(device.account)
    if subject is None:
        return
    opened = crypto.unseal(subject, bytes(device.subscription), at=(push.TABLE, "subscription", ident))
    reached = push.send(
        push.Subscription.from_json(opened),
        _words(device.account),
        kept=rules.kept_for(now, choices, urgent=urgent),
        urgent=urgent,
        now=time.time(),
    )
    if reached:
        Device.objects.filter(pk=ident).exclude(told_on=now.date()).update(told_on=now.date())
    else:
        actions.forget_device(ident)


def _choices(account: UUID) -> rules.Choices:
    found = actions.choices_of([account])
    return found[0][1] if found else rules.Choices()


def _words(account: UUID) -> bytes:
    """All that a push says, in the person's language."""
    language = people.tongues([account]).get(account, ("en", ""))[0]
    with translation.override(language):
        said = {"title": _("You have news"), "url": "/me/notices", "lang": language}
    return json.dumps(said, ensure_ascii=False).encode()


def mail_to(account: UUID, *, urgent: bool) -> None:
    """The digest as a mail: no name, no content, and a way to stop it in one tap (RFC 8058)."""
    row = Chosen.objects.filter(pk=account, mail=True).first()
    if row is None or not row.stop:
        return
    now, choices = clock.now(), _choices(account)
    if not rules.may_sound(now, choices, urgent=urgent):
        raise jobs.RetryLater((rules.awake(now, choices) - now).total_seconds(), "quiet hours")
    here = str(conf.get("public_url", "")).rstrip("/")
    stop = f"{here}/notices/stop/{row.stop}"
    site = str(conf.get("site_name", "Kithwell"))
    language = people.tongues([account]).get(account, ("en", ""))[0]
    with translation.override(language):
        subject = _("You have news at %(site)s") % {"site": site}
        lines = [
            _("There is something new for you. Sign in to read it:"),
            f"{here}/me/notices",
            _("These e-mails never say more than this. To stop them, open this:"),
            stop,
        ]
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    post.send_news(account, subject, "\n\n".join(lines) + "\n", headers)
