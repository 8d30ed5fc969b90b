"""Contacts: what the agents answered, what rang in vain, and what was given up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from feedback.demo.duty import SHIFT_S
from feedback.demo.facts.month import (
    STAMPS,
    Month,
    chosen,
    drawn,
    moments,
    numbered,
    only,
    whole,
)

# Monday to Sunday, and January to December: how much comes in.
_WEEK = np.array([1.06, 1.03, 1.0, 1.0, 1.01, 0.96, 0.94])
_YEAR = np.array([0.99, 0.96, 1.0, 0.99, 1.0, 1.02, 1.0, 0.99, 1.0, 1.01, 1.05, 1.02])
# Hours into a shift: a slow start, two peaks.
_HOURS = np.array([0.10, 0.14, 0.15, 0.13, 0.10, 0.13, 0.14, 0.11])
_CUSTOMERS = 120_000
# On the day of the outage: the share of calls still taken, and how many were lost for each.
_OUTAGE_TAKEN, _OUTAGE_LOST = 0.45, 2.1
_TOPICS = ("order", "delivery", "payment", "account", "product", "return", "promotion", "other")
_TOPIC_SHARES = (0.24, 0.21, 0.14, 0.12, 0.11, 0.09, 0.06, 0.03)


@dataclass(frozen=True)
class Channel:
    """How contacts of one source look.

    Attributes:
        queues: queue to the team that its unanswered contacts belong to.
        abandoned: share of the offered contacts that customers give up.
        wait_s: mean waiting time.
        positions: who answers.
    """

    source: str
    prefix: str
    channels: tuple[str, ...]
    queues: dict[str, str]
    abandoned: float
    wait_s: float
    positions: tuple[str, ...] = ("agent",)


PHONE = Channel(
    "phone", "P", ("phone",), {"orders": "phone-a", "delivery and payment": "phone-b"}, 0.062, 21
)
CHAT = Channel("chat", "C", ("chat",), {"web chat": "chat"}, 0.055, 34)
DESK = Channel("desk", "M", ("email", "social"), {"mailbox": "email-social"}, 0.012, 5400)
CHANNELS = (PHONE, CHAT, DESK)


def draw_contacts(month: Month, channel: Channel) -> pl.DataFrame:
    """All contacts of one source in a month, in the order of their start; empty if none."""
    rng = month.stream(channel.prefix + "contact")
    duty = month.roster.filter(
        pl.col("team").is_in(list(channel.queues.values())),
        pl.col("position").is_in(channel.positions),
        pl.col("state") == "work",
    )
    if duty.is_empty():
        return pl.DataFrame()
    taken = _taken(month, channel, duty, rng)
    missed = _missed(taken, rng) if channel is PHONE else taken.clear()
    given_up = _given_up(month, channel, taken, rng)
    together = pl.concat([taken, missed, given_up], how="diagonal_relaxed").sort(
        ["started_at", "queue", "talk_s", "wait_s"], maintain_order=True
    )
    ids = numbered(f"{channel.prefix}{month.tag}-", together.height)
    return together.with_columns(ids.alias("external_id"), _customers(together.height, rng))


def _taken(
    month: Month, channel: Channel, duty: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """What each agent answered on each day of duty."""
    pace = month.trait("pace", duty["person"].to_numpy(), usual=52.0) * _season(month, duty["day"])
    luck = rng.normal(1, 0.07, duty.height)
    count = whole(pace * luck * _loss(month, channel, duty) * month.volume)
    rows = duty[np.repeat(np.arange(duty.height), count)]
    return _answered(month, channel, rows, rng)


def _season(month: Month, days: pl.Series) -> np.ndarray:
    return _WEEK[days.dt.weekday().to_numpy() - 1] * _YEAR[month.period.starts_on.month - 1]


def _loss(month: Month, channel: Channel, duty: pl.DataFrame) -> np.ndarray:
    """On the day of the outage the early shift of the telephones took few calls."""
    is_out = (duty["day"] == month.timeline.outage_day) & (duty["shift"] == "early")
    return np.where(is_out.to_numpy() & (channel is PHONE), _OUTAGE_TAKEN, 1.0)


def _started(rows: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    hour = rng.choice(len(_HOURS), size=rows.height, p=_HOURS / _HOURS.sum())
    inside = hour * 3600 + rng.integers(0, 3600, rows.height)
    return moments(
        rows["day"], rows["start_h"].to_numpy() * 3600 + np.minimum(inside, SHIFT_S - 600)
    )


def _answered(
    month: Month, channel: Channel, rows: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    queues = {team: queue for queue, team in channel.queues.items()}
    count = rows.height
    is_complex = rng.random(count) < 0.2
    return rows.select(*STAMPS).with_columns(
        _started(rows, rng).alias("started_at"),
        _channels(channel, count, rng).alias("channel"),
        pl.lit("in").alias("direction"),
        rows["team"].replace_strict(queues).alias("queue"),
        drawn(rng, _TOPICS, _TOPIC_SHARES, count).alias("topic"),
        chosen(("common", "complex"), is_complex).alias("complexity"),
        *_times(month, channel, rows["person"].to_numpy(), is_complex, rng),
        *_ends(month, rows["person"].to_numpy(), is_complex, rng),
    )


def _times(
    month: Month,
    channel: Channel,
    persons: np.ndarray,
    is_complex: np.ndarray,
    rng: np.random.Generator,
) -> list[pl.Series]:
    """How long customers waited and agents were busy; complex contacts take half as long again."""
    count = len(persons)
    handle = month.trait("handle", persons, usual=280.0) * np.where(is_complex, 1.45, 0.8875)
    is_held = rng.random(count) < 0.22
    is_phone = np.full(count, channel is PHONE)
    wait = whole(rng.exponential(channel.wait_s, count))
    hold = np.where(is_held, whole(rng.gamma(3, 18, count), least=5), 0)
    after = (handle * 0.16 - 12).clip(8) * rng.gamma(4, 0.25, count)
    return [
        pl.Series("wait_s", wait),
        only(rng.integers(2, 12, count), is_phone).alias("ring_s"),
        only(wait, ~is_phone).alias("first_response_s"),
        pl.Series("talk_s", whole(handle * 0.84 * rng.gamma(6, 1 / 6, count), least=4)),
        pl.Series("hold_s", hold),
        pl.Series("hold_count", is_held.astype(int)),
        pl.Series("after_call_s", whole(after)),
    ]


def _ends(
    month: Month, persons: np.ndarray, is_complex: np.ndarray, rng: np.random.Generator
) -> list[pl.Series]:
    """How contacts ended: resolved or not, passed on, by whom, with a sale."""
    count = len(persons)
    satisfied = month.trait("satisfied", persons, usual=0.88)
    is_resolved = rng.random(count) < 0.6 + 0.38 * satisfied - 0.08 * is_complex
    is_sold = rng.random(count) < 0.018
    return [
        pl.Series("answered", np.full(count, fill_value=True)),
        pl.Series("abandoned", np.full(count, fill_value=False)),
        pl.Series("outcome", ["answered"]).new_from_index(0, count),
        pl.Series("transferred", rng.random(count) < 0.035 + 0.05 * is_complex),
        pl.Series("resolved", is_resolved | (rng.random(count) < 0.5)),
        pl.Series("resolved_first", is_resolved),
        drawn(rng, _TOPICS, _TOPIC_SHARES, count).alias("wrap_up"),
        drawn(rng, ("customer", "agent"), (0.82, 0.18), count).alias("ended_by"),
        pl.Series("sales", is_sold.astype(int)),
        only(np.round(rng.gamma(2, 90, count), 2), is_sold).alias("sale_amount"),
    ]


def _channels(channel: Channel, count: int, rng: np.random.Generator) -> pl.Series:
    shares = (1.0,) if len(channel.channels) == 1 else (0.7, 0.3)
    return drawn(rng, channel.channels, shares, count)


def _missed(taken: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Calls that rang at somebody in vain; each came to somebody else a moment later."""
    rows = taken.filter(pl.Series(rng.random(taken.height) < 0.012))
    return rows.select(*STAMPS, "started_at", "channel", "direction", "queue").with_columns(
        pl.col("started_at").dt.offset_by("-25s"),
        pl.lit(20).alias("ring_s"),
        pl.lit(value=False).alias("answered"),
        pl.lit(value=False).alias("abandoned"),
        pl.lit("missed").alias("outcome"),
    )


