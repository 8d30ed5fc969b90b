import pandas as pd
import pytest

from kpi.formula.compiler import apart_of, compile_formula
from kpi.formula.series import solve_series

MEAN = "{}(over(week, avg(surveys.score)){})"


def solved(function, weeks, *, minimum=0, argument="", groups=("a",)):
    """Solve an ``over()`` of weekly score sums and counts, each with its owner."""
    (node,) = apart_of(compile_formula(MEAN.format(function, argument)).root)
    keys = [measure.key for measure in compile_formula("avg(surveys.score)").measures]
    frame = pd.DataFrame([week[1:] for week in weeks], columns=keys, dtype=object)
    owners = [week[0] for week in weeks]
    return solve_series(node, frame, owners=owners, groups=groups, minimum_sample=minimum)


def test_each_group_has_its_own_weeks():
    weeks = [("a", 8, 2), ("b", 3, 1), ("a", 6, 2), ("b", 5, 1), ("b", 4, 1)]

    found = solved("avg", weeks, groups=["b", "a", "c"])

    assert found.cells == [(12, 3), (7, 2), None]
    assert found.samples == [3, 4, 0]
    assert found.applies == [True] * 3


@pytest.mark.parametrize(("minimum", "expected"), [(2, (8, 2)), (3, (5, 1)), (4, None)])
def test_week_at_the_minimum_sample_counts_and_one_below_does_not(minimum, expected):
    weeks = [("a", 6, 2), ("a", 15, 3), ("a", 1, 1)]

    assert solved("avg", weeks, minimum=minimum).cells == [expected]


def test_deviation_is_the_sample_s_and_exact_at_nine_places():
    # Weekly means 1, 2 and 4: mean 7/3, squares 16/9 + 1/9 + 25/9 = 42/9; root of 7/3.
    (cell,) = solved("stdev", [("a", 1, 1), ("a", 2, 1), ("a", 8, 2)]).cells

    assert cell is not None
    assert cell[0] * 10**9 == 1_527_525_232


def test_order_of_weeks_is_irrelevant():
    weeks = [("a", 1, 3), ("a", 2, 7), ("a", 8, 9)]

    assert solved("stdev", weeks).cells == solved("stdev", weeks[::-1]).cells


def test_percentile_is_the_nearest_rank():
    weeks = [("a", score, 1) for score in (1, 2, 3, 4, 5)]

    assert solved("percentile", weeks, argument=", 60").cells == [(3, None)]
    assert solved("percentile", weeks, argument=", 61").cells == [(4, None)]
