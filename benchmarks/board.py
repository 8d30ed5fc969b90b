"""A team board of 50 agents against a bare page for the same logged-in person.

Once as whoever looks first sees it, once as all later ones do: the lines under the cards of a run
that is done never change, so a process keeps those of the boards asked for last.

Both are answered by the whole stack: middleware, session, rights, queries, templates.
"""

from __future__ import annotations

import argparse
import gc
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side

NOW = datetime(2026, 11, 3, 8, 40, tzinfo=UTC)
MONTHS = range(5, 11)
REQUESTS = 30  # in one round, so that a round is long enough to be timed


def build(agents: int) -> None:
    """A team, its leader with a log-in, and six months of scorecards under a shipped scheme."""
    from django.db import connection

    from agents.models import Agent, Assignment, Leadership, Organisation, Position, Shift, Team
    from appraisal.models import SchemeVersion
    from appraisal.services.schemes import load_shipped_schemes
    from kpi.services.library import load_library

    Organisation.objects.create(name="Bench", zone="Asia/Shanghai")
    load_library(now=NOW)
    load_shipped_schemes(now=NOW)
    team = Team.objects.create(code="bench", name_en="Bench")
    position = Position.objects.create(code="agent", name_en="Agent")
    shifts = [Shift.objects.create(code=f"s{n}", name_en=f"Shift {n}") for n in range(3)]
    people = Agent.objects.bulk_create(
        Agent(code=f"b{n}", name=f"Person {n}", name_zh=f"坐席{n}") for n in range(agents + 1)
    )
    Assignment.objects.bulk_create(
        Assignment(agent=agent, team=team, position=position, starts_on=date(2026, 1, 1))
        for agent in people
    )
    Leadership.objects.create(team=team, leader=people[-1], starts_on=date(2026, 1, 1))
    add_leader(people[-1])
    version = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent")
    for month in MONTHS:
        add_month(month, people[:-1], team, position, shifts, version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def add_leader(agent: Any) -> None:
    """The person who looks."""
    from agents.models import RoleGrant, User

    user = User.objects.create_user("leader", agent=agent)
    RoleGrant.objects.create(user=user, role="team_leader", granted_at=NOW)


def add_month(
    month: int, people: list[Any], team: Any, position: Any, shifts: list[Any], version: Any
) -> None:
    """One cycle with a run and a card for everybody."""
    from agents.periods import month as month_of
    from appraisal.models import Run, Scorecard, ScorecardLine
    from appraisal.services.cycles import open_cycle
    from kpi.models import KPIVersion

    cycle = open_cycle(period=month_of(2026, month), opened_by=None, now=NOW)
    run = Run.objects.create(
        cycle=cycle, number=1, state="done", watermark=0, digest="0" * 64, finished_at=NOW
    )
    cards = Scorecard.objects.bulk_create(
        Scorecard(
            run=run,
            agent=agent,
            scheme_version=version,
            team=team,
            position=position,
            shift=shifts[place % 3],
            days_present=30,
            state="graded",
            total=Decimal(5500 + (place * 37 + month * 101) % 4400).scaleb(-2),
            covered=100,
            grade=("excellent", "good", "qualified", "unqualified")[place % 4],
            rank=place + 1,
            ranked_among=len(people),
        )
        for place, agent in enumerate(people)
    )
    kpis = {one.kpi.code: one for one in KPIVersion.objects.select_related("kpi")}
    ScorecardLine.objects.bulk_create(
        line(card, order, item, kpis[item["kpi"]], place + month)
        for place, card in enumerate(cards)
        for order, item in enumerate(version.document["items"])
    )
    cycle.current_run = run
    cycle.save(update_fields=["current_run"])


def line(card: Any, order: int, item: Any, kpi: Any, seed: int) -> Any:
    """One made-up line."""
    from appraisal.models import ScorecardLine

    weight = Decimal(str(item["weight"]))
    share = Decimal((seed * 7919 + order * 104729) % 1000).scaleb(-3)
    return ScorecardLine(
        scorecard=card,
        item=item["code"],
        order=order,
        kpi_version=kpi,
        state="scored",
        value=share if kpi.unit == "share" else share * 400,
        sample=200,
        weight=weight,
        effective_weight=weight,
        share=share,
        points=round(share * weight, 2),
    )


def main() -> None:
    """Build, warm up, measure in turn."""
    parser = argparse.ArgumentParser(prog="board", description=__doc__)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        measure(options.agents, options.rounds)


def measure(agents: int, rounds: int) -> None:
    """Time the board against the bare page; count the board's queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from agents.models import User
    from appraisal.selectors.board_lines import contents_of

    build(agents)
    client = Client()
    user = User.objects.get(username="leader")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def ask(path: str, *, forget: bool = False) -> None:
        for _ in range(REQUESTS):
            if forget:
                contents_of.cache_clear()
            if client.get(path).status_code != 200:
                raise SystemExit(f"{path} was not served.")

    print(machine())
    for path in ("/teams/bench/board/", "/me/settings/"):
        ask(path)
    gc.collect()
    gc.freeze()  # as appraisal.wsgi does
    with CaptureQueriesContext(connection) as queries:
        client.get("/teams/bench/board/")
    print(f"board of {agents} agents: {len(queries)} queries")
    for name, forget in (("first look at a board", True), ("board", False)):
        side_by_side(
            (f"{name}, {REQUESTS} times", f"bare page, {REQUESTS} times"),
            partial(ask, "/teams/bench/board/", forget=forget),
            partial(ask, "/me/settings/"),
            rounds,
        )


if __name__ == "__main__":
    main()
