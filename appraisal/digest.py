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
CARD_EXTRAS = ("by_guideline", "stars")
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
LINE_EXTRAS = ("conditions",)
"""Numbers are whole numbers of their last place; see the places in ``appraisal.results``.

Extras came later. One that says nothing (missing, or false) is left out of the text, so that a
run from before them keeps its digest.
"""


def digest_of(cards: pl.DataFrame, lines: pl.DataFrame) -> str:
    """SHA-256 over cards and lines as text, each sorted by id.

    Args:
        cards: columns ``CARD_FIELDS`` and, if any, ``CARD_EXTRAS``, one row per agent.
        lines: columns ``LINE_FIELDS`` and, if any, ``LINE_EXTRAS``, one row per agent and item.
    Returns:
        64 hexadecimal characters.
    """
    text = hashlib.sha256()
    text.update(_text(cards.sort("agent_id"), CARD_FIELDS, CARD_EXTRAS))
    text.update(_text(lines.sort("agent_id", "order"), LINE_FIELDS, LINE_EXTRAS))
    return text.hexdigest()


def _text(rows: pl.DataFrame, fields: tuple[str, ...], extras: tuple[str, ...]) -> bytes:
    cells = [pl.col(field).cast(pl.String).fill_null("") for field in fields]
    told = [_extra(name) for name in extras if name in rows.columns]
    joined = rows.select(pl.concat_str([pl.concat_str(cells, separator="|"), *told])).to_series()
    return ("\n".join(joined.to_list()) + "\n").encode()


def _extra(name: str) -> pl.Expr:
    """``|name=value``, or nothing where there is no value or it is false."""
    text = pl.col(name).cast(pl.String)
    says = text.is_not_null() & (text != "false")
    return pl.when(says).then(pl.concat_str(pl.lit(f"|{name}="), text)).otherwise(pl.lit(""))
