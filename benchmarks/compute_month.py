"""Compute a month of 700,000 contacts for 1,000 agents with 15 KPIs, against one SQL statement.

Measured from the button (a run is asked for) to stored scorecards; the statement reads the same
month and gives the same aggregates for every agent, and stores nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from agents.periods import Period, month
from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side

NOW = datetime(2026, 11, 3, 8, 40, tzinfo=UTC)
OCTOBER = month(2026, 10)

KPIS = {
    "b_offered": "count(contacts)",
    "b_answered": "count(contacts, where=answered)",
    "b_answer_rate": "count(contacts, where=answered) / count(contacts)",
    "b_abandon_rate": "count(contacts, where=abandoned) / count(contacts)",
    "b_fast": "count(contacts, where=answered and wait_s <= 20) / count(contacts)",
    "b_wait": "avg(contacts.wait_s, where=answered)",
    "b_talk": "avg(contacts.talk_s, where=answered)",
    "b_hold": "avg(contacts.hold_s, where=hold_s > 0)",
    "b_after_call": "avg(contacts.after_call_s, where=answered)",
    "b_handle": "avg(contacts.handle_s, where=answered)",
    "b_transfer": "count(contacts, where=transferred) / count(contacts, where=answered)",
    "b_resolved": "count(contacts, where=resolved) / count(contacts, where=resolved is not None)",
    "b_short": "count(contacts, where=talk_s < 10) / count(contacts, where=answered)",
    "b_longest": "max(contacts.handle_s)",
    "b_volume": "count(contacts, where=answered) / 22",
}

BY_HAND = """
SELECT agent_id, count(*), count(*) FILTER (WHERE answered), count(*) FILTER (WHERE abandoned),
  count(*) FILTER (WHERE answered AND wait_s <= 20),
  sum(wait_s) FILTER (WHERE answered), count(wait_s) FILTER (WHERE answered),
  sum(talk_s) FILTER (WHERE answered), count(talk_s) FILTER (WHERE answered),
  sum(hold_s) FILTER (WHERE hold_s > 0), count(hold_s) FILTER (WHERE hold_s > 0),
  sum(after_call_s) FILTER (WHERE answered), count(after_call_s) FILTER (WHERE answered),
  sum(handle_s) FILTER (WHERE answered), count(handle_s) FILTER (WHERE answered),
  count(*) FILTER (WHERE transferred), count(*) FILTER (WHERE resolved),
  count(*) FILTER (WHERE resolved IS NOT NULL), count(*) FILTER (WHERE talk_s < 10),
  max(handle_s), count(handle_s)
FROM kpi_contact
WHERE day >= '2026-10-01' AND day < '2026-11-01' AND valid_from <= %s
  AND (valid_until IS NULL OR valid_until > %s) AND exclusion_id IS NULL
GROUP BY agent_id
"""

GENERATE = """
INSERT INTO kpi_contact (source, external_id, agent_id, team_id, position_id, day, valid_from,
  channel, direction, started_at, wait_s, talk_s, hold_s, after_call_s, answered, abandoned,
  transferred, resolved, outcome)
SELECT 'bench', 'c' || n, ids[(1 + n %% %(agents)s)::int], %(team)s, %(position)s,
  %(starts_on)s + (%(days)s * (n - 1) / %(contacts)s)::int, %(revision)s,
  'phone', 'in', timestamptz '2026-10-01 08:00+00' + n * interval '3.6 s', (n * 7919) %% 60,
  CASE WHEN n %% 20 > 0 THEN 5 + (n * 104729) %% 600 END,
  CASE WHEN n %% 20 > 0 THEN greatest(0, (n * 1299709) %% 90 - 60) END,
  CASE WHEN n %% 20 > 0 THEN (n * 15485863) %% 45 END,
  n %% 20 > 0, n %% 20 = 0, n %% 17 = 0, CASE WHEN n %% 3 > 0 THEN n %% 5 > 0 END,
  CASE WHEN n %% 20 > 0 THEN 'answered' ELSE 'abandoned' END
