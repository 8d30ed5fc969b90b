"""The average of one's peers: a ratio is sum over sum, anything else the mean a person."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from kpi.formula import nodes
from kpi.formula.cells import Cell, Column, Exact, exact, worth
from kpi.formula.columns import Columns, Solved, count_of

# An average of fewer people would tell about each of them.
FEWEST_PEERS: Final = 3
_ADDED: Final = frozenset({"count", "sum", "distinct"})


@dataclass(frozen=True, slots=True)
class Membership:
    """Who belongs to which groups of peers.

    Attributes:
        days: person to group to the days spent in it; one group for who never changed.
        counted: the people whose figures make the averages: those present long enough.
    """

    days: Mapping[Any, Mapping[Any, int]]
    counted: frozenset[Any]

    def shares(self, person: Hashable) -> dict[Hashable, Fraction]:
        """Give the part of a person's own days that was spent in each group."""
        days = self.days.get(person, {})
        whole = sum(days.values())
        return {group: Fraction(spent, whole) for group, spent in days.items()} if whole else {}

    def places(self) -> list[tuple[Hashable, Hashable]]:
        """Give every person and group of those who are counted."""
        return [
            (person, group)
            for person, groups in self.days.items()
            for group in groups
            if person in self.counted
        ]


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one group with the weight of the person in each."""

    rows: list[tuple[int, Fraction]]

    @property
    def size(self) -> Fraction:
        """People, somebody who was there half the own days as a half."""
        return sum((weight for _, weight in self.rows), Fraction(0))


class _Averages(Columns):
    """Reads a measure as its mean a person of each group, so that a ratio is sum over sum."""

    def __init__(self, people: Columns, groups: list[_Group]) -> None:
        super().__init__(pd.DataFrame(index=range(len(groups))))
        self.people = people
        self.groups = groups

    def measured(self, measure: nodes.Measure) -> list[Exact | None]:
        values = self.people.measured(measure)
        if measure.function in _ADDED:
            return [self._added(values, group) for group in self.groups]
        return [_mean(values, group) for group in self.groups]

    def average(self, total: nodes.Measure, rows: nodes.Measure) -> Column:
        sums = [None if value is None else exact(value) for value in self.people.column(total.key)]
        counts = [count_of(value) for value in self.people.column(rows.key)]
        pairs = [(self._added(sums, group), self._added(counts, group)) for group in self.groups]
        return [(above, below) if below else None for above, below in pairs]

    def _added(self, values: Sequence[Exact | None], group: _Group) -> Exact:
        return sum((Fraction(values[row] or 0) for row, _ in group.rows), Fraction(0)) / group.size


def is_peerable(operand: nodes.Value) -> bool:
    """Say whether an average of peers can be made: of people's own facts alone."""
    match operand:
        case nodes.Measured(measure) | nodes.Average(measure, _):
            return measure.scope == "own"
        case nodes.Number():
            return True
        case nodes.Negative(inner):
            return is_peerable(inner)
        case nodes.Binary(_, left, right):
            return is_peerable(left) and is_peerable(right)
        case nodes.Call(_, arguments):
            return all(is_peerable(argument) for argument in arguments)
        case nodes.Imported(_, present, otherwise):
            return is_peerable(present) and is_peerable(otherwise)
        case _:
            return False


def solve_peers(
    node: nodes.Peers,
    measures: pd.DataFrame,
    *,
    places: Sequence[tuple[Hashable, Hashable]],
    membership: Membership,
    people: Sequence[Hashable],
) -> Solved:
    """Work out a ``peers()`` for everybody.

    Whoever changed groups is held against the averages of the groups, weighted by own days;
    a group of too few is left out of that.

    Args:
        measures: one row per person and group, a column per measure of the node. Not modified.
        places: person and group of each row.
        people: those for whom the average is wanted.

    Returns:
        People without data make no average. One of fewer than ``FEWEST_PEERS`` does not apply.
        The sample is that of the averages together.
    """
    rows = Columns(measures)
    samples = rows.sample(node.operand)
    found: defaultdict[Hashable, list[tuple[int, Fraction]]] = defaultdict(list)
    for at, ((person, group), cell) in enumerate(zip(places, rows.of(node.operand), strict=True)):
        share = membership.shares(person).get(group)
        if cell is not None and share and person in membership.counted:
            found[group].append((at, share))
    groups = {key: _Group(held) for key, held in found.items() if len(held) >= FEWEST_PEERS}
    cells = _Averages(rows, list(groups.values())).of(node.operand)
    averages = {
        key: _as_sums(cell, group.size)
        for (key, group), cell in zip(groups.items(), cells, strict=True)
    }
    sizes = {key: sum(samples[row] for row, _ in group.rows) for key, group in groups.items()}
    held = [_held_against(membership.shares(person), averages) for person in people]
    return Solved(
        cells=[cell for cell, _ in held],
        samples=[sum(sizes[group] for group in used) for _, used in held],
        applies=[cell is not None for cell, _ in held],
    )


def mean_of_peers(
    values: Mapping[Hashable, Exact], membership: Membership, people: Sequence[Hashable]
) -> list[Exact | None]:
    """Give the mean of the peers' own values, for what is no sum of facts: ratings, spreads.

    Args:
        values: the value of each person who has one.

    Returns:
        One entry per person of ``people``; None where too few peers have a value.
    """
    held: defaultdict[Hashable, list[tuple[Exact, Fraction]]] = defaultdict(list)
    for person, group in membership.places():
        if person in values:
            held[group].append((values[person], membership.shares(person)[group]))
    means: dict[Hashable, Cell] = {
        group: (
            sum((Fraction(value) * share for value, share in known), Fraction(0)),
            sum((share for _, share in known), Fraction(0)),
        )
        for group, known in held.items()
        if len(known) >= FEWEST_PEERS
    }
    cells = [_held_against(membership.shares(person), means)[0] for person in people]
    return [cell and worth(cell) for cell in cells]


def _mean(values: Sequence[Exact | None], group: _Group) -> Exact | None:
    known = [(Fraction(value), weight) for row, weight in group.rows if (value := values[row])
             is not None]  # fmt: skip
    if not known:
        return None
    weights = sum((weight for _, weight in known), Fraction(0))
    return sum((value * weight for value, weight in known), Fraction(0)) / weights


def _as_sums(cell: Cell, size: Fraction) -> Cell:
    """Write a mean as what it is made of: sum over sum, or sum over people."""
    if cell is None:
        return None
    above, below = cell
    return _plain(above * size), _plain(size if below is None else below * size)


def _plain(value: Exact) -> Exact:
    whole = Fraction(value)
    return whole.numerator if whole.denominator == 1 else whole


def _held_against(
    shares: Mapping[Hashable, Fraction], averages: Mapping[Hashable, Cell]
) -> tuple[Cell, list[Hashable]]:
    """Give the average that somebody is held against, and the groups it comes from."""
    used = {group: cell for group in shares if (cell := averages.get(group)) is not None}
    if len(used) < 2:
        return next(iter(used.values()), None), list(used)
    weights = sum((shares[group] for group in used), Fraction(0))
    total = sum((shares[group] * worth(cell) for group, cell in used.items()), Fraction(0))
    return (Fraction(total) / weights, None), list(used)
