"""Importing and sweeping by real worker processes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents import periods
from appraisal.services import cycles, runs
from kpi import tasks
from kpi.models import Contact, FactRevision, ImportBatch, Job, RejectedRow
from kpi.services import import_jobs, imports, jobs
from tests.factories import NOW, add_facts
from tests.workers import (
    another_session,
    lock,
    running_worker,
    somebody_waits,
    wait_until,
    wipe_broker,
)

pytestmark = pytest.mark.django_db(transaction=True)


MAPPING = """
kind: contacts
source: phone
fields: {external_id: call, started_at: at, agent: agent, talk_s: talk}
"""
CALLS = b"""call,at,agent,talk
1,2026-10-05 08:00:00,ana,100
2,2026-10-05 09:00:00,ana,200
3,2026-10-05 10:00:00,ana,long
"""


@pytest.fixture(autouse=True)
def empty_broker():
    wipe_broker()
    yield
    wipe_broker()


def test_work_whose_message_was_lost_with_the_broker_is_brought_back(cast, library, tmp_path):
    add_facts("contacts", [{"answered": True, "talk_s": 200}], agent=cast.ana.agent)
    october = cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    Job.objects.filter(pk=run.job_id).update(asked_at=timezone.now() - timedelta(minutes=5))
    assert wipe_broker() > 0

    with running_worker(tmp_path):
        tasks.sweep_jobs.delay()
        wait_until(lambda: Job.objects.get(pk=run.job_id).is_over, "the run is computed")

    run.refresh_from_db()
    assert (run.state, run.job.state, run.job.attempts) == ("done", "done", 1)
    assert run.scorecards.count() == 3


def test_import_of_a_killed_worker_is_done_whole_by_the_next(cast, tmp_path):
    batch = imports.receive_file(
        content=[CALLS], name="calls.csv", uploaded_by=cast.hana, now=NOW, source="phone"
    )
    job = import_jobs.request_import(batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW)

    with another_session() as other:
        lock(other, "LOCK TABLE kpi_rejectedrow IN ACCESS EXCLUSIVE MODE")
        with running_worker(tmp_path) as worker:
            wait_until(somebody_waits, "the contacts are written and the rejected rows are next")
            worker.kill()
    job.refresh_from_db()
    assert (job.state, job.attempts, Contact.objects.count()) == ("running", 1, 0)

    Job.objects.filter(pk=job.pk).update(lease_until=NOW)
    assert jobs.sweep(now=timezone.now()) == 1
    with running_worker(tmp_path):
        wait_until(lambda: Job.objects.get(pk=job.pk).is_over, "the second worker is done")

    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("done", 2, "")
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("done", 3, 2, 1)
    assert (Contact.objects.count(), RejectedRow.objects.count()) == (2, 1)
    assert FactRevision.objects.get() == batch.revision
    assert ImportBatch.objects.count() == 1
