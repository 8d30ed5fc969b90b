"""Compute the scorecards of a period."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents import periods
from appraisal import tasks
from appraisal.models import Cycle, Run
from appraisal.services import cycles, runs


class Command(BaseCommand):
    """``compute PERIOD``."""

    help = "Open the cycle of a period (2026-10, 2026-Q3, 2026), if need be, and compute it now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the period."""
        parser.add_argument("period", help="2026-10, 2026-Q3 or 2026")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Compute and say what came out."""
        try:
            period = periods.parse(options["period"])
            cycle = cycles.open_cycle(period=period, opened_by=None, now=timezone.now())
            run = self._requested(cycle)
        except (periods.BadPeriod, runs.AlreadyComputing, runs.AlreadyPublished) as error:
            raise CommandError(str(error)) from error
        if run.job_id:
            tasks.compute_run(job_id=run.job_id)
        summary = runs.wait_for(run)
        if options["as_json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1))
        elif not summary["error"]:
            self.stdout.write(
                "{period}: run {run}, {scorecards} scorecards, {graded} graded,"
                " {no_grade} without a grade, watermark {watermark}".format(**summary)
            )
        if summary["error"]:
            raise CommandError(summary["error"])

    def _requested(self, cycle: Cycle) -> Run:
        """Ask for a run; one that a dead process left is finished before, a live one refuses."""
        try:
            return runs.request_run(cycle=cycle, asked_by=None, now=timezone.now())
        except runs.AlreadyComputing:
            for job_id in runs.open_jobs(cycle):
                tasks.compute_run(job_id=job_id)
            return runs.request_run(cycle=cycle, asked_by=None, now=timezone.now())
