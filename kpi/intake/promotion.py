"""From the staging table into the facts, in one transaction: stamped, and each number once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg2 import sql

from kpi.intake.staging import STAGED
from kpi.models import Fact

_FEW_ROWS = 20_000
_STAMPS = ("team_id", "position_id", "shift_id")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every fact of one import carries."""

    source: str
    batch_id: int
    revision: int


def promote_rows(model: type[Fact], staged: tuple[str, ...], stamp: Stamp, *, rows: int) -> int:
    """Store the staged rows whose number is not valid already.

    Team, position and shift are those of the agent's assignment on the day of the fact; a fact
    without an agent has its queue's team. The caller holds the lock of revisions, so nobody
    stores facts meanwhile.

    Args:
        rows: how many were staged.

    Returns:
        How many were stored; the others were there before.
    """
    constants: dict[str, Any] = {
        "source": stamp.source,
        "batch_id": stamp.batch_id,
        "valid_from": stamp.revision,
    }
    chosen = {name: _staged(model, name) for name in staged}
    chosen |= {name: sql.Literal(value) for name, value in constants.items()}
    chosen |= {name: sql.SQL("a.{}").format(sql.Identifier(name)) for name in _STAMPS}
    chosen["team_id"] = sql.SQL("coalesce(a.team_id, s.queue_team_id)")
    for name, default in _defaults(model).items():
        chosen.setdefault(name, sql.Literal(default))
    with connection.cursor() as cursor:
        _choose_plan(cursor, rows)
        cursor.execute(_statement(model, chosen, stamp.source))
        return int(cursor.rowcount)


def _choose_plan(cursor: CursorWrapper, rows: int) -> None:
    """Compare many rows by hash, few by index.

    Statistics of a table that has just grown say that it is small, and the planner would then
    read all of it once for every row.
    """
    by_hash = rows > _FEW_ROWS
    cursor.execute(
        "SELECT set_config('enable_nestloop', %s, true), set_config('enable_seqscan', %s, true)",
        ["off" if by_hash else "on", "on" if by_hash else "off"],
    )


def _statement(model: type[Fact], chosen: dict[str, sql.Composable], source: str) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO {facts} ({names}) SELECT {values} FROM {staged} s "
        "LEFT JOIN agents_assignment a ON a.agent_id = s.agent_id AND a.starts_on <= s.day "
        "AND (a.ends_on IS NULL OR a.ends_on > s.day) "
        "WHERE NOT EXISTS (SELECT FROM {facts} f WHERE f.source = {source} "
        "AND f.external_id = s.external_id AND f.valid_until IS NULL)"
    ).format(
        facts=sql.Identifier(model._meta.db_table),
        names=sql.SQL(", ").join(map(sql.Identifier, chosen)),
        values=sql.SQL(", ").join(chosen.values()),
        staged=STAGED,
        source=sql.Literal(source),
    )


def _staged(model: type[Fact], name: str) -> sql.Composable:
    column = sql.SQL("s.{}").format(sql.Identifier(name))
    defaults = _defaults(model)
    if name not in defaults:
        return column
    return sql.SQL("coalesce({}, {})").format(column, sql.Literal(defaults[name]))


def _defaults(model: type[Fact]) -> dict[str, Any]:
    """Values of columns that may not be empty, where a file says nothing."""
    return {
        field.column: "{}" if field.get_internal_type() == "JSONField" else field.get_default()
        for field in model._meta.concrete_fields
        if field.column and field.has_default() and not field.null
    }
