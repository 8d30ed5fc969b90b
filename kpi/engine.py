"""Evaluate formulas over measures: exact arithmetic, rounded once, nothing invented.

Numerator and denominator stay apart to the end, so a team's or a year's figure is a ratio of
sums. The arithmetic on one cell is in :mod:`kpi.formula.cells`, that on whole columns in
:mod:`kpi.formula.columns`.
"""

from collections.abc import Hashable, Mapping
from typing import Any, Final, cast

import numpy as np
import pandas as pd

from kpi.formula import cells, nodes
from kpi.formula.cells import Cell, Column, from_fixed, to_fixed
from kpi.formula.columns import Columns, MissingMeasure, Solved
from kpi.formula.compiler import Formula, apart_of, facts_of, ratings_of, resolve, scores_of
from kpi.formula.interpret import Period, Rows, interpret, interpret_parts, interpret_places
from kpi.formula.peers import Membership, solve_peers
from kpi.formula.series import solve_series
from kpi.formula.wholes import NotWhole, WholeColumns, fixed_points, shown

__all__ = [
    "VALUE_COLUMNS",
    "FigureTooLarge",
    "MissingMeasure",
    "evaluate",
    "evaluate_rows",
    "from_fixed",
    "not_measurable",
    "to_fixed",
    "with_minimum_sample",
]

VALUE_COLUMNS: Final = ("state", "value", "numerator", "denominator", "sample")
MEASURED: Final = "measured"
NO_DATA: Final = "no_data"
AWAITED: Final = "awaited"
NOT_AVAILABLE: Final = "not_available"
NOT_APPLICABLE: Final = "not_applicable"
NOT_MEASURABLE: Final = "not_measurable"
SMALL: Final = "small"
_WITHOUT: Final = frozenset({AWAITED, NOT_AVAILABLE, NOT_APPLICABLE})
_LARGEST: Final = 2**63 - 1


class FigureTooLarge(Exception):
    """A figure does not fit fixed point; the facts behind it must be absurd."""


def evaluate(
    formula: Formula,
    measures: pd.DataFrame,
    *,
    imported: frozenset[str],
    given: Mapping[str, pd.DataFrame] | None = None,
    solved: Mapping[nodes.Value, Solved] | None = None,
) -> pd.DataFrame:
    """Evaluate one formula for every group.

    Args:
        measures: one row per group, a column per key of ``measures_for(formula, imported)``
            (int, ``Decimal`` or missing); measures of a team or the centre already stand in
            the row of each group. Not modified.
        imported: kinds of facts that were imported for the period.
        given: ``rating:<code>`` to a frame by group with ``numerator``, ``denominator``
            (missing: not a ratio) and ``sample``. A group without a row is awaited.
            ``score_of:<code>`` likewise; it does not apply to a group without a row.
        solved: the ``peers()`` and ``over()`` of the resolved formula, worked out. A formula
            whose parts are not worked out is not available.

    Returns:
        One row per group with ``VALUE_COLUMNS``. ``value`` is Int64 fixed point at 9 places,
        rounded half away from zero once from the exact quotient. ``numerator`` and
        ``denominator`` are exact, an int where that is enough and else a ``Decimal``; where the
        figure is no ratio the denominator is None. ``sample`` is the denominator where that
        counts something, the rows with a value under an average, else the rows of the first
        measure.

    Raises:
        MissingMeasure: a column is absent.
        FigureTooLarge: a value needs more than 64 bits.
    """
    root = resolve(formula, imported)
    index = measures.index
    given, solved = given or {}, solved or {}
    scores = {f"score_of:{code}" for code in scores_of(root)}
    if scores - set(given) or set(apart_of(root)) - set(solved):
        return _blank(index, state=NOT_AVAILABLE)
    ratings = {f"rating:{code}" for code in ratings_of(root)}
    if facts_of(root) - imported or ratings - set(given):
        return _blank(index, state=AWAITED)
    try:
        return _whole_result(index, WholeColumns(measures), root)
    except NotWhole:
        columns = Columns(measures, given, solved)
    states = _states(index, given, awaited=ratings, needed=scores)
    for part in apart_of(root):
        applies = zip(states, solved[part].applies, strict=True)
        states = [state if known else NOT_APPLICABLE for state, known in applies]
    return _result(index, columns.of(root), samples=columns.sample(root), states=states)


def _states(
    index: pd.Index, given: Mapping[str, pd.DataFrame], *, awaited: set[str], needed: set[str]
) -> list[str]:
    """Say what keeps a group from a value: a rating still missing, nobody to look at."""
    states = [MEASURED] * len(index)
    for keys, state in ((needed, NOT_APPLICABLE), (awaited, AWAITED)):
        for key in keys:
            present = index.isin(given[key].index)
            states = [was if now else state for was, now in zip(states, present, strict=True)]
    return states


