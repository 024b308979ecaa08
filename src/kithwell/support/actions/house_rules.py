"""What those who lead the desk set up: teams, who serves them, how many people at once, and sentences kept ready."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids
from kithwell.kernel import texts as kernel_texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people
from kithwell.support import access, house, ready
from kithwell.support.actions import common, desk
from kithwell.support.models import Conversation, HandOver, QuickReply, SupporterState, Team

LEADS = ("supervisor", "steward")
MOST_TEAMS, MOST_SENTENCES = 50, 500


def set_duties(
    principal: Principal, account: UUID, *, teams: Sequence[str] = (), personal_cap: int | None = None
) -> None:
    """Say which teams a supporter serves and how many people at once (new supporters start low; None: the house's)."""
    access.need_role(principal, *LEADS)
    if account not in people.accounts_with_role("supporter"):
        raise NotFound()
    if personal_cap is not None and not 1 <= personal_cap <= house.limits().cap:
        raise Invalid({"cap": _("Choose a number up to the usual one here.")})
    known = set(Team.objects.filter(slug__in=list(teams)).values_list("slug", flat=True))
    with transaction.atomic():
        state = desk.own_state(account)
        state.teams, state.personal_cap = sorted(known), personal_cap
        state.save()
        audit.record(principal, "supporter.duties", kind="account", id=account, cap=personal_cap)
        common.tell(desks=[account])


def add_team(principal: Principal, name: str) -> str:
    """A team that conversations can be handed to. Returns its slug."""
    access.need_role(principal, *LEADS)
    name = kernel_texts.tidy(name, 80, "name")
    if not name:
        raise Invalid({"name": _("Give it a name.")})
    with transaction.atomic():
        taken = dict(Team.objects.values_list("slug", "name"))
        if name.casefold() in {known.casefold() for known in taken.values()}:
            raise Invalid({"name": _("There is already a team with this name.")})
        if len(taken) >= MOST_TEAMS:
            raise Invalid({"name": _("There are enough teams. Remove one first.")})
        slug = slugify(name)[:34] or "team"
        while slug in taken:
            slug = f"{slug[:30]}-{ids.token(2).lower()}"
        team = Team.objects.create(slug=slug, name=name)
        audit.record(principal, "team.added", kind="team", id=team.id)
    return slug


def drop_team(principal: Principal, slug: str) -> None:
    """Take a team away. Raises Conflict while somebody waits for it or is offered to it."""
    access.need_role(principal, *LEADS)
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(slug=slug).first()
        if team is None:
            raise NotFound()
        waits = Conversation.objects.filter(team=team, in_queue=True).exists()
        if waits or HandOver.objects.filter(to_team=team, state=HandOver.State.OFFERED).exists():
            raise Conflict(_("Somebody is waiting for this team. You can remove it when nobody is."))
        for state in SupporterState.objects.select_for_update():
            if slug in state.teams:
                state.teams = [other for other in state.teams if other != slug]
                state.save(update_fields=["teams"])
        audit.record(principal, "team.dropped", kind="team", id=team.id)
        team.delete()


def write_sentence(principal: Principal, title: str, text: str, language: str, key: str = "") -> UUID:
    """Keep a sentence ready, or write one anew: it is offered once somebody else has read it. With `key` it comes
    instead of the one of that key. Returns its id."""
    account = access.need_role(principal, *LEADS)
    title, text = kernel_texts.tidy(title, 60, "title"), kernel_texts.tidy(text, 1000, "text")
    wrong = {
        name: _("Write something first.") for name, words in (("title", title), ("text", text)) if not words
    }
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = _("Choose one from the list.")
    if wrong:
        raise Invalid(wrong)
    with transaction.atomic():
        if QuickReply.objects.count() >= MOST_SENTENCES:
            raise Invalid({"text": _("There are enough sentences. Remove one first.")})
        known = key if key in ready.READY or QuickReply.objects.filter(key=key).exists() else ""
        row, _made = QuickReply.objects.update_or_create(
            key=known or f"{slugify(title)[:40] or 'own'}-{ids.token(4).lower()}",
            language=language,
            defaults={
                "title": title,
                "text": text,
                "written_by": account,
                "reviewed_by": None,
                "reviewed_at": None,
            },
        )
        audit.record(principal, "sentence.written", kind="sentence", id=row.id)
        ident: UUID = row.id
    return ident


def review_sentence(principal: Principal, sentence_id: UUID) -> None:
    """Read and found good by somebody other than the writer: supporters are offered it from now on."""
    account = access.need_role(principal, *LEADS)
    with transaction.atomic():
        row = QuickReply.objects.select_for_update().filter(id=sentence_id).first()
        if row is None:
            raise NotFound()
        if row.written_by == account:
            raise Conflict(_("Somebody else has to read it before supporters are offered it."))
        row.reviewed_by, row.reviewed_at = account, clock.now()
        row.save()
        audit.record(principal, "sentence.reviewed", kind="sentence", id=row.id)


def drop_sentence(principal: Principal, sentence_id: UUID) -> None:
    """Take a sentence away; the one that comes with Kithwell, if it stood for one, is back."""
    access.need_role(principal, *LEADS)
    with transaction.atomic():
        if not QuickReply.objects.filter(id=sentence_id).delete()[0]:
            raise NotFound()
        audit.record(principal, "sentence.dropped", kind="sentence", id=sentence_id)
