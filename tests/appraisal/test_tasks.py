"""Computing by real worker processes: asked for, killed in mid-work, woken too often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from appraisal import tasks
from appraisal.models import Run, Scorecard, ScorecardLine
from appraisal.services import runs, verification
from kpi.models import Job
from kpi.services import jobs
from tests.factories import NOW
from tests.workers import (
    another_session,
    lock,
    running_worker,
    somebody_waits,
    wait_until,
    wipe_broker,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_broker():
    wipe_broker()
    yield
    wipe_broker()


@pytest.fixture
def other_session():
    with another_session() as other:
        yield other


def is_over(run):
    return lambda: Job.objects.get(pk=run.job_id).is_over


def stored(run):
    """How many cards a run has, and how many of them belong to different people."""
    cards = Scorecard.objects.filter(run=run)
    return cards.count(), cards.values("agent").distinct().count()


def test_worker_computes_once_however_often_it_is_woken(cast, october, tmp_path):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    for _ in range(9):
        tasks.compute_run.delay(job_id=run.job_id)
    last = Job.objects.create(kind=runs.TASK, subject_id=run.pk + 1, state="done", asked_at=NOW)

    with running_worker(tmp_path, concurrency=2) as worker:
        wait_until(is_over(run), "the run is computed")
        tasks.compute_run.delay(job_id=last.pk)
        wait_until(
            lambda: worker.log.read_text().count("succeeded") == 11, "every message is taken"
        )

    run.refresh_from_db()
    assert (run.state, run.job.state, run.job.attempts) == ("done", "done", 1)
    assert stored(run) == (3, 3)
    assert verification.verify_run(run).is_same


def test_run_of_a_killed_worker_is_finished_by_the_next(cast, october, other_session, tmp_path):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    lock(other_session, "LOCK TABLE appraisal_rating IN ACCESS EXCLUSIVE MODE")

    with running_worker(tmp_path) as worker:
        wait_until(lambda: Run.objects.get(pk=run.pk).state == "running", "the run is begun")
        other_session.rollback()
        # Everything is written by then and nothing committed.
        lock(other_session, f"SELECT FROM appraisal_run WHERE id = {run.pk} FOR NO KEY UPDATE")
        wait_until(somebody_waits, "the run is about to be marked done")
        worker.kill()
    other_session.rollback()
    left = Job.objects.get(pk=run.job_id)
    assert (left.state, left.stage, left.attempts, stored(run)) == ("running", "storing", 1, (0, 0))
    assert jobs.sweep(now=timezone.now()) == 0

    Job.objects.filter(pk=left.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.sweep(now=timezone.now()) == 1
    with running_worker(tmp_path):
        wait_until(is_over(run), "the second worker is done")

    run.refresh_from_db()
    assert (run.state, run.job.state, run.job.attempts) == ("done", "done", 2)
    assert stored(run) == (3, 3)
    assert ScorecardLine.objects.exclude(scorecard__run=run).count() == 0
    assert verification.verify_run(run).is_same
