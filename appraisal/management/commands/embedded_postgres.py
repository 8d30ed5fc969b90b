"""Command ``embedded_postgres``: look after the database server that needs no installation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from appraisal.settings import embedded


class Command(BaseCommand):
    """Start, stop or ask the embedded server of this ``var`` folder."""

    help = "Start or stop the embedded PostgreSQL server, or say whether it runs."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the one word that says what to do."""
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *, action: str, **options: Any) -> None:
        """Do it and say what happened."""
        if not settings.EMBEDDED_DATABASE:
            raise CommandError(
                "DATABASE_URL names another server, so the embedded one is not used."
            )
        try:
            self.stdout.write(self._done(action))
        except embedded.EmbeddedServerError as error:
            raise CommandError(str(error)) from error

    def _done(self, action: str) -> str:
        var = settings.APPRAISAL_VAR
        if action == "start":
            return f"Running: {embedded.ensure_running(var)}"
        if action == "stop":
            return "Stopped." if embedded.stop(var) else "It was not running."
        running = embedded.is_running(var)
        return f"{'Running' if running else 'Not running'}, data in {embedded.data_folder(var)}."
