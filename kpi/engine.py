"""Evaluate formulas over measures: exact arithmetic, rounded once, nothing invented.

Numerator and denominator stay apart to the end, so a team's or a year's figure is a ratio of
sums. The arithmetic on one cell is in :mod:`kpi.formula.cells`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import pandas as pd

from kpi.formula import cells, nodes, parts
from kpi.formula.cells import Cell, Column, Exact, from_fixed, to_fixed
from kpi.formula.compiler import Formula, facts_of, is_available, ratings_of, resolve
from kpi.formula.interpret import Period, Rows, interpret

__all__ = [
    "VALUE_COLUMNS",
    "FigureTooLarge",
    "MissingMeasure",
    "evaluate",
    "evaluate_rows",
    "from_fixed",
    "to_fixed",
    "with_minimum_sample",
]

VALUE_COLUMNS: Final = ("state", "value", "numerator", "denominator", "sample")
MEASURED: Final = "measured"
NO_DATA: Final = "no_data"
AWAITED: Final = "awaited"
NOT_AVAILABLE: Final = "not_available"
NOT_APPLICABLE: Final = "not_applicable"
SMALL: Final = "small"
_LARGEST: Final = 2**63 - 1


class MissingMeasure(Exception):
    """A frame lacks a column that the formula needs; nothing is evaluated."""


class FigureTooLarge(Exception):
    """A figure does not fit fixed point; the facts behind it must be absurd."""


def evaluate(
    formula: Formula,
    measures: pd.DataFrame,
    *,
    imported: frozenset[str],
    given: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Evaluate one formula for every group.

    Args:
        measures: one row per group, a column per key of ``measures_for(formula, imported)``
            (int, ``Decimal`` or missing); measures of a team or the centre already stand in
            the row of each group. Not modified.
        imported: kinds of facts that were imported for the period.
        given: ``rating:<code>`` to a frame by group with ``numerator``, ``denominator``
            (missing: not a ratio) and ``sample``. A group without a row is awaited.

    Returns:
        One row per group with ``VALUE_COLUMNS``. ``value`` is Int64 fixed point at 9 places,
        rounded half away from zero once from the exact quotient. ``numerator`` and
        ``denominator`` are exact ``Decimal``; where the figure is no ratio the denominator is
        None. ``sample`` is the denominator where that counts something, the rows with a value under
        an average, else the rows of the first measure.

    Raises:
        MissingMeasure: a column is absent.
        FigureTooLarge: a value needs more than 64 bits.
    """
    root = resolve(formula, imported)
    index = measures.index
    if not is_available(root):
        return _blank(index, state=NOT_AVAILABLE)
    ratings = {code: (given or {}).get(f"rating:{code}") for code in ratings_of(root)}
    if facts_of(root) - imported or any(frame is None for frame in ratings.values()):
        return _blank(index, state=AWAITED)
    present = {code: frame for code, frame in ratings.items() if frame is not None}
    columns = _Columns(measures, present)
    column = columns.of(root)
    return _result(index, column, samples=columns.sample(root), awaited=columns.awaited)


