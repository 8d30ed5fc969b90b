"""The kpi app."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate
from django.utils import timezone


class KPIConfig(AppConfig):
    """Names the app to Django, checks the shipped KPIs and loads them after each migration."""

    name = "kpi"

    def ready(self) -> None:
        from agents.signals import places_changed
        from kpi import checks  # noqa: F401  (registers itself)
        from kpi.signals import job_failed

        job_failed.connect(close_given_up_import)
        post_migrate.connect(load_shipped_kpis, sender=self)
        places_changed.connect(move_facts)


def load_shipped_kpis(*, using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Load the library where its tables stand; they do not after a migration back to nothing."""
    from kpi.models import KPIVersion
    from kpi.services import library

    if using != DEFAULT_DB_ALIAS:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if KPIVersion._meta.db_table in tables:
        library.load_library(now=timezone.now())


def move_facts(*, agent: Any, from_day: Any, **_: Any) -> None:
    """Let the facts already imported follow somebody who was moved."""
    from kpi.services.restamping import restamp_facts

    restamp_facts(agent=agent, from_day=from_day, made_by=None, now=timezone.now())


def close_given_up_import(*, job: Any, **_: Any) -> None:
    """Refuse the batch of an import that was given up, so that it may be tried again."""
    from kpi.services import import_jobs

    if job.kind == import_jobs.TASK:
        import_jobs.close_given_up(batch_id=job.subject_id, now=timezone.now())
