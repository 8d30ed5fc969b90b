"""Trying a draft on a computed month, against scoring alone.

Once as whoever tries first sees it, who reads the stored lines; once as every further change does.
"""

from __future__ import annotations

import argparse
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side
from benchmarks.board import NOW, add_month


def build(agents: int) -> None:
    """So many people with a month of scorecards under a shipped scheme."""
    from django.db import connection

    from agents.models import Agent, Assignment, Organisation, Position, Shift, Team
    from appraisal.models import Run, RunScheme, SchemeVersion
    from appraisal.services.schemes import load_shipped_schemes
    from kpi.services.library import load_library

    Organisation.objects.create(name="Bench", zone="Asia/Shanghai")
    load_library(now=NOW)
    load_shipped_schemes(now=NOW)
    team = Team.objects.create(code="bench", name_en="Bench")
    position = Position.objects.create(code="agent", name_en="Agent")
    shifts = [Shift.objects.create(code=f"s{n}", name_en=f"Shift {n}") for n in range(3)]
    people = Agent.objects.bulk_create(
        Agent(code=f"b{n}", name=f"Person {n}", name_zh=f"坐席{n}") for n in range(agents)
    )
    Assignment.objects.bulk_create(
        Assignment(agent=agent, team=team, position=position, starts_on=date(2026, 1, 1))
        for agent in people
    )
    version = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent")
    add_month(10, people, team, position, shifts, version)
    RunScheme.objects.create(run=Run.objects.get(), scheme_version=version)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measure(agents: int, rounds: int) -> None:
    """Time a first try and a further one against scoring the same values."""
    from appraisal.models import Run, SchemeVersion
    from appraisal.scoring import cards
    from appraisal.scoring.scheme import parse_scheme
    from appraisal.services import simulating

    build(agents)
    run = Run.objects.select_related("cycle").get()
    version = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent")
    document = version.document | {"items": list(version.document["items"])}
    document["items"][0] = document["items"][0] | {"weight": 40}
    scheme = parse_scheme(document)
    basis = simulating.basis_of(run.pk, run.digest, version.scheme_id, frozenset(["agent"]))
    codes = {item.kpi: item.code for item in scheme.items}
    values = pd.concat(basis.values, ignore_index=True)
    values = values.assign(item=values["source"].map(codes))

    def try_out(*, forget: bool) -> Any:
        if forget:
            simulating.basis_of.cache_clear()
        return simulating.run_draft(run, version, scheme)

    print(machine())
    print(f"{len(try_out(forget=True)[1].people)} people, {len(scheme.items)} items")
    for name, forget in (("first try", True), ("further try", False)):
        side_by_side(
            (name, "scoring alone"),
            partial(try_out, forget=forget),
            lambda: cards.score(scheme, values, basis.people),
            rounds,
        )


def main() -> None:
    """Build, then measure in turn."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        measure(options.agents, options.rounds)


if __name__ == "__main__":
    main()
