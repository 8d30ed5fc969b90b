"""A pay plan document: read with every problem named, written back identically."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from appraisal.pay.figures import (
    Figure,
    Measure,
    OverSource,
    Parameter,
    Source,
    dump_figure,
    read_optional_figure,
    read_parameter,
)
from appraisal.pay.rules import RULES, Days, Occurrences, Overrun, Pieces
from appraisal.pay.rules.base import Rule, field_of
from appraisal.scoring.reading import Problem, Reader, SchemeError, Text

GROUPS = ("pay", "allowance", "deduction", "notice")
"""What is earned by work, what is added, what is taken off, and what only tells."""

PlanError = SchemeError


class PlanIncomplete(Exception):
    """Figures are not set; ``parameters`` names them. Nothing is computed."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self.parameters = tuple(parameters)
        super().__init__(", ".join(one.code for one in self.parameters))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement.

    Attributes:
        limit: the amount never goes beyond it.
        noun: what the quantity counts, such as calls.
    """

    code: str
    group: str
    name: Text
    noun: Text
    rule: Rule
    limit: Figure | None

    @property
    def sign(self) -> int:
        """Minus one for what is taken off, else one."""
        return -1 if self.group == "deduction" else 1

    def evidence(self) -> list[tuple[Text | None, Measure]]:
        """Give what the rows behind the line are found by, whatever the figures are.

        Each with the name of its condition; None where the line has no other.
        """
        rule = self.rule
        if isinstance(rule, Occurrences | Overrun):
            where = f", where={rule.where}" if rule.where else ""
            if isinstance(rule, Occurrences):
                name = field_of(rule.field)[1]
                where = f", where={name} > 0" + (f" and ({rule.where})" if rule.where else "")
            return [(None, Measure(formula=f"sum({rule.field}{where})"))]
        if isinstance(rule, Pieces):
            return [(None, rule.measure)]
        if isinstance(rule, Days):
            return [(None, rule.condition.measure)]
        conditions = getattr(rule, "conditions", ())
        return [(one.name if len(conditions) > 1 else None, one.measure) for one in conditions]

    def figures(self) -> list[Figure]:
        """Give every figure that the line reads."""
        return [*self.rule.figures(), *([] if self.limit is None else [self.limit])]

    def dump(self) -> dict[str, Any]:
        """Write the line as the document does."""
        document: dict[str, Any] = {
            "code": self.code,
            "group": self.group,
            "name": self.name.dump(),
        }
        if self.noun.en:
            document["noun"] = self.noun.dump()
        document |= {"type": self.rule.kind} | self.rule.dump()
        return document | ({} if self.limit is None else {"limit": dump_figure(self.limit)})


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines, and the parameters they read; whose pay it is and in which currency."""

    code: str
    name: Text
    description: Text
    currency: Text
    positions: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    lines: tuple[Line, ...]
    floor_at_zero: bool

    def line(self, code: str) -> Line:
        """Give the line with a code."""
        return next(line for line in self.lines if line.code == code)

    def parameter(self, code: str) -> Parameter:
        """Give the parameter with a code."""
        return next(one for one in self.parameters if one.code == code)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What the lines measure, whether or not their figures are set."""
        unset = dict.fromkeys((one.code for one in self.missing), Decimal(1))
        sources = self.with_values(unset).sources()
        return tuple(one.measure for one in sources if isinstance(one, Source))

    @property
    def missing(self) -> tuple[Parameter, ...]:
        """The parameters that must be set before the plan can be used."""
        return tuple(one for one in self.parameters if one.is_missing)

    def number(self, figure: Figure) -> Decimal:
        """Give a figure as a number.

        Raises:
            PlanIncomplete: it is a parameter without a value.
        """
        if isinstance(figure, Decimal):
            return figure
        parameter = self.parameter(figure)
        if parameter.value is None:
            raise PlanIncomplete([parameter])
        return parameter.value

    def limit_of(self, line: Line) -> Decimal | None:
        """Give the limit of a line, None where it has none or its parameter is left open."""
        if line.limit is None:
            return None
        if isinstance(line.limit, str) and self.parameter(line.limit).value is None:
            return None
        return self.number(line.limit)

    def sources(self) -> tuple[Source | OverSource, ...]:
        """Give everything that has to be measured.

        Raises:
            PlanIncomplete: parameters are not set.
        """
        if self.missing:
            raise PlanIncomplete(self.missing)
        return tuple(
            source for line in self.lines for source in line.rule.sources(line.code, self.number)
        )

    def with_values(self, values: Mapping[str, Decimal | None]) -> Plan:
        """Give the plan with other values of some parameters."""
        changed = [
            replace(one, value=values[one.code]) if one.code in values else one
            for one in self.parameters
        ]
        return replace(self, parameters=tuple(changed))


def parse_plan(document: Mapping[str, Any]) -> Plan:
    """Read a pay plan document; parameters may still lack their values.

    Args:
        document: plain dict, as YAML or JSON give it; the fields are in docs/pay.md.

    Raises:
        PlanError: something is missing, misspelt or impossible; every problem is named.
    """
    problems: list[Problem] = []
    reader = Reader(document, "", problems)
    lines = [_read_line(entry) for entry in reader.entries("lines")]
    floor = reader.get("floor_at_zero")
    plan = Plan(
        code=reader.text("code"),
        name=reader.names("name"),
        description=reader.names("description", required=False),
        currency=reader.names("currency"),
        positions=reader.words("positions"),
        parameters=tuple(
            read_parameter(entry) for entry in reader.entries("parameters", required=False)
        ),
        lines=tuple(line for line in lines if line is not None),
        floor_at_zero=floor is True,
    )
    if floor not in {None, True, False}:
        reader.note("floor_at_zero", "must be true or false")
    reader.finish()
    _note_inconsistencies(reader, plan)
    if problems:
        raise PlanError(problems)
    return plan


def _read_line(reader: Reader) -> Line | None:
    kind = reader.choice("type", RULES)
    rule = RULES[kind].read(reader)
    line = Line(
        code=reader.text("code"),
        group=reader.choice("group", GROUPS),
        name=reader.names("name"),
        noun=reader.names("noun", required=False),
        rule=rule,
        limit=read_optional_figure(reader, "limit"),
    )
    reader.finish()
    return line if reader.has("type") else None


def _note_inconsistencies(reader: Reader, plan: Plan) -> None:
    """Note doubles, names of no parameter, parameters of no line, open rates."""
    for key in ("parameters", "lines"):
        counts = Counter(part.code for part in getattr(plan, key))
        for code, count in counts.items():
            if code and count > 1:
                reader.note(key, f"has the code {code} {count} times")
    known = {one.code: one for one in plan.parameters}
    used: set[str] = set()
    for line in plan.lines:
        named = [one for one in line.figures() if isinstance(one, str)]
        used.update(named)
        for name in sorted(set(named) - set(known)):
            reader.note(f"lines.{line.code}", f"{name} is neither a number nor a parameter")
        _note_open(reader, line, known)
        _note_order(reader, line, known)
    for code in sorted(set(known) - used):
        reader.note(f"parameters.{code}", "is read by no line")


def _note_open(reader: Reader, line: Line, known: Mapping[str, Parameter]) -> None:
    for figure in line.rule.figures():
        if isinstance(figure, str) and figure in known and known[figure].optional:
            reader.note(f"lines.{line.code}", f"{figure} is optional, which only a limit may be")


def _note_order(reader: Reader, line: Line, known: Mapping[str, Parameter]) -> None:
    """Note tiers and steps that do not ascend, as far as their figures are set."""
    edges = [one.up_to for one in getattr(line.rule, "tiers", ())]
    edges += [one.at for one in getattr(line.rule, "steps", ())]
    values = [
        known[edge].value if isinstance(edge, str) and edge in known else edge
        for edge in edges
        if edge is not None
    ]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if any(low >= high for low, high in pairwise(numbers)):
        reader.note(f"lines.{line.code}", "has tiers or steps that do not ascend")


def dump_plan(plan: Plan) -> dict[str, Any]:
    """Write a plan as a document; defaults are left out, ``parse_plan`` gives it back."""
    document: dict[str, Any] = {"code": plan.code, "name": plan.name.dump()}
    if plan.description.en:
        document["description"] = plan.description.dump()
    document |= {"currency": plan.currency.dump(), "positions": list(plan.positions)}
    if plan.floor_at_zero:
        document["floor_at_zero"] = True
    if plan.parameters:
        document["parameters"] = [one.dump() for one in plan.parameters]
    document["lines"] = [line.dump() for line in plan.lines]
    return document
