"""Typed rows into a temporary table of this session, by COPY."""

from __future__ import annotations

import io
from typing import Final

import polars as pl
from django.db import connection, models
from psycopg2 import sql

from kpi.models import Fact

STAGED: Final = sql.Identifier("staged_rows")
# Columns of the staging table that are no columns of the fact.
_EXTRA: Final = {"queue_team_id": "bigint"}
_COPY_BYTES = 1 << 20


def stage_rows(model: type[Fact], frame: pl.DataFrame) -> tuple[str, ...]:
    """Load rows into the staging table, made anew, inside a transaction.

    Args:
        frame: columns named as the database names the fact's, and ``queue_team_id``.

    Returns:
        The columns of the fact that were staged.
    """
    types = {name: _type(model, name) for name in frame.columns}
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in types.items()
    )
    names = sql.SQL(", ").join(map(sql.Identifier, types))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(STAGED))
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(STAGED, columns)
        )
        copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv)").format(STAGED, names)
        cursor.copy_expert(copy, copy_text(frame), _COPY_BYTES)
    return tuple(name for name in types if name not in _EXTRA)


def copy_into(model: type[models.Model], frame: pl.DataFrame) -> None:
    """Load rows straight into a table; empty text stays text."""
    names = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({}))").format(
        sql.Identifier(model._meta.db_table),
        names,
        sql.SQL(", ").join(
            sql.Identifier(name) for name, kind in frame.schema.items() if kind == pl.String
        ),
    )
    with connection.cursor() as cursor:
        cursor.copy_expert(copy, copy_text(frame), _COPY_BYTES)


def copy_text(frame: pl.DataFrame) -> io.BytesIO:
    """Rows as COPY's CSV reads them: missing is nothing, times are UTC."""
    buffer = io.BytesIO()
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    frame.with_columns(pl.col(moments).dt.replace_time_zone(None)).write_csv(
        buffer, include_header=False, datetime_format="%Y-%m-%d %H:%M:%S%.6f+00"
    )
    buffer.seek(0)
    return buffer


def _type(model: type[Fact], name: str) -> str:
    if name in _EXTRA:
        return _EXTRA[name]
    field = next(field for field in model._meta.concrete_fields if field.column == name)
    if isinstance(field, models.ForeignKey):
        return "bigint"
    kind = field.db_type(connection)
    if kind is None:
        raise ValueError(f"{name} is no column.")
    return kind
