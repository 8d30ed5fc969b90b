"""Compute a month again after one late day of contacts, against computing it the first time.

Once from the button to stored scorecards, once the measuring alone: scoring and storing cost the
same either way. The late day is a thirtieth of the month. A first run reads all facts; after it
the days are tallied, which is printed apart: nobody waits for it.
"""

from __future__ import annotations

import argparse
from datetime import date
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side
from benchmarks.compute_month import KPIS, NOW, build, compute
from kpi.places import NOWHERE

LATE = """
INSERT INTO kpi_contact (source, external_id, agent_id, team_id, position_id, day, valid_from,
  channel, direction, started_at, wait_s, talk_s, hold_s, after_call_s, answered, abandoned,
  transferred, resolved, outcome)
SELECT 'late', %s || '-' || id, agent_id, team_id, position_id, day, %s, channel, direction,
  started_at, wait_s, talk_s, hold_s, after_call_s, answered, abandoned, transferred, resolved,
  outcome
FROM kpi_contact WHERE source = 'bench' AND day = %s
"""
# Another day each time: one that grew with every round would be read ever more slowly.
LATE_DAYS = cycle(date(2026, 10, day) for day in range(2, 31))


def add_late_day() -> None:
    """A day's contacts under a revision of their own."""
    from django.db import connection, transaction

    from kpi.services.revisions import next_revision

    with transaction.atomic(), connection.cursor() as cursor:
        revision = next_revision(reason="import", made_by=None, now=NOW)
        cursor.execute(LATE, [str(revision.pk), revision.pk, next(LATE_DAYS)])


def forget() -> None:
    """Drop all tallies, as before the first run."""
    from kpi.models import TalliedDay

    TalliedDay.objects.all()._raw_delete("default")


def keep() -> None:
    """Tally what the KPIs read of all facts there are, as a worker does after a run."""
    from kpi.services import measuring

    window, _agents = _october()
    measuring.keep_tallies(_wanted(), window=window, places=NOWHERE)


def measure(*, from_tallies: bool) -> None:
    """The KPIs of everybody, without points."""
    from kpi.services import measuring

    window, agents = _october()
    measuring.measure(_wanted(), window=window, groups=agents, from_tallies=from_tallies)


def _wanted() -> list[Any]:
    from kpi.selectors import list_current_versions
    from kpi.services import measuring

    versions: list[Any] = [one for one in list_current_versions() if one.kpi.code in KPIS]
    return [measuring.wanted_version(one) for one in versions]


def _october() -> tuple[Any, list[int]]:
    from agents.periods import month
    from agents.selectors import stays_in
    from kpi.frames import window_of
    from kpi.services.revisions import latest_revision

    period = month(2026, 10)
    return window_of(period, latest_revision()), sorted(stays_in(period))


def main() -> None:
    """Build, tally, then a late day before each round."""
    parser = argparse.ArgumentParser(prog="late_day", description=__doc__)
    parser.add_argument("--agents", type=int, default=1_000)
    parser.add_argument("--contacts", type=int, default=700_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        build(options.agents, options.contacts)
        print(machine())
        print(f"{options.contacts:,} contacts, {options.agents:,} agents, {len(KPIS)} KPIs")
        compute()
        started = perf_counter()
        keep()
        print(f"tallying the days after the first run: {perf_counter() - started:.3f} s")
        compare(options.rounds)


def compare(rounds: int) -> None:
    """Both ways in turn."""

    def late_day() -> None:
        keep()
        add_late_day()

    side_by_side(
        ("measured after a late day, from tallies", "measured from all facts"),
        partial(measure, from_tallies=True),
        partial(measure, from_tallies=False),
        rounds,
        before=(late_day, forget),
    )
    side_by_side(
        ("run after a late day, from the button to stored scorecards", "run from all facts"),
        compute,
        compute,
        rounds,
        before=(late_day, forget),
    )


if __name__ == "__main__":
    main()
