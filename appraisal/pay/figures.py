"""What the lines of a pay plan read: parameters, measures, conditions, sources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from appraisal.pay.money import objects
from appraisal.scoring.fixed import SCALE, Ints, to_fixed
from appraisal.scoring.reading import Reader, Text, as_decimal, dump_number
from kpi.formula import FormulaError, compile_formula

SIDES = ("above", "at_least", "below", "at_most")
PERSON = ("years",)
UNITS = ("count", "money", "share", "s", "min")
COUNTED = "counted"
_STATES = {"measured": COUNTED, "small": "insufficient"}

Figure = Decimal | str
"""A number, or the code of a parameter that holds it."""

Numbers = Callable[[Figure], Decimal]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the plan that HR sets; without a value the plan cannot be published."""

    code: str
    name: Text
    unit: str
    value: Decimal | None
    optional: bool

    @property
    def is_missing(self) -> bool:
        """Whether the plan cannot be published before it is set."""
        return self.value is None and not self.optional

    def dump(self) -> dict[str, Any]:
        """Write the parameter as the document does."""
        value = None if self.value is None else dump_number(self.value)
        document = {"code": self.code, "name": self.name.dump(), "unit": self.unit, "value": value}
        return document | ({"optional": True} if self.optional else {})


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured for each person: a KPI, a formula, or something on record of the person."""

    kpi: str = ""
    formula: str = ""
    person: str = ""

    def dump(self) -> dict[str, str]:
        """Write the measure as the document does."""
        named = {"kpi": self.kpi, "formula": self.formula, "person": self.person}
        return {key: text for key, text in named.items() if text}


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to measure for the plan.

    Attributes:
        each: "month" gives a frame by agent with ``state``, ``value`` (Int64 fixed point) and
            ``sample``; "day" gives rows of ``agent_id``, ``day``, ``state``, ``value``.
    """

    key: str
    measure: Measure
    each: str = "month"


@dataclass(frozen=True, slots=True)
class OverSource:
    """Rows beyond the limit of their shift: a frame by agent, ``value`` what lies beyond.

    Attributes:
        limits: shift code to the limit in the field's unit; rows of other shifts count nowhere.
        where: which rows, a condition of the formula language; empty for all.
        times: shift code to how many rows of a day are allowed, the longest first; what is
            more lies beyond as a whole. Shifts that are not named: any number.
    """

    key: str
    fact: str
    field: str
    where: str
    limits: tuple[tuple[str, Decimal], ...]
    times: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure held against a threshold; ``name`` and ``unit`` say it to people."""

    name: Text
    unit: str
    measure: Measure
    side: str
    threshold: Figure

    def verdicts(self, column: "Column", numbers: Numbers) -> Ints:
        """True, False or None (unknown) for each person."""
        threshold = to_fixed(numbers(self.threshold))
        compare = {"above": np.greater, "at_least": np.greater_equal}
        compare |= {"below": np.less, "at_most": np.less_equal}
        held = compare[self.side](column.values, threshold)
        known = column.is_known
        return objects(bool(one) if there else None for one, there in zip(held, known, strict=True))

    def dump(self) -> dict[str, Any]:
        """Write the condition as the document does."""
        unit = {} if self.unit == UNITS[0] else {"unit": self.unit}
        side = {self.side: dump_figure(self.threshold)}
        return {"name": self.name.dump()} | unit | self.measure.dump() | side


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each person.

    Attributes:
        values: shape (n,), fixed point as Python integers; 0 where there is none.
        states: shape (n,), ``counted`` or why there is none.
    """

    values: Ints
    states: Ints

    @property
    def is_known(self) -> Ints:
        """Who has a figure."""
        return np.asarray(self.states == COUNTED, dtype=bool)


