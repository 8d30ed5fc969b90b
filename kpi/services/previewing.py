"""A formula over real data before it is in use: by person, beside the version in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, cast

import pandas as pd

from agents import selectors as people
from agents.models import Agent, Team
from agents.periods import Period
from kpi import engine, frames
from kpi.formula import Formula
from kpi.models import KPIVersion
from kpi.services import measuring, revisions

BINS: Final = 12
_NEW, _PRESENT = "new", "present"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value: its state as the engine says it, and the cases it rests on."""

    state: str
    value: Decimal | None
    sample: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One person: the formula's figure, and that of the version in use where there is one."""

    agent: Agent
    team: Team
    new: Figure
    present: Figure | None

    @property
    def change(self) -> Decimal | None:
        """How much the value changes, where both are there."""
        if self.present is None or self.new.value is None or self.present.value is None:
            return None
        return self.new.value - self.present.value


@dataclass(frozen=True, slots=True)
class Bin:
    """How many people lie in ``[low, high)`` by either version; the last bin holds its end."""

    low: Decimal
    high: Decimal
    new: int
    present: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A formula over a period.

    Attributes:
        missing: kinds of facts that the formula reads and that never came in for the period.
        states: how many people are in each state.
    """

    period: Period
    rows: list[PreviewRow]
    centre: Figure | None
    bins: list[Bin]
    missing: list[str]
    states: dict[str, int]


def preview(
    *,
    formula: Formula,
    anchor: str,
    minimum_sample: int,
    present: KPIVersion | None,
    period: Period,
) -> Preview:
    """Measure a formula for everybody with a place in a period, over what is known now.

    Queries: those of :func:`kpi.services.measuring.measure` for both versions at once, twice
    (people, the centre), and 6 more.
    """
    wanted = [measuring.Wanted(_NEW, formula, anchor, minimum_sample)]
    if present is not None:
        wanted.append(replace(measuring.wanted_version(present), key=_PRESENT))
    window = frames.window_of(period, revisions.latest_revision())
    stays = people.stays_in(period)
    measured = measuring.measure(
        wanted,
        window=window,
        groups=sorted(stays),
        places=measuring.places_in(period, stays),
    )
    rows = _rows(stays, measured)
    return Preview(
        period=period,
        rows=rows,
        centre=_centre(wanted[0], window),
        bins=_bins(rows),
        missing=sorted(formula.facts - window.imported),
        states=_states(rows),
    )


def _centre(wanted: measuring.Wanted, window: frames.Window) -> Figure | None:
    frame = measuring.measure([wanted], window=window, by="centre")[_NEW]
    return next((_figure(row) for row in frame.to_dict("records")), None)


def _rows(
    stays: Mapping[int, people.Stay], measured: Mapping[Any, pd.DataFrame]
) -> list[PreviewRow]:
    agents = Agent.objects.in_bulk(list(stays))
    teams = Team.objects.in_bulk({stay.team_id for stay in stays.values()})
    figures = {
        key: {cast("int", agent): _figure(row) for agent, row in frame.to_dict("index").items()}
        for key, frame in measured.items()
    }
    present = figures.get(_PRESENT, {})
    return [
        PreviewRow(agents[agent], teams[stays[agent].team_id], figure, present.get(agent))
        for agent, figure in figures[_NEW].items()
    ]


def _figure(row: Mapping[Any, Any]) -> Figure:
    value = row["value"]
    known = None if pd.isna(value) else engine.from_fixed(int(value))
    return Figure(str(row["state"]), known, int(row["sample"]))


def _states(rows: Sequence[PreviewRow]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.new.state] = counts.get(row.new.state, 0) + 1
    return counts


def _bins(rows: Sequence[PreviewRow]) -> list[Bin]:
    """Both versions' values in bins of one width; none where all values are the same."""
    new = [row.new.value for row in rows if row.new.value is not None]
    present = [row.present.value for row in rows if row.present and row.present.value is not None]
    values = [*new, *present]
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    if low == high:
        return []
    width = (high - low) / BINS
    counts = {key: [0] * BINS for key in (_NEW, _PRESENT)}
    for key, found in ((_NEW, new), (_PRESENT, present)):
        for value in found:
            place = int(((value - low) / width).to_integral_value(ROUND_FLOOR))
            counts[key][min(place, BINS - 1)] += 1
    return [
        Bin(low + width * at, low + width * (at + 1), counts[_NEW][at], counts[_PRESENT][at])
        for at in range(BINS)
    ]
