"""Queue adapters of the kpi services."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kpi.models import Job
from kpi.services import import_jobs, imports, jobs


@shared_task(name="kpi.sweep_jobs")
def sweep_jobs(**_: object) -> int:
    """Wake workers for what a dead one left."""
    return jobs.sweep(now=timezone.now())


@shared_task(name=import_jobs.TASK)
def import_batch(*, job_id: int, **_: object) -> bool:
    """Import the file that a job names; unknown keywords come from a newer web process."""
    return jobs.perform(job_id=job_id, do=_import)


def _import(job: Job, progress: jobs.Progress) -> None:
    imports.run_import(batch_id=job.subject_id, now=timezone.now(), progress=progress)
