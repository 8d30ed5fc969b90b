"""Values over the weeks, days or months of a period, drawn together exactly."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from math import ceil
from typing import Any, Final

import pandas as pd

from kpi.formula import nodes
from kpi.formula.cells import Cell, square_root, worth
from kpi.formula.columns import Columns, Solved


def solve_series(
    node: nodes.Over,
    measures: pd.DataFrame,
    *,
    owners: Sequence[Hashable],
    groups: Sequence[Hashable],
    minimum_sample: int = 0,
) -> Solved:
    """Work out an ``over()`` for every group.

    Args:
        measures: one row per group and part of the period, a column per measure of the node.
            A part of which nothing is known has no row. Not modified.
        owners: the group of each row.
        groups: the groups wanted.
        minimum_sample: parts that rest on fewer cases are left out.

    Returns:
        A deviation of fewer than two parts, and anything of none, has no data. The sample is
        that of the parts that count together.
    """
    columns = Columns(measures)
    values: defaultdict[Hashable, list[Fraction]] = defaultdict(list)
    samples: defaultdict[Hashable, int] = defaultdict(int)
    parts = zip(owners, columns.of(node.operand), columns.sample(node.operand), strict=True)
    for owner, cell, sample in parts:
        if cell is not None and sample >= minimum_sample:
            values[owner].append(Fraction(worth(cell)))
            samples[owner] += sample
    return Solved(
        cells=[_drawn_together(node, values[group]) for group in groups],
        samples=[samples[group] for group in groups],
        applies=[True] * len(groups),
    )


def _drawn_together(node: nodes.Over, values: list[Fraction]) -> Cell:
    if not values:
        return None
    if node.function == "percentile":
        rank = ceil(Fraction(node.argument or 0) / 100 * len(values))
        return sorted(values)[rank - 1], None
    return _FUNCTIONS[node.function](values)


def _mean(values: list[Fraction]) -> Cell:
    return sum(values, Fraction(0)), len(values)


def _middle(values: list[Fraction]) -> Cell:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2, None


def _deviation(values: list[Fraction]) -> Cell:
    if len(values) < 2:
        return None
    mean = sum(values, Fraction(0)) / len(values)
    squares = sum(((value - mean) ** 2 for value in values), Fraction(0))
    return square_root(squares / (len(values) - 1)), None


_FUNCTIONS: Final[dict[str, Callable[[list[Fraction]], Any]]] = {
    "avg": _mean,
    "min": lambda values: (min(values), None),
    "max": lambda values: (max(values), None),
    "median": _middle,
    "stdev": _deviation,
}
