"""The place of one person in a cycle, and how a run pins the parts of one who had several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Seat:
    """One person to appraise, with the place that decides the scheme.

    Attributes:
        shifts: the days in each shift while in that position, 0 for none; empty for somebody
            who never changed shift.
        spans: of a part, the days ``[start, end)`` in that position, in order.
        parts: of a card in parts by days, the place in each position that a scheme appraises,
            the one that decides first; the days present in each are those in the position.
        elsewhere: of such a card, positions without a scheme, each with its days.
    """

    agent_id: int
    team_id: int
    position_id: int
    position: str
    shift_id: int | None
    days_present: int
    scheme_version_id: int
    shifts: tuple[tuple[int, int], ...] = ()
    spans: tuple[tuple[date, date], ...] = ()
    parts: tuple[Seat, ...] = ()
    elsewhere: tuple[tuple[int, int], ...] = ()

    @property
    def days_by_shift(self) -> dict[int, int]:
        """The days in each shift, of somebody who never changed those of the period."""
        return dict(self.shifts) or {self.shift_id or 0: max(self.days_present, 1)}


def pin_parts(seats: Iterable[Seat]) -> dict[str, Any]:
    """The parts as the parameters of a run keep them; nothing where there are none."""
    parts = {
        str(seat.agent_id): {
            "parts": [_written(one) for one in seat.parts],
            "elsewhere": [list(one) for one in seat.elsewhere],
        }
        for seat in seats
        if seat.parts
    }
    return {"parts": parts} if parts else {}


def _written(part: Seat) -> dict[str, Any]:
    return {
        "position": part.position_id,
        "scheme": part.scheme_version_id,
        "team": part.team_id,
        "shift": part.shift_id,
        "shifts": [list(one) for one in part.shifts],
        "spans": [[start.isoformat(), end.isoformat()] for start, end in part.spans],
    }


def pinned_parts(
    parameters: Mapping[str, Any], agent_id: int, positions: Mapping[int, str]
) -> tuple[tuple[Seat, ...], tuple[tuple[int, int], ...]]:
    """The parts of somebody's card as a run pinned them, and the positions without a scheme.

    Args:
        positions: the code of each position by id.
    """
    pinned = parameters.get("parts", {}).get(str(agent_id))
    if pinned is None:
        return (), ()
    parts = tuple(_read(agent_id, one, positions) for one in pinned["parts"])
    return parts, tuple((position, days) for position, days in pinned["elsewhere"])


def _read(agent_id: int, written: Mapping[str, Any], positions: Mapping[int, str]) -> Seat:
    spans = tuple(
        (date.fromisoformat(start), date.fromisoformat(end)) for start, end in written["spans"]
    )
    return Seat(
        agent_id=agent_id,
        team_id=written["team"],
        position_id=written["position"],
        position=positions.get(written["position"], ""),
        shift_id=written["shift"],
        days_present=sum((end - start).days for start, end in spans),
        scheme_version_id=written["scheme"],
        shifts=tuple((shift, days) for shift, days in written["shifts"]),
        spans=spans,
    )
