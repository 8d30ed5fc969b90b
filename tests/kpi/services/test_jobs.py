from datetime import timedelta

import pytest
from django.utils import timezone

from kpi.models import Job
from kpi.services import jobs
from kpi.signals import job_failed

KIND = "kpi.sweep_jobs"


@pytest.fixture
def job(db):
    return Job.objects.create(kind=KIND, subject_id=7, asked_at=timezone.now())


def test_work_is_owed_once_while_it_is_open(db):
    now = timezone.now()
    first = jobs.owe(kind=KIND, subject_id=7, asked_by=None, now=now)
    second = jobs.owe(kind=KIND, subject_id=7, asked_by=None, now=now)

    assert first == second


def test_work_done_leaves_its_stages_and_is_not_done_twice(job):
    done = []

    def work(job, progress):
        progress("reading", 1, 2)
        progress("storing", 2, 2)
        done.append(job.subject_id)

    assert jobs.perform(job_id=job.pk, do=work) is True
    assert jobs.perform(job_id=job.pk, do=work) is False

    job.refresh_from_db()
    assert (job.state, job.attempts, done) == ("done", 1, [7])
    assert [stage for stage, _seconds in job.stages_done] == ["reading", "storing"]


def test_refusal_is_final_and_tells_why(job):
    heard = []

    def listener(*, job, **_):
        heard.append(job.pk)

    job_failed.connect(listener)

    def refuse(job, progress):
        raise jobs.Refused("The file is empty.")

    assert jobs.perform(job_id=job.pk, do=refuse) is False

    job.refresh_from_db()
    assert (job.state, job.error, heard) == ("failed", "The file is empty.", [job.pk])
    job_failed.disconnect(listener)


def test_unexpected_error_puts_the_work_back_three_times(job):
    def stumble(job, progress):
        raise ZeroDivisionError

    for attempt in (1, 2):
        with pytest.raises(ZeroDivisionError):
            jobs.perform(job_id=job.pk, do=stumble)
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("owed", attempt)
    with pytest.raises(ZeroDivisionError):
        jobs.perform(job_id=job.pk, do=stumble)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)


def test_somebody_elses_lease_is_respected_until_it_ends(job):
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, lease_until=timezone.now() + timedelta(seconds=60)
    )
    assert jobs.perform(job_id=job.pk, do=lambda job, progress: None) is False

    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.perform(job_id=job.pk, do=lambda job, progress: None) is True


def test_sweeper_wakes_what_a_dead_worker_left_and_gives_up_the_rest(db):
    now = timezone.now()
    past = now - timedelta(seconds=1)
    lost = Job.objects.create(
        kind=KIND, subject_id=1, state="running", attempts=1, lease_until=past, asked_at=past
    )
    hopeless = Job.objects.create(
        kind=KIND, subject_id=2, state="running", attempts=3, lease_until=past, asked_at=past
    )
    Job.objects.create(kind=KIND, subject_id=3, asked_at=now)

    assert jobs.sweep(now=now) == 1

    lost.refresh_from_db()
    hopeless.refresh_from_db()
    assert (lost.state, hopeless.state) == ("running", "failed")
    assert "three times" in hopeless.error
