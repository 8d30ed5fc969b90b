"""What the lines of a pay plan rest on, measured by the database for everybody at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from agents import periods
from agents.models import Shift
from appraisal.pay.figures import OverSource, Source
from kpi import engine
from kpi.conditions import EXACT, Rows
from kpi.engine import to_fixed
from kpi.formula import compile_formula
from kpi.frames import Window, facts_in
from kpi.models import Fact, KPIVersion
from kpi.places import Places
from kpi.services import measuring

_DAY_COLUMNS = ("agent_id", "day", "state", "value")


def measure(
    sources: Iterable[Source | OverSource],
    *,
    window: Window,
    agents: Sequence[int],
    places: Places,
    kpis: Mapping[str, KPIVersion],
    is_of_old: bool = False,
    tells_unmeasurable: bool = True,
) -> dict[str, pd.DataFrame]:
    """Measure the sources of a plan for some people.

    Args:
        places: where they stood, for ``team(...)``, ``peers(...)`` and ``led(...)``.
        kpis: KPI code to the pinned version.
        is_of_old: as a proposal was worked out that pinned no places: each day is read by
            itself, and somebody without a fact on the first day has a figure of that day.
        tells_unmeasurable: what no source gives is not measurable, and not 0.
    Returns:
        Source key to the frame that :class:`appraisal.pay.figures.Inputs` wants.
    Queries: as many as the measuring takes, for the month and for its days; once for each day
        where a day's figure rests on more than the person's own facts of it. 2 for each line
        over a limit.
    """
    listed = list(sources)
    asked = [one for one in listed if isinstance(one, Source) and not one.measure.person]
    month = [_wanted(one, kpis) for one in asked if one.each == "month"]
    days = [_wanted(one, kpis) for one in asked if one.each == "day"]
    frames: dict[str, pd.DataFrame] = {}
    if month:
        measured = measuring.measure(
            month,
            window=window,
            groups=agents,
            places=places,
            tells_unmeasurable=tells_unmeasurable,
        )
        frames |= {str(key): frame for key, frame in measured.items()}
    at_once = [
        one for one in days if not is_of_old and measuring.stand_by_day(one, window.imported)
    ]
    if at_once:
        found = measuring.measure_days(
            at_once, window=window, agents=agents, tells_unmeasurable=tells_unmeasurable
        )
        frames |= {str(key): frame[list(_DAY_COLUMNS)] for key, frame in found.items()}
    if apart := [one for one in days if one not in at_once]:
        frames |= _day_by_day(
            apart, window=window, agents=agents, places=places, is_of_old=is_of_old
        )
        lacking = measuring.lacking_in(apart, window) if tells_unmeasurable else set()
        frames |= {str(key): engine.not_measurable(frames[str(key)]) for key in lacking}
    beyond = [one for one in listed if isinstance(one, OverSource)]
    return frames | {one.key: _beyond(one, window=window, agents=agents) for one in beyond}


def _wanted(source: Source, kpis: Mapping[str, KPIVersion]) -> measuring.Wanted:
    if source.measure.kpi:
        return replace(measuring.wanted_version(kpis[source.measure.kpi]), key=source.key)
    return measuring.Wanted(source.key, compile_formula(source.measure.formula))


def _day_by_day(
    wanted: Sequence[measuring.Wanted],
    *,
    window: Window,
    agents: Sequence[int],
    places: Places,
    is_of_old: bool,
) -> dict[str, pd.DataFrame]:
    """The figures of each day, one day after the other.

    Of old only the first day said of everybody whether data is awaited, and whoever had no fact
    on another day had no figure of it.
    """
    found: dict[str, list[pd.DataFrame]] = {str(one.key): [] for one in wanted}
    for day in _days(window.period):
        alone = replace(window, period=periods.custom(day, day + timedelta(days=1)))
        everybody = not is_of_old or day == window.period.starts_on
        measured = measuring.measure(
            wanted,
            window=alone,
            groups=agents if everybody else None,
            places=places,
            # What a single day lacks, another may give.
            tells_unmeasurable=False,
        )
        for key, frame in measured.items():
            kept = frame[["state", "value"]].rename_axis("agent_id").reset_index()
            found[str(key)].append(kept.assign(day=day))
    return {key: pd.concat(frames, ignore_index=True) for key, frames in found.items()}


def _days(period: periods.Period) -> list[date]:
    count = (period.ends_on - period.starts_on).days
    return [period.starts_on + timedelta(days=number) for number in range(count)]


def _beyond(source: OverSource, *, window: Window, agents: Sequence[int]) -> pd.DataFrame:
    """What the rows of each agent have beyond the limits of their shifts. Queries: 2."""
    if source.fact not in window.imported:
        return _frame(agents, {}, missing="awaited")
    ids = dict(Shift.objects.values_list("code", "pk"))
    limits = {ids[code]: limit for code, limit in source.limits if code in ids}
    if not limits:
        return _frame(agents, {}, missing="measured")
    facts = facts_in(window, source.fact, column="day").filter(
        _condition(source, window), exclusion_id__isnull=True, shift_id__in=list(limits)
    )
    cases = [When(shift_id=pk, then=Value(limit, EXACT)) for pk, limit in sorted(limits.items())]
    if times := {ids[code]: times for code, times in source.times if code in ids}:
        facts = facts.annotate(place=_place_in_day(facts, source.field))
        spent = [
            When(shift_id=pk, place__gte=most, then=Value(Decimal(0), EXACT))
            for pk, most in sorted(times.items())
        ]
        cases = [*spent, *cases]
    facts = facts.annotate(beyond=Cast(F(source.field), EXACT) - Case(*cases, output_field=EXACT))
    over = Q(beyond__gt=0)
    grouped = (
        facts.order_by()
        .values("agent_id")
        .annotate(
            known=Count("beyond"), rows=Count("pk", filter=over), total=Sum("beyond", filter=over)
        )
    )
    rows = {
        agent_id: (known, count, total)
        for agent_id, known, count, total in grouped.values_list(
            "agent_id", "known", "rows", "total"
        )
    }
    return _frame(agents, rows, missing="measured")


def _place_in_day(facts: QuerySet[Fact], field: str) -> Coalesce:
    """How many rows of the same person, day and shift come before a row: the longer ones."""
    same = {name: OuterRef(name) for name in ("agent_id", "day", "shift_id")}
    longer = Q(**{f"{field}__gt": OuterRef(field)})
    alike = Q(**{field: OuterRef(field)}, pk__lt=OuterRef("pk"))
    before = facts.filter(longer | alike, **same).order_by().values("agent_id")
    return Coalesce(Subquery(before.annotate(rows=Count("pk")).values("rows")), 0)


def _condition(source: OverSource, window: Window) -> Q:
    if not source.where:
        return Q()
    counted = compile_formula(f"count({source.fact}, where={source.where})").measures[0]
    rows = Rows(period=window.period, watermark=window.watermark)
    return rows.condition(counted.where)


def _frame(
    agents: Sequence[int], rows: Mapping[int, tuple[int, int, Decimal | None]], *, missing: str
) -> pd.DataFrame:
    """One row an agent; rows that never recorded the field are no data, no rows are nothing."""
    told: list[tuple[Any, ...]] = []
    for agent in agents:
        known, count, total = rows.get(agent, (-1, 0, None))
        state = missing if known < 0 else "measured" if known else "no_data"
        value = to_fixed(total or Decimal(0)) if state == "measured" else None
        told.append((state, value, count))
    index = pd.Index(np.array(agents, dtype=np.int64))
    frame = pd.DataFrame(told, index=index, columns=["state", "value", "sample"])
    return frame.astype({"value": "Int64", "sample": "Int64"})
