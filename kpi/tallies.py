"""A period measured from tallies of its days: only days that changed are read again.

A tally holds what can be added up: counts, sums, least and greatest values. What cannot (a median,
a percentile, a spread, different values) is read from the facts as ever, in one query of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Field, Max, Min, Sum
from django.db.models.functions import Cast

from kpi import frames
from kpi.conditions import Rows
from kpi.formula import nodes
from kpi.formula.fields import FACTS
from kpi.frames import Table, Window
from kpi.groups import By, group_keys, of_position
from kpi.models import TalliedDay, Tally, TouchedDay
from kpi.models.tallies import Numeric
from kpi.places import NOWHERE, Places

_ADDED: Final = {"count": Sum, "sum": Sum, "min": Min, "max": Max}
# By whether a figure is a whole number: the type of its column.
_KINDS: Final[dict[bool, Field[Any, Any]]] = {True: BigIntegerField(), False: Numeric()}
_STAMPS: Final = ("agent_id", "team_id", "position_id", "shift_id")
# Any number will do, as long as nothing else in the database uses it as an advisory lock.
_LOCK: Final = 7_241_002
Measures = Mapping[str, nodes.Measure]


def read_table(
    table: Table, measures: Measures, *, by: By, window: Window, places: Places = NOWHERE
) -> pd.DataFrame:
    """As :func:`kpi.frames.read_table`, from tallies where most days of the period have them.

    Queries: at most 8, whatever the number of measures and days.
    """
    added = {key: measure for key, measure in measures.items() if is_additive(measure)}
    others = {key: measure for key, measure in measures.items() if key not in added}
    if not added or window.source or not _prepare(table, added, window):
        return frames.read_table(table, measures, by=by, window=window, places=places)
    frame = _add_up(table, added, by=by, window=window, places=places)
    if others:
        rest = frames.read_table(table, others, by=by, window=window, places=places)
        columns = frames.align(rest, others, list(frame.index))
        frame = frame.assign(
            **{
                key: pd.Series(values, index=frame.index, dtype=object)
                for key, values in columns.items()
            }
        )
    return frame[list(measures)]


def keep(tables: Mapping[Table, Measures], *, window: Window) -> None:
    """Tally the days of a period that have no tally yet, for the next time it is measured."""
    for table, measures in tables.items():
        added = {key: measure for key, measure in measures.items() if is_additive(measure)}
        if added and not window.source:
            _prepare(table, added, window, however_many=True)


def is_additive(measure: nodes.Measure) -> bool:
    """Whether the figure of a period follows from those of its days."""
    if measure.function not in _ADDED:
        return False
    return not any(_looks_around(node) for node in _rows_in((measure.row, measure.where)))


def _looks_around(node: object) -> bool:
    """Whether a part of a row depends on the period, or on facts of other days."""
    return isinstance(node, nodes.PeriodBound) or (
        isinstance(node, nodes.FieldRef) and node.name == "next_contact_s"
    )


def _rows_in(node: object) -> Iterator[object]:
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from _rows_in(part)
    elif is_dataclass(node):
        for each in fields(node):
            yield from _rows_in(getattr(node, each.name))


def figures_key(table: Table, measures: Measures) -> str:
    """The name of a set of measures over one fact table and its day."""
    text = "\n".join([table.fact, table.column, *_ordered(measures)])
    return hashlib.sha256(text.encode()).hexdigest()


def _ordered(measures: Measures, *, whole: bool | None = None) -> list[str]:
    """The measures in the order of their figures; whose rows they are is no part of them.

    Args:
        whole: only those that are whole numbers, or only the others.
    """
    return sorted(
        {
            _own_text(measure)
            for measure in measures.values()
            if whole is None or is_whole(measure) == whole
        }
    )


def is_whole(measure: nodes.Measure) -> bool:
    """Whether the figure of a day is a whole number: a count, or made of a field of those."""
    if measure.function == "count":
        return True
    field = measure.row
    return (
        isinstance(field, nodes.FieldRef) and FACTS[measure.fact].fields[field.name].kind == "int"
    )


def _own_text(measure: nodes.Measure) -> str:
    return f"{measure.function} {measure.row!r} {measure.where!r}"


def _prepare(
    table: Table, measures: Measures, window: Window, *, however_many: bool = False
) -> bool:
    """Bring the tallies of a window up to date; says whether they can be used.

    Not where a fact of the window was touched after its watermark: tallies tell of the newest
    state alone. Nor where most days were never tallied, unless ``however_many``: reading the facts
    once is cheaper than tallying them.
    """
    touched = _touched(table, window)
    if any(newest > window.watermark for newest in touched.values()):
        return False
    name = figures_key(table, measures)
    period = window.period
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        kept = dict(
            TalliedDay.objects.filter(
                figures_key=name, day__gte=period.starts_on, day__lt=period.ends_on
            ).values_list("day", "revision")
        )
        stale = [day for day, newest in touched.items() if kept.get(day) != newest]
        if 2 * len(stale) > len(touched) and not however_many:
            return False
        if stale:
            _tally(table, measures, window, name, {day: touched[day] for day in stale})
    return True


def _touched(table: Table, window: Window) -> dict[date, int]:
    """The newest revision of each day of a window that has facts."""
    days = TouchedDay.objects.filter(
        fact=table.fact,
        anchor=table.column,
        day__gte=window.period.starts_on,
        day__lt=window.period.ends_on,
    )
    return dict(days.order_by().values_list("day").annotate(Max("revision")))


def _tally(
    table: Table, measures: Measures, window: Window, name: str, days: Mapping[date, int]
) -> None:
    """Read these days once and store what they come to, in one statement."""
    Tally.objects.filter(figures_key=name, day__in=list(days))._raw_delete("default")
    TalliedDay.objects.filter(figures_key=name, day__in=list(days)).delete()
    rows = Rows(period=window.period, watermark=window.watermark)
    facts = frames.facts_in(window, table.fact, column=table.column).filter(
        exclusion_id__isnull=True, **{f"{table.column}__in": list(days)}
    )
    by_text = {_own_text(measure): measure for measure in measures.values()}
    columns = {
        _column(place, whole=whole): Cast(frames.aggregate(by_text[text], rows), _KINDS[whole])
        for whole in _KINDS
        for place, text in enumerate(_ordered(measures, whole=whole))
    }
    keys = {"tally_day": F(table.column)} | {f"tally_{stamp}": F(stamp) for stamp in _STAMPS}
    grouped = facts.order_by().values(**keys).annotate(**columns).values_list(*keys, *columns)
    sql, parameters = grouped.query.get_compiler("default").as_sql()
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(key) for key in keys)
    arrays = (_array(measures, whole=whole) for whole in _KINDS)
    target = quoted(Tally._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {target} (figures_key, day, agent_id, team_id, position_id, shift_id,"  # noqa: S608 - our own names
            f" wholes, figures) SELECT %s, {names}, {', '.join(arrays)} FROM ({sql}) AS days",
            [name, *parameters],
        )
    TalliedDay.objects.bulk_create(
        TalliedDay(figures_key=name, day=day, revision=revision) for day, revision in days.items()
    )


def _column(place: int, *, whole: bool) -> str:
    return f"{'whole' if whole else 'figure'}_{place}"


def _array(measures: Measures, *, whole: bool) -> str:
    """The array that holds these figures, as the statement writes it."""
    count = len(_ordered(measures, whole=whole))
    names = ", ".join(_column(place, whole=whole) for place in range(count))
    return f"ARRAY[{names}]::{'bigint' if whole else 'numeric'}[]"


def _place(measure: nodes.Measure, measures: Measures) -> F:
    """Where a tally holds the figure of a measure."""
    whole = is_whole(measure)
    place = _ordered(measures, whole=whole).index(_own_text(measure))
    return F(f"{'wholes' if whole else 'figures'}__{place}")


def _add_up(
    table: Table, measures: Measures, *, by: By, window: Window, places: Places
) -> pd.DataFrame:
    """The tallies of a window, added up by group. Queries: 1."""
    period = window.period
    tallies = Tally.objects.filter(
        figures_key=figures_key(table, measures),
        day__gte=period.starts_on,
        day__lt=period.ends_on,
    )
    if table.column != "day":
        tallies = tallies.alias(**{table.column: F("day")})
    if by == "agent" and table.scope == "own" and places.is_one_position:
        tallies = tallies.filter(of_position(places.positions))
    columns = {
        key: _ADDED[measure.function](_place(measure, measures))
        for key, measure in measures.items()
    }
    keys = group_keys(table, by=by, places=places, period=period)
    if not keys:
        return _whole(pd.DataFrame([tallies.aggregate(**columns)], dtype=object), measures)
    grouped = tallies.order_by().values(**keys).annotate(**columns).values_list(*keys, *columns)
    return _whole(frames.frame_of(grouped, keys=len(keys), columns=list(columns)), measures)


def _whole(frame: pd.DataFrame, measures: Measures) -> pd.DataFrame:
    """Counts as whole numbers, as the facts give them; none of nothing is 0."""
    for key, measure in measures.items():
        if measure.function == "count":
            counts = [int(value or 0) for value in frame[key]]
            frame[key] = pd.Series(counts, index=frame.index, dtype=object)
    return frame
