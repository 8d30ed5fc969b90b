"""Row nodes of a formula as database expressions, with SQL's three values kept.

Lookups are built as expressions, not as keyword filters: a keyword filter under ``~Q`` would
count rows whose field is missing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    DateTimeField,
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.expressions import CombinedExpression, Expression
from django.db.models.functions import Cast, Extract, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from agents.periods import Period
from kpi.formula import nodes
from kpi.models import Contact

# Row arithmetic is exact: 9 places are those of a KPI value.
EXACT = DecimalField(max_digits=38, decimal_places=9)

# Where a field of the language is another column of the table.
COLUMNS = {
    "date": "day",
    "agent": "agent_id",
    "team": "team_id",
    "position": "position_id",
    "shift": "shift_id",
    "batch": "batch_id",
}

_COMPARISONS: dict[str, Any] = {
    "==": Exact,
    "<": LessThan,
    "<=": LessThanOrEqual,
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
}


class Rows:
    """Turns row nodes into expressions over one fact table as it was at a watermark."""

    def __init__(self, *, period: Period, watermark: int) -> None:
        self.period = period
        self.watermark = watermark

    def condition(self, node: nodes.Row | None) -> Q:
        """Write a condition; no node holds for every row."""
        match node:
            case None:
                return Q()
            case nodes.BoolOp(operator, operands):
                parts = [self.condition(part) for part in operands]
                joined = parts[0]
                for part in parts[1:]:
                    joined = joined & part if operator == "and" else joined | part
                return joined
            case nodes.Not(operand):
                return ~self.condition(operand)
            case nodes.IsNone(operand, negated):
                return Q(IsNull(self.value(operand), not negated))
            case nodes.InList(operand, values, negated):
                return self._among(operand, values, negated=negated)
            case nodes.Compare(operator, left, right):
                return self._compared(operator, left, right)
            case _:
                return Q(Exact(self.value(node), Value(value=True)))

    def value(self, node: nodes.Row) -> Any:
        """Write the value of a node."""
        match node:
            case nodes.Literal(value):
                return Value(value)
            case nodes.PeriodBound(which):
                start, end = self.period.starts_on, self.period.ends_on
                return Value(start if which == "start" else end)
            case nodes.FieldRef("contacts", "next_contact_s"):
                return self._next_contact()
            case nodes.FieldRef(_, name):
                return F(COLUMNS.get(name, name))
            case nodes.Arith(operator, left, right):
                return self._arithmetic(operator, left, right)
            case _:
                raise TypeError(f"Not a value: {node!r}")

    def _compared(self, operator: str, left: nodes.Row, right: nodes.Row) -> Q:
        sides = self.value(left), self.value(right)
        if operator == "!=":
            return ~Q(Exact(*sides))
        return Q(_COMPARISONS[operator](*sides))

    def _among(self, operand: nodes.Row, values: tuple[nodes.Literal, ...], *, negated: bool) -> Q:
        found = Q()
        for value in values:
            found |= Q(Exact(self.value(operand), self.value(value)))
        return ~found if negated else found

    def _arithmetic(self, operator: str, left: nodes.Row, right: nodes.Row) -> Expression:
        first, second = (Cast(self.value(side), EXACT) for side in (left, right))
        divisor = NullIf(second, Value(Decimal(0), output_field=EXACT))
        return CombinedExpression(
            first, operator, divisor if operator == "/" else second, output_field=EXACT
        )

    def _next_contact(self) -> Expression:
        """Seconds from a contact's start to the start of the customer's next one, if any."""
        later = (
            Contact.objects.filter(
                valid_at(self.watermark),
                exclusion_id__isnull=True,
                customer=OuterRef("customer"),
                started_at__gt=OuterRef("started_at"),
            )
            .order_by("started_at")
            .values("started_at")[:1]
        )
        gap = ExpressionWrapper(
            Subquery(later, output_field=DateTimeField()) - F("started_at"),
            output_field=DurationField(),
        )
        return Cast(Extract(gap, "epoch"), IntegerField())


def valid_at(watermark: int) -> Q:
    """Facts that were valid at a revision."""
    open_then = Q(valid_until__isnull=True) | Q(valid_until__gt=watermark)
    return open_then & Q(valid_from__lte=watermark)


def within(column: str, starts_on: date, ends_on: date) -> Q:
    """Facts whose day lies in ``[starts_on, ends_on)``."""
    return Q(**{f"{column}__gte": starts_on, f"{column}__lt": ends_on})
