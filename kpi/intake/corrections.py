"""Facts closed and copied: the only two things that ever happen to a stored row."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet
from psycopg2 import sql

from agents.models import Assignment
from kpi.intake.staging import facts_columns
from kpi.models import FACT_MODELS, Fact, ImportBatch

# The newest earlier row of each number that an undo just closed, unless its import was undone
# too; with the place that its agent has by now, and the exclusion that holds by now.
_BRING_BACK: Final = sql.SQL("""
INSERT INTO {table} ({names}) SELECT {values} FROM (
    SELECT DISTINCT ON (c.id) f.*, c.exclusion_id AS kept_exclusion
    FROM {table} c
    JOIN {table} f ON f.source = c.source AND f.external_id = c.external_id
        AND f.valid_until <= c.valid_from AND f.batch_id IS DISTINCT FROM c.batch_id
    LEFT JOIN {batches} b ON b.id = f.batch_id
    WHERE c.batch_id = {batch} AND c.valid_until = {revision}
        AND c.day BETWEEN {first_day} AND {last_day} AND b.state IS DISTINCT FROM {undone}
    ORDER BY c.id, f.valid_from DESC
) e
LEFT JOIN {assignments} a ON a.agent_id = e.agent_id AND a.starts_on <= e.day
    AND (a.ends_on IS NULL OR a.ends_on > e.day)
""")
_REPLACE: Final = sql.SQL("""
WITH closed AS (
    UPDATE {table} SET valid_until = {revision}
    WHERE id IN ({chosen}) AND valid_until IS NULL RETURNING *
),
added AS (INSERT INTO {table} ({names}) SELECT {values} FROM closed)
SELECT count(*) FROM closed
""")
_STAMPS: Final = ("team_id", "position_id", "shift_id")


def close_batch(batch: ImportBatch, revision: int) -> int:
    """Close every row of a batch that is still valid, of its second kind too; say how many."""
    closed = 0
    for kind in (batch.kind, batch.also_kind):
        if kind and batch.first_day and batch.last_day:
            facts = FACT_MODELS[kind]._default_manager.filter(
                batch=batch,
                valid_until=None,
                day__gte=batch.first_day,
                day__lte=batch.last_day,
            )
            closed += facts.update(valid_until=revision)
    return closed


def bring_back(batch: ImportBatch, revision: int) -> None:
    """Add again what the rows of a batch replaced, once an undo has closed them.

    A row that a later correction replaced in turn stays as that correction left it.
    """
    for kind in (batch.kind, batch.also_kind):
        if kind and batch.first_day and batch.last_day:
            _bring_back(FACT_MODELS[kind], batch, revision)


def _bring_back(model: type[Fact], batch: ImportBatch, revision: int) -> None:
    names = facts_columns(model)
    new: dict[str, sql.Composable] = {
        name: sql.SQL("CASE WHEN e.agent_id IS NULL THEN {} ELSE {} END").format(
            sql.Identifier("e", name), sql.Identifier("a", name)
        )
        for name in _STAMPS
    }
    new |= {
        "valid_from": sql.Literal(revision),
        "valid_until": sql.Literal(None),
        "exclusion_id": sql.Identifier("e", "kept_exclusion"),
    }
    statement = _BRING_BACK.format(
        table=sql.Identifier(model._meta.db_table),
        batches=sql.Identifier(ImportBatch._meta.db_table),
        assignments=sql.Identifier(Assignment._meta.db_table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(new.get(name, sql.Identifier("e", name)) for name in names),
        batch=sql.Literal(batch.pk),
        revision=sql.Literal(revision),
        first_day=sql.Literal(batch.first_day),
        last_day=sql.Literal(batch.last_day),
        undone=sql.Literal(ImportBatch.State.UNDONE.value),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def replace_facts(rows: QuerySet[Any], *, revision: int, exclusion_id: int | None) -> int:
    """Close valid rows and add them again, excluded or not; say how many.

    Args:
        rows: of one kind of fact, as they are now.
    Queries: 1, whatever the number of rows.
    """
    model = rows.model
    chosen, parameters = rows.order_by().values("pk").query.sql_with_params()
    names = facts_columns(model)
    changed = {
        "valid_from": sql.Literal(revision),
        "valid_until": sql.Literal(None),
        "exclusion_id": sql.Literal(exclusion_id),
    }
    statement = _REPLACE.format(
        table=sql.Identifier(model._meta.db_table),
        chosen=sql.SQL(chosen),
        revision=sql.Literal(revision),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        values=sql.SQL(", ").join(changed.get(name, sql.Identifier(name)) for name in names),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
