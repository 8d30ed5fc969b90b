from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.results import as_decimal_text, interleaved, table_of


def text_of(number, places):
    table = pl.DataFrame({"points": pl.Series([number], dtype=pl.Int64)})
    return table.select(as_decimal_text("points", places)).item()


@pytest.mark.parametrize(
    ("number", "places", "text"),
    [
        (1234, 2, "12.34"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (0, 2, "0.00"),
        (-120, 2, "-1.20"),
        (1, 9, "0.000000001"),
        (9_223_372_036_854_775_807, 9, "9223372036.854775807"),
        (-9_223_372_036_854_775_808, 9, "-9223372036.854775808"),
        (None, 2, None),
    ],
)
def test_whole_number_of_the_last_place_becomes_its_decimal(number, places, text):
    assert text_of(number, places) == text


@given(st.integers(-(2**63), 2**63 - 1), st.integers(1, 9))
def test_decimal_is_the_number_shifted(number, places):
    assert Decimal(text_of(number, places)) == Decimal(number).scaleb(-places)


def test_table_keeps_whole_numbers_whole_and_gaps_missing():
    table = table_of(
        {
            "agent_id": np.array([1, 2], dtype=np.int64),
            "total": pd.Series([8750, None], dtype="Int64"),
            "rank": pd.Series([1, 2], dtype="Int64"),
            "grade": pd.Series(["good", None], dtype=object),
            "order": [1, 2],
        }
    )

    assert table.schema["total"] == table.schema["rank"] == pl.Int64
    assert table.rows() == [(1, 8750, 1, "good", 1), (2, None, 2, None, 2)]


def test_figures_of_items_stand_agent_by_agent_in_whole_numbers_of_the_last_place():
    counts = pd.Series([3, None, 5], dtype=object)
    # Half of the last place is rounded up.
    shares = pd.Series([Decimal("0.5"), Decimal("1.2345675"), None], dtype=object)
    nothing = pd.Series([None, None, None], dtype=object)

    found = interleaved([counts, shares, nothing], 6)

    assert found.tolist() == [
        *(3_000_000, 500_000, pd.NA),
        *(pd.NA, 1_234_568, pd.NA),
        *(5_000_000, pd.NA, pd.NA),
    ]
    assert (str(found.dtype), interleaved([], 6).tolist()) == ("Int64", [])


@pytest.mark.parametrize("figure", [2**63 // 10**6 + 1, Decimal(2**63)])
def test_a_figure_that_does_not_fit_is_an_error(figure):
    with pytest.raises(OverflowError):
        interleaved([pd.Series([figure], dtype=object)], 6)
