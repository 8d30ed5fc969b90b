"""Trying a draft on a computed month, against scoring alone.

Once as whoever tries first sees it, who reads the stored lines; once as every further change does.
Then once more with a draft that makes cards in parts by days, where a fifth of the people changed
position within the month.
"""

from __future__ import annotations

import argparse
from datetime import date
from functools import partial
from typing import Any

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side
from benchmarks.board import NOW, add_month

CODE = "s2_call_centre_agent"
MOVED_ON = date(2026, 10, 21)


def build(agents: int, moved: int) -> None:
    """So many people with a month of scorecards under a shipped scheme, some of whom move.

    Those who move do so on record alone: the run made their cards of one position, which is what
    a draft that makes parts of them finds.
    """
    from django.db import connection

    from agents.models import Agent, Assignment, Organisation, Position, Shift, Team
    from appraisal.models import Run, RunKPI, RunScheme, SchemeVersion
    from appraisal.services.schemes import add_version, load_shipped_schemes
    from kpi.engine import NOT_MEASURABLE
    from kpi.selectors import list_current_versions
    from kpi.services.library import load_library

    Organisation.objects.create(name="Bench", zone="Asia/Shanghai")
    load_library(now=NOW)
    load_shipped_schemes(now=NOW)
    team = Team.objects.create(code="bench", name_en="Bench")
    positions = [Position.objects.create(code=code, name_en=code) for code in ("agent", "senior")]
    shifts = [Shift.objects.create(code=f"s{n}", name_en=f"Shift {n}") for n in range(3)]
    people = Agent.objects.bulk_create(
        Agent(code=f"b{n}", name=f"Person {n}", name_zh=f"坐席{n}") for n in range(agents)
    )
    spans = [(agent, 0, date(2026, 1, 1), MOVED_ON) for agent in people[:moved]]
    spans += [(agent, 1, MOVED_ON, None) for agent in people[:moved]]
    spans += [(agent, 0, date(2026, 1, 1), None) for agent in people[moved:]]
    Assignment.objects.bulk_create(
        Assignment(agent=agent, team=team, position=positions[at], starts_on=start, ends_on=end)
        for agent, at, start, end in spans
    )
    version = SchemeVersion.objects.get(scheme__code=CODE)
    other = {"code": "senior", "positions": ["senior"], "name": {"en": "Senior", "zh": "资深"}}
    add_version(version.document | other, now=NOW)
    add_month(10, people, team, positions[0], shifts, version)
    run = Run.objects.get()
    run.parameters = {
        "imported": ["contacts"],
        "minimum_presence": "0.4",
        "lacking": NOT_MEASURABLE,
    }
    run.save(update_fields=["parameters"])
    RunScheme.objects.create(run=run, scheme_version=version)
    RunKPI.objects.bulk_create(RunKPI(run=run, kpi_version=one) for one in list_current_versions())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def draft_of(version: Any, **more: Any) -> Any:
    """What a draft says with another weight, and more."""
    from appraisal.scoring.scheme import parse_scheme

    document = version.document | {"items": list(version.document["items"])} | more
    document["items"][0] = document["items"][0] | {"weight": 40}
    return parse_scheme(document)


def forget() -> None:
    """Let a process know nothing, as the first one who tries finds it."""
    from appraisal.services import simulating, stored

    known = (stored.stored_of, stored.lines_of, *simulating.KEPT)
    for one in known:
        one.cache_clear()


def measure(agents: int, rounds: int) -> None:
    """Time a first try and a further one against scoring the same values."""
    from appraisal.models import Run, SchemeVersion
    from appraisal.services import simulating

    build(agents, moved=agents // 5)
    run = Run.objects.select_related("cycle").get()
    version = SchemeVersion.objects.get(scheme__code=CODE)

    def try_out(scheme: Any, *, first: bool) -> Any:
        if first:
            forget()
        return simulating.run_draft(run, version, scheme)

    print(machine())
    for what, more in (("whole", {}), ("in parts", {"transfers": "by_days"})):
        scheme = draft_of(version, **more)
        people = try_out(scheme, first=True)[1].people
        print(f"{what}: {len(people)} people, {len(scheme.items)} items")
        alone = simulating.prepare(run, version, scheme).score
        for name, first in (("first try", True), ("further try", False)):
            side_by_side(
                (name, "scoring alone"), partial(try_out, scheme, first=first), alone, rounds
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
