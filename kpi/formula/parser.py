"""Read and check a whole formula: measures, and the arithmetic between them."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from kpi.formula import fields, measures, nodes, units
from kpi.formula.errors import did_you_mean
from kpi.formula.rows import OPERATORS, RowReader, Typed, unit_of, unknown_fact
from kpi.formula.source import Source

AGGREGATES: Final = (
    "count", "sum", "avg", "min", "max", "median", "percentile", "stdev", "distinct",
)  # fmt: skip
SERIES_FUNCTIONS: Final = ("avg", "min", "max", "median", "percentile", "stdev")
SCOPES: Final = ("team", "led", "centre")
GRAINS: Final = ("day", "week", "month")

USAGE: Final[dict[str, str]] = {
    "count": "count(contacts, where=answered)",
    "percentile": "percentile(contacts.wait_s, 90, where=answered)",
    "distinct": "distinct(contacts.day, where=answered)",
    "least": "least(a, b)",
    "greatest": "greatest(a, b)",
    "coalesce": "coalesce(a, b)",
    "sqrt": "sqrt(x)",
    "imported": "imported(shifts, a, b)",
    "team": "team(count(contacts))",
    "led": "led(count(contacts))",
    "centre": "centre(count(contacts))",
    "peers": "peers(count(contacts))",
    "over": "over(week, count(contacts))",
    "rating": 'rating("teamwork")',
    "score_of": 'score_of("reports")',
} | {
    name: f"{name}(contacts.talk_s, where=answered)"
    for name in ("sum", *SERIES_FUNCTIONS[:4], "stdev")
}

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Context:
    """Where in the formula the reader stands: the scope, and the functions around it."""

    scope: nodes.Scope = "own"
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value node with its unit."""

    node: nodes.Value
    unit: units.Unit


