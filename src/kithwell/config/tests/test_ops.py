"""Pages for stewards."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from kithwell.config import ops
from kithwell.kernel import audit, clock
from kithwell.kernel.models import AuditEntry, Job
from kithwell.kernel.principal import ANONYMOUS, Principal

pytestmark = pytest.mark.django_db


def as_(*roles, stepped_up=True):
    from kithwell.people import actions

    account = actions.create_account(f"Quiet {'-'.join(roles) or 'Heron'}", None)
    return Principal("account", account, "x", frozenset(roles), stepped_up)


def ask(view, principal, method="get", data=None, **kwargs):
    request = getattr(RequestFactory(), method)("/ops", data or {})
    request.principal = principal
    return view(request, **kwargs)


@pytest.fixture
def dead():
    def make(n=1):
        past = clock.now() - timedelta(hours=1)
        return [
            Job.objects.create(
                kind="channels.deliver", queue="normal", state=Job.State.DEAD, run_at=past, made_at=past,
                ended_at=past + timedelta(seconds=k), attempts=8, error=f"ConnectError at client.py:{k}",
            )
            for k in range(n)
        ]  # fmt: skip

    return make


@pytest.mark.parametrize(
    "view, method", [(ops.overview, "get"), (ops.dead_jobs, "get"), (ops.act_on_job, "post")]
)
def test_only_stewards_who_proved_who_they_are_get_in(view, method, dead):
    kwargs = {"ident": dead()[0].id} if view is ops.act_on_job else {}
    for principal in (ANONYMOUS, as_("supporter"), as_("steward", stepped_up=False)):
        assert ask(view, principal, method, {"act": "discard"}, **kwargs).status_code in (401, 403)
    assert Job.objects.filter(state=Job.State.DEAD).exists() is (view is ops.act_on_job)


def test_the_overview_shows_every_check_and_queue(dead):
    dead()
    text = ask(ops.overview, as_("steward")).content.decode()
    for word in ("migrations", "clock", "crisis", "bulk", "/ops/jobs"):
        assert word in text


def test_given_up_jobs_are_listed_newest_first_in_pages(dead):
    dead(60)
    steward = as_("steward")
    text = ask(ops.dead_jobs, steward).content.decode()
    assert "client.py:59" in text and "client.py:5<" not in text and "from=50" in text
    older = ask(ops.dead_jobs, steward, data={"from": "50"}).content.decode()
    assert "client.py:5<" in older and "from=100" not in older
    assert ask(ops.dead_jobs, steward, data={"from": "x; drop"}).status_code == 200


def test_a_given_up_job_can_be_run_again_and_it_is_recorded(dead):
    (row,) = dead()
    assert ask(ops.act_on_job, as_("steward"), "post", {"act": "rerun"}, ident=row.id).status_code == 303
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Job.State.READY, 0)
    assert AuditEntry.objects.filter(verb="job.rerun", object_id=str(row.id)).count() == 1
    audit.verify()


def test_a_given_up_job_can_be_deleted_once(dead):
    (row,) = dead()
    steward = as_("steward")
    assert ask(ops.act_on_job, steward, "post", {"act": "discard"}, ident=row.id).status_code == 303
    assert ask(ops.act_on_job, steward, "post", {"act": "discard"}, ident=row.id).status_code == 409
    assert ask(ops.act_on_job, steward, "post", {"act": "explode"}, ident=row.id).status_code == 422
    assert AuditEntry.objects.filter(verb="job.discard").count() == 1
