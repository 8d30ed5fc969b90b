"""Shifts as the roster and the telephone system tell them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from feedback.demo.duty import SHIFT_S, Duty
from feedback.demo.facts.month import Month, numbered, rows_of

FIELDS = (
    "scheduled_s", "logged_in_s", "handling_s", "ready_s", "not_ready_s", "wrap_up_s", "break_s",
    "sign_ins", "late_min", "early_min", "leave_days", "absent", "protected", "overtime_s",
)  # fmt: skip
# Their scheme counts the seconds of wrap-up and not ready.
_WATCHED = frozenset({"telephone_agent", "shift_leader"})


def draw_shifts(month: Month) -> pl.DataFrame:
    """One row a person and rostered day; on leave nobody is logged in."""
    rng = month.stream("shifts")
    busy = _handled(month)
    places = {person.code: number for number, person in enumerate(month.people)}
    records = []
    for duty in month.duties:
        person = places[duty.person.code]
        stamps = _stamps(duty, person)
        slips = month.forms[person].get("slips", 0.1)
        if duty.is_work:
            worked = _worked(busy.get((person, duty.day), 0), slips, rng)
            if duty.position in _WATCHED:
                worked |= _brief_pauses(worked)
            records.append(stamps | worked)
        else:
            records.append(stamps | _not_worked(duty.state))
    records.sort(key=lambda row: (row["day"], row["person"]))
    frame = rows_of(records, FIELDS)
    return frame.with_columns(numbered(f"R{month.tag}-", frame.height).alias("external_id"))


def _stamps(duty: Duty, person: int) -> dict[str, Any]:
    return {
        "person": person,
        "team": duty.team,
        "position": duty.position,
        "shift": duty.shift,
        "day": duty.day,
        "scheduled_s": SHIFT_S,
    }


def _handled(month: Month) -> dict[tuple[int, Any], int]:
    """Seconds that each person handled contacts on each day."""
    taken = [one for one in (month.answered, month.branch_answered) if not one.is_empty()]
    handle = pl.col("talk_s") + pl.col("hold_s") + pl.col("after_call_s")
    return {
        (person, day): int(handled)
        for frame in taken
        for person, day, handled in frame.group_by("person", "day")
        .agg(handle.sum().alias("handled"))
        .iter_rows()
    }


def _worked(handled: int, slips: float, rng: np.random.Generator) -> dict[str, Any]:
    late = int(rng.integers(2, 25)) if rng.random() < 0.015 + 0.02 * slips else 0
    overtime = int(rng.integers(1, 5)) * 900 if rng.random() < 0.06 else 0
    breaks = int(rng.integers(2700, 3900))
    logged_in = SHIFT_S - late * 60 + overtime - int(rng.integers(0, 240))
    handling = min(handled, logged_in - breaks)
    not_ready = int(min(rng.gamma(3, 280), logged_in - breaks - handling))
    return {
        "logged_in_s": logged_in,
        "handling_s": handling,
        "ready_s": logged_in - breaks - handling - not_ready,
        "not_ready_s": not_ready,
        "wrap_up_s": int(0.11 * handling),
        "break_s": breaks,
        "sign_ins": int(rng.integers(1, 5)),
        "late_min": late,
        "early_min": 0,
        "leave_days": 0,
        "absent": False,
        "protected": False,
        "overtime_s": overtime,
    }


def _brief_pauses(worked: dict[str, Any]) -> dict[str, int]:
    """Where every second of pause is counted, people are not ready less often."""
    not_ready = worked["not_ready_s"] * 2 // 5
    return {
        "not_ready_s": not_ready,
        "ready_s": worked["ready_s"] + worked["not_ready_s"] - not_ready,
        "wrap_up_s": worked["handling_s"] // 28,
    }


def _not_worked(state: str) -> dict[str, Any]:
    nothing = dict.fromkeys(FIELDS[1:10], 0)
    return nothing | {
        "leave_days": 1,
        "absent": state == "ill",
        "protected": state in {"ill", "away"},
        "overtime_s": 0,
    }
