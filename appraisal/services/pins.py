"""What a run pins beside versions and watermark, so that it can be recomputed for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agents import periods
from agents.periods import Period
from agents.selectors import led_in
from appraisal.models import Cycle, Run, Scorecard
from appraisal.scoring.months import LONG_CYCLES
from appraisal.seats import Seat, pin_parts
from appraisal.services import roster
from appraisal.services.inputs import MonthCard
from kpi.engine import NOT_MEASURABLE
from kpi.frames import Window
from kpi.places import Led


def pin(period: Period, window: Window, seats: Sequence[Seat]) -> dict[str, Any]:
    """The parameters of a run that is about to be computed.

    Queries: 4 at most.
    """
    return {
        "imported": sorted(window.imported),
        "minimum_presence": str(roster.MINIMUM_PRESENCE),
        "own_facts": "position",
        "lacking": NOT_MEASURABLE,
        "shifts": _shifts(seats),
        "led": _led(period, seats),
        **pin_parts(seats),
        **({"months": _months(period)} if period.kind in LONG_CYCLES else {}),
    }


def _shifts(seats: Sequence[Seat]) -> dict[str, list[list[int]]]:
    """The days in each shift of whoever changed it; a card tells the shift of everybody else."""
    return {
        str(seat.agent_id): [list(entry) for entry in seat.shifts]
        for seat in seats
        if {shift for shift, _days in seat.shifts} != {seat.shift_id or 0}
    }


def _led(period: Period, seats: Sequence[Seat]) -> list[list[Any]]:
    """Which teams the people appraised led; of anybody else it does not matter."""
    appraised = {seat.agent_id for seat in seats}
    return [
        [leader, team, starts_on.isoformat(), ends_on.isoformat()]
        for leader, team, starts_on, ends_on in led_in(period)
        if leader in appraised
    ]


def led_of(parameters: Mapping[str, Any]) -> tuple[Led, ...]:
    """The teams led that a run pinned."""
    return tuple(
        Led(leader, team, date.fromisoformat(starts_on), date.fromisoformat(ends_on))
        for leader, team, starts_on, ends_on in parameters.get("led", ())
    )


def months_in(period: Period) -> list[Period]:
    """The calendar months of a quarter or a year, in order."""
    months = [periods.holding(period.starts_on, "month")]
    while months[-1].ends_on < period.ends_on:
        months.append(months[-1].next())
    return months


def _months(period: Period) -> dict[str, dict[str, Any] | None]:
    """The run that stands for each month: the published one, else the newest; None without."""
    codes = [month.code for month in months_in(period)]
    cycles = Cycle.objects.filter(code__in=codes).select_related("published_run", "current_run")
    runs = {cycle.code: cycle.published_run or cycle.current_run for cycle in cycles}
    return {code: _told(runs.get(code)) for code in codes}


def _told(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"run": run.pk, "number": run.number, "digest": run.digest}


def months_of(parameters: Mapping[str, Any]) -> dict[str, dict[int, MonthCard] | None]:
    """The cards of the month runs that a run pinned, by month and agent. Queries: at most 1."""
    pinned = parameters.get("months", {})
    codes = {told["run"]: code for code, told in pinned.items() if told}
    months: dict[str, dict[int, MonthCard] | None] = {
        code: {} if told else None for code, told in sorted(pinned.items())
    }
    cards = Scorecard.objects.filter(run__in=codes) if codes else Scorecard.objects.none()
    for run, agent, total, provisional in cards.values_list(
        "run_id", "agent_id", "total", "provisional"
    ):
        hundredths = None if total is None else int(total.scaleb(2))
        month = months[codes[run]]
        if month is not None:
            month[agent] = MonthCard(hundredths, provisional)
    return months


def are_months_unchanged(run: Run) -> bool:
    """Whether the month runs that a run pinned still say what they said. Queries: at most 1."""
    pinned = [told for told in run.parameters.get("months", {}).values() if told]
    if not pinned:
        return True
    now = dict(
        Run.objects.filter(pk__in=[told["run"] for told in pinned]).values_list("pk", "digest")
    )
    return all(now.get(told["run"]) == told["digest"] for told in pinned)