@dataclass(frozen=True)
class Inputs:
    """What a statement is worked out from.

    Attributes:
        people: indexed by agent id, ascending: ``position``, ``team``, ``shift``, ``grade`` (codes,
            empty for none), ``stars`` and ``years`` (whole numbers or None).
        measured: the frame of each source by its key.
    """

    people: pd.DataFrame
    measured: Mapping[str, pd.DataFrame]

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.people)

    def column(self, source: Source) -> Column:
        """The figures of a month, in the order of the people."""
        if source.measure.person:
            return self._person(source.measure.person)
        return self.over(source.key)

    def over(self, key: str) -> Column:
        """The figures of a frame by agent, in the order of the people."""
        frame = self.measured[key].reindex(self.people.index)
        return Column(whole(frame["value"]), objects(state_of(one) for one in frame["state"]))

    def _person(self, what: str) -> Column:
        values = self.people[what]
        there = values.notna()
        return Column(
            objects(
                0 if not known else int(one) * SCALE
                for one, known in zip(values, there, strict=True)
            ),
            objects(COUNTED if known else "no_data" for known in there),
        )


def state_of(measured: str) -> str:
    """The state of a line whose figure the measuring gives in this state."""
    return _STATES.get(measured, measured)


def whole(values: pd.Series) -> Ints:
    """Fixed point values as Python integers; 0 for a missing one."""
    return values.fillna(0).astype("int64").to_numpy().astype(object)


def read_figure(reader: Reader, key: str, default: Figure | None = None) -> Figure:
    """Read a number or the code of a parameter."""
    raw = reader.get(key)
    if raw is None:
        if default is None:
            reader.note(key, "is missing: give a number or the code of a parameter")
        return Decimal(0) if default is None else default
    value = as_decimal(raw)
    if value is None and isinstance(raw, str) and raw.strip():
        return raw
    if value is None or value < 0:
        reader.note(key, "must be a number of at least 0 or the code of a parameter")
    return value or Decimal(0)


def read_optional_figure(reader: Reader, key: str) -> Figure | None:
    """Read a figure that may be left out."""
    if reader.has(key):
        return read_figure(reader, key)
    reader.get(key)
    return None


def dump_figure(figure: Figure) -> int | str:
    """Write a figure as the document does."""
    return figure if isinstance(figure, str) else dump_number(figure)


def read_measure(reader: Reader) -> Measure:
    """Read what is measured: ``kpi``, ``formula`` or ``person``, one of them."""
    named = [key for key in ("kpi", "formula", "person") if reader.has(key)]
    for key in ("kpi", "formula", "person"):
        reader.get(key)
    if len(named) != 1:
        reader.note("", "must name one of kpi, formula, person")
        return Measure()
    if named[0] == "person":
        return Measure(person=reader.choice("person", PERSON))
    text = reader.text(named[0])
    if named[0] == "formula":
        note_formula(reader, "formula", text)
        return Measure(formula=text)
    return Measure(kpi=text)


def note_formula(reader: Reader, key: str, text: str) -> None:
    """Note what is wrong with a formula."""
    try:
        if text:
            compile_formula(text)
    except FormulaError as error:
        reader.note(key, str(error))


def read_condition(reader: Reader) -> Condition:
    """Read a measure and the one threshold it is held against."""
    measure = read_measure(reader)
    name, unit = reader.names("name"), reader.choice("unit", UNITS, UNITS[0])
    sides = [side for side in SIDES if reader.has(side)]
    for side in SIDES:
        reader.get(side)
    if len(sides) != 1:
        reader.note("", f"must have one of {', '.join(SIDES)}")
        return Condition(name, unit, measure, SIDES[0], Decimal(0))
    threshold = read_figure(reader, sides[0])
    reader.finish()
    return Condition(name, unit, measure, sides[0], threshold)


def read_parameter(reader: Reader) -> Parameter:
    """Read a parameter; its value may still be missing."""
    optional = reader.get("optional")
    if optional not in {None, True, False}:
        reader.note("optional", "must be true or false")
    value = reader.number("value", low=0) if reader.has("value") else None
    reader.get("value")
    parameter = Parameter(
        code=reader.text("code"),
        name=reader.names("name"),
        unit=reader.choice("unit", UNITS),
        value=value,
        optional=optional is True,
    )
    if parameter.code and as_decimal(parameter.code) is not None:
        reader.note("code", "must not be a number")
    reader.finish()
    return parameter