FROM generate_series(1::bigint, %(contacts)s) AS n,
  (SELECT array_agg(id ORDER BY id) AS ids FROM agents_agent) AS a
"""


def scheme_document() -> dict[str, Any]:
    """A scheme with one item for each KPI."""
    name = {"en": "Benchmark", "zh": "基准"}
    items = [
        {
            "code": code,
            "group": "all",
            "name": name,
            "kpi": code,
            "weight": 1,
            "rule": {"type": "linear", "worst": 0, "best": 100},
        }
        for code in KPIS
    ]
    return {
        "code": "bench",
        "name": name,
        "positions": ["bench"],
        "cycles": ["month"],
        "groups": [{"code": "all", "name": name}],
        "items": items,
        "grades": [{"code": "all", "name": name, "from": 0}],
    }


def add_kpis(formulas: Mapping[str, str]) -> None:
    """Put KPIs to use, by code."""
    from kpi.models import KPI, KPIVersion

    for code, formula in formulas.items():
        KPIVersion.objects.create(
            kpi=KPI.objects.create(code=code),
            number=1,
            state="published",
            name_en=code,
            name_zh=code,
            formula=formula,
            unit="number",
            direction="higher",
            created_at=NOW,
        )


def build(agents: int) -> None:
    """Put agents, KPIs and the scheme into the database."""
    from agents.models import Agent, Assignment, Position, Team
    from appraisal.services.schemes import add_version

    team = Team.objects.create(code="bench", name_en="Bench")
    position = Position.objects.create(code="bench", name_en="Bench")
    people = Agent.objects.bulk_create(Agent(code=f"b{n}", name=f"B{n}") for n in range(agents))
    Assignment.objects.bulk_create(
        Assignment(agent=agent, team=team, position=position, starts_on=date(2026, 1, 1))
        for agent in people
    )
    add_kpis(KPIS)
    add_version(scheme_document(), now=NOW)


def add_contacts(contacts: int, period: Period) -> None:
    """Contacts of everybody, spread evenly over a period."""
    from django.db import connection, transaction

    from agents.models import Agent, Position, Team
    from kpi.services.revisions import next_revision

    spread = {
        "agents": Agent.objects.count(),
        "team": Team.objects.get().pk,
        "position": Position.objects.get().pk,
        "starts_on": period.starts_on,
        "days": (period.ends_on - period.starts_on).days,
        "contacts": contacts,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        revision = next_revision(reason="import", made_by=None, now=NOW)
        cursor.execute(GENERATE, spread | {"revision": revision.pk})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE kpi_contact")


def compute() -> None:
    """From the button to stored scorecards."""
    from appraisal.services import cycles, runs
    from kpi.services import jobs

    cycle = cycles.open_cycle(period=OCTOBER, opened_by=None, now=NOW)
    run = runs.request_run(cycle=cycle, asked_by=None, now=NOW)
    jobs.perform(
        job_id=run.job_id or 0,
        do=lambda job, progress: runs.compute_run(
            run_id=job.subject_id, progress=progress, now=lambda: NOW
        ),
    )


def by_hand() -> None:
    """The statement somebody would write for it."""
    from django.db import connection

    from kpi.services.revisions import latest_revision

    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [latest_revision()] * 2)
        cursor.fetchall()


def main() -> None:
    """Build, warm up, measure in turn."""
    parser = argparse.ArgumentParser(prog="compute_month", description=__doc__)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--contacts", type=int, default=700_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        build(options.agents)
        add_contacts(options.contacts, OCTOBER)
        print(machine())
        print(f"{options.contacts:,} contacts, {options.agents:,} agents, {len(KPIS)} KPIs")
        compute()
        by_hand()
        names = ("computed, from the button to stored scorecards", "one hand-written statement")
        side_by_side(names, compute, by_hand, options.rounds)


if __name__ == "__main__":
    main()