def with_minimum_sample(frame: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Mark measured values that rest on fewer than ``minimum`` cases; they keep their value.

    Returns:
        The frame itself where there is nothing to mark.
    """
    few = frame["sample"].to_numpy() < minimum
    if few.any():
        few &= frame["state"].to_numpy(dtype=object) == MEASURED
    if not few.any():
        return frame
    marked = frame.copy()
    marked.loc[few, "state"] = SMALL
    return marked


def not_measurable(frame: pd.DataFrame) -> pd.DataFrame:
    """Take every value away: what is measured was never recorded, so 0 would say too much.

    Whoever awaits something, or is not concerned, stays so.

    Args:
        frame: with ``state`` and any other of ``VALUE_COLUMNS``. Not modified.
    """
    marked = frame.copy()
    taken = ~marked["state"].isin(_WITHOUT)
    marked.loc[taken, "state"] = NOT_MEASURABLE
    for column in marked.columns.intersection(["value", "numerator", "denominator"]):
        marked.loc[taken, column] = None
    if "sample" in marked:
        marked.loc[taken, "sample"] = 0
    return marked


def evaluate_rows(
    formula: Formula,
    rows: Rows,
    *,
    group_by: str | None = None,
    period: Period | None = None,
    imported: frozenset[str] | None = None,
    given: Mapping[str, pd.DataFrame] | None = None,
    minimum_sample: int = 0,
) -> pd.DataFrame:
    """Evaluate a formula over a handful of rows: worked examples and tests.

    Args:
        rows: fact name to rows, each a mapping of field to value.
        group_by: field whose values are the groups; None for one group ``all``. Only among
            agents has ``peers()`` a value: those of the same position and shift in their rows.
        imported: kinds of facts that were imported; by default those in ``rows``.
        minimum_sample: weeks of an ``over()`` that rest on fewer cases are left out.
    """
    groups = interpret(formula, rows, group_by=group_by, period=period)
    frame = _example(formula, groups)
    known = frozenset(rows) if imported is None else imported
    solved: dict[nodes.Value, Solved] = {}
    for part in apart_of(resolve(formula, known)):
        if isinstance(part, nodes.Over):
            parts = interpret_parts(
                formula, rows, grain=part.grain, group_by=group_by, period=period
            )
            owners = [group for group, _ in parts]
            solved[part] = solve_series(
                part,
                _example(formula, parts),
                owners=owners,
                groups=list(groups),
                minimum_sample=minimum_sample,
            )
        elif group_by == "agent":
            solved[part] = _example_peers(part, frame, interpret_places(rows))
    return evaluate(formula, frame, imported=known, given=given, solved=solved)


def _example(formula: Formula, groups: Mapping[Any, Mapping[str, Any]]) -> pd.DataFrame:
    keys = [measure.key for measure in formula.measures]
    index = pd.Index(list(groups), tupleize_cols=False)
    return pd.DataFrame(list(groups.values()), index, keys, dtype=object)


def _example_peers(
    part: nodes.Peers, frame: pd.DataFrame, places: Mapping[Hashable, Hashable]
) -> Solved:
    """Everybody in the rows was there all the time, in one place."""
    people = list(frame.index)
    everybody = Membership({one: {places[one]: 1} for one in people}, frozenset(people))
    held = [(one, places[one]) for one in people]
    return solve_peers(part, frame, places=held, membership=everybody, people=people)


def _row(cell: Cell, *, sample: int, state: str) -> tuple[Any, ...]:
    if state != MEASURED:
        return state, None, None, None, 0
    if cell is None:
        return NO_DATA, None, None, None, sample
    value = cells.fixed_point(*cells.whole_quotient(cell[0], 1 if cell[1] is None else cell[1]))
    if abs(value) > _LARGEST:
        raise FigureTooLarge(f"{from_fixed(value)} is too large to be a KPI value.")
    return MEASURED, value, *cells.shown(cell, value), sample


def _whole_result(index: pd.Index, columns: WholeColumns, root: nodes.Value) -> pd.DataFrame:
    """As :func:`_result`, of a formula that reads whole numbers of the group alone."""
    found, samples = columns.of(root), columns.sample(root)
    missing, values = ~found.known, fixed_points(found)
    data = {
        "state": np.array([MEASURED, NO_DATA], dtype=object)[missing.astype(np.int64)],
        "value": pd.arrays.IntegerArray(values, missing),
        **shown(found, values),
        "sample": samples,
    }
    return pd.DataFrame(data, index=index, columns=list(VALUE_COLUMNS))


def _result(
    index: pd.Index, column: Column, *, samples: list[int], states: list[str]
) -> pd.DataFrame:
    rows = [
        _row(cell, sample=sample, state=state)
        for cell, sample, state in zip(column, samples, states, strict=True)
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
