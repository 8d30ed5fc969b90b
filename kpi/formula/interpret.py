"""The worked-example calculator: measures over a handful of rows, one row after the other.

Written for being checked by eye, independently of the database, which it is held against in
tests. The product never measures facts with it: only the examples of KPIs and of the docs.
"""

import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final

from kpi.formula import nodes
from kpi.formula.cells import decimal_of, square_root
from kpi.formula.compiler import Formula
from kpi.formula.fields import FACTS

FactRow = Mapping[str, Any]
Rows = Mapping[str, Sequence[FactRow]]
EVERYBODY: Final = "all"
_PLACES: Final = 20

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: Fraction(left) / right if right else None,
}


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open: the first day and the day after the last."""

    start: date
    end: date


def interpret(
    formula: Formula,
    rows: Rows,
    *,
    group_by: str | None = None,
    period: Period | None = None,
) -> dict[Hashable, dict[str, int | Decimal | None]]:
    """Measure a formula over rows.

    Args:
        rows: fact name to rows, each a mapping of field to value; an absent field is
            missing. Text is read as a date or moment where the field is one.
        group_by: field whose values are the groups; None for one group ``all``.
        period: needed only where the formula says ``period_start`` or ``period_end``.

    Returns:
        Group to measure key to value; a sum or a mean over no value is None.
    """
    tables = _tables(rows)
    return {
        group: {
            measure.key: _measure(measure, _in_scope(measure, tables, group_by, group), period)
            for measure in formula.measures
        }
        for group in _groups(tables, group_by)
    }


def interpret_parts(
    formula: Formula,
    rows: Rows,
    *,
    grain: nodes.Grain,
    group_by: str | None = None,
    period: Period | None = None,
) -> dict[tuple[Hashable, date], dict[str, int | Decimal | None]]:
    """Measure a formula over the rows of each day, ISO week or month.

    Returns:
        Group and first day of the part to measures; a part without rows is absent.
    """
    by_part: dict[date, dict[str, list[FactRow]]] = {}
    for fact, read in _tables(rows).items():
        for row in read:
            part = by_part.setdefault(_part_of(row.get("day"), grain), {})
            part.setdefault(fact, []).append(row)
    return {
        (group, part): measures
        for part, tables in by_part.items()
        for group, measures in interpret(formula, tables, group_by=group_by, period=period).items()
    }


def interpret_places(rows: Rows) -> dict[Hashable, tuple[Any, Any]]:
    """Give position and shift of each agent, as the first row that names them says."""
    read = (row for table in _tables(rows).values() for row in table if "agent" in row)
    places: dict[Hashable, tuple[Any, Any]] = {}
    for row in read:
        places.setdefault(row["agent"], (row.get("position"), row.get("shift")))
    return places


def _tables(rows: Rows) -> dict[str, list[FactRow]]:
    return {fact: [_read(fact, row) for row in rows.get(fact, ())] for fact in FACTS}


def _part_of(day: date | None, grain: nodes.Grain) -> date:
    if day is None:
        raise ValueError(f"The formula goes by {grain}; say the day of each row.")
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def _groups(tables: Mapping[str, list[FactRow]], group_by: str | None) -> list[Hashable]:
    if group_by is None:
        return [EVERYBODY]
    found = dict.fromkeys(row.get(group_by) for rows in tables.values() for row in rows)
    return [group for group in found if group is not None]


def _in_scope(
    measure: nodes.Measure,
    tables: Mapping[str, list[FactRow]],
    group_by: str | None,
    group: Hashable,
) -> list[FactRow]:
    rows = tables[measure.fact]
    if group_by is None or measure.scope == "centre":
        return rows
    if measure.scope == "own" or group_by == "team":
        return [row for row in rows if row.get(group_by) == group]
    everything = (row for table in tables.values() for row in table)
    teams = {row.get("team") for row in everything if row.get(group_by) == group} - {None}
    return [row for row in rows if row.get("team") in teams]


def _read(fact: str, row: FactRow) -> FactRow:
    """Read values as the fields' kinds, and derive what the database derives."""
    unknown = set(row) - set(FACTS[fact].fields)
    if unknown:
        raise ValueError(f"{fact} have no field {min(unknown)}.")
    values = {name: _value(FACTS[fact].fields[name].kind, value) for name, value in row.items()}
    if fact == "contacts" and "handle_s" not in values and values.get("talk_s") is not None:
        extra = (values.get(name) or 0 for name in ("hold_s", "after_call_s"))
        values["handle_s"] = values["talk_s"] + sum(extra)
    if "date" in values:
        values.setdefault("day", values["date"])
    return values


