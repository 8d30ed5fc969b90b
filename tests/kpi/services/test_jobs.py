import time
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


def taken_over(job):
    """What the row looks like once another worker has begun the next attempt."""
    later = timezone.now() + timedelta(seconds=60)
    Job.objects.filter(pk=job.pk).update(attempts=2, stage="reading", lease_until=later)


def test_worker_that_slept_past_its_lease_stops_at_its_next_step(job):
    steps = []

    def oversleep(job, progress):
        taken_over(job)
        progress("storing")
        steps.append("stored")

    assert jobs.perform(job_id=job.pk, do=oversleep) is False

    job.refresh_from_db()
    assert (job.state, job.attempts, job.stage, steps) == ("running", 2, "reading", [])


@pytest.mark.parametrize("outcome", [None, ZeroDivisionError, jobs.Refused("The file is empty.")])
def test_late_end_of_an_attempt_does_not_touch_the_next_one(job, outcome):
    def oversleep(job, progress):
        taken_over(job)
        if outcome:
            raise outcome

    assert jobs.perform(job_id=job.pk, do=oversleep) is False

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("running", 2, "")


def test_job_given_up_in_the_meantime_stays_given_up(job):
    def oversleep(job, progress):
        Job.objects.filter(pk=job.pk).update(state="failed", error="It stopped three times.")

    assert jobs.perform(job_id=job.pk, do=oversleep) is False

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "It stopped three times.")


@pytest.mark.django_db(transaction=True)
def test_lease_is_prolonged_while_a_long_step_lasts(job, monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    leases = []

    def work(job, progress):
        progress("measuring")
        first = Job.objects.get(pk=job.pk).lease_until
        until = time.monotonic() + 30
        while Job.objects.get(pk=job.pk).lease_until == first and time.monotonic() < until:
            time.sleep(0.01)
        leases.extend([first, Job.objects.get(pk=job.pk).lease_until])

    assert jobs.perform(job_id=job.pk, do=work) is True

    assert leases[0] < leases[1]
