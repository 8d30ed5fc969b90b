"""How big a demo centre is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many months, and how much of the cast and of its work.

    Attributes:
        months: the current one among them.
        teams: the teams with leaders and agents; None for all.
        agents: at most so many agents; None for all.
        volume: the share of the contacts and tickets of a shift that is kept.
    """

    months: int
    teams: frozenset[str] | None = None
    agents: int | None = None
    volume: float = 1.0


SIZES = {
    "full": Size(months=14),
    "small": Size(months=3, teams=frozenset({"phone-a", "after-sales"}), agents=8, volume=0.25),
}
