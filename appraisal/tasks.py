"""Queue adapters of the appraisal services."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from appraisal.services import runs
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
