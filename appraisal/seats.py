"""The place of one person in a cycle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Seat:
    """One person to appraise, with the place that decides the scheme."""

    agent_id: int
    team_id: int
    position_id: int
    position: str
    shift_id: int | None
    days_present: int
    scheme_version_id: int
