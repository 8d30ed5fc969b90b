"""Customers are kept as a keyed digest and their last characters, never as they are."""

from __future__ import annotations

import hmac
import re
from typing import Final

import polars as pl

TAIL = 4
_DIGEST_CHARACTERS = 32
_TOKEN: Final = re.compile(r"hmac:([0-9a-f]{32}):(.*)", re.DOTALL)


def digest(customer: str, key: bytes) -> str:
    """The first 128 bits of HMAC-SHA256, in hexadecimal."""
    return hmac.digest(key, customer.encode(), "sha256").hex()[:_DIGEST_CHARACTERS]


def token(customer: str, key: bytes) -> str:
    """A digest and its tail as one text, for a row that is kept until later."""
    return f"hmac:{digest(customer, key)}:{customer[-TAIL:]}"


def replace_customers(frame: pl.DataFrame, key: bytes, *, tokens: bool = False) -> pl.DataFrame:
    """The column ``customer`` as digests, with the last characters in ``customer_tail``.

    Args:
        tokens: the column holds what :func:`token` made, from rows kept earlier.
    """
    if "customer" not in frame.columns:
        return frame
    known = frame["customer"].drop_nulls().unique()
    pairs = [_digest_and_tail(customer, key, tokens=tokens) for customer in known]
    kept = pl.DataFrame(
        {
            "customer": known,
            "digest": pl.Series([pair[0] for pair in pairs], dtype=pl.String),
            "customer_tail": pl.Series([pair[1] for pair in pairs], dtype=pl.String),
        }
    )
    joined = frame.join(kept, on="customer", how="left", maintain_order="left")
    return joined.with_columns(pl.col("digest").alias("customer")).drop("digest")


def _digest_and_tail(customer: str, key: bytes, *, tokens: bool) -> tuple[str, str]:
    kept = _TOKEN.fullmatch(customer) if tokens else None
    return (kept[1], kept[2]) if kept else (digest(customer, key), customer[-TAIL:])
