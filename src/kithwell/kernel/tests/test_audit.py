"""The audit chain is appended to, never changed, and shows where it was."""

import pytest
from django.db import DatabaseError, connection, transaction

from kithwell.kernel import audit, ids
from kithwell.kernel.models import AuditEntry, AuditHead
from kithwell.kernel.principal import SYSTEM, Principal

pytestmark = pytest.mark.django_db


def _write(count=3):
    ada = Principal("account", ids.new_id(), "Ada")
    for n in range(count):
        audit.record(
            ada, "conversation.read", kind="conversation", id=ids.new_id(), about=ids.new_id(), shown=n
        )


def _raw(sql, *args):
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


def test_entries_follow_one_another_and_the_chain_holds():
    _write(5)
    assert audit.verify() == 5
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_an_action_that_fails_leaves_no_entry_behind():
    with pytest.raises(RuntimeError), transaction.atomic():
        _write(1)
        raise RuntimeError
    assert audit.verify() == 0


def test_the_database_refuses_to_change_an_entry():
    _write(2)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.filter(seq=1).update(verb="nothing")
    assert audit.verify() == 2


def _unprotected(sql):
    if connection.vendor == "postgresql":
        _raw("ALTER TABLE kernel_auditentry DISABLE TRIGGER audit_no_change")
    else:
        _raw("DROP TRIGGER audit_no_update")
    _raw(sql)


@pytest.mark.parametrize(
    "harm, seq",
    [
        ("UPDATE kernel_auditentry SET reason = 'other' WHERE seq = 2", 2),
        ("DELETE FROM kernel_auditentry WHERE seq = 2", 2),
        ("DELETE FROM kernel_auditentry WHERE seq = 4", 4),
    ],
)
def test_somebody_with_the_database_in_hand_is_found_out(harm, seq):
    _write(4)
    _unprotected(harm)
    with pytest.raises(audit.Broken) as broken:
        audit.verify()
    assert broken.value.seq == seq


def test_an_emptied_table_is_found_out_by_the_head():
    _write(2)
    _unprotected("DELETE FROM kernel_auditentry")
    with pytest.raises(audit.Broken):
        audit.verify()


def test_the_systems_own_acts_are_entries_too():
    audit.record(SYSTEM, "retention.run", kind="retention", id="messages", reason="policy", deleted=4)
    entry = AuditEntry.objects.get()
    assert (entry.actor_kind, entry.actor, entry.facts) == ("system", None, {"deleted": 4})
    assert AuditHead.objects.get().hash == entry.hash
