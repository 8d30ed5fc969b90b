"""Whose card is made in parts by days: the positions that they held in the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agents.periods import Period
from agents.selectors import Tenure, tenures_in
from appraisal.models import SchemeVersion
from appraisal.scoring.months import is_made_of_months
from appraisal.scoring.scheme import parse_scheme
from appraisal.seats import Seat

BY_DAYS = "by_days"


def with_parts(
    seats: Sequence[Seat],
    *,
    period: Period,
    schemes: Mapping[str, SchemeVersion],
    positions: Mapping[int, str],
) -> list[Seat]:
    """The seats, in parts where the scheme of the position held most days makes cards so.

    Args:
        schemes: the scheme in use for each position, by its code.
        positions: the code of each position by id.
    Queries: 1; none where no scheme makes cards in parts.
    """
    in_parts = {one.pk for one in schemes.values() if makes_parts(one, period.kind)}
    if not in_parts & {seat.scheme_version_id for seat in seats}:
        return list(seats)
    held = tenures_in(period)
    return [
        _in_parts(seat, held[seat.agent_id], schemes, positions)
        if seat.scheme_version_id in in_parts and seat.agent_id in held
        else seat
        for seat in seats
    ]


def makes_parts(version: SchemeVersion, kind: str) -> bool:
    """Whether the cards of people who change position are made in parts by days."""
    if version.document.get("transfers") != BY_DAYS:
        return False
    return not is_made_of_months(parse_scheme(version.document), kind)


def _in_parts(
    seat: Seat,
    held: Iterable[Tenure],
    schemes: Mapping[str, SchemeVersion],
    positions: Mapping[int, str],
) -> Seat:
    """A seat with its parts, the deciding one first, then by days."""
    order = sorted(
        held, key=lambda one: (one.position_id != seat.position_id, -one.days, one.position_id)
    )
    parts, elsewhere = [], []
    for tenure in order:
        code = positions[tenure.position_id]
        if code in schemes:
            parts.append(_part(seat.agent_id, tenure, code, schemes[code].pk))
        else:
            elsewhere.append((tenure.position_id, tenure.days))
    return replace(seat, parts=tuple(parts), elsewhere=tuple(elsewhere))


def _part(agent_id: int, tenure: Tenure, position: str, version_id: int) -> Seat:
    return Seat(
        agent_id=agent_id,
        team_id=tenure.team_id,
        position_id=tenure.position_id,
        position=position,
        shift_id=tenure.shift_id,
        days_present=tenure.days,
        scheme_version_id=version_id,
        shifts=tenure.shifts,
        spans=tenure.spans,
    )


def versions_of(seats: Iterable[Seat]) -> set[int]:
    """The scheme versions that these people are scored by, in any of their parts."""
    return {one.scheme_version_id for seat in seats for one in (seat, *seat.parts)}
