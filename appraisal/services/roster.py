"""Who is appraised in a cycle, by which scheme, and where they stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from agents.models import Position
from agents.periods import Period
from agents.selectors import stays_in
from appraisal.models import Run
from appraisal.seats import Seat, pinned_parts
from appraisal.selectors.schemes import schemes_for
from appraisal.services import tenures

# Who was there on a smaller share of the days is appraised but not ranked.
MINIMUM_PRESENCE = Decimal("0.4")


def seats_in(period: Period) -> list[Seat]:
    """Everybody with a place in the period whose position has a scheme, by agent id.

    Queries: 3, and 1 more where a scheme makes cards in parts by days.
    """
    schemes = schemes_for(period.kind)
    positions = position_codes()
    in_use = {code: one.pk for code, one in schemes.items()}
    seats = whole_seats(period, schemes=in_use, positions=positions)
    return tenures.with_parts(seats, period=period, schemes=schemes, positions=positions)


def whole_seats(
    period: Period, *, schemes: Mapping[str, int], positions: Mapping[int, str]
) -> list[Seat]:
    """Everybody in these positions, by agent id, without parts.

    Args:
        schemes: the version in use for each position, by its code.
        positions: the code of each position by id.
    Queries: 1.
    """
    seats = [
        Seat(
            agent_id=stay.agent_id,
            team_id=stay.team_id,
            position_id=stay.position_id,
            position=positions[stay.position_id],
            shift_id=stay.shift_id,
            days_present=stay.days_present,
            scheme_version_id=schemes[positions[stay.position_id]],
            shifts=stay.shifts,
        )
        for stay in stays_in(period).values()
        if positions[stay.position_id] in schemes
    ]
    return sorted(seats, key=lambda seat: seat.agent_id)


def position_codes() -> dict[int, str]:
    """The code of each position by id. Queries: 1."""
    return dict(Position.objects.values_list("pk", "code"))


def seats_of(run: Run) -> list[Seat]:
    """The seats as a run stored them: people may have moved since.

    Queries: 1, and 1 more where cards are in parts by days.
    """
    shifts = run.parameters.get("shifts", {})
    positions = position_codes() if run.parameters.get("parts") else {}
    cards = run.scorecards.select_related("position").order_by("agent_id")
    seats = [
        Seat(
            agent_id=card.agent_id,
            team_id=card.team_id,
            position_id=card.position_id,
            position=card.position.code,
            shift_id=card.shift_id,
            days_present=card.days_present,
            scheme_version_id=card.scheme_version_id,
            shifts=tuple((shift, days) for shift, days in shifts.get(str(card.agent_id), ())),
        )
        for card in cards
    ]
    return [_with_pinned_parts(seat, run, positions) for seat in seats] if positions else seats


def _with_pinned_parts(seat: Seat, run: Run, positions: Mapping[int, str]) -> Seat:
    parts, elsewhere = pinned_parts(run.parameters, seat.agent_id, positions)
    return replace(seat, parts=parts, elsewhere=elsewhere)


def is_present(seat: Seat, period: Period, minimum: Decimal) -> bool:
    """Whether somebody was there long enough to be ranked."""
    return seat.days_present >= minimum * (period.ends_on - period.starts_on).days


def teams_of(seats: Iterable[Seat]) -> dict[int, int]:
    """The team of each agent."""
    return {seat.agent_id: seat.team_id for seat in seats}
