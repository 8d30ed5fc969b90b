"""Many at once: one of them does the work."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from kpi.models import Job
from kpi.services import jobs

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def all_at_once(act):
    """Let a crowd act from one moment on, each in a session of its own; gives the answers."""
    barrier = threading.Barrier(CROWD)

    def one(number):
        try:
            barrier.wait(timeout=60)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


def test_job_that_many_workers_are_woken_for_is_done_once():
    job = Job.objects.create(kind="kpi.sweep_jobs", subject_id=7, asked_at=timezone.now())
    done = []

    answers = all_at_once(
        lambda number: jobs.perform(job_id=job.pk, do=lambda job, progress: done.append(number))
    )

    job.refresh_from_db()
    assert sorted(answers) == [False] * (CROWD - 1) + [True]
    assert (len(done), job.state, job.attempts) == (1, "done", 1)


def test_work_asked_for_by_many_is_owed_once():
    now = timezone.now()

    answers = all_at_once(
        lambda number: jobs.owe(kind="kpi.sweep_jobs", subject_id=7, asked_by=None, now=now).pk
    )

    assert len(set(answers)) == Job.objects.count() == 1