def _given_up(
    month: Month, channel: Channel, taken: pl.DataFrame, rng: np.random.Generator
) -> pl.DataFrame:
    """Contacts nobody took: more of them on Mondays, and very many on the day of the outage."""
    often = channel.abandoned * rng.uniform(0.88, 1.22) * _YEAR[month.period.starts_on.month - 1]
    is_monday = (taken["day"].dt.weekday() == 1).to_numpy()
    often = np.where(is_monday, 1.4, 0.94) * often
    is_out = (taken["day"] == month.timeline.outage_day) & (taken["shift"] == "early")
    often = np.where(is_out.to_numpy() & (channel is PHONE), _OUTAGE_LOST, often)
    rows = taken[np.repeat(np.arange(taken.height), rng.poisson(often))]
    later = pl.Series(rng.integers(-900, 900, rows.height) * 1000).cast(pl.Duration("ms"))
    return _unanswered(channel, rows.with_columns(pl.col("started_at") + later), rng).filter(
        pl.col("day") >= month.period.starts_on, pl.col("day") < month.until
    )


def _unanswered(channel: Channel, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    is_voicemail = rng.random(rows.height) < 0.06
    return rows.select("team", "started_at", "channel", "direction", "queue", "topic").with_columns(
        pl.lit(None, dtype=pl.Int64).alias("person"),
        pl.col("started_at").dt.date().alias("day"),
        pl.Series("wait_s", whole(rng.exponential(2.6 * channel.wait_s, rows.height), least=1)),
        pl.lit(value=False).alias("answered"),
        pl.Series("abandoned", ~is_voicemail),
        chosen(("abandoned", "voicemail"), is_voicemail).alias("outcome"),
    )


def _customers(count: int, rng: np.random.Generator) -> pl.Series:
    """Telephone numbers of about as many customers as call more than once a year."""
    number = rng.integers(0, _CUSTOMERS, count) * 7_919 % 100_000_000
    return ("1380" + pl.Series(number).cast(pl.String).str.zfill(8)).alias("customer")