def parse(text: str) -> Figure:
    """Read a formula.

    Raises:
        FormulaError: it cannot be read or does not pass a check; the error names the place.
    """
    reader = _Reader(Source(text))
    figure = reader.figure(reader.source.tree, Context())
    if figure.unit.name == "literal":
        raise reader.source.error(reader.source.tree, "nothing_measured")
    return figure


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source

    def figure(self, node: ast.expr, context: Context) -> Figure:
        readers: dict[type[ast.expr], Callable[[Any, Context], Figure]] = {
            ast.Constant: self._number,
            ast.UnaryOp: self._negative,
            ast.BinOp: self._binary,
            ast.Call: self._call,
            ast.Name: self._not_measured,
            ast.Attribute: self._not_measured,
        }
        reader = readers.get(type(node))
        if reader is None:
            raise self.source.not_allowed(node)
        return reader(node, context)

    def _number(self, node: ast.Constant, _: Context) -> Figure:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.source.error(node, "bad_number")
        value = self.source.number(node)
        return Figure(nodes.Number(value), units.literal(Fraction(value)))

    def _negative(self, node: ast.UnaryOp, context: Context) -> Figure:
        if not isinstance(node.op, ast.USub):
            raise self.source.not_allowed(node, kind=node.op)
        figure = self.figure(node.operand, context)
        unit = units.times(figure.unit, units.literal(Fraction(-1)))
        return Figure(nodes.Negative(figure.node), unit)

    def _binary(self, node: ast.BinOp, context: Context) -> Figure:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise self.source.not_allowed(node, kind=node.op)
        left, right = self.figure(node.left, context), self.figure(node.right, context)
        unit = unit_of(self.source, node, operator, left.unit, right.unit)
        return Figure(nodes.Binary(cast(Any, operator), left.node, right.node), unit)

    def _not_measured(self, node: ast.Name | ast.Attribute, _: Context) -> Figure:
        allowed = ", ".join(USAGE[name] for name in AGGREGATES)
        raise self.source.error(node, "not_an_aggregate", allowed=allowed)

    def _call(self, node: ast.Call, context: Context) -> Figure:
        if not isinstance(node.func, ast.Name):
            raise self.source.not_allowed(node)
        name = node.func.id
        if name in AGGREGATES:
            return self._aggregate(node, name, context)
        readers: dict[str, Callable[[ast.Call, Context], Figure]] = {
            "least": self._choice,
            "greatest": self._choice,
            "coalesce": self._choice,
            "sqrt": self._root,
            "imported": self._imported,
            "team": self._scoped,
            "led": self._scoped,
            "centre": self._scoped,
            "peers": self._peers,
            "over": self._over_alone,
            "rating": self._rating,
            "score_of": self._rating,
        }
        if name not in readers:
            allowed = (*AGGREGATES, *readers)
            hint = did_you_mean(name, allowed)
            raise self.source.error(
                node.func, "unknown_function", name=name, hint=hint, allowed=", ".join(allowed)
            )
        self._only_where(node, name, allowed=())
        return readers[name](node, context)

    def _aggregate(self, node: ast.Call, name: str, context: Context) -> Figure:
        self._only_where(node, name, allowed=("where",))
        self._arity(node, name, at_least=1, at_most=2 if name == "percentile" else 1)
        first = node.args[0]
        if name in SERIES_FUNCTIONS and _is_over(first):
            return self._series(node, name, context)
        argument = self._percentile(node) if name == "percentile" else None
        if name == "count":
            return self._count(node, first, context)
        fact = self._fact_of(first, name)
        row = self._row(first, name, fact)
        where = self._where(node, fact)
        return _measured(name, fact, row, where, scope=context.scope, argument=argument)

    def _count(self, node: ast.Call, first: ast.expr, context: Context) -> Figure:
        if not isinstance(first, ast.Name):
            raise self.source.error(first, "count_needs_fact")
        fact = self._fact(first)
        measure = measures.counted(fact.name, self._where(node, fact), scope=context.scope)
        return Figure(nodes.Measured(measure), units.Unit("count", fact.name))

    def _row(self, first: ast.expr, name: str, fact: fields.Fact) -> Typed:
        reader = RowReader(self.source, fact, bare=False)
        if name != "distinct":
            return reader.figure(first, function=name)
        if isinstance(first, ast.Name):
            example = f"distinct({fact.name}.day)"
            raise self.source.error(first, "fact_alone", function=name, example=example)
        return reader.any(first)

    def _where(self, node: ast.Call, fact: fields.Fact) -> nodes.Row | None:
        if not node.keywords:
            return None
        return RowReader(self.source, fact, bare=True).condition(node.keywords[0].value)

    def _fact(self, node: ast.Name) -> fields.Fact:
        if node.id not in fields.FACTS:
            raise unknown_fact(self.source, node)
        return fields.FACTS[node.id]

    def _fact_of(self, node: ast.expr, name: str) -> fields.Fact:
        """Find the fact that an expression speaks of: the first one that it names."""
        names = [part for part in ast.walk(node) if isinstance(part, ast.Name)]
        facts = [part for part in names if part.id in fields.FACTS]
        if facts:
            return fields.FACTS[facts[0].id]
        if not names:
            raise self.source.error(node, "fact_alone", function=name, example=USAGE[name])
        owners = fields.facts_with(names[0].id)
        if not owners:
            raise unknown_fact(self.source, names[0])
        places = ", ".join(f"{owner}.{names[0].id}" for owner in owners)
        raise self.source.error(names[0], "field_outside", name=names[0].id, allowed=places)

    def _percentile(self, node: ast.Call) -> Decimal:
        value = node.args[1] if len(node.args) > 1 else None
        if value is None:
            raise self.source.error(
                node, "arguments", function="percentile", usage=USAGE["percentile"]
            )
        is_number = isinstance(value, ast.Constant) and type(value.value) in (int, float)
        percent = (
            Decimal(self.source.number(cast(ast.Constant, value))) if is_number else Decimal(0)
        )
        if not 0 < percent < 100:
            raise self.source.error(value, "percentile_range")
        return percent

    def _series(self, node: ast.Call, name: str, context: Context) -> Figure:
        if node.keywords:
            raise self.source.error(node.keywords[0], "over_where", function=name)
        call = cast(ast.Call, node.args[0])
        self._only_where(call, "over", allowed=())
        self._arity(call, "over", at_least=2, at_most=2)
        grain = call.args[0]
        name_of_grain = grain.id if isinstance(grain, ast.Name) else ast.unparse(grain)
        if name_of_grain not in GRAINS:
            raise self.source.error(
                grain, "unknown_grain", name=name_of_grain, allowed=", ".join(GRAINS)
            )
        argument = self._percentile(node) if name == "percentile" else None
        operand = self.figure(call.args[1], self._enter(call, "over", context))
        series = nodes.Over(cast(Any, name_of_grain), cast(Any, name), operand.node, argument)
        return Figure(series, operand.unit)

    def _over_alone(self, node: ast.Call, _: Context) -> Figure:
        grain = ast.unparse(node.args[0]) if node.args else "week"
        raise self.source.error(
            node, "over_alone", grain=grain, allowed=", ".join(SERIES_FUNCTIONS)
        )

    def _choice(self, node: ast.Call, context: Context) -> Figure:
        name = cast(ast.Name, node.func).id
        self._arity(node, name, at_least=2, at_most=20)
        figures = [self.figure(argument, context) for argument in node.args]
        unit = figures[0].unit
        for argument, figure in zip(node.args[1:], figures[1:], strict=True):
            unit = unit_of(self.source, argument, name, unit, figure.unit)
        arguments = tuple(figure.node for figure in figures)
        return Figure(nodes.Call(cast(Any, name), arguments), unit)

    def _root(self, node: ast.Call, context: Context) -> Figure:
        self._arity(node, "sqrt", at_least=1, at_most=1)
        figure = self.figure(node.args[0], context)
        try:
            unit = units.root(figure.unit)
        except units.UnitMismatch as error:
            raise self.source.error(node, "unit_root", unit=figure.unit.words) from error
        return Figure(nodes.Call("sqrt", (figure.node,)), unit)

    def _imported(self, node: ast.Call, context: Context) -> Figure:
        self._arity(node, "imported", at_least=3, at_most=3)
        first = node.args[0]
        if not isinstance(first, ast.Name) or first.id not in fields.FACTS:
            allowed = ", ".join(fields.FACTS)
            raise self.source.error(first, "imported_needs_fact", allowed=allowed)
        present, otherwise = (self.figure(argument, context) for argument in node.args[1:])
        unit = unit_of(self.source, node, "imported", present.unit, otherwise.unit)
        return Figure(nodes.Imported(first.id, present.node, otherwise.node), unit)

    def _scoped(self, node: ast.Call, context: Context) -> Figure:
        name = cast(ast.Name, node.func).id
        self._arity(node, name, at_least=1, at_most=1)
        return self.figure(node.args[0], self._enter(node, name, context))

    def _peers(self, node: ast.Call, context: Context) -> Figure:
        self._arity(node, "peers", at_least=1, at_most=1)
        figure = self.figure(node.args[0], self._enter(node, "peers", context))
        return Figure(nodes.Peers(figure.node), figure.unit)

    def _rating(self, node: ast.Call, context: Context) -> Figure:
        name = cast(ast.Name, node.func).id
        self._enter(node, name, context)
        self._arity(node, name, at_least=1, at_most=1)
        code = node.args[0]
        if not isinstance(code, ast.Constant) or not isinstance(code.value, str):
            raise self.source.error(code, "needs_text", function=name, example=USAGE[name])
        if not _CODE.fullmatch(code.value):
            raise self.source.error(code, "bad_code", value=ast.unparse(code))
        if name == "rating":
            return Figure(nodes.Rating(code.value), units.NUMBER)
        return Figure(nodes.ScoreOf(code.value), units.Unit("points"))

    def _enter(self, node: ast.Call, name: str, context: Context) -> Context:
        """Step inside a function that may not stand inside another of its sort."""
        if context.inside:
            raise self.source.error(node, "scope_nested", inner=name, outer=context.inside)
        scope = cast(nodes.Scope, name) if name in SCOPES else context.scope
        return replace(context, scope=scope, inside=name)

    def _arity(self, node: ast.Call, name: str, *, at_least: int, at_most: int) -> None:
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        if starred or not at_least <= len(node.args) <= at_most:
            raise self.source.error(node, "arguments", function=name, usage=USAGE[name])

    def _only_where(self, node: ast.Call, name: str, *, allowed: tuple[str, ...]) -> None:
        for position, keyword in enumerate(node.keywords):
            if keyword.arg not in allowed or position:
                raise self.source.error(
                    keyword,
                    "unknown_argument",
                    function=name,
                    name=keyword.arg or "**",
                    usage=USAGE[name],
                )


def _measured(
    name: str,
    fact: fields.Fact,
    row: Typed,
    where: nodes.Row | None,
    *,
    scope: nodes.Scope,
    argument: Decimal | None,
) -> Figure:
    function = "sum" if name == "avg" else name
    measure = measures.aggregated(
        fact.name, function, row.node, where, scope=scope, argument=argument
    )
    if name == "avg":
        return Figure(nodes.Average(measure, cast(nodes.Measure, measure.rows)), row.unit)
    if name == "distinct":
        return Figure(nodes.Measured(measure), units.Unit("count", f"distinct {measure.text}"))
    return Figure(nodes.Measured(measure), row.unit)


def _is_over(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "over"
