"""Frames into the database by COPY: numbers of rows to compare, and finished rows."""

from __future__ import annotations

import io
from typing import Final

import polars as pl
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

STAGED: Final = sql.Identifier("staged_numbers")
STAGED_ROWS: Final = sql.Identifier("staged_rows")
_FEW_ROWS: Final = 20_000
_COPY_BYTES = 1 << 20


def stage_numbers(numbers: pl.Series) -> None:
    """Load the numbers of a file's rows into a temporary table of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(STAGED))
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (external_id text) ON COMMIT DROP").format(STAGED)
        )
        copy = sql.SQL("COPY {} FROM STDIN WITH (FORMAT csv)").format(STAGED)
        cursor.copy_expert(copy, copy_text(numbers.to_frame()), _COPY_BYTES)


def stage_rows(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Load rows into a temporary table of this transaction, typed as the model's columns are."""
    statement = sql.SQL(
        "DROP TABLE IF EXISTS {staged}; "
        "CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
    ).format(
        staged=STAGED_ROWS,
        names=sql.SQL(", ").join(map(sql.Identifier, frame.columns)),
        table=sql.Identifier(model._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
    _copy(STAGED_ROWS, frame)


def choose_plan(cursor: CursorWrapper, rows: int) -> None:
    """Compare many rows by hash, few by index.

    Statistics of a table that has just grown say that it is small, and the planner would then
    read all of it once for every row.
    """
    by_hash = rows > _FEW_ROWS
    cursor.execute(
        "SELECT set_config('enable_nestloop', %s, true), set_config('enable_seqscan', %s, true)",
        ["off" if by_hash else "on", "on" if by_hash else "off"],
    )


def facts_columns(model: type[models.Model]) -> list[str]:
    """The columns in which a copy of a row is its like: all but its key and what is derived."""
    return [
        str(field.column)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]


def copy_into(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Load rows into a table; the columns of the frame are named as the table's."""
    _copy(sql.Identifier(model._meta.db_table), frame)


def _copy(table: sql.Identifier, frame: pl.DataFrame) -> None:
    copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        table, sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(copy, copy_text(frame), _COPY_BYTES)


def copy_text(frame: pl.DataFrame) -> io.BytesIO:
    """Rows as COPY's CSV reads them: missing is nothing, empty text is "", times are UTC."""
    buffer = io.BytesIO()
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    frame.with_columns(pl.col(moments).dt.replace_time_zone(None)).write_csv(
        buffer, include_header=False, datetime_format="%Y-%m-%d %H:%M:%S%.6f+00"
    )
    buffer.seek(0)
    return buffer
