"""The appraisal app."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class AppraisalConfig(AppConfig):
    """Names the app to Django."""

    name = "appraisal"

    def ready(self) -> None:
        """See to the cache table whenever the database is migrated."""
        post_migrate.connect(make_cache_table, sender=self)


def make_cache_table(*, using: str, **_: Any) -> None:
    """Make the table of the database cache, which no migration makes; harmless when it exists."""
    call_command("createcachetable", database=using, verbosity=0)
