"""What every kind of line shares: how it is read, and what it gives when worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from appraisal.pay.figures import (
    Column,
    Figure,
    Inputs,
    Numbers,
    OverSource,
    Source,
    note_formula,
)
from appraisal.pay.money import Money, objects
from appraisal.scoring.fixed import Ints, from_fixed
from appraisal.scoring.reading import Reader, dump_number

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Settled:
    """A line worked out for everybody.

    Attributes:
        states: shape (n,), ``counted`` or why there is no amount.
        quantities: fixed point; 0 where there is none.
        money: before rounding and before the limit of the line.
        parts: shape (n,), what the amount is made of, as texts: see each rule.
    """

    states: Ints
    quantities: Ints
    money: Money
    parts: Ints


class Rule(Protocol):
    """How a line comes to its amount."""

    kind: ClassVar[str]

    def dump(self) -> dict[str, Any]:
        """Write the rule as the document does, without its type."""

    def figures(self) -> Iterator[Figure]:
        """Give every figure that it reads."""

    def sources(self, line: str, numbers: Numbers) -> Iterator[Source | OverSource]:
        """Give what has to be measured."""

    def settle(self, line: str, inputs: Inputs, numbers: Numbers) -> Settled:
        """Work it out for everybody."""


def texts_of(columns: list[Ints]) -> Ints:
    """For each person the figures of some columns as texts, empty where there is none."""
    return objects([text_of(cell) for cell in row] for row in zip(*columns, strict=True))


def text_of(cell: Any) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    return format(from_fixed(cell).normalize(), "f")


def shown(column: Column) -> Ints:
    known = column.is_known
    return objects(one if there else None for one, there in zip(column.values, known, strict=True))


def read_per(reader: Reader, key: str = "per") -> Decimal:
    value = reader.number(key, ONE, low=0)
    if value == 0:
        reader.note(key, "must be more than 0")
    return value or ONE


def dump_per(value: Decimal, key: str = "per") -> dict[str, Any]:
    return {} if value == ONE else {key: dump_number(value)}


def field_of(text: str) -> tuple[str, str]:
    fact, _dot, name = text.partition(".")
    return fact, name


def note_field(reader: Reader, field: str, where: str) -> None:
    if field:
        also = f", where={where}" if where else ""
        note_formula(reader, "field", f"sum({field}{also})")
