"""Good rows into the facts: each number once, stamped with the place of its agent on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl
from django.db import connection
from psycopg2 import sql

from agents import periods
from agents.models import Assignment
from agents.selectors import stays_in
from kpi.intake.replacing import former_exclusions, replace_rows
from kpi.intake.staging import STAGED, choose_plan, copy_into, stage_numbers
from kpi.models import Fact, Figure

_PLACES: Final = ("team_id", "position_id", "shift_id")
_ASSIGNED: Final = ("agent_id", "starts_on", "ends_on", *_PLACES)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every fact of one import carries, and whether it corrects those already there."""

    source: str
    batch_id: int
    revision: int
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Promoted:
    """How many rows were stored, and of these, how many replaced others and stay excluded.

    ``days``: the first and the last day that the replaced rows had, if there were any.
    """

    stored: int = 0
    replaced: int = 0
    excluded: int = 0
    days: tuple[date, ...] = ()


def promote_rows(model: type[Fact], rows: pl.DataFrame, stamp: Stamp) -> Promoted:
    """Store the rows whose number is not valid already; a correction replaces what differs.

    The caller holds the lock of revisions, so nobody stores facts meanwhile: what is not there
    now can be loaded straight into the indexed table, which costs half of what a second copy
    out of a staging table does.

    Args:
        rows: columns as the database names the fact's, and ``queue_team_id``.

    Returns:
        What was stored; the other rows were there before.
    """
    there = _there(model, rows, stamp.source)
    is_there = pl.col("external_id").is_in(there.implode())
    added = _add(model, rows.filter(~is_there), stamp)
    if not stamp.corrects or there.is_empty():
        return added
    replaced = _replace(model, rows.filter(is_there), stamp)
    return Promoted(
        added.stored + replaced.stored,
        replaced.replaced,
        added.excluded + replaced.excluded,
        replaced.days,
    )


def _add(model: type[Fact], fresh: pl.DataFrame, stamp: Stamp) -> Promoted:
    """Rows whose number is not there; those excluded before an undo are excluded again."""
    if fresh.is_empty():
        return Promoted()
    placed = _placed(model, fresh).with_columns(
        pl.lit(stamp.source).alias("source"),
        pl.lit(stamp.batch_id).alias("batch_id"),
        pl.lit(stamp.revision).alias("valid_from"),
    )
    excluded = 0
    former = former_exclusions(model, fresh.height, source=stamp.source)
    if not former.is_empty():
        placed = placed.join(former, on="external_id", how="left", maintain_order="left")
        excluded = placed["exclusion_id"].count()
    copy_into(model, _without_gaps(model, placed))
    return Promoted(fresh.height, excluded=excluded)


def _replace(model: type[Fact], known: pl.DataFrame, stamp: Stamp) -> Promoted:
    placed = _placed(model, known)
    done = replace_rows(
        model,
        _without_gaps(model, placed).select(placed.columns),
        source=stamp.source,
        batch_id=stamp.batch_id,
        revision=stamp.revision,
    )
    days = tuple(day for day in (done.first_day, done.last_day) if day)
    return Promoted(done.rows, done.rows, done.excluded, days)


def _there(model: type[Fact], rows: pl.DataFrame, source: str) -> pl.Series:
    """The numbers among the rows that stand for a valid fact of the source."""
    stage_numbers(rows["external_id"])
    statement = sql.SQL(
        "SELECT s.external_id FROM {staged} s WHERE EXISTS (SELECT FROM {facts} f WHERE "
        "f.source = {source} AND f.external_id = s.external_id AND f.valid_until IS NULL)"
    ).format(
        staged=STAGED,
        facts=sql.Identifier(model._meta.db_table),
        source=sql.Literal(source),
    )
    with connection.cursor() as cursor:
        choose_plan(cursor, rows.height)
        cursor.execute(statement)
        return pl.Series("there", [row[0] for row in cursor.fetchall()], dtype=pl.String)


def _placed(model: type[Fact], rows: pl.DataFrame) -> pl.DataFrame:
    """Team, position and shift of the assignment that holds on the day of each row.

    A figure has those of most days of its month; a row without an agent has its queue's team.
    """
    wanted = rows.select("agent_id", "day").drop_nulls().unique().sort("day")
    places = _of_months(wanted) if model is Figure else _of_days(wanted)
    joined = rows.join(places, on=["agent_id", "day"], how="left", maintain_order="left")
    team = pl.coalesce("team_id", "queue_team_id")
    return joined.with_columns(team.alias("team_id")).drop("queue_team_id")


def _of_months(wanted: pl.DataFrame) -> pl.DataFrame:
    """The places held most days of the months of these days. Queries: 1 for each month."""
    month = pl.col("day").dt.truncate("1mo").alias("month")
    dated = wanted.with_columns(month)
    held = [
        (agent, first_day, stay.team_id, stay.position_id, stay.shift_id)
        for first_day in dated["month"].unique().sort()
        for agent, stay in stays_in(periods.holding(first_day, "month")).items()
    ]
    schema: dict[str, Any] = {"agent_id": pl.Int64, "month": pl.Date}
    schema |= dict.fromkeys(_PLACES, pl.Int64)
    places = pl.DataFrame(held, schema=schema, orient="row")
    return dated.join(places, on=["agent_id", "month"], how="left").drop("month")


def _of_days(wanted: pl.DataFrame) -> pl.DataFrame:
    """The places held on these days."""
    assigned = _assignments(wanted["agent_id"].unique().to_list())
    held = wanted.join_asof(
        assigned, left_on="day", right_on="starts_on", by="agent_id", check_sortedness=False
    )
    ended = pl.col("ends_on") <= pl.col("day")
    return held.select(
        "agent_id",
        "day",
        *(
            pl.when(ended.fill_null(value=False)).then(None).otherwise(name).alias(name)
            for name in _PLACES
        ),
    )


def _assignments(agents: list[int]) -> pl.DataFrame:
    found = Assignment.objects.filter(agent__in=agents).order_by("starts_on")
    schema: dict[str, Any] = dict.fromkeys(_ASSIGNED, pl.Int64)
    schema |= {"starts_on": pl.Date, "ends_on": pl.Date}
    return pl.DataFrame(list(found.values_list(*_ASSIGNED)), schema=schema, orient="row")


def _without_gaps(model: type[Fact], rows: pl.DataFrame) -> pl.DataFrame:
    """Values for columns that may not be empty, where the file says nothing."""
    filled = []
    for field in model._meta.concrete_fields:
        if field.null or not field.column or not field.has_default():
            continue
        empty = "{}" if field.get_internal_type() == "JSONField" else str(field.get_default())
        value = pl.lit(empty)
        if field.column in rows.columns:
            value = pl.col(field.column).cast(pl.String).fill_null(empty)
        filled.append(value.alias(field.column))
    return rows.with_columns(filled)
