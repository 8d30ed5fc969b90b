"""Write docs/metrics.md from the shipped KPIs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kpi.handbook import handbook
from kpi.library.reading import shipped_definitions


class Command(BaseCommand):
    help = "Write the metric handbook from the shipped KPIs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, default=settings.BASE_DIR / "docs" / "metrics.md")
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; fail where the file is not current.",
        )

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        with translation.override("en"):
            text = handbook(shipped_definitions())
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                raise CommandError(f"{file} is not current. Run: python manage.py metrics_handbook")
        else:
            file.write_text(text, encoding="utf-8")
        self.stdout.write(f"{file} is current.")
