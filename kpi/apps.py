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
        from kpi import checks  # noqa: F401  (registers itself)

        post_migrate.connect(load_shipped_kpis, sender=self)


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
