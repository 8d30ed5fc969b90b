"""Command ``dump_kpi``: write a KPI as YAML, as ``load_kpi`` and the library read it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from kpi.selectors import list_versions, newest_version


class Command(BaseCommand):
    """Write the version in use, else the newest, or the one named."""

    help = "Write a KPI as YAML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the code and the version."""
        parser.add_argument("code")
        parser.add_argument("--version-number", type=int, help="Instead of the one in use.")

    def handle(self, *, code: str, version_number: int | None, **options: Any) -> None:
        """Write it."""
        versions = list_versions(code)
        if version_number is not None:
            version = versions.filter(number=version_number).first()
        else:
            version = newest_version(code) or versions.first()
        if version is None:
            raise CommandError(f"There is no KPI {code}, or no such version of it.")
        document = {code: version.definition}
        self.stdout.write(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100))
