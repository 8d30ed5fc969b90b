"""Measure a formula or a KPI over the facts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agents import periods
from kpi.formula import FormulaError
from kpi.services import measuring


class Command(BaseCommand):
    """``measure FORMULA_OR_CODE --from DATE --until DATE``."""

    help = "Measure a formula, or a KPI by its code, over [from, until)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the formula, the days and the groups."""
        parser.add_argument("formula", help="A formula, or the code of a KPI.")
        parser.add_argument("--from", dest="starts_on", type=date.fromisoformat, required=True)
        parser.add_argument(
            "--until", dest="ends_on", type=date.fromisoformat, required=True, help="Exclusive."
        )
        parser.add_argument(
            "--by", choices=["agent", "team", "centre", "day", "month"], default="centre"
        )
        parser.add_argument("--source", default="", help="Only facts of this source.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Measure and print a list, one entry a group."""
        try:
            period = periods.custom(options["starts_on"], options["ends_on"])
            rows = measuring.measure_text(
                options["formula"], period=period, by=options["by"], source=options["source"]
            )
        except (FormulaError, periods.BadPeriod) as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, default=_plain, indent=1))
            return
        for row in rows:
            value = "no data" if row["value"] is None else _plain(row["value"])
            self.stdout.write(f"{row['group']}\t{value}\tn={row['sample']}")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if value == whole else float(value)
    return str(value)
