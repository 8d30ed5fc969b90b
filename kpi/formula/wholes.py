"""Formulas over whole numbers, a column at a time: what :mod:`kpi.formula.columns` gives, sooner.

Counts and sums of seconds are whole numbers, and so are nearly all ratios a centre measures. They
are worked out here in 64 bits; whatever is no whole number or might not fit is left to the cells.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import infer_dtype

from kpi.formula import cells, nodes
from kpi.formula.columns import Operation, operation_of, rests_on

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_LIMIT: Final = 2**62
# The remainder of a division, twice as fixed point, must fit.
_LARGEST_BELOW: Final = _LIMIT // (2 * cells.SCALE)


class NotWhole(Exception):
    """A figure is no whole number of 64 bits: it is for the cells to work out."""


@dataclass(frozen=True, slots=True)
class Wholes:
    """A column of quotients, as cells have them: ``below`` is None where nothing is divided.

    Rows that are not ``known`` hold anything that can be divided by.

    Attributes:
        divisor: a plain number that ``above`` is divided by without being a ratio, such as the
            3,600 seconds of an hour; of a ratio it is 1.
    """

    above: Numbers
    below: Numbers | None
    known: Flags
    divisor: int = 1


class WholeColumns:
    """Reads and combines the columns of one frame of measures.

    Every method raises ``NotWhole`` where the cells have to do it.
    """

    def __init__(self, measures: pd.DataFrame) -> None:
        self.measures = measures
        self._read: dict[str, tuple[Numbers, Flags]] = {}

    def of(self, node: nodes.Value) -> Wholes:
        """Give the column of a value node."""
        match node:
            case nodes.Number(value):
                return self._number(cells.exact(value))
            case nodes.Measured(measure):
                return self._measured(measure)
            case nodes.Average(total, rows):
                counts = self._counts(rows.key)
                numbers, given = self._column(total.key)
                if (counts > 0)[~given].any():
                    raise NotWhole
                return Wholes(numbers, np.maximum(counts, 1), counts > 0)
            case nodes.Negative(operand):
                return _negative(self.of(operand))
            case nodes.Binary():
                left, right = self._undivided(node.left), self._undivided(node.right)
                if node.operator == "-":
                    right = _negative(right)
                return _OPERATIONS[operation_of(node)](left, right)
            case _:
                raise NotWhole

    def sample(self, root: nodes.Value) -> Numbers:
        """Give the number of cases that each group's value rests on."""
        node = rests_on(root)
        if isinstance(node, nodes.Measure):
            return self._counts(node.rows_key)
        if node is None:
            raise NotWhole
        counted = self.of(node)
        return np.where(counted.known, counted.above, 0)

    def _undivided(self, node: nodes.Value) -> Wholes:
        found = self.of(node)
        if found.divisor != 1:
            raise NotWhole
        return found

    def _number(self, value: cells.Exact) -> Wholes:
        if not isinstance(value, int) or abs(value) >= _LIMIT:
            raise NotWhole
        rows = len(self.measures)
        return Wholes(np.full(rows, value, dtype=np.int64), None, np.ones(rows, dtype=bool))

    def _measured(self, measure: nodes.Measure) -> Wholes:
        match measure.function:
            case "count" | "distinct":
                numbers = self._counts(measure.key)
                return Wholes(numbers, None, np.ones(len(numbers), dtype=bool))
            case "sum":
                numbers, given = self._column(measure.key)
                valued = self._counts(measure.rows_key) != 0
                matched = self._counts(cast(nodes.Measure, measure.matched).key) != 0
                return Wholes(np.where(given, numbers, 0), None, valued | ~matched)
            case "stdev":
                raise NotWhole
            case _:
                numbers, given = self._column(measure.key)
                return Wholes(numbers, None, given)

    def _counts(self, key: str) -> Numbers:
        return self._column(key)[0]

    def _column(self, key: str) -> tuple[Numbers, Flags]:
        """Give the numbers of a column and where it has any, 0 elsewhere."""
        if key not in self._read:
            self._read[key] = _read(self.measures, key)
        return self._read[key]


