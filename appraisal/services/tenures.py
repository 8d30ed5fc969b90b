"""Whose card is made in parts by days: the positions that they held in the period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agents.periods import Period
from agents.selectors import Tenure, tenures_in
from appraisal.models import SchemeVersion
from appraisal.scoring.months import is_made_of_months
from appraisal.scoring.scheme import Scheme, parse_scheme
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
    by_position = {code: one.pk for code, one in schemes.items()}
    return [
        in_parts_of(seat, held[seat.agent_id], by_position, positions)
        if seat.scheme_version_id in in_parts and seat.agent_id in held
        else seat
        for seat in seats
    ]


def makes_parts(version: SchemeVersion, kind: str) -> bool:
    """Whether the cards of people who change position are made in parts by days."""
    if version.document.get("transfers") != BY_DAYS:
        return False
    return are_parts_made(parse_scheme(version.document), kind)


def are_parts_made(scheme: Scheme, kind: str) -> bool:
    """Whether a scheme makes cards in parts; what is made of months has none."""
    return scheme.transfers == BY_DAYS and not is_made_of_months(scheme, kind)


def in_parts_of(
    seat: Seat,
    held: Iterable[Tenure],
    schemes: Mapping[str, int],
    positions: Mapping[int, str],
) -> Seat:
    """A seat with its parts, the deciding one first, then by days.

    Args:
        held: the positions held in the period.
        schemes: the version in use for each position, by its code.
        positions: the code of each position by id.
    """
    order = sorted(
        held, key=lambda one: (one.position_id != seat.position_id, -one.days, one.position_id)
    )
    parts, elsewhere = [], []
    for tenure in order:
        code = positions[tenure.position_id]
        if code in schemes:
            parts.append(_part(seat.agent_id, tenure, code, schemes[code]))
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


def tenure_of(part: Seat) -> Tenure:
    """The tenure that a part was made from."""
    return Tenure(
        position_id=part.position_id,
        team_id=part.team_id,
        shift_id=part.shift_id,
        shifts=part.shifts,
        spans=part.spans,
    )


def versions_of(seats: Iterable[Seat]) -> set[int]:
    """The scheme versions that these people are scored by, in any of their parts."""
    return {one.scheme_version_id for seat in seats for one in (seat, *seat.parts)}
