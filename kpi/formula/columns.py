"""Read and combine the columns of a frame of measures: one cell a group, exact to the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

import pandas as pd

from kpi.formula import cells, nodes, parts
from kpi.formula.cells import Cell, Column, Exact
from kpi.formula.compiler import ratings_of, scores_of

Operation = Literal["times", "over", "scaled_down", "plus", "plus_shared"]
_OPERATIONS: Final[dict[Operation, Callable[[Any, Any], Cell]]] = {
    "times": cells.times,
    "over": cells.over,
    "scaled_down": cells.scaled_down,
    "plus": cells.plus,
    "plus_shared": cells.plus_shared,
}


class MissingMeasure(Exception):
    """A frame lacks a column that the formula needs; nothing is evaluated."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A part that was worked out elsewhere, one entry a group.

    Attributes:
        cells: its value, None without data.
        samples: the number of cases it rests on.
        applies: false where it does not concern the group, such as too few peers.
    """

    cells: Column
    samples: list[int]
    applies: list[bool]


@dataclass(slots=True)
class Columns:
    """Reads and combines the columns of one frame of measures.

    Attributes:
        given: what people entered and what other scorecards say, by ``rating:code`` and
            ``score_of:code``, a frame by group each.
        solved: the parts that rest on other people or on parts of the period.
    """

    measures: pd.DataFrame
    given: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    solved: Mapping[nodes.Value, Solved] = field(default_factory=dict)

    def of(self, node: nodes.Value) -> Column:
        """Give the cells of a value node, one per group."""
        match node:
            case nodes.Number(value):
                return [(cells.exact(value), None)] * len(self.measures)
            case nodes.Measured(measure):
                return [
                    None if value is None else (value, None) for value in self.measured(measure)
                ]
            case nodes.Average(total, rows):
                return self.average(total, rows)
            case nodes.Negative(operand):
                return [cell and (-cell[0], cell[1]) for cell in self.of(operand)]
            case nodes.Binary():
                return self._binary(node)
            case nodes.Call(name, arguments):
                return self._call(name, [self.of(argument) for argument in arguments])
            case _:
                return self._beside(node)

    def _beside(self, node: nodes.Value) -> Column:
        """Give what is not measured in this frame."""
        match node:
            case nodes.Rating(code):
                return self._entered(f"rating:{code}")
            case nodes.ScoreOf(code):
                return self._entered(f"score_of:{code}")
            case nodes.Peers() | nodes.Over():
                return self.solved[node].cells
            case _:
                raise TypeError(f"Not decided: {node!r}")

    def sample(self, root: nodes.Value) -> list[int]:
        """Give the number of cases that each group's value rests on."""
        node = parts.ratio_of(root, whole=True)
        if isinstance(node, nodes.Call) and parts.is_coalesce(node):
            return self._chosen_samples(node.arguments)
        counted = rests_on(root)
        if counted is None:
            return self._other_samples(node)
        if isinstance(counted, nodes.Measure):
            return [count_of(value) for value in self.column(counted.rows_key)]
        return [0 if cell is None else int(cell[0]) for cell in self.of(counted)]

    def column(self, key: str) -> list[Any]:
        """Give a column of measures, None where it is missing.

        Raises:
            MissingMeasure: there is no such column.
        """
        if key not in self.measures.columns:
            raise MissingMeasure(f"The frame has no column {key}.")
        return [None if cells.is_missing(value) else value for value in self.measures[key].tolist()]

    def measured(self, measure: nodes.Measure) -> list[Exact | None]:
        """Give the value of a measure for each group, None without data."""
        values = self.column(measure.key)
        match measure.function:
            case "count" | "distinct":
                return [count_of(value) for value in values]
            case "sum":
                return self._sum(measure, values)
            case "stdev":
                return [
                    None if value is None else cells.rounded(cells.exact(value)) for value in values
                ]
            case _:
                return [None if value is None else cells.exact(value) for value in values]

    def average(self, total: nodes.Measure, rows: nodes.Measure) -> Column:
        """Give a sum over its rows; no data without any."""
        sums, counts = self.column(total.key), self.column(rows.key)
        return [
            (cells.exact(value), count_of(count)) if count_of(count) else None
            for value, count in zip(sums, counts, strict=True)
        ]

    def _sum(self, measure: nodes.Measure, values: list[Any]) -> list[Exact | None]:
        """Give 0 where nothing happened, no data where it happened but was never recorded."""
        rows = self.column(measure.rows_key)
        matched = self.column(cast(nodes.Measure, measure.matched).key)
        return [
            None if count_of(all_rows) and not count_of(valued) else cells.exact(value or 0)
            for value, valued, all_rows in zip(values, rows, matched, strict=True)
        ]

    def _binary(self, node: nodes.Binary) -> Column:
        left, right = self.of(node.left), self.of(node.right)
        if node.operator == "-":
            right = [cell and (-cell[0], cell[1]) for cell in right]
        return cells.combined(_OPERATIONS[operation_of(node)], left, right)

    def _call(self, name: str, columns: list[Column]) -> Column:
        if name == "sqrt":
            return [cell and cells.root(cell) for cell in columns[0]]
        choose = {"least": cells.least, "greatest": cells.greatest, "coalesce": cells.first}[name]
        return [choose(row) for row in zip(*columns, strict=True)]

    def _entered(self, key: str) -> Column:
        rows = self.given[key].reindex(self.measures.index)
        pairs = zip(rows["numerator"].tolist(), rows["denominator"].tolist(), strict=True)
        return [cells.rated(above, below) for above, below in pairs]

    def _chosen_samples(self, arguments: tuple[nodes.Value, ...]) -> list[int]:
        """Give the sample of the first argument that has data, for each group."""
        samples = [0] * len(self.measures)
        for argument in reversed(arguments):
            pairs = zip(self.of(argument), self.sample(argument), samples, strict=True)
            samples = [later if cell is None else own for cell, own, later in pairs]
        return samples

    def _other_samples(self, node: nodes.Value) -> list[int]:
        """Give the sample of what is not measured here; a plain number rests on nothing."""
        for part in parts.walk_whole(node):
            if part in self.solved:
                return self.solved[part].samples
        entered = [f"rating:{code}" for code in ratings_of(node)]
        entered += [f"score_of:{code}" for code in scores_of(node)]
        if not entered:
            return [0] * len(self.measures)
        rows = self.given[min(entered)].reindex(self.measures.index)
        return [0 if cells.is_missing(value) else int(value) for value in rows["sample"].tolist()]


def operation_of(node: nodes.Binary) -> Operation:
    """Say how two sides are combined; those of a difference once the right one is negative."""
    if node.operator == "*":
        return "times"
    if node.operator == "/":
        return "scaled_down" if parts.is_constant(node.right) else "over"
    shared = parts.same(parts.split(node.left)[1], parts.split(node.right)[1])
    return "plus_shared" if shared else "plus"


def rests_on(root: nodes.Value) -> nodes.Value | nodes.Measure | None:
    """Give what counts the cases a value rests on: a count below the line, else a measure's rows.

    None where no measure of the group says so, and where that differs from group to group.
    """
    node = parts.ratio_of(root, whole=True)
    if parts.is_coalesce(node):
        return None
    above, below = parts.split(node)
    counted = below and parts.sample_of(below)
    return counted or parts.first_measure(above) or parts.first_measure(node)


def count_of(value: Any) -> int:
    """Read a count; a missing one is 0."""
    return 0 if value is None else int(value)
