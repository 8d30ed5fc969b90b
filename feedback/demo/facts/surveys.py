"""What customers answered: after a call, a chat, a message or a solved ticket."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from feedback.demo.facts.month import STAMPS, Month, chosen, numbered, only, whole
from feedback.demo.timeline import SURVEYS_LATE_DAYS

_ANSWERED = 0.2
_SELDOM = 0.008
_GOOD = (4, 5, 5)
_POOR = (1, 2, 3, 3)
_GOOD_WORDS = (
    "Friendly and quick.",
    "Solved at once, thank you.",
    "客服很耐心，问题解决了。",
    "回复及时，态度好。",
    "Explained every step clearly.",
    "服务专业，非常满意。",
)
_POOR_WORDS = (
    "I had to explain everything twice.",
    "等待时间太长。",
    "Still waiting for my refund.",
    "问题没有解决，还要再打一次。",
    "Polite, but no solution.",
)


def draw_surveys(month: Month) -> pl.DataFrame:
    """The answers of a month; those of its newest days are still on their way."""
    rng = month.stream("survey")
    known = month.until
    if month.timeline.is_current(month.period):
        known = known - timedelta(days=SURVEYS_LATE_DAYS)
    asked = _asked(month).filter(pl.col("day") < known)
    seldom = month.trait("seldom", asked["person"].to_numpy(), usual=0.0) > 0
    share = np.where(seldom, _SELDOM, _ANSWERED)
    rows = asked.filter(pl.Series(rng.random(asked.height) < share))
    return _answers(month, rows, rng).with_columns(
        numbered(f"S{month.tag}-", rows.height).alias("external_id")
    )


def _asked(month: Month) -> pl.DataFrame:
    """Everybody who was asked, one row an answered contact or a ticket."""
    contacts = month.answered.select(
        *STAMPS,
        "channel",
        pl.col("external_id").alias("contact"),
        pl.lit(None, dtype=pl.String).alias("ticket"),
        pl.col("started_at").dt.offset_by("9m").alias("sent_at"),
        "resolved_first",
    )
    tickets = month.tickets.select(
        *STAMPS,
        pl.lit("email").alias("channel"),
        pl.lit(None, dtype=pl.String).alias("contact"),
        pl.col("external_id").alias("ticket"),
        pl.col("created_at").dt.offset_by("50m").alias("sent_at"),
        pl.lit(None, dtype=pl.Boolean).alias("resolved_first"),
    )
    return pl.concat([contacts, tickets]).sort("sent_at", maintain_order=True)


def _answers(month: Month, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    count = rows.height
    good = rng.random(count) < month.trait("satisfied", rows["person"].to_numpy(), usual=0.88)
    score = np.where(good, rng.choice(_GOOD, count), rng.choice(_POOR, count))
    is_long = (rows["channel"] != "phone").to_numpy()
    recommends = np.clip(score * 2 + rng.integers(-1, 2, count), 0, 10)
    end_of_day = pl.col("day").cast(pl.Datetime("ms")) + pl.duration(hours=23, minutes=59)
    later = pl.Series("later", rng.integers(20, 1200, count) * 1000).cast(pl.Duration("ms"))
    return rows.with_columns(
        pl.min_horizontal(pl.col("sent_at"), end_of_day).alias("sent_at"),
        pl.min_horizontal(pl.col("sent_at") + later, end_of_day).alias("answered_at"),
        pl.Series("score", score),
        pl.lit("1-5").alias("scale"),
        *(_aspect(name, score, is_long, rng) for name in ("attitude", "speed", "solving")),
        only(recommends, is_long).alias("nps"),
        _comments(good, rng).alias("comment"),
    )


def _aspect(
    name: str, score: np.ndarray, is_long: np.ndarray, rng: np.random.Generator
) -> pl.Series:
    """A partial score near the whole one; the telephone asks for one digit only."""
    near = np.clip(score + rng.integers(-1, 2, len(score)), 1, 5)
    return only(near, is_long).alias(name)


def _comments(good: np.ndarray, rng: np.random.Generator) -> pl.Series:
    count = len(good)
    words = pl.DataFrame(
        {
            "good": good,
            "praise": chosen(_GOOD_WORDS, whole(rng.integers(0, len(_GOOD_WORDS), count))),
            "blame": chosen(_POOR_WORDS, whole(rng.integers(0, len(_POOR_WORDS), count))),
            "speaks": rng.random(count) < np.where(good, 0.03, 0.12),
        }
    )
    said = pl.when("good").then("praise").otherwise("blame")
    return words.select(pl.when("speaks").then(said)).to_series()
