"""What the schemes of leaders and branches ask of the office: tests, events, plans done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from feedback.demo.cast import Person
from feedback.demo.facts.month import Month, rows_of
from feedback.demo.facts.records import (
    EVENT_FIELDS,
    FIGURE_FIELDS,
    TRAINING_FIELDS,
    numbered_records,
    some_day,
    stamped,
)

SOURCE = "office"
_TEST_DAY = 19
Row = dict[str, Any]

# Events by position: how many a month on average.
_EVENTS: dict[str, dict[str, float]] = {
    "team_leader": {"breach": 0.15, "hygiene": 0.1, "adopted_idea": 1.2},
    "qa_reviewer": {"breach": 0.1, "adopted_idea": 1.0},
    "supervisor": {"adopted_need": 2.2},
    "floor_supervisor": {"qa_error": 1.0, "adopted_idea": 2.5},
    "shift_leader": {
        "staffing_lapse": 0.5, "missed_round": 0.4, "unanswered_question": 0.3,
        "late_answer": 0.7, "handover": 0.4, "notice_slip": 0.3, "callback_missed": 0.08,
    },
    "telephone_agent": {"refusal": 0.05},
    "enterprise_agent": {"contribution": 6.0, "idea": 0.8, "adopted_idea": 0.5},
}  # fmt: skip
# Tasks and milestones: how many a month, and the share that is done in time.
_DUTIES: dict[str, tuple[tuple[str, str, int, float], ...]] = {
    "qa_reviewer": (("task", "task_done", 8, 0.93),),
    "enterprise_agent": (("task", "task_done", 5, 0.9), ("milestone", "milestone_met", 3, 0.85)),
}
# Figures with numerator and denominator: what was planned, and the mean share of it.
_SHARES: dict[str, dict[str, tuple[int, float]]] = {
    "telephone_agent": {"business": (200, 0.96)},
    "shift_leader": {"business": (200, 0.97)},
    "floor_supervisor": {"business": (900, 0.95)},
    "property_agent": {"economic": (100, 0.93)},
    "enterprise_agent": {"csat_before": (200, 0.89), "csat_after": (200, 0.91)},
    "qa_reviewer": {"qa_workload": (240, 0.96), "coaching": (24, 0.92),
                    "data_submission": (22, 0.97)},
    "supervisor": {
        "team_target": (100, 0.95), "staff_turnover": (24, 0.03),
        "key_staff_retention": (12, 0.97), "staff_promotion": (24, 0.06),
        "staff_improvement": (24, 0.4), "customer_retention": (400, 0.94),
        "key_customer_retention": (60, 0.95), "report": (9, 0.96), "budget": (100, 1.0),
    },
    "manager": {
        "business": (1000, 0.96), "budget": (720, 1.02), "customer_research": (12, 0.95),
        "process_improvement": (8, 0.9), "customer_feedback": (60, 0.93),
    },
}  # fmt: skip
# Calls planned for a month: of a hotline's floor, and of everybody.
_CALL_PLANS = {"floor_supervisor": 5_000, "manager": 46_000}


def draw_office(month: Month) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames of the office in a month, by kind. Tests of a month that goes on are not in."""
    if not month.timeline.is_current(month.period):
        yield "trainings", _draw(month, "o-training", _tests, TRAINING_FIELDS, prefix="X")
    yield "events", _draw(month, "o-events", _events, EVENT_FIELDS, prefix="Y")
    yield "figures", _draw(month, "o-figures", _figures, FIGURE_FIELDS, prefix="Z")


def _draw(
    month: Month, stream: str, draw: Any, fields: tuple[str, ...], *, prefix: str
) -> pl.DataFrame:
    rng = month.stream(stream)
    records: list[Row] = []
    for number, person in enumerate(month.people):
        place = person.place_on(max(month.period.starts_on, person.hired_on))
        if place is not None:
            records += draw(month, number, person, place.position, rng)
    if not records:
        return rows_of([], fields).with_columns(pl.lit("").alias("external_id"))
    return numbered_records(month, records, fields, prefix=prefix)


def _tests(
    month: Month, number: int, person: Person, position: str, rng: np.random.Generator
) -> Iterator[Row]:
    day = month.period.starts_on.replace(day=_TEST_DAY)
    rows = []
    if position in {"telephone_agent", "shift_leader"}:
        rows.append(_test("typing", "Typing test 打字测试", rng.normal(68, 9), highest=120))
    if position == "team_leader" and "exam" not in month.forms[number]:
        rows.append(_test("knowledge", "Monthly exam 业务知识月考", rng.normal(91, 4)))
    if position == "enterprise_agent":
        rows.append(_test("drill", "Outage drill 应急演练", rng.normal(86, 6)))
        passed = bool(rng.random() < 0.9)
        rows.append(
            {"kind": "course", "course": "Contracts 合同条款", "hours": 4, "passed": passed}
        )
    if position == "agent" and rng.random() < 0.08:
        passed = bool(rng.random() < 0.88)
        rows.append({"kind": "certificate", "course": "Service licence 上岗认证", "passed": passed})
    for row in rows:
        yield from stamped(person, number, day, row)


def _test(kind: str, course: str, score: float, *, highest: int = 100) -> Row:
    return {
        "kind": kind,
        "course": course,
        "hours": 1,
        "score": int(np.clip(round(score), 30, highest)),
        "passed": True,
    }


def _events(
    month: Month, number: int, person: Person, position: str, rng: np.random.Generator
) -> Iterator[Row]:
    part = (month.until - month.period.starts_on).days / 30
    for kind, often in _EVENTS.get(position, {}).items():
        for _ in range(int(rng.poisson(often * part))):
            row: Row = {"kind": kind, "quantity": 1}
            if kind == "handover":
                # The pay plan asks whose responsibility it was.
                row["severity"] = "secondary"
            if kind == "adopted_idea":
                row["amount"] = 500 * int(rng.integers(2, 12))
            yield from stamped(person, number, some_day(month, rng), row)
    for all_of_them, done, count, share in _DUTIES.get(position, ()):
        met = int(rng.binomial(count, share))
        day = some_day(month, rng)
        yield from stamped(person, number, day, {"kind": all_of_them, "quantity": count})
        if met:
            yield from stamped(person, number, day, {"kind": done, "quantity": met})


def _figures(
    month: Month, number: int, person: Person, position: str, rng: np.random.Generator
) -> Iterator[Row]:
    first, period = month.period.starts_on, month.period.code
    for figure, (planned, mean) in _SHARES.get(position, {}).items():
        share = rng.normal(mean, 0.03)
        most = planned if figure != "budget" and mean < 1 else 2 * planned
        done = int(np.clip(round(planned * share), 0, most))
        row = {"figure": figure, "period": period, "numerator": done, "denominator": planned}
        yield from _figure(person, number, first, row)
    if position in _CALL_PLANS:
        days = (month.until - first).days / (month.period.ends_on - first).days
        planned = max(round(_CALL_PLANS[position] * month.volume * days), 1)
        plan: Row = {"figure": "call_plan", "period": period, "value": planned}
        yield from _figure(person, number, first, plan)


def _figure(person: Person, number: int, first: date, row: Row) -> Iterator[Row]:
    yield from stamped(person, number, max(first, person.hired_on), row)
