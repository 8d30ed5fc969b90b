"""A month of calls whose scorecards are worked out by hand."""

from datetime import date

import pytest

from agents import periods
from appraisal.services import cycles, runs
from kpi.services import jobs
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)


def call(day, *, answered=True, handle_s=270):
    """A call on a day of October, handled in so many seconds if answered."""
    return {
        "day": date(2026, 10, day),
        "channel": "phone",
        "direction": "in",
        "answered": answered,
        "abandoned": not answered,
        "outcome": "answered" if answered else "abandoned",
        "talk_s": handle_s if answered else None,
        "wait_s": 10,
    }


@pytest.fixture
def october(cast, library):
    """Calls of October: Ana 58 on each of two days at 270 s, Ben 29 a day at 390 s, Bo 10 in all.

    Eight calls reach nobody.
    """
    add_facts("contacts", [call(day) for day in (1, 2) for _ in range(58)], agent=cast.ana.agent)
    add_facts(
        "contacts",
        [call(day, handle_s=390) for day in (1, 2) for _ in range(29)],
        agent=cast.ben.agent,
    )
    add_facts("contacts", [call(1) for _ in range(10)], agent=cast.bo.agent)
    add_facts("contacts", [call(1, answered=False) for _ in range(8)])
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


@pytest.fixture
def compute(cast):
    """Compute a cycle as a worker would; gives the run."""

    def compute_now(cycle):
        run = runs.request_run(cycle=cycle, asked_by=cast.hana, now=NOW)

        def work(job, progress):
            runs.compute_run(run_id=job.subject_id, progress=progress, now=lambda: NOW)

        jobs.perform(job_id=run.job_id, do=work)
        run.refresh_from_db()
        cycle.refresh_from_db()
        return run

    return compute_now
