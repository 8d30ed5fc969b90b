"""Recompute a period's results and say whether they come out the same."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appraisal.services import cycles, verification


class Command(BaseCommand):
    """``verify PERIOD``."""

    help = (
        "Recompute the published run of a period (else the newest) from what it pinned and"
        " compare the digests. Ends with 1 when they differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the period."""
        parser.add_argument("period", help="2026-10, 2026-Q3 or 2026")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Recompute and compare."""
        try:
            cycle = cycles.get_cycle(options["period"])
            verdict = verification.verify_cycle(cycle)
        except (cycles.NoSuchCycle, verification.NothingToVerify) as error:
            raise CommandError(str(error)) from error
        summary = {
            "period": cycle.code,
            "run": verdict.run.number,
            "published": verdict.run.published_at is not None,
            "watermark": verdict.run.watermark,
            "digest": verdict.run.digest,
            "recomputed": verdict.recomputed,
            "stored": verdict.stored,
            "same": verdict.is_same,
        }
        if options["as_json"]:
            self.stdout.write(json.dumps(summary, indent=1))
        else:
            word = "is the same" if verdict.is_same else "DIFFERS"
            self.stdout.write(f"{cycle.code} run {verdict.run.number}: the result {word}.")
        if not verdict.is_same:
            raise CommandError(
                f"The run said {verdict.run.digest}, recomputing says {verdict.recomputed},"
                f" its stored rows say {verdict.stored}."
            )
