"""Tickets of the complaints and after-sales specialists."""

from __future__ import annotations

import numpy as np
import polars as pl

from feedback.demo.cast import SPECIALIST
from feedback.demo.facts.month import STAMPS, Month, chosen, drawn, moments, numbered, only, whole

_A_DAY = 10.0
_HOUR_S = 3600
_DUE_S = 48 * _HOUR_S
# Longer than this nobody waits before the month's file is written.
_LONGEST_S = 80 * _HOUR_S
_KINDS = ("return", "refund", "fault", "request", "enquiry")
_KIND_SHARES = (0.32, 0.24, 0.2, 0.14, 0.1)
_TOPICS = ("delivery damaged", "wrong item", "late delivery", "defect", "price", "service")
_TOPIC_SHARES = (0.2, 0.17, 0.22, 0.23, 0.1, 0.08)


def draw_tickets(month: Month) -> pl.DataFrame:
    """The tickets created in a month, in the order of their creation."""
    rng = month.stream("ticket")
    duty = month.roster.filter(pl.col("position") == SPECIALIST, pl.col("state") == "work")
    count = whole(rng.normal(_A_DAY, 1.3, duty.height) * month.volume, least=1)
    rows = duty[np.repeat(np.arange(duty.height), count)]
    created = moments(
        rows["day"],
        rows["start_h"].to_numpy() * _HOUR_S + rng.integers(0, 7 * _HOUR_S, rows.height),
    )
    drawn_rows = handled(month, rows.with_columns(created.alias("created_at")), rng)
    together = drawn_rows.sort("created_at", maintain_order=True)
    number = rng.integers(0, 40_000, together.height) * 7_919 % 100_000_000
    return together.with_columns(
        numbered(f"T{month.tag}-", together.height).alias("external_id"),
        ("1390" + pl.Series(number).cast(pl.String).str.zfill(8)).alias("customer"),
    )


def handled(month: Month, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """What became of tickets: first response, solution, outcome, by the traits of their people."""
    count, persons = rows.height, rows["person"].to_numpy()
    hours = month.trait("response_h", persons, usual=13.0)
    first = whole(hours * _HOUR_S * rng.gamma(5, 0.2, count), least=300)
    taken = np.minimum(first + whole(rng.gamma(2, 8 * _HOUR_S, count)), _LONGEST_S)
    solved_at = rows["created_at"] + pl.Series(taken * 1000).cast(pl.Duration("ms"))
    known = (solved_at.dt.date() < month.timeline.today).to_numpy()
    solved = (rng.random(count) < month.trait("solved", persons, usual=0.93)) & known
    is_complaint = (rows["team"] == "complaints").to_numpy()
    upheld = rng.random(count) < 0.38
    outcome = np.clip(np.rint(rng.normal(4.1 + 0.3 * solved, 0.8, count)), 1, 5)
    return rows.select(*STAMPS, "created_at").with_columns(
        drawn(rng, ("email", "phone", "chat"), (0.5, 0.35, 0.15), count).alias("channel"),
        _kinds(is_complaint, rng).alias("kind"),
        drawn(rng, _TOPICS, _TOPIC_SHARES, count).alias("topic"),
        drawn(rng, ("low", "normal", "high"), (0.2, 0.62, 0.18), count).alias("priority"),
        chosen(("common", "complex"), rng.random(count) < 0.3).alias("complexity"),
        pl.Series("first_response_s", first),
        only(taken, solved).alias("resolution_s"),
        pl.Series("solved", solved),
        only(solved_at.to_numpy(), solved).cast(pl.Datetime("ms")).alias("solved_at"),
        only(solved_at.dt.date().to_numpy(), solved).cast(pl.Date).alias("solved_day"),
        pl.Series("reopened", solved & (rng.random(count) < 0.05)),
        pl.Series("replies", 1 + rng.poisson(1.6, count)),
        pl.Series("escalated", rng.random(count) < 0.06),
        pl.Series("sla_met", solved & (taken <= _DUE_S)),
        (pl.col("created_at") + pl.duration(seconds=_DUE_S)).alias("due_at"),
        only(upheld, is_complaint).alias("upheld"),
        only(outcome, is_complaint & solved).alias("outcome_score"),
    )


def _kinds(is_complaint: np.ndarray, rng: np.random.Generator) -> pl.Series:
    other = drawn(rng, _KINDS, _KIND_SHARES, len(is_complaint))
    return (
        pl.DataFrame({"other": other, "is_complaint": is_complaint})
        .select(pl.when("is_complaint").then(pl.lit("complaint")).otherwise("other"))
        .to_series()
    )
