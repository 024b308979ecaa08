"""Anonymous in this group. The one file that knows how a veil and an account belong together.

A person has at most one veil in a group. Its row tells nobody whose it is: `owner` is a keyed hash of group and
account together, the account itself lies sealed under the veil's own key. Two ways lead through:

- from the person to their own veil (`mine`, `put_on`): they know both already;
- from the veil to the account (`behind`): for moderation's port, which shows it to a person only after two members of
  staff agreed with a reason, and for telling the person themself something.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from kithwell.community.posts import words
from kithwell.community.posts.models import Veil
from kithwell.kernel import crypto, ids
from kithwell.people import queries as people
from kithwell.people import rules as people_rules

_TRIES = 40


def _owner(group: UUID, account: UUID) -> str:
    return crypto.blind_index("posts.veil", f"{group}:{account}")


def mine(group: UUID, account: UUID | None) -> Veil | None:
    """The person's own veil in a group. One query."""
    return Veil.objects.filter(owner=_owner(group, account)).first() if account is not None else None


def own_ids(groups: Iterable[UUID], account: UUID | None) -> frozenset[UUID]:
    """The ids of one's own veils in these groups. One query, none for visitors."""
    if account is None:
        return frozenset()
    rows = Veil.objects.filter(owner__in=[_owner(group, account) for group in groups])
    return frozenset(rows.values_list("id", flat=True))


def put_on(group: UUID, account: UUID, language: str = "en") -> Veil:
    """The person's veil in this group, made with the first anonymous piece. Inside a transaction."""
    found = mine(group, account)
    if found is not None:
        return found
    subject = crypto.new_subject()
    ident = ids.new_id()
    sealed = crypto.seal(subject, str(account), at=(words.VEIL, "account", ident))
    for name in _names(group, language):
        veil = Veil(
            id=ident,
            group=group,
            name=name,
            name_key=people_rules.name_key(name),
            subject=subject,
            owner=_owner(group, account),
            account=sealed,
        )
        try:
            with transaction.atomic():
                veil.save(force_insert=True)
            return veil
        except IntegrityError:
            found = mine(group, account)  # another tab was faster
            if found is not None:
                return found
    raise RuntimeError("no free name for a veil")


def _names(group: UUID, language: str) -> Iterable[str]:
    """Kind names that belong to no account and to no veil of this group."""
    dice = secrets.SystemRandom()
    for _try in range(_TRIES):
        for name in people_rules.propose(language, 10, (), dice):
            if people.account_named(name) is None:
                yield name


def names_in_use(keys: Collection[str]) -> set[str]:
    """Those of these name keys that are a veil's, of any group: no account may take them. One query."""
    return set(Veil.objects.filter(name_key__in=list(keys)).values_list("name_key", flat=True))


def behind(veil: UUID) -> UUID | None:
    """The account behind a veil; None once the person was erased. Never for a page: see the head of this file."""
    row = Veil.objects.filter(id=veil, account__isnull=False).values_list("subject", "account").first()
    if row is None:
        return None
    told = words.open_text(row[0], row[1], (words.VEIL, "account", veil))
    return UUID(told) if told else None


def all_of(account: UUID) -> list[Veil]:
    """Every veil of a person, for their own archive and for their erasure. Two queries, one hash for each group that
    has veils."""
    groups = Veil.objects.order_by().values_list("group", flat=True).distinct()
    owners = [_owner(group, account) for group in groups]
    found: list[Veil] = []
    for start in range(0, len(owners), 500):
        found += Veil.objects.filter(owner__in=owners[start : start + 500])
    return found


def forget(veil: Veil) -> None:
    """Nothing leads from this veil to anybody any more; its words may stay."""
    Veil.objects.filter(id=veil.id).update(account=None, owner=f"gone:{veil.id.hex}")
