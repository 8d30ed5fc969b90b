"""What a computation rests on: everything a run pinned, and nothing of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from appraisal.models import SchemeVersion
from appraisal.scoring.fixed import SCALE
from appraisal.scoring.scheme import Source
from appraisal.seats import Seat
from appraisal.services.roster import is_present, teams_of
from kpi.formula import Formula, compile_formula
from kpi.frames import Window
from kpi.models import KPIVersion
from kpi.places import Led, Places

CENT = SCALE // 100


@dataclass(frozen=True)
class MonthCard:
    """What a month gave somebody: the total in hundredths, if any."""

    total: int | None
    provisional: bool


@dataclass(frozen=True)
class Inputs:
    """Everything a computation rests on.

    Attributes:
        kpis: KPI code to the pinned version.
        ratings: frames of what people entered, as ``rating(...)`` reads them.
        led: who led which teams on which days.
        is_one_position: facts stamped with another position than the seat's are not one's own.
        tells_unmeasurable: what no source gives is not measurable, and not 0.
        months: for schemes made of months, each month of the cycle in order, with its cards by
            agent; None for a month that is not computed.
        targets: agent id and item to the target of the cycle, where it has one of its own.
        from_tallies: read only days that changed since the facts were tallied; a run may, its
            verification reads the facts themselves.
        standing: where everybody stood, if it is not what the seats say.
        peers: people measured along with those seated, for averages.
        layers: the further positions of people in parts (:mod:`appraisal.services.parts`).
    """

    window: Window
    seats: Sequence[Seat]
    schemes: Mapping[int, SchemeVersion]
    kpis: Mapping[str, KPIVersion]
    ratings: Mapping[str, pd.DataFrame]
    minimum_presence: Decimal
    led: tuple[Led, ...] = ()
    is_one_position: bool = True
    tells_unmeasurable: bool = True
    months: Mapping[str, Mapping[int, MonthCard] | None] = field(default_factory=dict)
    targets: Mapping[tuple[int, str], Decimal] = field(default_factory=dict)
    from_tallies: bool = False
    standing: Places | None = None
    peers: tuple[int, ...] = ()
    layers: tuple[Inputs, ...] = ()

    @cached_property
    def present(self) -> frozenset[int]:
        """Who was there long enough to be ranked and to count among peers."""
        period, minimum = self.window.period, self.minimum_presence
        there = (seat for seat in self.seats if is_present(seat, period, minimum))
        return frozenset(seat.agent_id for seat in there)

    @cached_property
    def places(self) -> Places:
        """Where everybody stood."""
        return self.standing or Places(
            teams=teams_of(self.seats),
            positions={seat.agent_id: seat.position_id for seat in self.seats},
            is_one_position=self.is_one_position,
            shifts={seat.agent_id: seat.days_by_shift for seat in self.seats},
            counted=self.present,
            led=self.led,
        )

    @cached_property
    def items_with_targets(self) -> frozenset[str]:
        """The items for which anybody has a target of the cycle."""
        return frozenset(item for _agent, item in self.targets)

    def formula_of(self, source: Source) -> Formula:
        """What a figure of a scheme is measured by."""
        if source.rating:
            return compile_formula(f'rating("{source.rating}")')
        return compile_formula(self.kpis[source.kpi].formula)


def month_values(
    months: Mapping[str, Mapping[int, MonthCard] | None], agents: list[int]
) -> pd.DataFrame:
    """What the months gave these people, one row per month and agent, as scoring reads it."""
    rows = [
        (agent, code, *_month_value(month, agent))
        for code, month in months.items()
        for agent in agents
    ]
    frame = pd.DataFrame(rows, columns=["agent_id", "item", "state", "value"])
    empty = pd.array([pd.NA] * len(rows), dtype="Int64")
    return frame.assign(value=frame["value"].astype("Int64"), sample=empty, target=empty)


def _month_value(month: Mapping[int, MonthCard] | None, agent: int) -> tuple[str, int | None]:
    """State and total of one month: awaited until computed, nothing where nobody was there."""
    if month is None:
        return "awaited", None
    card = month.get(agent)
    if card is None:
        return "not_applicable", None
    return ("no_data", None) if card.total is None else ("measured", card.total * CENT)
