"""Compute a month, a quarter and a year of the same centre: time grows no faster than the facts.

Each is measured from the button to stored scorecards, from the facts themselves and not from
tallies. A ratio of 1 means that a fact of the longer period costs what one of the month costs.
"""

from __future__ import annotations

import argparse
import statistics
from time import perf_counter

from agents.periods import year
from benchmarks._centre import machine, scratch_database, set_up_django
from benchmarks.compute_month import NOW, add_contacts, build, scheme_document

PERIODS = ("2026-10", "2026-Q4", "2026")


def spread_over_year(agents: int, contacts: int) -> None:
    """Contacts of a whole year, and the scheme for every kind of cycle."""
    from appraisal.services.schemes import add_version

    build(agents)
    add_version(scheme_document() | {"cycles": ["month", "quarter", "year"]}, now=NOW)
    add_contacts(contacts, year(2026))


def facts_in(code: str) -> int:
    """The contacts of a period."""
    from agents.periods import parse
    from kpi.models import Contact

    period = parse(code)
    return Contact.objects.filter(day__gte=period.starts_on, day__lt=period.ends_on).count()


def compute(code: str) -> None:
    """From the facts to stored scorecards."""
    from agents.periods import parse
    from appraisal.services import cycles, runs
    from kpi.models import TalliedDay

    TalliedDay.objects.all().delete()
    cycle = cycles.open_cycle(period=parse(code), opened_by=None, now=NOW)
    run = runs.request_run(cycle=cycle, asked_by=None, now=NOW)
    runs.compute_run(run_id=run.pk, progress=lambda _stage: None, now=lambda: NOW)


def seconds(code: str) -> float:
    """How long one computation takes."""
    started = perf_counter()
    compute(code)
    return perf_counter() - started


def main() -> None:
    """Build, warm up, measure in turn."""
    parser = argparse.ArgumentParser(prog="long_periods", description=__doc__)
    parser.add_argument("--agents", type=int, default=300)
    parser.add_argument("--contacts", type=int, default=1_200_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    set_up_django()
    with scratch_database():
        spread_over_year(options.agents, options.contacts)
        print(machine())
        for code in PERIODS:
            compute(code)
        took = {code: [] for code in PERIODS}  # type: dict[str, list[float]]
        for _ in range(options.rounds):
            for code in PERIODS:
                took[code].append(seconds(code))
        month, facts = statistics.median(took["2026-10"]), facts_in("2026-10")
        for code in PERIODS:
            one, count = statistics.median(took[code]), facts_in(code)
            ratio = (one / month) / (count / facts)
            print(f"{code}: {count:,} facts, median {one:.3f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
