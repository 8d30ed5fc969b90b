"""Corrections: stored rows that a file contradicts are closed, and added as it has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from django.db import connection
from psycopg2 import sql

from kpi.intake.fields import DAY_OF
from kpi.intake.staging import (
    STAGED,
    STAGED_ROWS,
    choose_plan,
    facts_columns,
    stage_numbers,
    stage_rows,
)
from kpi.models import Exclusion, Fact

# Where a row stands in the file, and what follows from its other values.
_NOT_COMPARED: Final = frozenset(
    {"line", "external_id", "team_id", "position_id", "shift_id", "solved_day"}
)
_ANCHORS: Final = frozenset(name for names in DAY_OF.values() for name in names)

_REPLACE: Final = sql.SQL("""
WITH closed AS (
    UPDATE {table} f SET valid_until = {revision} FROM {staged} s
    WHERE f.source = {source} AND f.external_id = s.external_id AND f.valid_until IS NULL
        AND ({stored}) IS DISTINCT FROM ({said})
    RETURNING f.*, {given}
),
added AS (INSERT INTO {table} ({names}) SELECT {values} FROM closed)
SELECT count(*), count(exclusion_id), min(day), max(day) FROM closed
""")
_PLACES: Final = sql.SQL("""
SELECT s.external_id, f.agent_id, f.team_id FROM {staged} s JOIN {table} f
ON f.source = {source} AND f.external_id = s.external_id AND f.valid_until IS NULL
""")
_EXCLUDED: Final = sql.SQL("""
SELECT DISTINCT ON (f.external_id) f.external_id, f.exclusion_id
FROM {table} f JOIN {staged} s ON s.external_id = f.external_id
JOIN {exclusions} e ON e.id = f.exclusion_id
WHERE f.source = {source} AND f.exclusion_id IS NOT NULL AND f.valid_until IS NOT NULL
    AND e.lifted_at IS NULL
ORDER BY f.external_id, f.valid_from DESC
""")


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many rows were replaced, how many of them stay excluded, and the days they had."""

    rows: int
    excluded: int
    first_day: date | None
    last_day: date | None


def replace_rows(
    model: type[Fact], rows: pl.DataFrame, *, source: str, batch_id: int, revision: int
) -> Replaced:
    """Close the valid rows of these numbers that say something else, and add the rows given.

    Only the columns given are compared; what the file does not feed stays as it was stored. An
    excluded row is excluded afterwards too.

    Args:
        rows: columns as the database names the fact's; each number once.
    Queries: 5, whatever the number of rows.
    """
    stage_rows(model, rows)
    compared = [name for name in rows.columns if _is_compared(name, rows.columns)]
    given = [name for name in rows.columns if name != "external_id"]
    values: dict[str, sql.Composable] = {name: sql.Identifier(f"new_{name}") for name in given}
    values |= {
        "batch_id": sql.Literal(batch_id),
        "valid_from": sql.Literal(revision),
        "valid_until": sql.Literal(None),
    }
    names = facts_columns(model)
    statement = _REPLACE.format(
        table=sql.Identifier(model._meta.db_table),
        staged=STAGED_ROWS,
        source=sql.Literal(source),
        revision=sql.Literal(revision),
        stored=_listed(sql.Identifier("f", name) for name in compared),
        said=_listed(sql.Identifier("s", name) for name in compared),
        given=_listed(
            sql.SQL("{} AS {}").format(sql.Identifier("s", name), values[name]) for name in given
        ),
        names=_listed(map(sql.Identifier, names)),
        values=_listed(values.get(name, sql.Identifier(name)) for name in names),
    )
    with connection.cursor() as cursor:
        choose_plan(cursor, rows.height)
        cursor.execute(statement)
        return Replaced(*cursor.fetchone())


def _is_compared(name: str, columns: list[str]) -> bool:
    """A day is compared only where the file gives it, not where it follows from a moment."""
    if name == "day":
        return not _ANCHORS & {*columns}
    return name not in _NOT_COMPARED


def keep_places(
    rows: pl.DataFrame, model: type[Fact], *, source: str, names_agents: bool
) -> pl.DataFrame:
    """Leave rows with whom they are stored, where a correction says nothing of people or queues.

    Args:
        rows: columns as the database names them, with ``agent_id`` and ``queue_team_id``.
    """
    names_queues = "queue" in rows.columns
    if names_agents and names_queues:
        return rows
    stored = _stored_places(model, rows["external_id"], source)
    joined = rows.join(stored, on="external_id", how="left", maintain_order="left")
    agent, team = pl.col("agent_id"), pl.col("queue_team_id")
    if not names_agents:
        agent = pl.coalesce(agent, "stored_agent")
    if not names_queues:
        nobodys = agent.is_null() & pl.col("stored_agent").is_null()
        team = pl.when(nobodys).then(pl.coalesce(team, "stored_team")).otherwise(team)
    kept = joined.with_columns(agent.alias("agent_id"), team.alias("queue_team_id"))
    return kept.drop("stored_agent", "stored_team")


def _stored_places(model: type[Fact], numbers: pl.Series, source: str) -> pl.DataFrame:
    stage_numbers(numbers)
    schema = {"external_id": pl.String, "stored_agent": pl.Int64, "stored_team": pl.Int64}
    return _found(_PLACES, model, source, numbers.len(), schema)


def former_exclusions(model: type[Fact], rows: int, *, source: str) -> pl.DataFrame:
    """``external_id`` and ``exclusion_id`` of staged numbers that counted nowhere before.

    A file that is imported again after an undo must not make a row count again that somebody
    excluded: the exclusion holds until it is lifted. The numbers are those staged last.

    Queries: 1 where nothing at all is excluded.
    """
    schema = {"external_id": pl.String, "exclusion_id": pl.Int64}
    if not Exclusion.objects.filter(lifted_at=None).exists():
        return pl.DataFrame(schema=schema)
    return _found(_EXCLUDED, model, source, rows, schema)


def _found(
    query: sql.SQL, model: type[Fact], source: str, rows: int, schema: dict[str, type[pl.DataType]]
) -> pl.DataFrame:
    statement = query.format(
        table=sql.Identifier(model._meta.db_table),
        staged=STAGED,
        source=sql.Literal(source),
        exclusions=sql.Identifier(Exclusion._meta.db_table),
    )
    with connection.cursor() as cursor:
        choose_plan(cursor, rows)
        cursor.execute(statement)
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")


def _listed(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)
