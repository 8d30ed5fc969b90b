"""Command ``demo``: from nothing to the demo centre in a browser."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from feedback.demo import running, seeding
from feedback.demo.logins import logins
from feedback.demo.sizes import SIZES
from feedback.demo.timeline import ZONE


class Command(BaseCommand):
    """Prepare the database, load the demo where it is empty, run web server and worker."""

    help = "Start the demo: database, demo centre, web server and worker, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen, and what to load."""
        parser.add_argument("--port", type=int, default=8000, help="The next free one is taken.")
        parser.add_argument("--size", choices=sorted(SIZES), default="full")
        parser.add_argument("--today", type=date.fromisoformat, help="A day, such as 2026-11-21.")

    def handle(self, *, port: int, size: str, today: date | None, **options: Any) -> None:
        """Do it all, then wait."""
        stop_database = settings.EMBEDDED_DATABASE and not _database_runs()
        try:
            self._prepare(size, today or timezone.localdate(timezone=ZoneInfo(ZONE)))
            self._serve(running.free_port(port))
        except running.NotStarted as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            if stop_database:
                call_command("embedded_postgres", "stop", stdout=io.StringIO())

    def _prepare(self, size: str, today: date) -> None:
        self.stdout.write("Preparing the database.")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        if seeding.is_loaded():
            return
        try:
            seeding.check_free()
        except seeding.NotEmpty as error:
            self.stdout.write(f"The demo centre is not loaded. {error}")
            return
        self.stdout.write("Making the demo centre; this is done once and takes a minute or two.")
        seeding.seed(size=size, today=today, report=lambda line: self.stdout.write(f"  {line}"))

    def _serve(self, port: int) -> None:
        address = f"http://{running.HOST}:{port}"
        commands = {"web": running.web_command(port), "worker": running.worker_command()}
        logs = settings.APPRAISAL_VAR / "logs"
        with running.children(commands, folder=settings.BASE_DIR, logs=logs) as started:
            running.wait_until_ready(address, started)
            self.stdout.write(f"\n{address}\n")
            if seeding.is_loaded():
                self.stdout.write(f"{logins()}\n")
            self.stdout.write(f"Logs are in {logs}. Ctrl-C stops everything.")
            self.stdout.flush()
            running.watch(started)
        self.stdout.write("Stopped.")


def _database_runs() -> bool:
    answer = io.StringIO()
    call_command("embedded_postgres", "status", stdout=answer)
    return answer.getvalue().startswith("Running")
