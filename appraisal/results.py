"""What a run computed, as two tables of words and whole numbers: stored, digested, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
from pandas.api.types import infer_dtype

# Decimal places of the columns that the database keeps as decimals.
CARD_PLACES = {"total": 2, "covered": 2}
LINE_PLACES = {
    "value": 9,
    "target": 9,
    "share": 9,
    "weight": 6,
    "effective_weight": 2,
    "points": 2,
    "numerator": 6,
    "denominator": 6,
}


@dataclass(frozen=True)
class Results:
    """Cards, one row an agent, and lines, one row an agent and item.

    Decimals stand as whole numbers of their last place (``CARD_PLACES``, ``LINE_PLACES``).
    """

    cards: pl.DataFrame
    lines: pl.DataFrame


def table_of(columns: Mapping[str, Any]) -> pl.DataFrame:
    """Columns of pandas or numpy as a table; what is missing there is missing here."""
    return pl.DataFrame({name: _series(name, column) for name, column in columns.items()})


def _series(name: str, column: Any) -> pl.Series:
    if isinstance(column, pd.Series) and isinstance(column.array, pd.arrays.IntegerArray):
        numbers = pl.Series(name, column.to_numpy(dtype=np.int64, na_value=0))
        gaps = pl.Series(column.isna().to_numpy())
        return numbers.set(gaps, None) if gaps.any() else numbers
    values = column.to_numpy() if isinstance(column, pd.Series) else column
    if isinstance(values, np.ndarray):
        if values.dtype == object:
            return pl.Series(name, values.tolist(), dtype=pl.String)
        return pl.Series(name, values)
    return pl.Series(name, values)


def interleaved(columns: Sequence[pd.Series[Any]], places: int) -> pd.Series[Any]:
    """Exact figures of several items as whole numbers of their last place, agent by agent.

    Args:
        columns: one for each item, of ints, ``Decimal`` and None, the same agents in each.
        places: decimal places to keep, rounded half up.
    Returns:
        Int64, missing where a figure is None: first all items of the first agent.
    Raises:
        OverflowError: a figure does not fit.
    """
    numbers = [_wholes(column.to_numpy(dtype=object), places) for column in columns]
    missing = [column.isna().to_numpy() for column in columns]
    if not columns:
        return pd.Series([], dtype="Int64")
    stacked = np.stack(numbers, axis=1).ravel(), np.stack(missing, axis=1).ravel()
    return pd.Series(pd.arrays.IntegerArray(*stacked))


def _wholes(values: npt.NDArray[Any], places: int) -> npt.NDArray[np.int64]:
    """Whole numbers of the last place, 0 for what is missing."""
    given = ~np.asarray(pd.isna(values))
    if infer_dtype(values, skipna=True) in {"integer", "empty"}:
        wholes = values[given] * 10**places
    else:
        scaled = [Decimal(value) * 10**places for value in values[given]]
        wholes = np.array([int(one.to_integral_value(ROUND_HALF_UP)) for one in scaled], object)
    found = np.zeros(len(values), dtype=np.int64)
    found[given] = wholes.astype(np.int64)
    return found


def as_decimal_text(column: str, places: int) -> pl.Expr:
    """A whole number of the last place as the text of its decimal: 1234 of 2 is "12.34"."""
    number = pl.col(column).cast(pl.Int128)
    digits = number.abs().cast(pl.String).str.zfill(places + 1)
    sign = pl.when(number < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    head, tail = digits.str.head(-places), digits.str.tail(places)
    return pl.concat_str([sign, head, pl.lit("."), tail]).alias(column)
