"""The sweeper in a real worker process."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents import periods
from appraisal.services import cycles, runs
from kpi import tasks
from kpi.models import Job
from tests.factories import NOW, add_facts
from tests.workers import running_worker, wait_until, wipe_broker

pytestmark = pytest.mark.django_db(transaction=True)


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
