"""What HR keeps: exams and trainings, praise, ideas and breaches, call-backs, plans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from feedback.demo.cast import SPECIALIST, Person
from feedback.demo.facts.month import Month, numbered, rows_of

TRAINING_FIELDS = ("course", "kind", "hours", "score", "passed")
EVENT_FIELDS = ("kind", "quantity", "severity", "amount", "note")
FIGURE_FIELDS = ("figure", "period", "value", "numerator", "denominator")
_PASS = 60
_EXAM_DAY = 18
_COURSES = ("Difficult conversations", "新品知识", "Data protection", "投诉处理技巧")
_PRAISE = (
    "Letter from a customer.",
    "客户来电表扬。",
    "Thanked by name in a survey.",
    "客户赠送锦旗。",
)
_IDEAS = (
    "Shorter greeting for returning customers.",
    "优化退货流程说明。",
    "Template for address changes.",
)
_BREACHES = (
    "Logged off before the end of the shift.",
    "未按规定使用标准用语。",
    "Telephone used at the desk.",
)
_HYGIENE = ("Desk not tidied after the shift.", "工位未整理。")


def draw_trainings(month: Month) -> pl.DataFrame:
    """The monthly exam, a course now and then, and what specialists taught.

    Of the month that is not over nothing came in yet.
    """
    if month.timeline.is_current(month.period):
        return rows_of([], TRAINING_FIELDS).with_columns(pl.lit("").alias("external_id"))
    rng = month.stream("training")
    records = [
        row for number, person in enumerate(month.people)
        for row in _trainings(month, number, person, rng)
    ]  # fmt: skip
    return numbered_records(month, records, TRAINING_FIELDS, prefix="E")


def _trainings(
    month: Month, number: int, person: Person, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    form = month.forms[number]
    exam_day = month.period.starts_on.replace(day=_EXAM_DAY)
    if "exam" in form and month.period.starts_on not in person.no_exam:
        score = round(float(np.clip(rng.normal(form["exam"], 4), 20, 100)))
        exam = {
            "kind": "knowledge",
            "course": "Monthly exam 业务知识月考",
            "hours": 1,
            "score": score,
        }
        yield from stamped(person, number, exam_day, exam | {"passed": score >= _PASS})
    if form and rng.random() < 0.22:
        course = {"kind": "course", "course": str(rng.choice(_COURSES)), "hours": 3, "passed": True}
        yield from stamped(person, number, some_day(month, rng), course)
    if rng.random() < form.get("given", 0) / 2.4:
        given = {
            "kind": "given",
            "course": "Returns and refunds 退换货",
            "hours": 2,
            "passed": True,
        }
        yield from stamped(person, number, some_day(month, rng), given)


def draw_events(month: Month) -> pl.DataFrame:
    """Praise, ideas, breaches and call-backs."""
    rng = month.stream("event")
    records = [
        row
        for number, person in enumerate(month.people)
        for row in _events(month, number, person, rng)
    ]
    return numbered_records(month, records, EVENT_FIELDS, prefix="V")


def _events(
    month: Month, number: int, person: Person, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    form = month.forms[number]
    if not form:
        return
    part = (month.until - month.period.starts_on).days / 30
    slips, praise = form.get("slips", 0.2) * part, form.get("praise", 0.5) * part
    frequent = (
        ("praise", praise, _PRAISE),
        ("idea", 0.25 * praise + 0.05, _IDEAS),
        ("adopted_idea", 0.16 * praise, _IDEAS),
        ("breach", 0.5 * slips, _BREACHES),
        ("hygiene", 0.3 * slips, _HYGIENE),
        ("service_error", 0.4 * slips, ("",)),
    )
    for kind, often, notes in frequent:
        for _ in range(int(rng.poisson(often))):
            event = {"kind": kind, "quantity": 1, "note": str(rng.choice(notes)) or None}
            if kind == "breach":
                event["severity"] = "minor"
            yield from stamped(person, number, some_day(month, rng), event)
    if person_is_specialist(person, month.period.starts_on):
        yield from _callbacks(month, number, person, rng)


def person_is_specialist(person: Person, day: date) -> bool:
    """Whether somebody calls customers back."""
    place = person.place_on(max(day, person.hired_on))
    return place is not None and place.position == SPECIALIST


def _callbacks(
    month: Month, number: int, person: Person, rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    """Each Friday: how many customers were to be called back, and how many were."""
    share = month.forms[number]["callbacks"]
    day = month.period.starts_on + timedelta(days=(4 - month.period.starts_on.weekday()) % 7)
    while day < month.until:
        due = int(rng.integers(9, 16))
        done = int(rng.binomial(due, share))
        if not person.is_away(day):
            yield from stamped(person, number, day, {"kind": "callback_due", "quantity": due})
            yield from stamped(person, number, day, {"kind": "callback_done", "quantity": done})
        day += timedelta(days=7)


def draw_figures(month: Month) -> pl.DataFrame:
    """What the company plans and counts elsewhere, for the whole centre."""
    rng = month.stream("figure")
    first = month.period.starts_on
    there = [person for person in month.people if person.place_on(month.until - timedelta(days=1))]
    gone = [
        person for person in month.people
        if person.left_on is not None and first <= person.left_on < month.until
    ]  # fmt: skip
    stamps = {"day": first, "period": month.period.code}
    records = [
        stamps | {"figure": "contact_plan", "value": 38_000 + 500 * int(rng.integers(0, 5))},
        stamps | {"figure": "headcount", "value": len(there)},
        stamps | {"figure": "turnover", "numerator": len(gone), "denominator": len(there)},
        stamps | {"figure": "running_cost", "value": 720_000 + 1_000 * int(rng.integers(0, 40))},
    ]
    return numbered_records(month, records, FIGURE_FIELDS, prefix="F")


def some_day(month: Month, rng: np.random.Generator) -> date:
    """Any day of the month that is known."""
    days = (month.until - month.period.starts_on).days
    return month.period.starts_on + timedelta(days=int(rng.integers(0, days)))


def stamped(
    person: Person, number: int, day: date, fields: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The record with where the person stood that day; nothing when nobody stood anywhere."""
    place = person.place_on(day)
    if place is not None and not person.is_away(day):
        yield fields | {
            "person": number,
            "team": place.team,
            "position": place.position,
            "shift": place.shift,
            "day": day,
        }


def numbered_records(
    month: Month, records: list[dict[str, Any]], fields: tuple[str, ...], *, prefix: str
) -> pl.DataFrame:
    """Records in the order of their days, numbered: E2610-000001."""
    records.sort(key=lambda row: (row["day"], row.get("person", -1)))
    frame = rows_of(records, fields)
    return frame.with_columns(numbered(f"{prefix}{month.tag}-", frame.height).alias("external_id"))