def _value(kind: str, value: Any) -> Any:
    if isinstance(value, float):
        return Fraction(str(value))
    if isinstance(value, Decimal):
        return Fraction(value)
    if not isinstance(value, str):
        return value
    readers: dict[str, Callable[[str], Any]] = {
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
        "decimal": Fraction,
    }
    return readers.get(kind, str)(value)


def _measure(
    measure: nodes.Measure, rows: Iterable[FactRow], period: Period | None
) -> int | Decimal | None:
    kept = [
        row for row in rows if measure.where is None or _row(measure.where, row, period) is True
    ]
    if measure.row is None:
        return len(kept)
    found = (_row(measure.row, row, period) for row in kept)
    values = [value for value in found if value is not None]
    return _plain(_aggregate(measure, values))


def _aggregate(measure: nodes.Measure, values: list[Any]) -> Any:
    if measure.function == "distinct":
        return len(set(values))
    if not values:
        return None
    match measure.function:
        case "sum":
            return sum(values)
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "median":
            return _median(values)
        case "percentile":
            rank = ceil(Fraction(measure.argument or 0) / 100 * len(values))
            return sorted(values)[rank - 1]
        case _:
            return _deviation(values)


def _median(values: list[Any]) -> Fraction:
    ordered = sorted(values)
    return Fraction(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _deviation(values: list[Any]) -> Fraction | None:
    if len(values) < 2:
        return None
    mean = Fraction(sum(values)) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return square_root(Fraction(squares) / (len(values) - 1))


def _plain(value: Any) -> int | Decimal | None:
    if not isinstance(value, Fraction):
        return None if value is None else int(value)
    try:
        return value.numerator if value.denominator == 1 else decimal_of(value)
    except ValueError:
        # An endless quotient of a row, such as 1/3: as many places as a database gives.
        return decimal_of(Fraction(round(value * 10**_PLACES), 10**_PLACES))


def _row(node: nodes.Row, row: FactRow, period: Period | None) -> Any:
    """Give the value of a row expression, None where it is missing."""
    match node:
        case nodes.Literal(value):
            return Fraction(value) if isinstance(value, Decimal) else value
        case nodes.FieldRef(_, name):
            return row.get(name)
        case nodes.PeriodBound(which):
            return _bound(which, period)
        case nodes.IsNone(operand, negated):
            return (_row(operand, row, period) is None) != negated
        case nodes.BoolOp(word, operands):
            return _joined(word, [_row(operand, row, period) for operand in operands])
        case _:
            return _combined(node, row, period)


def _combined(node: nodes.Row, row: FactRow, period: Period | None) -> Any:
    """Combine values of which none may be missing."""
    match node:
        case nodes.Not(operand):
            value = _row(operand, row, period)
            return None if value is None else not value
        case nodes.InList(operand, values, negated):
            value = _row(operand, row, period)
            return None if value is None else (value in _listed(values)) != negated
        case nodes.Compare(word, left, right) | nodes.Arith(word, left, right):
            sides = (_row(left, row, period), _row(right, row, period))
            table = _COMPARE if isinstance(node, nodes.Compare) else _CALCULATE
            return None if None in sides else table[word](*sides)
        case _:
            raise TypeError(f"Not a row node: {node!r}")


def _joined(word: str, values: list[bool | None]) -> bool | None:
    decisive = word == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _listed(values: tuple[nodes.Literal, ...]) -> list[Any]:
    return [Fraction(v.value) if isinstance(v.value, Decimal) else v.value for v in values]


def _bound(which: str, period: Period | None) -> date:
    if period is None:
        raise ValueError("The formula speaks of the period; say which.")
    return period.start if which == "start" else period.end
