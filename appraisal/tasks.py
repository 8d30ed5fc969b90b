"""Queue adapters of the appraisal services."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from agents.models import User
from appraisal.models import Run
from appraisal.services import pay, runs
from kpi.models import Job
from kpi.services import jobs


@shared_task(name=runs.TASK)
def compute_run(*, job_id: int, **_: object) -> bool:
    """Compute the run that a job names; unknown keywords come from a newer web process.

    Nobody waits for the tallies that make the next run of the cycle cheaper: by then the job is
    done.
    """
    computed: list[int] = []

    def compute(job: Job, progress: jobs.Progress) -> None:
        runs.compute_run(run_id=job.subject_id, progress=progress, now=timezone.now)
        computed.append(job.subject_id)

    was_done = jobs.perform(job_id=job_id, do=compute)
    for run_id in computed:
        runs.keep_tallies(run_id=run_id)
    return was_done


@shared_task(name="appraisal.tally_news")
def tally_news(**_: object) -> int:
    """Add up what came in since the last runs, before anybody asks for the next."""
    return len(runs.tally_news())


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
