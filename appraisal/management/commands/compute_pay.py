"""Work out the pay proposal of a month."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q, Sum
from django.utils import timezone

from agents import periods
from appraisal.models import Cycle, PayProposal
from appraisal.selectors.cycles import standing_run
from appraisal.services import pay


class Command(BaseCommand):
    """``compute_pay PERIOD``."""

    help = "Work out what the pay plans in use propose for a month (2026-10) that is computed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the month."""
        parser.add_argument("period", help="2026-10")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, **options: Any) -> None:
        """Work it out and say what it comes to."""
        try:
            code = periods.parse(options["period"]).code
            cycle = Cycle.objects.select_related("current_run", "published_run").get(code=code)
            run = standing_run(cycle)
            if run is None:
                raise CommandError(f"{code} is not computed yet.")
            if not pay.plans_in_use():
                raise CommandError("No pay plan is in use.")
            proposal = pay.compute_pay(run=run, asked_by=None, now=timezone.now())
        except Cycle.DoesNotExist as error:
            raise CommandError(f"{options['period']} is not open.") from error
        except (periods.BadPeriod, pay.NotReady) as error:
            raise CommandError(str(error)) from error
        told = _summary(proposal)
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(
                "{period}: run {run}, {statements} statements, {provisional} provisional,"
                " net {net} in all".format(**told)
            )


def _summary(proposal: PayProposal) -> dict[str, Any]:
    sums = proposal.statements.aggregate(
        statements=Count("pk"), provisional=Count("pk", filter=Q(provisional=True)), net=Sum("net")
    )
    return {
        "period": proposal.run.cycle.code,
        "run": proposal.run.number,
        **sums,
        "net": None if sums["net"] is None else str(sums["net"]),
        "digest": proposal.digest,
    }
