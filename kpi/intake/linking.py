"""Whose an answer or a review is, where the file names only the contact or the ticket."""

from __future__ import annotations

import polars as pl
from django.db import connection
from psycopg2 import sql

from kpi.intake.fields import LINKS
from kpi.intake.staging import STAGED, stage_numbers
from kpi.models import FACT_MODELS


def fill_agents(frame: pl.DataFrame, *, source: str) -> pl.DataFrame:
    """Give rows without an agent the one of the contact or ticket they point to.

    A contact of the same source is meant before one of another; where several of other
    sources have the number, only one whose agent they share.

    Args:
        frame: columns as the database names them; ``agent_id``, and ``contact`` or ``ticket``.
    """
    for kind, link in LINKS.items():
        if link not in frame.columns:
            continue
        wanted = frame.filter(pl.col("agent_id").is_null())[link].drop_nulls().unique()
        if wanted.is_empty():
            continue
        owners = _owners(kind, wanted, source)
        joined = frame.join(
            owners, left_on=link, right_on="number", how="left", maintain_order="left"
        )
        frame = joined.with_columns(pl.coalesce("agent_id", "owner").alias("agent_id")).drop(
            "owner"
        )
    return frame


def _owners(kind: str, numbers: pl.Series, source: str) -> pl.DataFrame:
    """``number`` and ``owner`` of the valid facts with these numbers."""
    stage_numbers(numbers.alias("external_id"))
    statement = sql.SQL(
        "SELECT f.external_id, f.agent_id, f.source = {source} FROM {facts} f "
        "JOIN {staged} s USING (external_id) "
        "WHERE f.valid_until IS NULL AND f.agent_id IS NOT NULL"
    ).format(
        source=sql.Literal(source),
        facts=sql.Identifier(FACT_MODELS[kind]._meta.db_table),
        staged=STAGED,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement)
        rows = cursor.fetchall()
    schema = {"number": pl.String, "owner": pl.Int64, "is_own": pl.Boolean}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    nearest = found.filter(pl.col("is_own") == pl.col("is_own").any().over("number"))
    by_number = nearest.group_by("number").agg(pl.col("owner").unique())
    return by_number.filter(pl.col("owner").list.len() == 1).with_columns(
        pl.col("owner").list.first()
    )
