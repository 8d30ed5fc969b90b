"""Write the results of a period to a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisal.services import cycles, exports


class Command(BaseCommand):
    """``export_results PERIOD FILE [--draft]``."""

    help = "Export results: a row per agent and all lines, as .xlsx or .csv by the file's ending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the period and the file."""
        parser.add_argument("period", help="2026-10, 2026-Q3 or 2026")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--draft", action="store_true", help="The newest run, published or not."
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Export and say how many agents were written."""
        try:
            cycle = cycles.get_cycle(options["period"])
            run = exports.result_run(cycle, draft=options["draft"])
            written = exports.export_results(run, options["file"])
        except (cycles.NoSuchCycle, exports.NothingToExport, exports.UnknownFormat) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        summary = {"period": cycle.code, "run": run.number, "agents": written}
        if options["as_json"]:
            self.stdout.write(json.dumps(summary | {"file": str(options["file"])}, indent=1))
        else:
            self.stdout.write(f"{written} agents of run {run.number} to {options['file']}")
