"""Queue adapters of the appraisal services."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from agents.models import User
from appraisal.models import Run
from appraisal.services import pay, runs
from kpi.services import jobs


@shared_task(name=runs.TASK)
def compute_run(*, job_id: int, **_: object) -> bool:
    """Compute the run that a job names; unknown keywords come from a newer web process."""
    return jobs.perform(
        job_id=job_id,
        do=lambda job, progress: _compute(job.subject_id, progress),
    )


def _compute(run_id: int, progress: jobs.Progress) -> None:
    runs.compute_run(run_id=run_id, progress=progress, now=timezone.now)


@shared_task(name=pay.TASK)
def compute_pay(*, job_id: int, **_: object) -> bool:
    """Work out the pay proposal of the run that a job names."""
    return jobs.perform(
        job_id=job_id,
        do=lambda job, progress: _compute_pay(job.subject_id, job.asked_by, progress),
    )


def _compute_pay(run_id: int, asked_by: User | None, progress: jobs.Progress) -> None:
    run = Run.objects.select_related("cycle").get(pk=run_id)
    try:
        pay.compute_pay(run=run, asked_by=asked_by, now=timezone.now(), progress=progress)
    except pay.NotReady as error:
        raise jobs.Refused(str(error)) from error
