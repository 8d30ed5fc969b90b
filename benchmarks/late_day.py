"""Compute a month again after one late day of contacts, against computing it the first time.

Once from the button to stored scorecards, once the measuring alone: scoring and storing cost the
same either way. The late day is one of the 31: it was not there at the last run. A first run reads
all facts; after it the days are tallied, which is printed apart: nobody waits for it. Nor for the
late day, a minute after it came in.
"""

from __future__ import annotations

import argparse
from datetime import date
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side
from benchmarks.compute_month import KPIS, NOW, OCTOBER, add_contacts, build, compute
from kpi.places import NOWHERE

REMEMBER = """
CREATE TABLE bench_late AS SELECT source, external_id, agent_id, team_id, position_id, day, channel,
  direction, started_at, wait_s, talk_s, hold_s, after_call_s, answered, abandoned, transferred,
  resolved, outcome
FROM kpi_contact
"""
# Facts are never deleted, so the triggers would drop all tallies.
TAKE_AWAY = """
SET LOCAL session_replication_role = replica;
DELETE FROM kpi_contact WHERE day = %(day)s;
DELETE FROM kpi_talliedday WHERE day = %(day)s;
"""
LATE = """
INSERT INTO kpi_contact (valid_from, source, external_id, agent_id, team_id, position_id, day,
  channel, direction, started_at, wait_s, talk_s, hold_s, after_call_s, answered, abandoned,
  transferred, resolved, outcome)
SELECT %(revision)s, * FROM bench_late WHERE day = %(day)s
"""
# Another day each time: its rows stand together, as those of a file do.
LATE_DAYS = cycle(date(2026, 10, day) for day in range(2, 31))


def remember() -> None:
    """Keep a copy of all facts, to let days come late from."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(REMEMBER)


def add_late_day() -> None:
    """Make a day one that was not there at the last run, and comes in now."""
    from django.db import connection, transaction

    from kpi.services.revisions import next_revision

    late = {"day": next(LATE_DAYS)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TAKE_AWAY, late)
    with transaction.atomic(), connection.cursor() as cursor:
        revision = next_revision(reason="import", made_by=None, now=NOW)
        cursor.execute(LATE, late | {"revision": revision.pk})


def forget() -> None:
    """Drop all tallies, as before the first run."""
    from kpi.models import TalliedDay

    TalliedDay.objects.all()._raw_delete("default")


def keep() -> None:
    """Tally what the KPIs read of all facts there are, as a worker does after a run."""
    from kpi.services import measuring

    measuring.keep_tallies(_wanted(), window=_october(), places=NOWHERE)


def measure(wanted: list[Any], agents: list[int], *, from_tallies: bool) -> None:
    """The KPIs of everybody, without points."""
    from kpi.services import measuring

    measuring.measure(wanted, window=_october(), groups=agents, from_tallies=from_tallies)


def _wanted() -> list[Any]:
    from kpi.selectors import list_current_versions
    from kpi.services import measuring

    versions: list[Any] = [one for one in list_current_versions() if one.kpi.code in KPIS]
    return [measuring.wanted_version(one) for one in versions]


def _october() -> Any:
    from kpi.frames import window_of
    from kpi.services.revisions import latest_revision

    return window_of(OCTOBER, latest_revision())


def _agents() -> list[int]:
    from agents.selectors import stays_in

    return sorted(stays_in(OCTOBER))


def main() -> None:
    """Build, tally, then a late day before each round."""
    parser = argparse.ArgumentParser(prog="late_day", description=__doc__)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--contacts", type=int, default=700_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        build(options.agents)
        add_contacts(options.contacts, OCTOBER)
        remember()
        print(machine())
        print(f"{options.contacts:,} contacts, {options.agents:,} agents, {len(KPIS)} KPIs")
        compute()
        started = perf_counter()
        keep()
        print(f"tallying the days after the first run: {perf_counter() - started:.3f} s")
        compare(options.rounds)


def settle() -> None:
    """Have the database write what it put off: between a day and its run there is time for it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def compare(rounds: int) -> None:
    """Both ways in turn."""

    def late_day() -> None:
        keep()
        add_late_day()
        settle()

    def tallied_late_day() -> None:
        keep()
        add_late_day()
        keep()
        settle()

    def untallied() -> None:
        forget()
        settle()

    wanted, agents = _wanted(), _agents()
    ways = [partial(measure, wanted, agents, from_tallies=way) for way in (True, False)]
    for name, before in (
        ("measured after a late day, from tallies", late_day),
        ("measured once the worker has tallied the late day", tallied_late_day),
    ):
        side_by_side((name, "measured from all facts"), *ways, rounds, before=(before, untallied))
    names = ("run after a late day, from the button to stored scorecards", "run from all facts")
    side_by_side(names, compute, compute, rounds, before=(late_day, untallied))


if __name__ == "__main__":
    main()
