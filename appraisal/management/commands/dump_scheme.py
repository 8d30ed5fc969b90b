"""Give a scheme out as YAML."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from appraisal.selectors.schemes import get_version
from appraisal.services.schemes import write_document


class Command(BaseCommand):
    """``dump_scheme CODE``."""

    help = "Write a scheme as YAML: the version in use, or another one. load_scheme takes it back."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let the version of a scheme take the place of Django's own ``--version``."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the scheme and the version."""
        parser.add_argument("code")
        parser.add_argument("--version", type=int, dest="number", metavar="N")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Write the document and nothing else."""
        version = get_version(options["code"], options["number"])
        if version is None:
            number = options["number"]
            which = f"version {number} of " if number else ""
            raise CommandError(f"There is no {which}scheme {options['code']}.")
        if options["as_json"]:
            self.stdout.write(json.dumps(version.document, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(write_document(version.document), ending="")
