"""The branches: a hotline, the online shop, key accounts and the estate, drawn by themselves.

Their random numbers are their own, so that the story of the older teams stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from feedback.demo.facts.contacts import Channel, draw_contacts
from feedback.demo.facts.month import Month, drawn, moments, numbered, only, whole
from feedback.demo.facts.reviews import draw_reviews
from feedback.demo.facts.surveys import draw_surveys
from feedback.demo.facts.tickets import handled

SOURCE = "branch"
CHANNELS = (
    Channel("branch", "L", ("phone",), {"hotline": "hotline"}, 0.05, 19,
            positions=("telephone_agent", "shift_leader")),
    Channel("branch", "W", ("chat",), {"shop chat": "shop"}, 0.05, 32,
            positions=("ecommerce_agent",)),
    Channel("branch", "K", ("phone", "chat"), {"key accounts": "key-accounts"}, 0.03, 24,
            positions=("enterprise_agent",)),
    Channel("branch", "N", ("phone",), {"estate desk": "estate"}, 0.05, 26,
            positions=("property_agent",)),
)  # fmt: skip
_SERVICE = ("telephone_agent", "shift_leader", "ecommerce_agent", "enterprise_agent")
_WITH_TICKETS = ("ecommerce_agent", "enterprise_agent", "property_agent")
_A_DAY = 4.0
_KINDS = ("refund", "return", "enquiry", "request")
_KIND_SHARES = (0.3, 0.25, 0.2, 0.25)
_COMPLAINTS, _UPHELD = 0.1, 0.15


def draw_branches(month: Month) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames of all branches in a month, by kind; empty ones too."""
    taken = [draw_contacts(month, channel) for channel in CHANNELS]
    contacts = pl.concat([frame for frame in taken if not frame.is_empty()] or [pl.DataFrame()])
    if contacts.is_empty():
        return
    month.branch_answered = contacts.filter(pl.col("answered"))
    tickets = _draw_tickets(month)
    branch = replace(month, answered=month.branch_answered, tickets=tickets)
    yield "contacts", contacts
    yield "tickets", tickets
    yield "surveys", _with_scales(draw_surveys(branch))
    forms = [(position, "service") for position in _SERVICE] + [("telephone_agent", "case")]
    yield "reviews", draw_reviews(branch, forms=tuple(forms))


def _draw_tickets(month: Month) -> pl.DataFrame:
    """Refunds and returns of the shop, requests of all, and a complaint now and then."""
    rng = month.stream("b-tickets")
    duty = month.roster.filter(pl.col("position").is_in(_WITH_TICKETS), pl.col("state") == "work")
    count = whole(rng.normal(_A_DAY, 1.2, duty.height) * month.volume, least=1)
    rows = duty[np.repeat(np.arange(duty.height), count)]
    seconds = rows["start_h"].to_numpy() * 3600 + rng.integers(0, 7 * 3600, rows.height)
    rows = rows.with_columns(moments(rows["day"], seconds).alias("created_at"))
    is_complaint = rng.random(rows.height) < _COMPLAINTS
    upheld = rng.random(rows.height) < _UPHELD
    outcome = np.clip(np.rint(rng.normal(4.3, 0.7, rows.height)), 1, 5)
    kinds = drawn(rng, _KINDS, _KIND_SHARES, rows.height)
    frame = handled(month, rows, rng).with_columns(
        pl.when(pl.Series(is_complaint)).then(pl.lit("complaint")).otherwise(kinds).alias("kind"),
        only(upheld, is_complaint).alias("upheld"),
        only(outcome, np.full(rows.height, fill_value=True)).alias("outcome_score"),
    ).with_columns(pl.when("solved").then("outcome_score").alias("outcome_score"))  # fmt: skip
    frame = frame.sort("created_at", maintain_order=True)
    number = rng.integers(0, 40_000, frame.height) * 7_919 % 100_000_000
    return frame.with_columns(
        numbered(f"B{month.tag}-", frame.height).alias("external_id"),
        ("1370" + pl.Series(number).cast(pl.String).str.zfill(8)).alias("customer"),
    )


def _with_scales(surveys: pl.DataFrame) -> pl.DataFrame:
    """Key accounts and the estate ask for all aspects, the former now and then on four levels."""
    asks_all = pl.col("position").is_in(["enterprise_agent", "property_agent"])
    is_third = pl.int_range(pl.len()) % 3 == 0
    on_four = (pl.col("position") == "enterprise_agent") & is_third
    aspects = [
        pl.when(asks_all).then(pl.coalesce(name, "score")).otherwise(pl.col(name)).alias(name)
        for name in ("attitude", "speed", "solving")
    ]
    expertise = pl.when(asks_all).then("score").alias("expertise")
    return surveys.with_columns(*aspects, expertise).with_columns(
        pl.when(on_four).then((pl.col("score") - 1).clip(1, 4)).otherwise("score").alias("score"),
        pl.when(on_four).then(pl.lit("1-4")).otherwise("scale").alias("scale"),
    )
