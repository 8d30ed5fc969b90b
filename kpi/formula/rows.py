"""Read and check what stands inside a measure: conditions and arithmetic over one row."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from kpi.formula import fields, nodes, units
from kpi.formula.errors import FormulaError, did_you_mean
from kpi.formula.source import Source

COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
OPERATORS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_BOUNDS: Final = {"period_start": "start", "period_end": "end"}
_ORDERED: Final = frozenset({"number", "date", "datetime"})
_WORDS: Final = {
    "number": "a number",
    "bool": "a yes/no value",
    "text": "a text",
    "code": "a code",
    "date": "a date",
    "datetime": "a moment",
    "none": "None",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A row node with what it is: its kind (numbers are one kind), unit and field."""

    node: nodes.Row
    kind: str
    unit: units.Unit = units.LITERAL
    field: fields.Field | None = None

    @property
    def words(self) -> str:
        if self.kind == "number" and self.unit.name not in ("literal", "number"):
            return self.unit.words
        return _WORDS.get(self.kind, f"a reference to {self.kind}")


class RowReader:
    """Reads one row expression of one fact.

    Args:
        bare: fields stand alone (in ``where=``), not after their fact.
    """

    def __init__(self, source: Source, fact: fields.Fact, *, bare: bool) -> None:
        self._source = source
        self._fact = fact
        self._bare = bare

    def condition(self, node: ast.expr) -> nodes.Row:
        """Read a yes/no expression.

        Raises:
            FormulaError: it is not one, or something in it is not allowed.
        """
        return self._condition(node).node

    def figure(self, node: ast.expr, *, function: str) -> Typed:
        """Read a numeric expression for an aggregate to work on.

        Raises:
            FormulaError: it is not a number, or something in it is not allowed.
        """
        typed = self.any(node)
        if typed.kind != "number":
            hint = " Count the rows instead: count(..., where=...)." if typed.kind == "bool" else ""
            raise self._source.error(
                node, "needs_number", function=function, kind=typed.words, hint=hint
            )
        return typed

    def any(self, node: ast.expr) -> Typed:
        """Read an expression of any kind.

        Raises:
            FormulaError: something in it is not allowed.
        """
        readers: dict[type[ast.expr], Callable[[Any], Typed]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.UnaryOp: self._unary,
            ast.BinOp: self._arithmetic,
            ast.BoolOp: self._and_or,
            ast.Compare: self._compare,
        }
        reader = readers.get(type(node))
        if reader is None:
            raise self._source.not_allowed(node)
        return reader(node)

    def _condition(self, node: ast.expr) -> Typed:
        typed = self.any(node)
        if typed.kind != "bool":
            hint = ""
            if isinstance(typed.node, nodes.FieldRef):
                hint = f" Compare it, or write {typed.node.name} is not None."
            raise self._source.error(node, "needs_condition", kind=typed.words, hint=hint)
        return typed

    def _constant(self, node: ast.Constant) -> Typed:
        match node.value:
            case None:
                raise self._source.error(node, "compare_none", field="the field")
            case bool():
                return Typed(nodes.Literal(node.value), "bool")
            case str():
                return Typed(nodes.Literal(node.value), "text")
            case int() | float():
                number = self._source.number(node)
                return Typed(nodes.Literal(number), "number", units.literal(Fraction(number)))
            case _:
                raise self._source.not_allowed(node)

    def _name(self, node: ast.Name) -> Typed:
        if node.id in _BOUNDS:
            return Typed(nodes.PeriodBound(cast(Any, _BOUNDS[node.id])), "date")
        if self._bare:
            return self._field(node, node.id)
        if node.id in fields.FACTS:
            example = f"sum({node.id}.{min(fields.FACTS[node.id].measurable)})"
            raise self._source.error(node, "fact_alone", function="The aggregate", example=example)
        owners = fields.facts_with(node.id)
        if owners:
            places = ", ".join(f"{owner}.{node.id}" for owner in owners)
            raise self._source.error(node, "field_outside", name=node.id, allowed=places)
        raise unknown_fact(self._source, node)

    def _attribute(self, node: ast.Attribute) -> Typed:
        if not isinstance(node.value, ast.Name):
            raise self._source.not_allowed(node)
        fact = node.value.id
        if fact not in fields.FACTS:
            raise unknown_fact(self._source, node.value)
        if fact != self._fact.name:
            raise self._source.error(node, "two_facts", fact=self._fact.name, other=fact)
        if self._bare:
            raise self._source.error(node, "fact_in_where", fact=fact, field=node.attr)
        return self._field(node, node.attr)

    def _field(self, node: ast.expr, name: str) -> Typed:
        field = self._fact.fields.get(name)
        if field is None:
            allowed = tuple(self._fact.fields)
            raise self._source.error(
                node,
                "unknown_field",
                fact=self._fact.name,
                name=name,
                hint=did_you_mean(name, allowed),
                allowed=", ".join(allowed),
            )
        # The date of a shift, training or event is kept as its day.
        column = "day" if name == "date" else name
        kind = "number" if field.kind in fields.NUMERIC else field.kind
        unit = units.of_field(field.unit, of=f"{self._fact.name}.{column}")
        return Typed(nodes.FieldRef(self._fact.name, column), kind, unit, field)

    def _unary(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            return Typed(nodes.Not(self._condition(node.operand).node), "bool")
        if not isinstance(node.op, ast.USub):
            raise self._source.not_allowed(node, kind=node.op)
        typed = self._number(node.operand, operator="-")
        if isinstance(typed.node, nodes.Literal):
            value = cast("int | Decimal", typed.node.value)
            return Typed(nodes.Literal(-value), "number", units.literal(-typed.unit.factor))
        return Typed(nodes.Arith("-", nodes.Literal(0), typed.node), "number", typed.unit)

    def _number(self, node: ast.expr, *, operator: str) -> Typed:
        typed = self.any(node)
        if typed.kind != "number":
            raise self._source.error(node, "cannot_calculate", operator=operator, kind=typed.words)
        return typed

    def _arithmetic(self, node: ast.BinOp) -> Typed:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise self._source.not_allowed(node, kind=node.op)
        left = self._number(node.left, operator=operator)
        right = self._number(node.right, operator=operator)
        unit = unit_of(self._source, node, operator, left.unit, right.unit)
        return Typed(nodes.Arith(cast(Any, operator), left.node, right.node), "number", unit)

    def _and_or(self, node: ast.BoolOp) -> Typed:
        operator = "and" if isinstance(node.op, ast.And) else "or"
        parts = [self._condition(value).node for value in node.values]
        return Typed(joined(operator, parts), "bool")

    def _compare(self, node: ast.Compare) -> Typed:
        sides = [node.left, *node.comparators]
        pairs = zip(sides, node.ops, sides[1:], strict=False)
        return Typed(
            joined("and", [self._one(left, op, right) for left, op, right in pairs]), "bool"
        )

    def _one(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> nodes.Row:
        if isinstance(op, ast.Is | ast.IsNot):
            return self._is_none(left, right, negated=isinstance(op, ast.IsNot))
        if isinstance(op, ast.In | ast.NotIn):
            return self._in_list(left, right, negated=isinstance(op, ast.NotIn))
        first, second = self._pair(left, right)
        operator = COMPARISONS[type(op)]
        if operator not in ("==", "!=") and first.kind not in _ORDERED:
            raise self._source.error(left, "cannot_order", kind=first.words.capitalize())
        return nodes.Compare(cast(Any, operator), first.node, second.node)

    def _pair(self, left: ast.expr, right: ast.expr) -> tuple[Typed, Typed]:
        """Read two sides that can be compared; a literal takes the kind of its neighbour."""
        for side, other in ((left, right), (right, left)):
            if isinstance(side, ast.Constant) and side.value is None:
                raise self._source.error(side, "compare_none", field=_written(other))
        first, second = self.any(left), self.any(right)
        first = self._adapted(left, first, to=second)
        second = self._adapted(right, second, to=first)
        if {first.kind, second.kind} == {"code", "text"}:
            return first, second
        if first.kind != second.kind:
            raise self._mismatch(right, first, second)
        if first.kind == "number":
            unit_of(self._source, right, "compare", first.unit, second.unit)
        return first, second

    def _mismatch(self, node: ast.expr, first: Typed, second: Typed) -> FormulaError:
        hint = ""
        if {first.kind, second.kind} == {"date", "datetime"}:
            hint = " Compare the day instead."
        elif first.kind in fields.REFERENCES | {"batch"}:
            hint = " Choose people on the page; a formula holds for everybody."
        return self._source.error(
            node, "cannot_compare", left=first.words, right=second.words, hint=hint
        )

    def _adapted(self, node: ast.expr, typed: Typed, *, to: Typed) -> Typed:
        if not (isinstance(typed.node, nodes.Literal) and typed.kind == "text"):
            return typed
        value = str(typed.node.value)
        if to.kind == "date":
            return Typed(nodes.Literal(self._date(node, value)), "date")
        if to.field and to.kind == "code" and value not in to.field.choices:
            raise self._source.error(
                node,
                "unknown_code",
                field=to.field.name,
                value=f'"{value}"',
                hint=did_you_mean(value, to.field.choices),
                allowed=", ".join(to.field.choices),
            )
        return typed

    def _date(self, node: ast.expr, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self._source.error(
                node, "bad_date", value=f'"{value}"', example='"2026-10-01"'
            ) from error

    def _is_none(self, left: ast.expr, right: ast.expr, *, negated: bool) -> nodes.Row:
        operand = self.any(left).node
        is_none = isinstance(right, ast.Constant) and right.value is None
        if not is_none or not isinstance(operand, nodes.FieldRef):
            raise self._source.error(right if not is_none else left, "is_needs_field")
        return nodes.IsNone(operand, negated)

    def _in_list(self, left: ast.expr, right: ast.expr, *, negated: bool) -> nodes.Row:
        listed = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
        values = []
        for item in listed:
            operand, value = self._pair(left, item)
            if not isinstance(value.node, nodes.Literal):
                raise self._source.error(right, "in_needs_list", example='("phone", "chat")')
            values.append(value.node)
        if not values:
            raise self._source.error(right, "in_needs_list", example='("phone", "chat")')
        return nodes.InList(operand.node, tuple(values), negated)


def joined(operator: str, parts: list[nodes.Row]) -> nodes.Row:
    """Join conditions, flat; one condition stands for itself."""
    flat: list[nodes.Row] = []
    for part in parts:
        same = isinstance(part, nodes.BoolOp) and part.operator == operator
        flat.extend(cast(nodes.BoolOp, part).operands if same else (part,))
    return flat[0] if len(flat) == 1 else nodes.BoolOp(cast(Any, operator), tuple(flat))


def unit_of(
    source: Source, node: ast.expr, operator: str, left: units.Unit, right: units.Unit
) -> units.Unit:
    """Give the unit of an operation, or the error that names both units."""
    operations = {"+": units.plus, "-": units.minus, "*": units.times, "/": units.over}
    if operator == "/" and right == units.literal(Fraction(0)):
        raise source.error(node, "zero_division")
    try:
        return operations.get(operator, units.common)(left, right)
    except units.UnitMismatch as error:
        code = "unit_product" if operator in ("*", "/") else "unit_mismatch"
        words = (left.words[:1].upper() + left.words[1:], right.words)
        raise source.error(node, code, left=words[0], right=words[1]) from error


def unknown_fact(source: Source, node: ast.Name) -> FormulaError:
    allowed = tuple(fields.FACTS)
    return source.error(
        node,
        "unknown_fact",
        name=node.id,
        hint=did_you_mean(node.id, allowed),
        allowed=", ".join(allowed),
    )


def _written(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else "the field"
