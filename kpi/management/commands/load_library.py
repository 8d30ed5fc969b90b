"""Load the shipped KPI definitions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpi.services import library


class Command(BaseCommand):
    help = "Load the shipped KPIs; a definition that changed becomes the next version."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = library.load_library(now=timezone.now())
        except library.WrongLibrary as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"KPIs: {len(report.added)} added, {len(report.changed)} changed, "
            f"{len(report.unchanged)} as before."
        )