def fixed_points(column: Wholes) -> Numbers:
    """Round quotients half away from zero to fixed point, as :func:`cells.fixed_point` does."""
    size = np.abs(column.above)
    below = np.full_like(size, column.divisor) if column.below is None else column.below
    if _largest(below) > _LARGEST_BELOW:
        raise NotWhole
    whole, rest = np.divmod(size, below)
    if _largest(whole) >= _LIMIT // cells.SCALE:
        raise NotWhole
    fixed = whole * cells.SCALE + (2 * rest * cells.SCALE + below) // (2 * below)
    return np.where(column.above < 0, -fixed, fixed)


def shown(column: Wholes, values: Numbers) -> dict[str, npt.NDArray[Any]]:
    """Give ``numerator`` and ``denominator`` of a column, exact, None where it is not known.

    Args:
        values: the column as fixed point.
    """
    if column.divisor == 1:
        above = column.above.astype(object)
    else:
        above = np.array([cells.from_fixed(value) for value in values.tolist()], dtype=object)
    above[~column.known] = None
    if column.below is None:
        return {"numerator": above, "denominator": np.full(len(above), None)}
    below = column.below.astype(object)
    below[~column.known] = None
    return {"numerator": above, "denominator": below}


def _read(measures: pd.DataFrame, key: str) -> tuple[Numbers, Flags]:
    if key not in measures.columns:
        raise NotWhole
    values: npt.NDArray[Any] = measures[key].to_numpy(dtype=object)
    # Decimals and floats would be cut off without a word.
    if infer_dtype(values, skipna=True) not in {"integer", "empty"}:
        raise NotWhole
    given = ~np.asarray(pd.isna(values))
    numbers = np.zeros(len(values), dtype=np.int64)
    try:
        numbers[given] = values[given].astype(np.int64)
    except OverflowError as error:
        raise NotWhole from error
    if _largest(numbers) >= _LIMIT:
        raise NotWhole
    return numbers, given


def _largest(numbers: Numbers) -> int:
    return max(int(numbers.max()), -int(numbers.min())) if numbers.size else 0


def _product(left: Numbers, right: Numbers) -> Numbers:
    if _largest(left) * _largest(right) >= _LIMIT:
        raise NotWhole
    return left * right


def _sum(left: Numbers, right: Numbers) -> Numbers:
    if _largest(left) + _largest(right) >= _LIMIT:
        raise NotWhole
    return left + right


def _negative(column: Wholes) -> Wholes:
    return replace(column, above=-column.above)


def _times(a: Wholes, b: Wholes) -> Wholes:
    return Wholes(_product(a.above, b.above), _both(a.below, b.below), a.known & b.known)


def _both(a: Numbers | None, b: Numbers | None) -> Numbers | None:
    """Give what stands below a product."""
    if a is None or b is None:
        return b if a is None else a
    return _product(a, b)


def _over(a: Wholes, b: Wholes) -> Wholes:
    above = a.above if b.below is None else _product(a.above, b.below)
    below = b.above if a.below is None else _product(a.below, b.above)
    divides = below != 0
    signs = np.where(below < 0, -1, 1)
    return Wholes(above * signs, np.where(divides, np.abs(below), 1), a.known & b.known & divides)


def _scaled_down(a: Wholes, b: Wholes) -> Wholes:
    """Divide by a plain number, which stays below the line if there is one."""
    if b.below is not None or not b.above.size:
        raise NotWhole
    if a.below is not None:
        return _over(a, b)
    divisor = int(b.above[0])
    # What ends only after the ninth place is shown with all its places, by the cells.
    if divisor <= 0 or cells.SCALE % _ending_part(divisor):
        raise NotWhole
    return replace(a, divisor=divisor)


def _ending_part(divisor: int) -> int:
    """Give the factor of a divisor that decides how many places a quotient has if it ends."""
    part = 1
    for prime in (2, 5):
        while divisor % (part * prime) == 0:
            part *= prime
    return part


def _plus(a: Wholes, b: Wholes) -> Wholes:
    left = a.above if b.below is None else _product(a.above, b.below)
    right = b.above if a.below is None else _product(b.above, a.below)
    return Wholes(_sum(left, right), _both(a.below, b.below), a.known & b.known)


def _plus_shared(a: Wholes, b: Wholes) -> Wholes:
    return Wholes(_sum(a.above, b.above), a.below, a.known & b.known)


_OPERATIONS: Final[dict[Operation, Callable[[Wholes, Wholes], Wholes]]] = {
    "times": _times,
    "over": _over,
    "scaled_down": _scaled_down,
    "plus": _plus,
    "plus_shared": _plus_shared,
}
