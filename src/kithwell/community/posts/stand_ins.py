"""Names for people of another place who have no account here: a veil with nobody behind it."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from kithwell.community.posts.models import Veil
from kithwell.kernel import crypto, ids
from kithwell.people import rules as people_rules

_TRIES = 20


def put_on(group: UUID, who: str, name: str) -> Veil:
    """The veil of `who` (any key that is theirs alone) in this group; made with `name`, or a like one when it is taken.
    Inside a transaction."""
    owner = crypto.blind_index("posts.stand-in", f"{group}:{who}")
    found = Veil.objects.filter(owner=owner).first()
    if found is not None:
        return found
    dice = secrets.SystemRandom()
    for _try in range(_TRIES):
        key = people_rules.name_key(name[:40])
        veil = Veil(
            id=ids.new_id(),
            group=group,
            name=name[:40],
            name_key=key,
            subject=crypto.new_subject(),
            owner=owner,
        )
        try:
            with transaction.atomic():
                veil.save(force_insert=True)
            return veil
        except IntegrityError:
            name = people_rules.propose("en", 1, (), dice)[0]
    raise RuntimeError("no free name for somebody who came with an import")
