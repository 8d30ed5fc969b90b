"""Facts and people for tests, written straight into the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from agents import services
from agents.models import Agent, Position, Shift, Team, User
from kpi.models import FACT_MODELS, Fact
from kpi.services.revisions import next_revision

NOW = datetime(2026, 11, 3, 8, 40, tzinfo=UTC)
OCTOBER_1 = date(2026, 10, 1)

# What a fact table insists on and most tests do not care about.
_NEEDED: dict[str, dict[str, Any]] = {
    "contacts": {"started_at": datetime(2026, 10, 1, 9, 0, tzinfo=UTC)},
    "tickets": {"created_at": datetime(2026, 10, 1, 9, 0, tzinfo=UTC)},
}


def add_facts(kind: str, rows: list[dict[str, Any]], *, agent: Agent | None = None) -> list[Fact]:
    """Add facts under a revision of their own; a row names only what matters."""
    with transaction.atomic():
        revision = next_revision(reason="import", made_by=None, now=NOW)
        facts = [
            _fact(kind, row, number, revision.pk, agent) for number, row in enumerate(rows, start=1)
        ]
        return FACT_MODELS[kind]._default_manager.bulk_create(facts)


def _fact(kind: str, row: dict[str, Any], number: int, revision: int, agent: Agent | None) -> Fact:
    placed = agent.assignments.order_by("-starts_on").first() if agent else None
    stamps = {
        "agent": agent,
        "team": placed.team if placed else None,
        "position": placed.position if placed else None,
        "shift": placed.shift if placed else None,
    }
    defaults = {
        "source": "test",
        "external_id": f"{kind}-{revision}-{number}",
        "day": OCTOBER_1,
        "valid_from": revision,
    }
    return FACT_MODELS[kind](**{**defaults, **_NEEDED.get(kind, {}), **stamps, **row})


def add_agent(
    code: str,
    *,
    team: Team,
    position: Position,
    shift: Shift | None = None,
    name: str = "",
    hired_on: date = date(2026, 1, 1),
) -> Agent:
    """Put an agent on record with an assignment from the first day."""
    return services.hire_agent(
        code=code,
        name=name or code.title(),
        hired_on=hired_on,
        team=team,
        position=position,
        shift=shift,
    )


def add_user(username: str, *roles: str, agent: Agent | None = None) -> User:
    """A log-in with these roles; its password is ``open sesame``."""
    user = User.objects.create_user(username, password="open sesame", agent=agent)
    services.set_roles(user=user, roles=roles, granted_by=None, now=NOW)
    return user


def empty_library() -> None:
    """Drop every KPI: a version that was in use cannot be deleted row by row."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kpi_kpi CASCADE")
