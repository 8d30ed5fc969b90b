"""A period measured from tallies of its days: only days that changed are read again.

A tally holds what can be added up: counts, sums, least and greatest values. What cannot (a median,
a percentile, a spread, different values) is read from the facts as ever, in one query of its own.
The tally of a day is one table, kept as it stands in memory: thirty of those are read and added up
in the time a database takes to fetch the rows of one.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Final

import pandas as pd
import polars as pl
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Field, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from agents.periods import Period
from kpi import frames
from kpi.conditions import Rows, within
from kpi.formula import nodes
from kpi.formula.fields import FACTS
from kpi.frames import Window
from kpi.groups import By
from kpi.models import TalliedDay, TouchedDay
from kpi.places import NOWHERE, Places
from kpi.tables import Table
from kpi.tallied_groups import STAMPS, grouped_by

_ADDED: Final = frozenset({"count", "sum", "min", "max"})
# By whether a figure is a whole number: the type of its column in the database and in a tally.
_KINDS: Final[dict[bool, tuple[Field[Any, Any], type[pl.DataType]]]] = {
    True: (BigIntegerField(), pl.Int64),
    False: (TextField(), pl.String),
}
# More than a sum of facts can have.
_DIGITS: Final = 1_000
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
    days = {} if not added or window.source else _prepare(table, added, window)
    contents = _contents(table, added, window, days) if days else None
    if contents is None:
        return frames.read_table(table, measures, by=by, window=window, places=places)
    frame = _add_up(table, added, contents, by=by, places=places)
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


def keep(tables: Mapping[Table, Measures], *, window: Window, however_many: bool = True) -> None:
    """Tally the days of a period that have no tally yet, for the next time it is measured.

    Args:
        however_many: even where that is most of its days.
    """
    for table, measures in tables.items():
        added = {key: measure for key, measure in measures.items() if is_additive(measure)}
        if added and not window.source:
            _prepare(table, added, window, however_many=however_many)


def has_news(period: Period) -> bool:
    """Whether facts came in for a period since the last of its days was tallied. Queries: 2."""
    tallied = TalliedDay.objects.filter(_in(period)).aggregate(newest=Max("revision"))["newest"]
    if tallied is None:
        return False
    return TouchedDay.objects.filter(_in(period), revision__gt=tallied).exists()


def is_additive(measure: nodes.Measure) -> bool:
    """Whether the figure of a period follows from those of its days."""
    if measure.function not in _ADDED or names_period(measure):
        return False
    return not any(_looks_ahead(node) for node in _rows_in((measure.row, measure.where)))


def names_period(measure: nodes.Measure) -> bool:
    """Whether a measure speaks of the first or the last day of the period."""
    found = _rows_in((measure.row, measure.where))
    return any(isinstance(node, nodes.PeriodBound) for node in found)


def _looks_ahead(node: object) -> bool:
    """Whether a part of a row depends on facts of other days."""
    return isinstance(node, nodes.FieldRef) and node.name == "next_contact_s"


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


def _ordered(measures: Measures) -> list[str]:
    """The measures in the order of their figures; whose rows they are is no part of them."""
    return sorted({_own_text(measure) for measure in measures.values()})


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
) -> dict[date, int]:
    """Bring the tallies of a window up to date.

    They cannot be used where a fact of the window was touched after its watermark: tallies tell of
    the newest state alone. Nor where most days were never tallied, unless ``however_many``: reading
    the facts once is cheaper than tallying them.

    Returns:
        The days that have facts, with the revision of each; nothing where tallies cannot be used.
    """
    touched = _touched(table, window)
    if not touched or any(newest > window.watermark for newest in touched.values()):
        return {}
    name = figures_key(table, measures)
    with transaction.atomic():
        with connection.cursor() as cursor:
            # By hashing, a day is grouped in half the time that sorting its rows takes.
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        kept = dict(_tallied(name, window).values_list("day", "revision"))
        stale = [day for day, newest in touched.items() if kept.get(day) != newest]
        if 2 * len(stale) > len(touched) and not however_many:
            return {}
        if stale:
            _tally(table, measures, window, name, {day: touched[day] for day in stale})
    return touched


def _touched(table: Table, window: Window) -> dict[date, int]:
    """The newest revision of each day of a window that has facts."""
    days = TouchedDay.objects.filter(_in(window.period), fact=table.fact, anchor=table.column)
    return dict(days.order_by().values_list("day").annotate(Max("revision")))


def _tallied(name: str, window: Window) -> QuerySet[TalliedDay]:
    """The days of a window that have a tally for these figures."""
    return TalliedDay.objects.filter(_in(window.period), figures_key=name)


def _in(period: Period) -> Q:
    return within("day", period.starts_on, period.ends_on)


def _tally(
    table: Table, measures: Measures, window: Window, name: str, days: Mapping[date, int]
) -> None:
    """Read these days once, in one query, and keep what each comes to."""
    found = _read_days(table, measures, window, list(days))
    by_day = {day: rows for (day,), rows in found.partition_by("day", as_dict=True).items()}
    nothing = found.clear()
    TalliedDay.objects.filter(figures_key=name, day__in=list(days)).delete()
    TalliedDay.objects.bulk_create(
        TalliedDay(
            figures_key=name,
            day=day,
            revision=revision,
            content=_packed(by_day.get(day, nothing)),
        )
        for day, revision in days.items()
    )


def _read_days(table: Table, measures: Measures, window: Window, days: list[date]) -> pl.DataFrame:
    """One row for each day and combination of stamps: ``day``, ``STAMPS`` and the figures."""
    rows = Rows(period=window.period, watermark=window.watermark)
    facts = frames.facts_in(window, table.fact, column=table.column).filter(
        exclusion_id__isnull=True, **{f"{table.column}__in": days}
    )
    keys = {"tally_day": F(table.column)} | {f"tally_{stamp}": F(stamp) for stamp in STAMPS}
    wanted = _figures(measures)
    figures = {
        name: Cast(frames.aggregate(measure, rows), _KINDS[is_whole(measure)][0])
        for name, measure in wanted.items()
    }
    grouped = facts.order_by().values(**keys).annotate(**figures).values_list(*keys, *figures)
    schema: dict[str, Any] = {"day": pl.Date} | dict.fromkeys(STAMPS, pl.Int64)
    schema |= {name: _KINDS[is_whole(one)][1] for name, one in wanted.items()}
    text = io.BytesIO()
    with connection.cursor() as cursor:
        sql = cursor.mogrify(*grouped.query.get_compiler("default").as_sql()).decode()
        cursor.copy_expert(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", text)
    return pl.read_csv(text.getvalue(), has_header=False, schema=schema)


def _figures(measures: Measures) -> dict[str, nodes.Measure]:
    """The columns of a tally: each different measure by a name that follows from all of them."""
    by_text = {_own_text(measure): measure for measure in measures.values()}
    return {f"figure_{place}": by_text[text] for place, text in enumerate(_ordered(measures))}


def _packed(rows: pl.DataFrame) -> bytes:
    """A table as bytes, its whole numbers as narrow as they fit: read again without unpacking."""
    narrow = [
        column.shrink_dtype() if column.dtype == pl.Int64 else column
        for column in rows.iter_columns()
    ]
    content = io.BytesIO()
    pl.DataFrame(narrow).write_ipc_stream(content)
    return content.getvalue()


def _unpacked(contents: Iterable[bytes]) -> pl.DataFrame:
    """The tables of days as one."""
    days = [pl.read_ipc_stream(io.BytesIO(content)) for content in contents]
    # Each day is as narrow as its own numbers are.
    table = pl.concat(days, how="vertical_relaxed")
    return table.with_columns(pl.col(STAMPS).cast(pl.Int64))


def _contents(
    table: Table, measures: Measures, window: Window, days: Mapping[date, int]
) -> list[bytes] | None:
    """The tallies of a window, day by day; None unless each is of the revision asked for.

    Between their preparation and this, facts may have come in, been tallied by another run, or
    been deleted with all tallies. Queries: 1.
    """
    tallied = _tallied(figures_key(table, measures), window)
    found = list(tallied.order_by("day").values_list("day", "revision", "content"))
    if {day: revision for day, revision, _content in found} != dict(days):
        return None
    return [bytes(content) for _day, _revision, content in found]


def _add_up(
    table: Table, measures: Measures, contents: Iterable[bytes], *, by: By, places: Places
) -> pd.DataFrame:
    """The tallies of days, added up by group."""
    grouped, keys = grouped_by(_unpacked(contents), table, by=by, places=places)
    figures = _figures(measures)
    added = _added(grouped, keys, figures)
    names = {_own_text(measure): name for name, measure in figures.items()}
    columns = {key: added[names[_own_text(measure)]] for key, measure in measures.items()}
    if not keys:
        return pd.DataFrame([{key: column[0] for key, column in columns.items()}], dtype=object)
    rows = zip(*(added[key] for key in keys), *columns.values(), strict=True)
    return frames.frame_of(rows, keys=len(keys), columns=list(columns))


def _added(
    grouped: pl.DataFrame, keys: list[str], figures: Mapping[str, nodes.Measure]
) -> dict[str, list[Any]]:
    """Each figure by group, exactly; None where it has no value on any day."""
    wholes = [_sum_of(name, one) for name, one in figures.items() if is_whole(one)]
    others = [pl.col(name) for name, one in figures.items() if not is_whole(one)]
    chosen = grouped.group_by(keys).agg if keys else grouped.select
    found = chosen(*wholes, *(other if keys else other.implode() for other in others))
    columns = found.to_dict(as_series=False)
    for other in others:
        name = other.meta.output_name()
        columns[name] = [_sum_texts(figures[name].function, texts) for texts in columns[name]]
    return columns


def _sum_of(name: str, measure: nodes.Measure) -> pl.Expr:
    # The days of a year together may need more digits than one day.
    column = pl.col(name).cast(pl.Int128)
    if measure.function == "count":
        return column.sum()
    if measure.function == "sum":
        return pl.when(column.count() > 0).then(column.sum())
    return column.min() if measure.function == "min" else column.max()


def _sum_texts(function: str, texts: list[str | None]) -> Decimal | None:
    """Decimals are added as they are written, to the last digit."""
    values = [Decimal(text) for text in texts if text is not None]
    if not values:
        return None
    if function != "sum":
        return min(values) if function == "min" else max(values)
    with localcontext(prec=_DIGITS):
        return sum(values, Decimal(0))
