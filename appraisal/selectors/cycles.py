"""Cycles as their pages show them: their runs, how the scorecards stand, what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case, Count, Q, QuerySet, Value, When

from agents.models import User
from appraisal.models import Cycle, Publication, Run, SchemeVersion, Scorecard
from appraisal.selectors.scorecards import scorecards_visible_to
from kpi.models import KPIVersion

OPEN = (Run.State.OWED, Run.State.RUNNING)
# How a scorecard stands, each in one of these ways.
STANDINGS: Final = {
    "final": Q(state="graded", provisional=False),
    "provisional": Q(state="graded", provisional=True),
    "no_grade": Q(state="no_grade"),
    "not_ranked": Q(state="not_ranked"),
}


@dataclass(frozen=True)
class Tally:
    """How the scorecards of a run stand, as far as one person may see them; each counts once."""

    people: int = 0
    final: int = 0
    provisional: int = 0
    no_grade: int = 0
    not_ranked: int = 0


@dataclass(frozen=True)
class CycleRow:
    """A cycle with the run it shows, the run under way, and the last step of publication."""

    cycle: Cycle
    run: Run | None
    tally: Tally
    open_run: Run | None
    publication: Publication | None

    @property
    def is_waiting(self) -> bool:
        """Whether a manager is asked to publish it."""
        asked = self.publication
        return asked is not None and asked.state == Publication.State.ASKED


def standing_run(cycle: Cycle) -> Run | None:
    """The run that a cycle shows: the published one, before that the newest one done."""
    return cycle.published_run or cycle.current_run


def tallies(run_ids: Iterable[int], *, user: User, on: date) -> dict[int, Tally]:
    """How the scorecards of some runs stand. Queries: at most 4."""
    visible = scorecards_visible_to(user, on).filter(run_id__in=list(run_ids))
    counted = (
        visible.order_by()
        .values("run_id")
        .annotate(
            people=Count("pk"),
            **{name: Count("pk", filter=condition) for name, condition in STANDINGS.items()},
        )
    )
    columns = ("people", *STANDINGS)
    return {run_id: Tally(*counts) for run_id, *counts in counted.values_list("run_id", *columns)}


def list_cards(run: Run, *, user: User, on: date, standing: str = "") -> QuerySet[Scorecard]:
    """The scorecards of a run that a person may see, by name, each with its ``standing``.

    Args:
        standing: only those that stand so, one of ``STANDINGS``; empty for all.
    """
    visible = scorecards_visible_to(user, on).filter(run=run)
    cards = visible.filter(STANDINGS[standing]) if standing else visible
    people = ("agent", "team", "position", "scheme_version")
    stands = Case(*(When(condition, then=Value(name)) for name, condition in STANDINGS.items()))
    named = cards.annotate(standing=stands).select_related(*people)
    return named.order_by("agent__name", "agent_id")


def list_cycle_rows(
    *, user: User, on: date, cycles: Iterable[Cycle] | None = None
) -> list[CycleRow]:
    """The cycles, newest first. Queries: at most 7, whatever their number."""
    listed = list(_newest_first() if cycles is None else cycles)
    runs = {cycle.pk: standing_run(cycle) for cycle in listed}
    found = tallies([run.pk for run in runs.values() if run], user=user, on=on)
    under_way = _open_runs(listed)
    asked = _publications(listed)
    return [
        CycleRow(
            cycle=cycle,
            run=(run := runs[cycle.pk]),
            tally=found.get(run.pk, Tally()) if run else Tally(),
            open_run=under_way.get(cycle.pk),
            publication=asked.get(cycle.pk),
        )
        for cycle in listed
    ]


def get_cycle_row(*, cycle: Cycle, user: User, on: date) -> CycleRow:
    """One cycle as the list has it."""
    return list_cycle_rows(user=user, on=on, cycles=[cycle])[0]


def list_open() -> list[Cycle]:
    """The cycles not yet published, what is worked on first: months before longer periods."""
    waiting = _newest_first().filter(published_run__isnull=True)
    return sorted(waiting, key=lambda cycle: cycle.kind != Cycle.Kind.MONTH)


def newest_cycle() -> Cycle | None:
    """The cycle that is worked on: the first of those open, else the newest."""
    return next(iter(list_open()), None) or _newest_first().first()


def neighbours(cycle: Cycle) -> tuple[Cycle | None, Cycle | None]:
    """The cycles of the same kind just before and just after. Queries: 2."""
    same = Cycle.objects.filter(kind=cycle.kind)
    before = same.filter(starts_on__lt=cycle.starts_on).order_by("-starts_on", "-pk").first()
    after = same.filter(starts_on__gt=cycle.starts_on).order_by("starts_on", "pk").first()
    return before, after


def list_runs(cycle: Cycle) -> QuerySet[Run]:
    """The runs of a cycle, newest first, each with how many people it appraised."""
    runs = cycle.runs.select_related("asked_by__agent", "job").order_by("-number")
    return runs.annotate(people=Count("scorecards"))


def versions_of(run: Run | None) -> dict[str, list[SchemeVersion] | list[KPIVersion]]:
    """The versions that a run is pinned to, by name. Queries: 2."""
    if run is None:
        return {"schemes": [], "kpis": []}
    schemes = run.scheme_versions.select_related("scheme_version__scheme")
    kpis = run.kpi_versions.select_related("kpi_version__kpi")
    return {
        "schemes": sorted((one.scheme_version for one in schemes), key=lambda one: one.name),
        "kpis": sorted((one.kpi_version for one in kpis), key=lambda one: one.name),
    }


def list_asked() -> QuerySet[Publication]:
    """The runs that wait for a manager."""
    waiting = Publication.objects.filter(state=Publication.State.ASKED)
    return waiting.select_related("run__cycle", "asked_by__agent").order_by("asked_at", "pk")


def _newest_first() -> QuerySet[Cycle]:
    cycles = Cycle.objects.select_related(
        "current_run", "published_run", "current_run__job", "opened_by__agent"
    )
    return cycles.order_by("-ends_on", "-starts_on", "pk")


def _open_runs(cycles: list[Cycle]) -> dict[int, Run]:
    runs = Run.objects.filter(cycle__in=cycles, state__in=OPEN).select_related("job", "asked_by")
    return {run.cycle_id: run for run in runs}


def _publications(cycles: list[Cycle]) -> dict[int, Publication]:
    """The newest step of each cycle."""
    steps = (
        Publication.objects.filter(run__cycle__in=cycles)
        .select_related("run", "asked_by__agent", "decided_by__agent")
        .order_by("run__cycle_id", "-pk")
        .distinct("run__cycle_id")
    )
    return {step.run.cycle_id: step for step in steps}