def with_minimum_sample(frame: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Mark measured values that rest on fewer than ``minimum`` cases; they keep their value."""
    marked = frame.copy()
    too_few = (marked["state"] == MEASURED) & (marked["sample"] < minimum)
    marked.loc[too_few, "state"] = SMALL
    return marked


def evaluate_rows(
    formula: Formula,
    rows: Rows,
    *,
    group_by: str | None = None,
    period: Period | None = None,
    imported: frozenset[str] | None = None,
    given: Mapping[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Evaluate a formula over a handful of rows: worked examples and tests.

    Args:
        rows: fact name to rows, each a mapping of field to value.
        group_by: field whose values are the groups; None for one group ``all``.
        imported: kinds of facts that were imported; by default those in ``rows``.
    """
    groups = interpret(formula, rows, group_by=group_by, period=period)
    keys = [measure.key for measure in formula.measures]
    frame = pd.DataFrame(list(groups.values()), list(groups), keys, dtype=object)
    return evaluate(
        formula,
        frame,
        imported=frozenset(rows) if imported is None else imported,
        given=given,
    )


@dataclass(slots=True)
class _Columns:
    """Reads and combines the columns of one frame of measures."""

    measures: pd.DataFrame
    ratings: dict[str, pd.DataFrame]

    def of(self, node: nodes.Value) -> Column:
        """Give the cells of a value node, one per group."""
        match node:
            case nodes.Number(value):
                return [(cells.exact(value), None)] * len(self.measures)
            case nodes.Measured(measure):
                return [
                    None if value is None else (value, None) for value in self._measured(measure)
                ]
            case nodes.Average(total, rows):
                return self._average(total, rows)
            case nodes.Negative(operand):
                return [cell and (-cell[0], cell[1]) for cell in self.of(operand)]
            case nodes.Binary():
                return self._binary(node)
            case nodes.Call(name, arguments):
                return self._call(name, [self.of(argument) for argument in arguments])
            case nodes.Rating(code):
                return self._rating(code)
            case _:
                raise TypeError(f"Not decided or not available: {node!r}")

    def sample(self, root: nodes.Value) -> list[int]:
        """Give the number of cases that each group's value rests on."""
        node = parts.ratio_of(root)
        if isinstance(node, nodes.Call) and parts.is_coalesce(node):
            return self._chosen_samples(node.arguments)
        above, below = parts.split(node)
        counted = below and parts.sample_of(below)
        if counted:
            return [0 if cell is None else int(cell[0]) for cell in self.of(counted)]
        measure = parts.first_measure(above) or parts.first_measure(node)
        if measure is None:
            return self._rating_samples(node)
        return [_count(value) for value in self._column(measure.rows_key)]

    @property
    def awaited(self) -> list[bool]:
        """Say for which groups a rating is still missing."""
        waiting = [False] * len(self.measures)
        for frame in self.ratings.values():
            present = self.measures.index.isin(frame.index)
            waiting = [before or not now for before, now in zip(waiting, present, strict=True)]
        return waiting

    def _column(self, key: str) -> list[Any]:
        if key not in self.measures.columns:
            raise MissingMeasure(f"The frame has no column {key}.")
        return [None if cells.is_missing(value) else value for value in self.measures[key].tolist()]

    def _measured(self, measure: nodes.Measure) -> list[Exact | None]:
        values = self._column(measure.key)
        match measure.function:
            case "count" | "distinct":
                return [_count(value) for value in values]
            case "sum":
                return self._sum(measure, values)
            case "stdev":
                return [
                    None if value is None else cells.rounded(cells.exact(value)) for value in values
                ]
            case _:
                return [None if value is None else cells.exact(value) for value in values]

    def _sum(self, measure: nodes.Measure, values: list[Any]) -> list[Exact | None]:
        """Give 0 where nothing happened, no data where it happened but was never recorded."""
        rows = self._column(measure.rows_key)
        matched = self._column(cast(nodes.Measure, measure.matched).key)
        return [
            None if _count(all_rows) and not _count(valued) else cells.exact(value or 0)
            for value, valued, all_rows in zip(values, rows, matched, strict=True)
        ]

    def _average(self, total: nodes.Measure, rows: nodes.Measure) -> Column:
        sums, counts = self._column(total.key), self._column(rows.key)
        return [
            (cells.exact(value), _count(count)) if _count(count) else None
            for value, count in zip(sums, counts, strict=True)
        ]

    def _binary(self, node: nodes.Binary) -> Column:
        left, right = self.of(node.left), self.of(node.right)
        if node.operator == "*":
            return cells.combined(cells.times, left, right)
        if node.operator == "/":
            constant = parts.is_constant(node.right)
            return cells.combined(cells.scaled_down if constant else cells.over, left, right)
        if node.operator == "-":
            right = [cell and (-cell[0], cell[1]) for cell in right]
        shared = parts.same(parts.split(node.left)[1], parts.split(node.right)[1])
        return cells.combined(cells.plus_shared if shared else cells.plus, left, right)

    def _call(self, name: str, columns: list[Column]) -> Column:
        if name == "sqrt":
            return [cell and cells.root(cell) for cell in columns[0]]
        choose = {"least": cells.least, "greatest": cells.greatest, "coalesce": cells.first}[name]
        return [choose(row) for row in zip(*columns, strict=True)]

    def _rating(self, code: str) -> Column:
        rows = self.ratings[code].reindex(self.measures.index)
        pairs = zip(rows["numerator"].tolist(), rows["denominator"].tolist(), strict=True)
        return [cells.rated(above, below) for above, below in pairs]

    def _chosen_samples(self, arguments: tuple[nodes.Value, ...]) -> list[int]:
        """Give the sample of the first argument that has data, for each group."""
        samples = [0] * len(self.measures)
        for argument in reversed(arguments):
            pairs = zip(self.of(argument), self.sample(argument), samples, strict=True)
            samples = [later if cell is None else own for cell, own, later in pairs]
        return samples

    def _rating_samples(self, node: nodes.Value) -> list[int]:
        """Give the sample of the first rating; a plain number rests on nothing."""
        codes = ratings_of(node)
        if not codes:
            return [0] * len(self.measures)
        rows = self.ratings[min(codes)].reindex(self.measures.index)
        return [0 if cells.is_missing(value) else int(value) for value in rows["sample"].tolist()]


def _count(value: Any) -> int:
    return 0 if value is None else int(value)


def _row(cell: Cell, *, sample: int, awaited: bool) -> tuple[Any, ...]:
    if awaited:
        return AWAITED, None, None, None, 0
    if cell is None:
        return NO_DATA, None, None, None, sample
    value = cells.fixed_point(*cells.whole_quotient(cell[0], 1 if cell[1] is None else cell[1]))
    if abs(value) > _LARGEST:
        raise FigureTooLarge(f"{from_fixed(value)} is too large to be a KPI value.")
    return MEASURED, value, *cells.shown(cell, value), sample


def _result(
    index: pd.Index, column: Column, *, samples: list[int], awaited: list[bool]
) -> pd.DataFrame:
    rows = [
        _row(cell, sample=sample, awaited=waiting)
        for cell, sample, waiting in zip(column, samples, awaited, strict=True)
    ]
    return _frame(index, list(zip(*rows, strict=True)) if rows else [()] * len(VALUE_COLUMNS))


def _blank(index: pd.Index, *, state: str) -> pd.DataFrame:
    nothing = [None] * len(index)
    return _frame(index, [[state] * len(index), nothing, nothing, nothing, [0] * len(index)])


def _frame(index: pd.Index, columns: list[Any]) -> pd.DataFrame:
    types = ("object", "Int64", "object", "object", "int64")
    data = {
        name: pd.Series(list(column), index=index, dtype=cast(Any, kind))
        for name, kind, column in zip(VALUE_COLUMNS, types, columns, strict=True)
    }
    return pd.DataFrame(data, index=index, columns=list(VALUE_COLUMNS))
