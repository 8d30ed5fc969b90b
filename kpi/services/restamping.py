"""Facts follow when people are moved for days that are already imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from psycopg2 import sql

from agents.models import Agent, User
from kpi.models import FACT_MODELS, Fact, FactRevision, Figure
from kpi.services.revisions import next_revision

_STAMPS = ("team_id", "position_id", "shift_id")

# The rows of one agent whose stamps are not those of the place that they belong to.
_MISPLACED = sql.SQL("""
SELECT f.id, {placed} FROM {table} f {places}
WHERE f.agent_id = {agent} AND f.day >= {from_day} AND f.valid_until IS NULL
    AND ({stamps}) IS DISTINCT FROM ({placed})
""")
# Of a fact: the assignment on its day.
_ON_THE_DAY = sql.SQL("""
LEFT JOIN agents_assignment a ON a.agent_id = f.agent_id AND a.starts_on <= f.day
    AND (a.ends_on IS NULL OR a.ends_on > f.day)
""")
# Of a figure, which is given for a period: what was held most days of its month, else the later.
_MOST_OF_THE_MONTH = sql.SQL("""
CROSS JOIN LATERAL (
    SELECT date_trunc('month', f.day)::date AS starts_on,
        (date_trunc('month', f.day) + interval '1 month')::date AS ends_on
) m
CROSS JOIN LATERAL (SELECT {longest}) a
""")
_LONGEST = sql.SQL("""(
    SELECT h.{stamp} FROM agents_assignment h
    WHERE h.agent_id = f.agent_id AND h.starts_on < m.ends_on
        AND (h.ends_on IS NULL OR h.ends_on > m.starts_on)
    GROUP BY h.{stamp}
    ORDER BY sum(least(coalesce(h.ends_on, m.ends_on), m.ends_on)
        - greatest(h.starts_on, m.starts_on)) DESC, max(h.starts_on) DESC
    LIMIT 1
) AS {stamp}""")
_FIND = sql.SQL("SELECT EXISTS ({misplaced})")
_REPLACE = sql.SQL("""
WITH misplaced AS ({misplaced}),
closed AS (
    UPDATE {table} f SET valid_until = {revision} FROM misplaced m WHERE f.id = m.id
    RETURNING f.*, {given}
)
INSERT INTO {table} ({names}) SELECT {values} FROM closed
""")


@transaction.atomic
def restamp_facts(
    *, agent: Agent, from_day: date, made_by: User | None, now: datetime
) -> FactRevision | None:
    """Close the facts that carry a place the agent did not hold, and add them with the right one.

    A run computed before keeps its watermark and comes out as it did.

    Args:
        from_day: earlier facts are left alone, save the figures of its month.
    Returns:
        The revision that did it, None when every fact was right.
    Queries: one for each fact table, and one more for each that changes.
    """
    wrong = [model for model in FACT_MODELS.values() if _is_misplaced(model, agent, from_day)]
    if not wrong:
        return None
    revision = next_revision(reason=FactRevision.Reason.RESTAMP, made_by=made_by, now=now)
    for model in wrong:
        _replace(model, agent, from_day, revision.pk)
    return revision


def _is_misplaced(model: type[Fact], agent: Agent, from_day: date) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(misplaced=_misplaced(model, agent, from_day)))
        return bool(cursor.fetchone()[0])


def _replace(model: type[Fact], agent: Agent, from_day: date, revision: int) -> None:
    copied = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated
    ]
    new: dict[str, sql.Composable] = {name: sql.Identifier(f"new_{name}") for name in _STAMPS}
    given = [sql.SQL("{} AS {}").format(sql.Identifier("m", name), new[name]) for name in _STAMPS]
    new |= {"valid_from": sql.Literal(revision), "valid_until": sql.Literal(None)}
    statement = _REPLACE.format(
        misplaced=_misplaced(model, agent, from_day),
        table=sql.Identifier(model._meta.db_table),
        revision=sql.Literal(revision),
        given=_listed(given),
        names=_listed(map(sql.Identifier, copied)),
        values=_listed(new.get(name, sql.Identifier(name)) for name in copied),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _misplaced(model: type[Fact], agent: Agent, from_day: date) -> sql.Composed:
    longest = (_LONGEST.format(stamp=sql.Identifier(name)) for name in _STAMPS)
    return _MISPLACED.format(
        table=sql.Identifier(model._meta.db_table),
        places=_MOST_OF_THE_MONTH.format(longest=_listed(longest))
        if model is Figure
        else _ON_THE_DAY,
        agent=sql.Literal(agent.pk),
        from_day=sql.Literal(from_day.replace(day=1) if model is Figure else from_day),
        stamps=_listed(sql.Identifier("f", name) for name in _STAMPS),
        placed=_listed(sql.Identifier("a", name) for name in _STAMPS),
    )


def _listed(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)
