"""Facts closed and copied: the only two things that ever happen to a stored row."""

from __future__ import annotations

from django.db import connection
from psycopg2 import sql

from kpi.models import FACT_MODELS, Fact, ImportBatch


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


def replace_fact(fact: Fact, *, revision: int, exclusion_id: int | None) -> int:
    """Close a row and add it again, excluded or not.

    Returns:
        The id of the new row.
    """
    model = type(fact)
    model._default_manager.filter(pk=fact.pk).update(valid_until=revision)
    copied = {
        field.column: sql.Identifier(field.column)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    }
    changed = {
        **copied,
        "valid_from": sql.Literal(revision),
        "valid_until": sql.Literal(None),
        "exclusion_id": sql.Literal(exclusion_id),
    }
    table = sql.Identifier(model._meta.db_table)
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = {id} RETURNING id"
    ).format(
        table=table,
        names=sql.SQL(", ").join(map(sql.Identifier, changed)),
        values=sql.SQL(", ").join(changed.values()),
        id=sql.Literal(fact.pk),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
