"""One number for everything a run computed: equal on every server, in every order."""

from __future__ import annotations

import hashlib

import polars as pl

CARD_FIELDS = (
    "agent_id",
    "scheme",
    "position",
    "total",
    "covered",
    "state",
    "provisional",
    "grade",
    "capped",
    "rank",
    "ranked_among",
)
LINE_FIELDS = (
    "agent_id",
    "item",
    "order",
    "state",
    "value",
    "numerator",
    "denominator",
    "sample",
    "target",
    "weight",
    "effective_weight",
    "points",
    "share",
    "level",
)
"""Numbers are whole numbers of their last place; see the places in ``appraisal.results``."""


def digest_of(cards: pl.DataFrame, lines: pl.DataFrame) -> str:
    """SHA-256 over cards and lines as text, each sorted by id.

    Args:
        cards: columns ``CARD_FIELDS``, one row per agent.
        lines: columns ``LINE_FIELDS``, one row per agent and item.
    Returns:
        64 hexadecimal characters.
    """
    text = hashlib.sha256()
    text.update(_text(cards.sort("agent_id"), CARD_FIELDS))
    text.update(_text(lines.sort("agent_id", "order"), LINE_FIELDS))
    return text.hexdigest()


def _text(rows: pl.DataFrame, fields: tuple[str, ...]) -> bytes:
    cells = [pl.col(field).cast(pl.String).fill_null("") for field in fields]
    joined = rows.select(pl.concat_str(cells, separator="|")).to_series()
    return ("\n".join(joined.to_list()) + "\n").encode()
