"""One number for everything a run computed: equal on every server, in every order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

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


def digest_of(cards: pd.DataFrame, lines: pd.DataFrame) -> str:
    """SHA-256 over cards and lines as text, each sorted by id.

    Args:
        cards: columns ``CARD_FIELDS``; totals and cover in hundredths.
        lines: columns ``LINE_FIELDS``; values in fixed point of nine places.
    Returns:
        64 hexadecimal characters.
    """
    text = hashlib.sha256()
    for frame, fields, order in (
        (cards, CARD_FIELDS, ["agent_id"]),
        (lines, LINE_FIELDS, ["agent_id", "order"]),
    ):
        ordered = frame.sort_values(order, kind="stable")
        columns = [_texts(ordered[field]) for field in fields]
        for row in zip(*columns, strict=True):
            text.update(("|".join(row) + "\n").encode())
    return text.hexdigest()


def _texts(column: Iterable[Any]) -> list[str]:
    return ["" if pd.isna(value) else _text(value) for value in column]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    plain = format(value, "f") if isinstance(value, Decimal) else str(value)
    # 12, 12.0 and 12.000 are one number, whichever driver or column it came from.
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
