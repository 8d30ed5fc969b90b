"""Write checked nodes back as formula text: one spelling for one meaning."""

import json
from datetime import date
from decimal import Decimal

from kpi.formula import nodes

_ROW_RANK = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6, "/": 6}


def row_text(node: nodes.Row, *, qualified: bool) -> str:
    """Write a row expression.

    Args:
        qualified: with the fact before each field, as outside ``where=``.
    """
    match node:
        case nodes.Literal(value):
            return literal_text(value)
        case nodes.FieldRef(fact, name):
            return f"{fact}.{name}" if qualified else name
        case nodes.PeriodBound(which):
            return f"period_{which}"
        case nodes.Compare(operator, left, right):
            sides = (_wrapped(side, above=5, qualified=qualified) for side in (left, right))
            return f" {operator} ".join(sides)
        case nodes.Arith(operator, left, right):
            return _arithmetic(operator, left, right, qualified=qualified)
        case _:
            return _condition_text(node, qualified=qualified)


def literal_text(value: object) -> str:
    match value:
        case bool() | int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case date():
            return f'"{value.isoformat()}"'
        case _:
            return json.dumps(value, ensure_ascii=False)


def measure_text(
    fact: str,
    function: str,
    row: nodes.Row | None,
    where: nodes.Row | None,
    *,
    scope: nodes.Scope = "own",
    argument: Decimal | None = None,
) -> str:
    """Write one measure with its scope around it."""
    parts = [row_text(row, qualified=True) if row else fact]
    if argument is not None:
        parts.append(literal_text(argument))
    if where:
        parts.append(f"where={row_text(where, qualified=False)}")
    text = f"{function}({', '.join(parts)})"
    return text if scope == "own" else f"{scope}({text})"


def value_text(node: nodes.Value) -> str:
    """Write a formula, or a part of one, between measures."""
    match node:
        case nodes.Number(value):
            return literal_text(value)
        case nodes.Measured(measure):
            return measure.text
        case nodes.Average(total, _):
            return total.text.replace("sum(", "avg(", 1)
        case nodes.Negative(operand):
            return f"-{_value_wrapped(operand, above=6)}"
        case nodes.Binary(operator, left, right):
            rank = _ROW_RANK[operator]
            first = _value_wrapped(left, above=rank)
            return f"{first} {operator} {_value_wrapped(right, above=rank + 1)}"
        case nodes.Call(name, arguments):
            return f"{name}({', '.join(value_text(argument) for argument in arguments)})"
        case nodes.Imported(fact, present, otherwise):
            return f"imported({fact}, {value_text(present)}, {value_text(otherwise)})"
        case _:
            return _outside_text(node)


def _outside_text(node: nodes.Value) -> str:
    match node:
        case nodes.Rating(code):
            return f"rating({json.dumps(code)})"
        case nodes.ScoreOf(code):
            return f"score_of({json.dumps(code)})"
        case nodes.Peers(operand):
            return f"peers({value_text(operand)})"
        case nodes.Over(grain, function, operand, argument):
            rest = "" if argument is None else f", {literal_text(argument)}"
            return f"{function}(over({grain}, {value_text(operand)}){rest})"
        case _:
            raise TypeError(f"Not a value node: {node!r}")


def _condition_text(node: nodes.Row, *, qualified: bool) -> str:
    match node:
        case nodes.InList(operand, values, negated):
            listed = ", ".join(literal_text(value.value) for value in values)
            comma = "," if len(values) == 1 else ""
            word = "not in" if negated else "in"
            return f"{_wrapped(operand, above=5, qualified=qualified)} {word} ({listed}{comma})"
        case nodes.IsNone(operand, negated):
            word = "is not None" if negated else "is None"
            return f"{row_text(operand, qualified=qualified)} {word}"
        case nodes.Not(operand):
            return f"not {_wrapped(operand, above=3, qualified=qualified)}"
        case nodes.BoolOp(operator, operands):
            above = _ROW_RANK[operator] + 1
            parts = (_wrapped(part, above=above, qualified=qualified) for part in operands)
            return f" {operator} ".join(parts)
        case _:
            raise TypeError(f"Not a row node: {node!r}")


def _arithmetic(operator: str, left: nodes.Row, right: nodes.Row, *, qualified: bool) -> str:
    rank = _ROW_RANK[operator]
    first = _wrapped(left, above=rank, qualified=qualified)
    return f"{first} {operator} {_wrapped(right, above=rank + 1, qualified=qualified)}"


def _wrapped(node: nodes.Row, *, above: int, qualified: bool) -> str:
    text = row_text(node, qualified=qualified)
    return f"({text})" if _row_rank(node) < above else text


def _row_rank(node: nodes.Row) -> int:
    match node:
        case nodes.BoolOp(operator, _) | nodes.Arith(operator, _, _):
            return _ROW_RANK[operator]
        case nodes.Not():
            return 3
        case nodes.Compare() | nodes.InList() | nodes.IsNone():
            return 4
        case _:
            return 9


def _value_wrapped(node: nodes.Value, *, above: int) -> str:
    text = value_text(node)
    rank = _ROW_RANK[node.operator] if isinstance(node, nodes.Binary) else 9
    if isinstance(node, nodes.Negative):
        rank = 6
    return f"({text})" if rank < above else text
