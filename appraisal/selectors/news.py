"""What came in or changed since a run: what its scorecards do not show."""

from __future__ import annotations

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from appraisal.models import Cycle, Rating, Run, Target
from appraisal.selectors.schemes import schemes_for
from kpi.conditions import within
from kpi.models import FactRevision, TouchedDay
from kpi.selectors import list_current_versions


def news_since(run: Run) -> dict[str, int]:
    """What another run of the cycle would read differently.

    Returns:
        How much changed, by kind: "targets", "ratings", "schemes", "kpis", "months"; of facts by
        why they changed, a reason of :class:`kpi.models.FactRevision`.
    Queries: 6, and 1 more for a quarter or a year.
    """
    kinds = {
        **_facts(run),
        "targets": _targets(run),
        "ratings": _ratings(run),
        "schemes": _schemes(run),
        "kpis": _kpis(run),
        "months": _months(run),
    }
    return {kind: count for kind, count in kinds.items() if count}


def _facts(run: Run) -> dict[str, int]:
    """The revisions that added or closed facts of the cycle's days, by reason."""
    period = run.cycle.period
    touched = TouchedDay.objects.filter(
        within("day", period.starts_on, period.ends_on), revision__gt=run.watermark or 0
    )
    revisions = FactRevision.objects.filter(pk__in=touched.values("revision")).order_by()
    return dict(revisions.values_list("reason").annotate(Count("pk")).order_by("reason"))


def _targets(run: Run) -> int:
    changed = Target.objects.filter(_since(run), cycle=run.cycle_id).order_by()
    return changed.values("scheme", "item", "position", "team", "agent").distinct().count()


def _ratings(run: Run) -> int:
    changed = Rating.objects.filter(_since(run), cycle=run.cycle_id).order_by()
    return changed.values("item", "agent", "rater").distinct().count()


def _since(run: Run) -> Q:
    watermark = run.watermark or 0
    return Q(valid_from__gt=watermark) | Q(valid_until__gt=watermark)


def _schemes(run: Run) -> int:
    """The positions that another version, or another scheme, appraises by now."""
    now = schemes_for(run.cycle.kind)
    cards = run.scorecards.order_by().values_list("position__code", "scheme_version_id")
    then = dict(cards.distinct())
    return sum(position in now and now[position].pk != pk for position, pk in then.items())


def _kpis(run: Run) -> int:
    """The KPIs of which another version is in use by now."""
    current = list_current_versions()
    used = run.kpi_versions.filter(kpi_version__kpi__in=current.values("kpi"))
    return used.exclude(kpi_version__in=current.values("pk")).count()


def _months(run: Run) -> int:
    """The months for which another run stands by now."""
    pinned = run.parameters.get("months", {})
    if not pinned:
        return 0
    stands = Cycle.objects.filter(code__in=pinned).annotate(
        stands=Coalesce("published_run", "current_run")
    )
    now = dict(stands.values_list("code", "stands"))
    return sum(now.get(code) != (told or {}).get("run") for code, told in pinned.items())
