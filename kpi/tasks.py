"""Queue adapters of the kpi services."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from kpi.services import jobs


@shared_task(name="kpi.sweep_jobs")
def sweep_jobs(**_: object) -> int:
    """Wake workers for what a dead one left."""
    return jobs.sweep(now=timezone.now())
