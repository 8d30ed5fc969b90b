"""Frames into the database by COPY: numbers of rows to compare, and finished rows."""

from __future__ import annotations

import io
from typing import Final

import polars as pl
from django.db import connection, models
from psycopg2 import sql

STAGED: Final = sql.Identifier("staged_numbers")
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


def copy_into(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Load rows into a table; the columns of the frame are named as the table's."""
    copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, frame.columns)),
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
