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
class Peer:
    """Somebody among the peers of a group.

    Attributes:
        share: the part of the own days that was spent in the group.
        cell: the figure there, numerator and denominator apart; None without data.
        is_counted: false for whoever was not present long enough.
    """

    person: Any
    share: Fraction
    cell: Cell
    is_counted: bool

    @property
    def makes_average(self) -> bool:
        """Whether the average rests on this person."""
        return self.is_counted and self.cell is not None


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """A group whose average somebody is held against.

    Attributes:
        share: the part of that person's own days that was spent in the group.
        peers: everybody in it, that person included.
        average: sum over sum, or sum over people; None of too few, or where there is none.
    """

    group: Any
    share: Fraction
    peers: list[Peer]
    average: Cell


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
    groups = _gathered(places, rows.of(node.operand), membership)
    averages = _averages(node, rows, groups)
    sizes = {key: sum(samples[row] for row, _ in group.rows) for key, group in groups.items()}
    held = [_held_against(membership.shares(person), averages) for person in people]
    return Solved(
        cells=[cell for cell, _ in held],
        samples=[sum(sizes[group] for group in used) for _, used in held],
        applies=[cell is not None for cell, _ in held],
    )


def held_against(
    node: nodes.Peers,
    measures: pd.DataFrame,
    *,
    places: Sequence[tuple[Hashable, Hashable]],
    membership: Membership,
    person: Hashable,
) -> list[HeldAgainst]:
    """Show what somebody's average of peers is made of, as :func:`solve_peers` makes it.

    Args:
        measures: one row per person and group, those not counted too. Not modified.
        places: person and group of each row.
    """
    rows = Columns(measures)
    cells = rows.of(node.operand)
    averages = _averages(node, rows, _gathered(places, cells, membership))
    return _shown(places, cells, averages, membership=membership, person=person)


def held_by_values(
    values: Mapping[Hashable, Exact], *, membership: Membership, person: Hashable
) -> list[HeldAgainst]:
    """Show the same of a mean of values, as :func:`mean_of_peers` makes it."""
    places = [(one, group) for one, groups in membership.days.items() for group in groups]
    cells: Column = [(values[one], None) if one in values else None for one, _ in places]
    means = _means(values, membership)
    return _shown(places, cells, means, membership=membership, person=person)


def _shown(
    places: Sequence[tuple[Hashable, Hashable]],
    cells: Column,
    averages: Mapping[Hashable, Cell],
    *,
    membership: Membership,
    person: Hashable,
) -> list[HeldAgainst]:
    found: dict[Hashable, list[Peer]] = {group: [] for group in membership.shares(person)}
    for (one, group), cell in zip(places, cells, strict=True):
        share = membership.shares(one).get(group)
        if group in found and share:
            found[group].append(Peer(one, share, cell, one in membership.counted))
    return [
        HeldAgainst(group, share, found[group], averages.get(group))
        for group, share in membership.shares(person).items()
    ]


def _gathered(
    places: Sequence[tuple[Hashable, Hashable]], cells: Column, membership: Membership
) -> dict[Hashable, _Group]:
    """The groups that make an average: their counted people with data, if they are enough."""
    found: defaultdict[Hashable, list[tuple[int, Fraction]]] = defaultdict(list)
    for at, ((person, group), cell) in enumerate(zip(places, cells, strict=True)):
        share = membership.shares(person).get(group)
        if cell is not None and share and person in membership.counted:
            found[group].append((at, share))
    return {key: _Group(held) for key, held in found.items() if len(held) >= FEWEST_PEERS}


def _averages(
    node: nodes.Peers, rows: Columns, groups: Mapping[Hashable, _Group]
) -> dict[Hashable, Cell]:
    cells = _Averages(rows, list(groups.values())).of(node.operand)
    return {
        key: _as_sums(cell, group.size)
        for (key, group), cell in zip(groups.items(), cells, strict=True)
    }


def mean_of_peers(
    values: Mapping[Hashable, Exact], membership: Membership, people: Sequence[Hashable]
) -> list[Exact | None]:
    """Give the mean of the peers' own values, for what is no sum of facts: ratings, spreads.

    Args:
        values: the value of each person who has one.

    Returns:
        One entry per person of ``people``; None where too few peers have a value.
    """
    means = _means(values, membership)
    cells = [_held_against(membership.shares(person), means)[0] for person in people]
    return [cell and worth(cell) for cell in cells]


def _means(values: Mapping[Hashable, Exact], membership: Membership) -> dict[Hashable, Cell]:
    """The mean of each group of enough people with a value."""
    held: defaultdict[Hashable, list[tuple[Exact, Fraction]]] = defaultdict(list)
    for person, group in membership.places():
        if person in values:
            held[group].append((values[person], membership.shares(person)[group]))
    return {
        group: (
            sum((Fraction(value) * share for value, share in known), Fraction(0)),
            sum((share for _, share in known), Fraction(0)),
        )
        for group, known in held.items()
        if len(known) >= FEWEST_PEERS
    }


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
