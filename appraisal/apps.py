"""The appraisal app."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone


class AppraisalConfig(AppConfig):
    """Names the app to Django and sees to what stands ready after each migration."""

    name = "appraisal"

    def ready(self) -> None:
        """Listen to migrations and to jobs that are given up."""
        from kpi.signals import job_failed, subjects_asked, uses_asked

        post_migrate.connect(make_cache_table, sender=self)
        post_migrate.connect(load_shipped_schemes, sender=self)
        job_failed.connect(close_failed_run)
        uses_asked.connect(schemes_using)
        subjects_asked.connect(cycles_of_jobs)
        uses_asked.connect(pay_plans_using)


def make_cache_table(*, using: str, **_: Any) -> None:
    """Make the table of the database cache, which no migration makes; harmless when it exists."""
    call_command("createcachetable", database=using, verbosity=0)


def load_shipped_schemes(**_: Any) -> None:
    """Load the shipped schemes and pay plans where their tables stand, once."""
    from appraisal.models import PayPlanVersion, SchemeVersion
    from appraisal.services import pay_plans, schemes

    tables = connection.introspection.table_names()
    if SchemeVersion._meta.db_table in tables:
        schemes.load_shipped_schemes(now=timezone.now())
    if PayPlanVersion._meta.db_table in tables:
        pay_plans.load_shipped_plans(now=timezone.now())


def close_failed_run(*, job: Any, **_: Any) -> None:
    """Close the run of a job that was given up."""
    from appraisal.services import runs

    if job.kind == runs.TASK:
        runs.mark_failed(run_id=job.subject_id, now=timezone.now())


def schemes_using(*, codes: frozenset[str], **_: Any) -> dict[str, list[tuple[str, str]]]:
    """Tell the pages of KPIs which schemes rest on them."""
    from appraisal.selectors import schemes

    return schemes.uses_of_kpis(codes)


def cycles_of_jobs(*, jobs: list[Any], **_: Any) -> dict[int, str]:
    """Tell the pages of jobs which cycle each computes. Queries: 1, where one does."""
    from appraisal.cycle_names import long_name
    from appraisal.models import Run
    from appraisal.services import pay, runs

    ours = {job.pk: job.subject_id for job in jobs if job.kind in {runs.TASK, pay.TASK}}
    if not ours:
        return {}
    found = Run.objects.select_related("cycle").in_bulk(set(ours.values()))
    return {pk: long_name(found[run].cycle.period) for pk, run in ours.items() if run in found}


def pay_plans_using(
    *, codes: frozenset[str], user: Any = None, **_: Any
) -> dict[str, list[tuple[str, str]]]:
    """Tell the pages of KPIs which pay plans rest on them; only to those who read plans."""
    from agents.access import allows
    from appraisal.selectors import pay

    return pay.uses_of_kpis(codes) if user is None or allows(user, "pay.read") else {}
