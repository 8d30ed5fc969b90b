from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.formula import cells, compile_formula
from kpi.formula.columns import Columns
from kpi.formula.wholes import NotWhole, WholeColumns, Wholes, fixed_points, shown

FORMULAS = (
    "count(contacts, where=answered)",
    "count(contacts, where=answered) / count(contacts)",
    "1 - count(contacts, where=answered) / count(contacts)",
    "100 * (count(contacts, where=answered) / count(contacts))",
    "avg(contacts.talk_s)",
    "avg(contacts.talk_s) / 60",
    "avg(contacts.talk_s) / -60",
    "sum(contacts.talk_s) - max(contacts.wait_s)",
    "avg(contacts.talk_s) + avg(contacts.wait_s)",
    "avg(contacts.talk_s) * (3 - count(contacts, where=answered) / count(contacts))",
    "(2 - avg(contacts.talk_s)) / (avg(contacts.wait_s) - 5)",
    "-min(contacts.talk_s) / distinct(contacts.day)",
    "count(contacts) - 2 * count(contacts, where=answered)",
    "-sum(contacts.talk_s) / 3600",
    "max(contacts.talk_s) / 8",
    "count(contacts) / 22",
)
# Around nothing, and up to where 64 bits end.
wholes = st.one_of(
    st.none(),
    st.integers(min_value=0, max_value=9),
    st.integers(min_value=-(10**6), max_value=10**12),
    st.integers(min_value=2**62 - 2, max_value=2**65),
)

counted = st.one_of(st.none(), st.integers(min_value=0, max_value=9))


@st.composite
def frames(draw):
    """A formula and a frame of its measures, any whole numbers or none in each."""
    formula = compile_formula(draw(st.sampled_from(FORMULAS)))
    rows = draw(st.integers(min_value=0, max_value=5))
    counts = {"count": counted, "distinct": counted}
    columns = {
        measure.key: draw(
            st.lists(counts.get(measure.function, wholes), min_size=rows, max_size=rows)
        )
        for measure in formula.measures
    }
    return formula, pd.DataFrame(columns, index=range(rows), dtype=object)


def as_cells(column: Wholes) -> list[cells.Cell]:
    below = [None] * len(column.above) if column.below is None else column.below.tolist()
    rows = zip(column.above.tolist(), below, column.known.tolist(), strict=True)
    return [
        (Fraction(over, column.divisor), under) if known else None for over, under, known in rows
    ]


def shown_by_cells(cell: cells.Cell, value: int) -> tuple[object, object]:
    return (None, None) if cell is None else cells.shown(cell, value)


@settings(max_examples=400)
@given(frames())
def test_whole_columns_are_those_of_the_cells(drawn):
    formula, frame = drawn
    try:
        found, sample = (
            WholeColumns(frame).of(formula.root),
            WholeColumns(frame).sample(formula.root),
        )
        values = fixed_points(found)
    except NotWhole:
        return
    expected = Columns(frame).of(formula.root)

    assert as_cells(found) == expected
    assert sample.tolist() == Columns(frame).sample(formula.root)
    sides = shown(found, values)
    for at, (cell, value) in enumerate(zip(expected, values.tolist(), strict=True)):
        pair = sides["numerator"][at], sides["denominator"][at]
        assert pair == shown_by_cells(cell, value)
        assert cell is None or value == cells.fixed_point(
            *cells.whole_quotient(cell[0], cell[1] or 1)
        )


@pytest.mark.parametrize("text", FORMULAS)
def test_figures_of_a_centre_are_whole(text):
    """What the law above leaves aside does not happen with figures of a usual size."""
    formula = compile_formula(text)
    frame = pd.DataFrame(
        {measure.key: [0, 1, 40_000, 90_000_000] for measure in formula.measures}, dtype=object
    )

    assert as_cells(WholeColumns(frame).of(formula.root)) == Columns(frame).of(formula.root)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(count(contacts))",
        "stdev(contacts.talk_s)",
        "least(1, count(contacts))",
        'rating("teamwork")',
        "count(contacts) / 1024",
        "sum(contacts.talk_s) / 3600 / count(contacts)",
        "0.5 * count(contacts)",
        "peers(count(contacts))",
    ],
)
def test_what_is_no_whole_number_is_left_to_the_cells(text):
    formula = compile_formula(text)
    frame = pd.DataFrame({measure.key: [1] for measure in formula.measures}, dtype=object)

    with pytest.raises(NotWhole):
        WholeColumns(frame).of(formula.root)


@pytest.mark.parametrize("value", [Decimal("1.5"), Decimal(2), 2.0, True, 2**62, 2**70])
def test_only_whole_numbers_that_fit_are_read(value):
    formula = compile_formula("max(contacts.talk_s)")
    frame = pd.DataFrame({measure.key: [value, 1] for measure in formula.measures}, dtype=object)

    with pytest.raises(NotWhole):
        WholeColumns(frame).of(formula.root)


def test_a_measure_that_is_absent_is_left_to_the_cells_which_name_it():
    with pytest.raises(NotWhole):
        WholeColumns(pd.DataFrame(index=[1])).of(compile_formula("count(contacts)").root)


@pytest.mark.parametrize(
    "text",
    [
        "max(contacts.talk_s) * (count(contacts) / distinct(contacts.day))",
        "max(contacts.talk_s) + max(contacts.wait_s)",
        "max(contacts.talk_s) - min(contacts.wait_s) * 4",
    ],
)
def test_products_and_sums_that_might_not_fit_are_left_to_the_cells(text):
    formula = compile_formula(text)
    frame = pd.DataFrame({measure.key: [2**61] for measure in formula.measures}, dtype=object)

    with pytest.raises(NotWhole):
        WholeColumns(frame).of(formula.root)


def test_halves_are_rounded_away_from_zero():
    # 1 / 2,000,000,000 is half of the ninth place.
    above = np.array([1, -1, 3, -3, 0])
    column = Wholes(above, np.full(5, 2_000_000_000), np.ones(5, dtype=bool))

    assert fixed_points(column).tolist() == [1, -1, 2, -2, 0]


def test_a_value_beyond_fixed_point_is_left_to_the_cells():
    column = Wholes(np.array([5_000_000_000]), None, np.array([True]))

    with pytest.raises(NotWhole):
        fixed_points(column)
