"""Months of scorecards written straight into the tables, so that a test sees every figure."""

from dataclasses import dataclass, field
from decimal import Decimal

from agents import periods
from appraisal.models import Run, RunKPI, SchemeVersion, Scorecard, ScorecardLine
from appraisal.services import cycles
from kpi.models import KPIVersion
from tests.factories import NOW


@dataclass
class Results:
    """Writes cycles, runs, cards and lines."""

    cast: object
    scheme: SchemeVersion
    runs: dict = field(default_factory=dict)

    def run(self, code, *, published=False, imported=("contacts",)):
        """The run that a cycle shows."""
        cycle = cycles.open_cycle(period=periods.parse(code), opened_by=None, now=NOW)
        run = Run.objects.create(
            cycle=cycle,
            number=1,
            state="done",
            watermark=0,
            digest="0" * 64,
            finished_at=NOW,
            parameters={"imported": list(imported)},
        )
        codes = [item["kpi"] for item in self.scheme.document["items"]]
        pinned = KPIVersion.objects.filter(kpi__code__in=codes)
        RunKPI.objects.bulk_create(RunKPI(run=run, kpi_version=one) for one in pinned)
        cycle.current_run = run
        cycle.published_run = run if published else None
        cycle.save(update_fields=["current_run", "published_run"])
        self.runs[code] = run
        return run

    def publish(self, code):
        """Mark a run as published, once its cards are written."""
        run = self.runs[code]
        run.published_at = NOW
        run.save(update_fields=["published_at"])

    def card(self, code, user, total, *, team=None, **more):
        """A card of somebody in a month; without more it is graded as good."""
        defaults = {
            "scheme_version": self.scheme,
            "position": self.cast.position,
            "shift": self.cast.early,
            "days_present": 31,
            "state": "graded",
            "covered": 100,
            "grade": "good",
        }
        return Scorecard.objects.create(
            run=self.runs[code],
            agent=user.agent,
            team=team or self.cast.alpha,
            total=None if total is None else Decimal(str(total)),
            **(defaults | more),
        )

    def line(self, card, item, value, points, **more):
        """A line of the shipped scheme; its weight and KPI are the scheme's."""
        document = next(one for one in self.scheme.document["items"] if one["code"] == item)
        weight = Decimal(str(document["weight"]))
        defaults = {
            "order": self.scheme.document["items"].index(document),
            "kpi_version": KPIVersion.objects.get(kpi__code=document["kpi"]),
            "state": "scored",
            "sample": 100,
            "weight": weight,
            "effective_weight": weight,
            "share": None if points is None else Decimal(str(points)) / weight,
        }
        return ScorecardLine.objects.create(
            scorecard=card,
            item=item,
            value=None if value is None else Decimal(str(value)),
            points=None if points is None else Decimal(str(points)),
            **(defaults | more),
        )


def results_for(cast):
    """Writes results under the shipped scheme of call-centre agents."""
    return Results(cast, SchemeVersion.objects.get(scheme__code="s2_call_centre_agent"))
