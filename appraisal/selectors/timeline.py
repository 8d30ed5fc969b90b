"""The cycles that results are looked at by: which one, those around it, and other kinds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from appraisal.models import Cycle, Scorecard

_KINDS = (Cycle.Kind.MONTH, Cycle.Kind.QUARTER, Cycle.Kind.YEAR, Cycle.Kind.CUSTOM)


class NoSuchCycle(Exception):
    """No cycle has this code and a run, or none has a run at all."""


@dataclass(frozen=True)
class Timeline:
    """A cycle among those of its kind.

    Attributes:
        cycles: of the same kind with a run, oldest first.
        others: of each other kind the one that holds the cycle's days, else the newest; only
            kinds in which the teams asked for have results.
    """

    cycle: Cycle
    cycles: list[Cycle]
    others: list[Cycle]

    def neighbour(self, step: int) -> Cycle | None:
        """The cycle so many places later (or earlier)."""
        place = [one.pk for one in self.cycles].index(self.cycle.pk) + step
        return self.cycles[place] if 0 <= place < len(self.cycles) else None

    def until(self, count: int) -> list[Cycle]:
        """The last cycles up to this one, oldest first."""
        place = [one.pk for one in self.cycles].index(self.cycle.pk) + 1
        return self.cycles[max(place - count, 0) : place]


def run_id_of(cycle: Cycle) -> int:
    """The run that a cycle shows: the published one, before that the newest one done."""
    return cycle.published_run_id or cycle.current_run_id or 0


def get_timeline(code: str, team_ids: Collection[int]) -> Timeline:
    """The cycle of a code, else the newest one in which these teams have results.

    Raises:
        NoSuchCycle: there is none.
    Queries: 1.
    """
    run = Coalesce(F("published_run_id"), F("current_run_id"))
    cards = Scorecard.objects.filter(run_id=OuterRef("shown_run"), team_id__in=team_ids)
    done = Cycle.objects.filter(Q(published_run__isnull=False) | Q(current_run__isnull=False))
    cycles = list(
        done.annotate(shown_run=run)
        .annotate(has_results=Exists(cards))
        .select_related("published_run", "current_run")
        .order_by("ends_on", "-starts_on", "pk")
    )
    known = [one for one in cycles if one.has_results]
    chosen = [one for one in cycles if one.code == code] if code else _newest(known or cycles)
    if not chosen:
        raise NoSuchCycle(code)
    cycle = chosen[0]
    return Timeline(
        cycle=cycle,
        cycles=[one for one in cycles if one.kind == cycle.kind],
        others=others_of(cycle, known),
    )


def _newest(cycles: Sequence[Cycle]) -> list[Cycle]:
    """The newest month where there are months: a year that ends with it says less."""
    months = [one for one in cycles if one.kind == Cycle.Kind.MONTH]
    return (months or list(cycles))[-1:]


def others_of(cycle: Cycle, cycles: Sequence[Cycle]) -> list[Cycle]:
    """Of each other kind the cycle that holds these days, or lies in them, else the newest."""
    return [found for kind in _KINDS if (found := _of_kind(cycle, cycles, kind)) is not None]


def _of_kind(cycle: Cycle, cycles: Sequence[Cycle], kind: str) -> Cycle | None:
    mine = [one for one in cycles if one.kind == kind and kind != cycle.kind]
    inside = [one for one in mine if one.starts_on <= cycle.starts_on < one.ends_on]
    within = [one for one in mine if cycle.starts_on <= one.starts_on < cycle.ends_on]
    return next(iter([*inside[-1:], *within[-1:], *mine[-1:]]), None)
