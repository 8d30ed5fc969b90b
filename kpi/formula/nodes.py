"""The parts of a checked formula: plain data, no behaviour.

Two layers. *Row nodes* speak about the fields of one fact row; another module turns them into
SQL. *Value nodes* do arithmetic between measures; the engine evaluates them.

Row nodes follow SQL's three values. A comparison with a missing value is neither true nor
false, and its ``Not`` neither; ``And`` is false if any part is false, else missing if any part
is missing; ``Or`` is true if any part is true, else missing if any part is missing. A row
counts only where the whole condition is true. Arithmetic with a missing value is missing, and
so is a division by zero within a row. Division is exact (in SQL: cast to numeric first).
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal as OneOf

Scope = OneOf["own", "team", "led", "centre"]
Grain = OneOf["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the formula; never None. Numbers are int or Decimal."""

    value: int | Decimal | str | bool | date


@dataclass(frozen=True, slots=True)
class FieldRef:
    fact: str
    name: str


@dataclass(frozen=True, slots=True)
class PeriodBound:
    """``start``: the first day of the period. ``end``: its last day plus one (exclusive)."""

    which: OneOf["start", "end"]


@dataclass(frozen=True, slots=True)
class Arith:
    operator: OneOf["+", "-", "*", "/"]
    left: "Row"
    right: "Row"


@dataclass(frozen=True, slots=True)
class Compare:
    operator: OneOf["==", "!=", "<", "<=", ">", ">="]
    left: "Row"
    right: "Row"


@dataclass(frozen=True, slots=True)
class InList:
    operand: "Row"
    values: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNone:
    operand: FieldRef
    negated: bool


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Row"


@dataclass(frozen=True, slots=True)
class BoolOp:
    operator: OneOf["and", "or"]
    operands: tuple["Row", ...]


Row = Literal | FieldRef | PeriodBound | Arith | Compare | InList | IsNone | Not | BoolOp


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate that the database computes for every group, in one column.

    Attributes:
        function: ``count`` counts rows. ``distinct`` counts different non-missing values.
            ``median`` is the mean of the two middle values; ``percentile`` is the nearest
            rank: the smallest value that at least ``argument`` per cent of the rows do not
            exceed. ``stdev`` is the sample's.
        row: what is summed; None for ``count``.
        where: which rows; None for all.
        scope: ``own`` rows of the group, those stamped with its ``team``, those of the teams
            it ``led`` on the days it led them, or all of the ``centre``.
        argument: per cent of ``percentile``.
        text: canonical text, the source of the key.
        key: column name, equal for equal measures wherever they stand.
        rows: the count of the rows with a value; None for ``count``, which is its own.
        matched: of a ``sum``, the count of its rows, those without a value too: it tells
            "nothing happened" (0) from "never recorded" (no data).
    """

    fact: str
    function: OneOf["count", "sum", "min", "max", "median", "percentile", "stdev", "distinct"]
    row: Row | None
    where: Row | None
    scope: Scope
    argument: Decimal | None
    text: str
    key: str
    rows: "Measure | None" = field(default=None, repr=False, compare=False)
    matched: "Measure | None" = field(default=None, repr=False, compare=False)

    @property
    def rows_key(self) -> str:
        """Column with the number of rows that the measure rests on."""
        return self.rows.key if self.rows else self.key


@dataclass(frozen=True, slots=True)
class Number:
    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Measured:
    measure: Measure


@dataclass(frozen=True, slots=True)
class Average:
    """A sum over the number of rows that have a value, kept apart to the end."""

    total: Measure
    rows: Measure


@dataclass(frozen=True, slots=True)
class Negative:
    operand: "Value"


@dataclass(frozen=True, slots=True)
class Binary:
    operator: OneOf["+", "-", "*", "/"]
    left: "Value"
    right: "Value"


@dataclass(frozen=True, slots=True)
class Call:
    name: OneOf["least", "greatest", "sqrt", "coalesce"]
    arguments: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """``present`` where that kind of fact was imported for the period, else ``otherwise``."""

    fact: str
    present: "Value"
    otherwise: "Value"


@dataclass(frozen=True, slots=True)
class Rating:
    code: str


@dataclass(frozen=True, slots=True)
class ScoreOf:
    code: str


@dataclass(frozen=True, slots=True)
class Peers:
    operand: "Value"


@dataclass(frozen=True, slots=True)
class Over:
    """``function`` over the values of ``operand`` in each ``grain`` of the period."""

    grain: Grain
    function: OneOf["avg", "min", "max", "median", "percentile", "stdev"]
    operand: "Value"
    argument: Decimal | None


Value = (
    Number
    | Measured
    | Average
    | Negative
    | Binary
    | Call
    | Imported
    | Rating
    | ScoreOf
    | Peers
    | Over
)
