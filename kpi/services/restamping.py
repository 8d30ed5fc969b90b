"""Facts follow when people are moved for days that are already imported."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction
from psycopg2 import sql

from agents.models import Agent, User
from kpi.models import FACT_MODELS, Fact, FactRevision
from kpi.services.revisions import next_revision

_STAMPS = ("team_id", "position_id", "shift_id")

# The rows of one agent whose stamps are not those of the assignment on their day.
_MISPLACED = """
SELECT f.id, {placed} FROM {table} f
LEFT JOIN agents_assignment a ON a.agent_id = f.agent_id AND a.starts_on <= f.day
    AND (a.ends_on IS NULL OR a.ends_on > f.day)
WHERE f.agent_id = {agent} AND f.day >= {from_day} AND f.valid_until IS NULL
    AND ({stamps}) IS DISTINCT FROM ({placed})
"""
_FIND = "SELECT EXISTS (" + _MISPLACED + ")"
_REPLACE = (
    "WITH misplaced AS (" + _MISPLACED + "), closed AS ("
    " UPDATE {table} f SET valid_until = {revision} FROM misplaced m WHERE f.id = m.id"
    " RETURNING f.*, {given}) "
    "INSERT INTO {table} ({names}) SELECT {values} FROM closed"
)


@transaction.atomic
def restamp_facts(
    *, agent: Agent, from_day: date, made_by: User | None, now: datetime
) -> FactRevision | None:
    """Close the facts that carry a place the agent did not hold, and add them with the right one.

    A run computed before keeps its watermark and comes out as it did.

    Args:
        from_day: earlier facts are left alone.
    Returns:
        The revision that did it, None when every fact was right.
    Queries: one for each fact table, and one more for each that changes.
    """
    wrong = [model for model in FACT_MODELS.values() if _is_misplaced(model, agent, from_day)]
    if not wrong:
        return None
    revision = next_revision(reason=FactRevision.Reason.RESTAMP, made_by=made_by, now=now)
    for model in wrong:
        _run(_REPLACE, model, agent, from_day, revision.pk)
    return revision


def _is_misplaced(model: type[Fact], agent: Agent, from_day: date) -> bool:
    return bool(_run(_FIND, model, agent, from_day, 0)[0][0])


def _run(
    statement: str, model: type[Fact], agent: Agent, from_day: date, revision: int
) -> list[tuple[object, ...]]:
    copied = [
        field.column
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]
    new = {name: sql.Identifier(f"new_{name}") for name in _STAMPS}
    new |= {"valid_from": sql.Literal(revision), "valid_until": sql.Literal(None)}
    query = sql.SQL(statement).format(
        table=sql.Identifier(model._meta.db_table),
        agent=sql.Literal(agent.pk),
        from_day=sql.Literal(from_day),
        revision=sql.Literal(revision),
        stamps=sql.SQL(", ").join(sql.Identifier("f", name) for name in _STAMPS),
        placed=sql.SQL(", ").join(sql.Identifier("a", name) for name in _STAMPS),
        given=sql.SQL(", ").join(
            sql.SQL("{} AS {}").format(sql.Identifier("m", name), new[name]) for name in _STAMPS
        ),
        names=sql.SQL(", ").join(map(sql.Identifier, copied)),
        values=sql.SQL(", ").join(new.get(name, sql.Identifier(name)) for name in copied),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []
