"""The only door from the fact tables to data frames: one grouped query per table and scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from django.db.models import (
    Aggregate,
    Count,
    Max,
    Min,
    Q,
    QuerySet,
    StdDev,
    Sum,
    Value,
)
from django.db.models.functions import Cast

from agents.periods import Period
from kpi.conditions import EXACT, Rows, valid_at, within
from kpi.formula import nodes
from kpi.formula.fields import FACTS
from kpi.groups import By, group_keys, of_position
from kpi.models import FACT_MODELS, Fact
from kpi.places import NOWHERE, Places
from kpi.tables import Table

# Counts of a group without rows are 0; any other measure of it is missing.
_COUNTING = frozenset({"count", "distinct"})


class PercentileDisc(Aggregate):
    """The smallest value that at least a share of the rows do not exceed."""

    function = "percentile_disc"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s %(order)s)"
    name = "Percentile"


@dataclass(frozen=True)
class Window:
    """What is read: the facts of a period, as they were known at a watermark.

    Attributes:
        imported: the kinds of facts of which anything came in for the period.
        source: only facts of this source; empty for all.
    """

    period: Period
    watermark: int
    imported: frozenset[str]
    source: str = ""


def window_of(period: Period, watermark: int, *, source: str = "") -> Window:
    """The window of a period, with the kinds of facts that were imported for it. Queries: 1."""
    return Window(period, watermark, imported_kinds(period, watermark, source=source), source)


def facts_in(window: Window, fact: str, *, column: str) -> QuerySet[Fact]:
    """The facts of a window, the excluded ones too."""
    facts = FACT_MODELS[fact]._default_manager.filter(
        valid_at(window.watermark), within(column, window.period.starts_on, window.period.ends_on)
    )
    return facts.filter(source=window.source) if window.source else facts


def imported_kinds(period: Period, watermark: int, *, source: str = "") -> frozenset[str]:
    """The kinds of facts of which anything was imported for a period. Queries: 1.

    Args:
        source: only what came from this source; empty for all.
    """
    valid = valid_at(watermark) & within("day", period.starts_on, period.ends_on)
    if source:
        valid &= Q(source=source)
    present = [
        FACT_MODELS[fact]._default_manager.filter(valid).order_by().values_list(Value(fact))[:1]
        for fact in FACTS
    ]
    return frozenset(name for (name,) in present[0].union(*present[1:], all=True))


def read_table(
    table: Table,
    measures: Mapping[str, nodes.Measure],
    *,
    by: By,
    window: Window,
    places: Places = NOWHERE,
) -> pd.DataFrame:
    """Measure one fact table in one grouped query.

    Returns:
        A frame of objects (int, Decimal or None), one column per measure key, indexed by the
        group: agent id, team id or day; a single row 0 for the centre. A table by grain or by
        shift is indexed by pairs: the group with the first day of the part, or with the shift.
        Groups without any row are absent.
    Queries: 1.
    """
    rows = Rows(period=window.period, watermark=window.watermark)
    facts = facts_in(window, table.fact, column=table.column).filter(exclusion_id__isnull=True)
    if by == "agent" and table.scope == "own" and places.is_one_position:
        facts = facts.filter(of_position(places.positions, places.stamped_only))
    columns = {key: aggregate(measure, rows) for key, measure in measures.items()}
    keys = group_keys(table, by=by, places=places, period=window.period)
    if not keys:
        return pd.DataFrame([facts.aggregate(**columns)], dtype=object)
    grouped = facts.order_by().values(**keys).annotate(**columns).values_list(*keys, *columns)
    return frame_of(grouped, keys=len(keys), columns=list(columns))


def frame_of(
    grouped: Iterable[tuple[Any, ...]], *, keys: int, columns: Sequence[str]
) -> pd.DataFrame:
    """The rows of a grouped query as a frame, indexed by their first values; rows of none go."""
    found = [row for row in grouped if None not in row[:keys]]
    index = pd.Index([_index_of(row[:keys]) for row in found], tupleize_cols=False)
    values = [row[keys:] for row in found]
    return pd.DataFrame(values, index=index, columns=list(columns), dtype=object)


def _index_of(keys: tuple[Any, ...]) -> Any:
    return keys if len(keys) > 1 else keys[0]


def align(
    frame: pd.DataFrame, measures: Mapping[str, nodes.Measure], groups: Sequence[Any]
) -> dict[str, list[Any]]:
    """The columns of a table for these groups: one without rows counts 0, else it is missing."""
    at = {group: row for row, group in enumerate(frame.index)}
    rows = [at.get(group) for group in groups]
    columns = {}
    for key, measure in measures.items():
        values = frame[key].tolist()
        missing = 0 if measure.function in _COUNTING else None
        columns[key] = [missing if row is None else values[row] for row in rows]
    return columns


def aggregate(measure: nodes.Measure, rows: Rows) -> Any:
    """A measure as an aggregate over its fact table."""
    where = rows.condition(measure.where) if measure.where is not None else None
    if measure.row is None:
        return Count(Value(1), filter=where)
    value = rows.value(measure.row)
    return _FUNCTIONS[measure.function](value, where, measure)


def _median(value: Any, where: Q | None, _measure: nodes.Measure) -> Any:
    """The mean of the two middle values; ``percentile_cont`` would compute it in floats."""
    number = Cast(value, EXACT)
    lower, upper = (
        PercentileDisc(number, filter=where, output_field=EXACT, share="0.5", order=order)
        for order in ("ASC", "DESC")
    )
    return (lower + upper) / Value(Decimal(2), output_field=EXACT)


def _percentile(value: Any, where: Q | None, measure: nodes.Measure) -> Any:
    share = (measure.argument or 0) / 100
    return PercentileDisc(value, filter=where, share=f"{share:f}", order="ASC")


_FUNCTIONS: dict[str, Any] = {
    "count": lambda value, where, _measure: Count(value, filter=where),
    "distinct": lambda value, where, _measure: Count(value, filter=where, distinct=True),
    "sum": lambda value, where, _measure: Sum(value, filter=where),
    "min": lambda value, where, _measure: Min(value, filter=where),
    "max": lambda value, where, _measure: Max(value, filter=where),
    "median": _median,
    "percentile": _percentile,
    "stdev": lambda value, where, _measure: StdDev(
        Cast(value, EXACT), filter=where, sample=True, output_field=EXACT
    ),
}
