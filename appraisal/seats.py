"""The place of one person in a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
