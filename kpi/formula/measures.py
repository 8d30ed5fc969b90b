"""Build measures: one key for one meaning, with the counts that go with them."""

import hashlib
from decimal import Decimal
from typing import Any, cast

from kpi.formula import nodes
from kpi.formula.canonical import measure_text
from kpi.formula.rows import joined


def counted(fact: str, where: nodes.Row | None, *, scope: nodes.Scope) -> nodes.Measure:
    """Count rows of a fact."""
    return _measure(fact, "count", None, where, scope=scope)


def aggregated(
    fact: str,
    function: str,
    row: nodes.Row,
    where: nodes.Row | None,
    *,
    scope: nodes.Scope,
    argument: Decimal | None = None,
) -> nodes.Measure:
    """Aggregate an expression over rows; ``rows`` counts those in which it has a value."""
    valued = _narrowed(where, _has_value(row))
    rows = counted(fact, valued, scope=scope)
    matched = counted(fact, where, scope=scope) if function == "sum" else None
    return _measure(
        fact, function, row, where, scope=scope, argument=argument, rows=rows, matched=matched
    )


def with_companions(measure: nodes.Measure) -> tuple[nodes.Measure, ...]:
    """Give the measure and the counts that go with it."""
    return tuple(part for part in (measure, measure.rows, measure.matched) if part)


def _measure(
    fact: str,
    function: str,
    row: nodes.Row | None,
    where: nodes.Row | None,
    *,
    scope: nodes.Scope,
    argument: Decimal | None = None,
    rows: nodes.Measure | None = None,
    matched: nodes.Measure | None = None,
) -> nodes.Measure:
    text = measure_text(fact, function, row, where, scope=scope, argument=argument)
    key = f"m_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    return nodes.Measure(
        fact, cast(Any, function), row, where, scope, argument, text, key, rows, matched
    )


def _narrowed(where: nodes.Row | None, more: list[nodes.Row]) -> nodes.Row | None:
    """Add conditions that are not there yet."""
    is_and = isinstance(where, nodes.BoolOp) and where.operator == "and"
    known = cast(nodes.BoolOp, where).operands if is_and else ((where,) if where else ())
    parts = [*known, *(condition for condition in more if condition not in known)]
    return joined("and", parts) if parts else None


def _has_value(row: nodes.Row) -> list[nodes.Row]:
    """Give the conditions under which an expression is not missing."""
    found: dict[nodes.Row, None] = {}
    _collect(row, found)
    return list(found)


def _collect(row: nodes.Row, found: dict[nodes.Row, None]) -> None:
    match row:
        case nodes.FieldRef():
            found[nodes.IsNone(row, negated=True)] = None
        case nodes.Arith(operator, left, right):
            _collect(left, found)
            _collect(right, found)
            if operator == "/" and not isinstance(right, nodes.Literal):
                found[nodes.Compare("!=", right, nodes.Literal(0))] = None
