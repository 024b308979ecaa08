"""The only doors: a facilitator to the imports of their group, a person to their own lines by the secret link."""

from __future__ import annotations

import hashlib
from uuid import UUID

from kithwell.community.groups import access as groups
from kithwell.community.groups.access import Place
from kithwell.community.imports.models import Import, Person
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal


def of_group(principal: Principal, slug: str) -> Place:
    """The group, for one of its facilitators. Raises NotFound or Refused."""
    return groups.facilitator(principal, slug)


def one(principal: Principal, ident: UUID, *, lock: bool = False) -> tuple[Import, Place]:
    """An import, for a facilitator of its group. Raises NotFound for everybody else."""
    rows = Import.objects.select_for_update() if lock else Import.objects.all()
    found = rows.filter(id=ident).first()
    if found is None or not principal.is_account:
        raise NotFound()
    try:
        place = groups.place_by_id(principal, found.group)
    except groups.JoinFirst as error:
        raise NotFound() from error
    if not place.may_facilitate:
        raise NotFound()
    return found, place


def digest(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def person(token: str, *, lock: bool = False) -> Person:
    """Whoever holds the secret link, while there is still something to decide. Raises NotFound."""
    rows = Person.objects.select_related("of")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(digest=digest(token[:100])).exclude(of__state=Import.State.OVER).first()
    if found is None:
        raise NotFound()
    return found
