"""What the conditions of a scorecard rest on: their KPIs, and the day that reached a figure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F

from appraisal.models import Run
from kpi import evidence
from kpi.conditions import Rows
from kpi.formula import compile_formula
from kpi.formula.compiler import measures_for
from kpi.frames import Window
from kpi.models import KPIVersion


def kpis_named(run: Run, codes: Collection[str]) -> dict[str, KPIVersion]:
    """The versions of some KPIs that a run pinned, by code. Queries: 1, none for no codes."""
    if not codes:
        return {}
    pinned = run.kpi_versions.filter(kpi_version__kpi__code__in=codes)
    return {
        one.kpi_version.kpi.code: one.kpi_version
        for one in pinned.select_related("kpi_version__kpi")
    }


def extreme_day(
    version: KPIVersion, *, window: Window, agent_id: int, position_id: int | None = None
) -> date | None:
    """The day of the row that made a KPI's highest or lowest figure.

    Args:
        position_id: only rows stamped with this position, and those without a stamp.

    None where the KPI is no such figure of one's own rows. The first of several equal days.
    Queries: 1 at most.
    """
    formula, imported = compile_formula(version.formula), window.imported
    measures = [one for one in measures_for(formula, imported) if one.function != "count"]
    parts = evidence.parts_of(formula, anchor=version.anchor, imported=imported)
    if len(measures) != 1 or len(parts) != 1:
        return None
    measure, part = measures[0], parts[0]
    if measure.function not in {"max", "min"} or measure.row is None or part.scope != "own":
        return None
    figure = Rows(period=window.period, watermark=window.watermark).value(measure.row)
    rows: Any = evidence.rows_of(part, window=window, agent_id=agent_id, position_id=position_id)
    rows = rows.filter(is_counted=True).annotate(figure=figure)
    highest = F("figure").desc() if measure.function == "max" else F("figure").asc()
    ordered = rows.filter(figure__isnull=False).order_by(highest, "day", "pk")
    found: date | None = ordered.values_list("day", flat=True).first()
    return found
