"""The cycles of the demo centre: opened, rated, computed, sent for approval, published."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from agents.models import User
from agents.periods import Period
from appraisal.models import Cycle, Rating, Run
from appraisal.selectors.schemes import schemes_for
from appraisal.services import cycles, publication, runs
from feedback.demo.cast import SPECIALIST, Cast, Person
from feedback.demo.duty import SEED
from feedback.demo.people import Register
from feedback.demo.timeline import Timeline, moment
from kpi.models import FactRevision, Job
from kpi.services.revisions import next_revision

TEAMWORK = "teamwork"
_RATERS = 3
_SUPERVISORS = {"frontline": "supervisor.okafor", "casework": "supervisor.liu"}
_MANAGER = "manager.lim"
_NOTE = "Checked against the files; nothing is missing. 数据已核对，无缺失。"


def open_cycle(period: Period, *, register: Register) -> Cycle:
    """Open a cycle on the morning of its first day."""
    return cycles.open_cycle(
        period=period,
        opened_by=register.users["hr.zhou"],
        now=moment(period.starts_on, 8),
    )


def compute(cycle: Cycle, *, asked_by: User, now: datetime) -> Run:
    """Compute a cycle at once, through the same services as the button and the worker."""
    run = runs.request_run(cycle=cycle, asked_by=asked_by, now=now)
    finished = now + timedelta(seconds=2)
    run = runs.compute_run(run_id=run.pk, progress=lambda _stage: None, now=lambda: finished)
    Job.objects.filter(kind=runs.TASK, subject_id=run.pk).update(
        state=Job.State.DONE, attempts=1, started_at=now, finished_at=finished
    )
    return run


def ask_and_publish(run: Run, *, timeline: Timeline, register: Register, publish: bool) -> None:
    """HR sends a run a day after it was computed; a manager publishes it the day after that."""
    period = run.cycle.period
    asked = publication.ask_publication(
        run=run,
        asked_by=register.users["hr.zhou"],
        note=_NOTE,
        now=timeline.after(period, 4, 9, 30),
    )
    if publish:
        publication.publish(
            publication=asked,
            decided_by=register.users["manager.lim"],
            now=timeline.after(period, 5, 15, 40),
        )


def rate_teamwork(cycle: Cycle, *, cast: Cast, timeline: Timeline, register: Register) -> int:
    """Let specialists rate the teamwork of three colleagues each.

    Returns:
        How many ratings were given.
    """
    last_day = cycle.period.last_day
    there = [
        person
        for person in cast.people
        if (place := person.place_on(last_day)) is not None and place.position == SPECIALIST
    ]
    now = timeline.after(cycle.period, 1, 17)
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=None, now=now)
    rng = np.random.default_rng([SEED, 7, cycle.starts_on.toordinal()])
    ratings = [
        Rating(
            cycle=cycle,
            item=TEAMWORK,
            agent=register.agents[person.code],
            rater=register.users[rater.login],
            percent=_percent(person, rng),
            rated_at=now,
            valid_from=revision.pk,
        )
        for number, person in enumerate(there)
        for rater in _colleagues(there, number)
    ]
    Rating.objects.bulk_create(ratings)
    return len(ratings)


def rate_by_superiors(cycle: Cycle, *, cast: Cast, timeline: Timeline, register: Register) -> int:
    """Let superiors rate what the schemes of a cycle ask them, of everybody there at its end.

    Returns:
        How many ratings were given.
    """
    asked = {
        position: [item["rating"] for item in version.document["items"] if item.get("rating")]
        for position, version in schemes_for(cycle.kind).items()
        if position != SPECIALIST
    }
    now = timeline.after(cycle.period, 2, 11)
    revision = next_revision(reason=FactRevision.Reason.ENTRY, made_by=None, now=now)
    rng = np.random.default_rng([SEED, 11, cycle.starts_on.toordinal()])
    ratings = [
        Rating(
            cycle=cycle,
            item=item,
            agent=register.agents[person.code],
            rater=register.users[_superior(person, place.team, item, cast)],
            percent=_percent(person, rng),
            rated_at=now,
            valid_from=revision.pk,
        )
        for person in cast.people
        if (place := person.place_on(cycle.period.last_day)) is not None
        for item in asked.get(place.position, ())
    ]
    Rating.objects.bulk_create(ratings)
    return len(ratings)


def _superior(person: Person, team: str, item: str, cast: Cast) -> str:
    """The log-in of whoever rates: the supervisor of the department, else the manager."""
    parents = {entry["code"]: entry.get("parent", "") for entry in cast.teams}
    above = team
    while above and above not in _SUPERVISORS:
        above = parents[above]
    direct = _SUPERVISORS.get(above, _MANAGER)
    return _MANAGER if item == "next_level" or direct == person.login else direct


def _colleagues(there: list[Person], number: int) -> list[Person]:
    others = there[number + 1 :] + there[:number]
    return others[:_RATERS]


def _percent(person: Person, rng: np.random.Generator) -> Decimal:
    """A rating near what customers say of the same person, in steps of five."""
    near = rng.normal(100 * person.traits.get("satisfied", 0.88) + 1, 5)
    return Decimal(int(np.clip(5 * round(near / 5), 50, 100)))
