"""Quality reviews: calls on the service form, ticket records on the record form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl

from feedback.demo.cast import SPECIALIST
from feedback.demo.facts.month import Month, numbered, rows_of

Forms = tuple[tuple[str, str], ...]
FIELDS = ("contact", "form", "reviewer", "reviewed_at", "score", "critical", "fatal", "items")
_REVIEWERS = ("Kenji Mori", "Anita Desai")
# What the service form asks, with the share of the points.
_ITEMS = {"greeting": 10, "listening": 20, "wording": 15, "procedure": 30, "solution": 25}


_STORY = (("agent", "service"), (SPECIALIST, "record"))


def draw_reviews(month: Month, *, forms: Forms = _STORY) -> pl.DataFrame:
    """Five to eight reviews of each person and month, by position and form.

    Records are reviewed of tickets, everything else of contacts.
    """
    rng = month.stream("review")
    records = [
        row
        for position, form in forms
        for rows in _samples(month, _of(month, position, form), rng)
        for row in (_reviewed(month, one, rng, form=form) for one in rows)
    ]
    records.sort(key=lambda row: (row["reviewed_at"], row["contact"]))
    frame = rows_of(records, FIELDS)
    return frame.with_columns(numbered(f"Q{month.tag}-", frame.height).alias("external_id"))


def _of(month: Month, position: str, form: str) -> pl.DataFrame:
    source = month.tickets if form == "record" else month.answered
    return source.filter(pl.col("position") == position)


def _samples(
    month: Month, source: pl.DataFrame, rng: np.random.Generator
) -> Iterator[list[dict[str, Any]]]:
    """A few contacts or tickets of each person, drawn over the month."""
    for (person,), rows in source.group_by("person", maintain_order=True):
        wanted = int(rng.integers(5, 9))
        if month.trait("seldom", [int(str(person))], usual=0.0)[0]:
            wanted = 2
        picked = rng.choice(rows.height, size=min(wanted, rows.height), replace=False)
        yield rows[np.sort(picked)].to_dicts()


def _reviewed(
    month: Month, row: dict[str, Any], rng: np.random.Generator, *, form: str
) -> dict[str, Any]:
    judged = _record if form == "record" else _service
    return judged(month, row, rng) | {"form": form}


def _service(month: Month, row: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    care = month.forms[row["person"]].get("care", 86.0)
    items = {
        name: int(np.clip(np.rint(points * rng.normal(care, 7) / 100), 0, points))
        for name, points in _ITEMS.items()
    }
    fatal = bool(rng.random() < 0.012 * (100 - care) / 10)
    score = 0 if fatal else sum(items.values())
    critical = fatal or bool(rng.random() < (100 - care) / 250)
    return _review(month, row, rng, form="service") | {
        "score": score,
        "critical": critical,
        "fatal": fatal,
        "items": json.dumps(items),
    }


def _record(month: Month, row: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    right = rng.random() < month.forms[row["person"]].get("records", 0.96)
    missing = str(rng.choice(["solution", "contact_details", "category"]))
    return _review(month, row, rng, form="record") | {
        "score": 100 if right else int(rng.choice([70, 80, 90])),
        "critical": not right and bool(rng.random() < 0.3),
        "fatal": False,
        "items": "{}" if right else json.dumps({missing: 0}),
    }


def _review(
    month: Month, row: dict[str, Any], rng: np.random.Generator, *, form: str
) -> dict[str, Any]:
    """Who reviewed it and when: in office hours of the same day, so that stamps agree."""
    reviewed_at = datetime.combine(row["day"], time(9)) + timedelta(
        minutes=int(rng.integers(0, 9 * 60))
    )
    stamps = {name: row[name] for name in ("person", "team", "position", "shift", "day")}
    return stamps | {
        "contact": row["external_id"],
        "form": form,
        "reviewer": _REVIEWERS[int(rng.integers(0, 2))],
        "reviewed_at": reviewed_at,
    }
