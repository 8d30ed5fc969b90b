"""What a figure is a number of: the algebra of units, and which display unit fits."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

SECONDS_IN: Final = {"s": 1, "min": 60, "h": 3600, "day": 86400}
PLAIN: Final = frozenset({"share", "rate", "count", "per_thousand"})

# Formula unit to the display units a KPI may declare; "number" (given from outside) fits all.
DISPLAY_UNITS: Final[dict[str, frozenset[str]]] = {
    "share": frozenset({"share"}),
    "rate": frozenset({"share", "count", "points", "days", "per_shift"}),
    "per_thousand": frozenset({"per_thousand", "count"}),
    "percent": frozenset({"points"}),
    "points": frozenset({"share", "count"}),
    "day": frozenset({"days", "count"}),
    "count": frozenset({"points", "days"}),
}

UNIT_WORDS: Final = {
    "literal": "a plain number",
    "number": "a plain number",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "day": "days",
    "money": "money",
    "percent": "per cent",
    "points": "points",
    "count": "a count",
    "share": "a share",
    "rate": "a ratio of counts",
    "per_thousand": "a figure per thousand",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with what a count counts, and the plain factor it was multiplied by.

    ``literal`` is a number written in the formula: it takes the unit of its neighbour.
    ``number`` is a figure whose unit only its source knows.
    """

    name: str
    of: str = ""
    factor: Fraction = Fraction(1)

    @property
    def words(self) -> str:
        if self.name == "count" and self.of:
            return f"a count of {self.of}"
        return UNIT_WORDS.get(self.name, self.name.replace("_", " "))


LITERAL: Final = Unit("literal")
NUMBER: Final = Unit("number")


class UnitMismatch(Exception):
    """The units do not go together in this operation."""


def literal(value: Fraction) -> Unit:
    return Unit("literal", factor=value)


def of_field(unit: str | None, *, of: str) -> Unit:
    """Give the unit of a field's values; ``of`` names what a count counts."""
    if unit is None:
        return NUMBER
    return Unit(unit, of if unit == "count" else "")


def common(left: Unit, right: Unit) -> Unit:
    """Give the unit of a sum, a comparison or a choice between two figures.

    Raises:
        UnitMismatch: such as seconds and a count.
    """
    names = {left.name, right.name}
    if left.name == right.name:
        return left if left == right else Unit(left.name)
    if "literal" in names:
        other = right if left.name == "literal" else left
        return Unit(other.name, other.of)
    if "number" in names:
        return NUMBER
    if names == {"share", "rate"}:
        return Unit("rate")
    raise UnitMismatch


def plus(left: Unit, right: Unit) -> Unit:
    """Give the unit of a sum; of two written numbers, their sum."""
    both = left.name == right.name == "literal"
    return literal(left.factor + right.factor) if both else common(left, right)


def minus(left: Unit, right: Unit) -> Unit:
    """Give the unit of a difference; of two written numbers, their difference."""
    both = left.name == right.name == "literal"
    return literal(left.factor - right.factor) if both else common(left, right)


def times(left: Unit, right: Unit) -> Unit:
    """Give the unit of a product.

    Raises:
        UnitMismatch: both are units proper, such as seconds times money.
    """
    if left.name == right.name == "literal":
        return literal(left.factor * right.factor)
    if left.name == "literal":
        return _scaled(right, left.factor)
    if right.name == "literal":
        return _scaled(left, right.factor)
    if "number" in (left.name, right.name):
        return NUMBER
    if left.name in PLAIN and right.name in PLAIN:
        return _plain_product(left, right)
    if left.name in PLAIN or right.name in PLAIN:
        return Unit(right.name if left.name in PLAIN else left.name)
    raise UnitMismatch


def over(left: Unit, right: Unit) -> Unit:
    """Give the unit of a quotient: seconds by a count are seconds, like by like is a share."""
    if right.name == "literal":
        return times(left, literal(1 / right.factor))
    if left.name == "literal":
        return NUMBER if right.name in PLAIN | {"number"} else Unit(f"per_{right.name}")
    if "number" in (left.name, right.name):
        return NUMBER
    if left.name == right.name == "count":
        ratio = Unit("share" if left.of and left.of == right.of else "rate")
        return _scaled(ratio, left.factor / right.factor)
    if left.name == right.name:
        return Unit("share")
    if right.name in PLAIN:
        return Unit("rate" if left.name in PLAIN else left.name)
    return Unit(f"per_{right.name}" if left.name in PLAIN else f"{left.name}_per_{right.name}")


def root(unit: Unit) -> Unit:
    """Give the unit of a square root.

    Raises:
        UnitMismatch: the unit is not a plain one.
    """
    if unit.name in PLAIN | {"literal", "number", "points", "percent"}:
        return Unit(unit.name)
    raise UnitMismatch


def compatible(display_unit: str, formula_unit: str) -> bool:
    """Say whether a KPI may show a formula's result in this unit.

    Args:
        display_unit: as a KPI declares it: share, s, min, h, days, count, points, money ...
        formula_unit: ``Formula.unit``.
    """
    if formula_unit == "number" or display_unit in (formula_unit, "number"):
        return True
    if formula_unit.startswith("per_") or "_per_" in formula_unit:
        return display_unit == "count" or display_unit in DISPLAY_UNITS.get(formula_unit, ())
    return display_unit in DISPLAY_UNITS.get(formula_unit, ())


def _scaled(unit: Unit, factor: Fraction) -> Unit:
    if factor in (0, 1, -1):
        return unit
    if unit.name in SECONDS_IN and unit.name != "day":
        return _scaled_time(unit, factor)
    if unit.name == "percent" and factor == Fraction(1, 100):
        return Unit("share")
    if unit.name in ("share", "rate"):
        return _scaled_ratio(unit, factor)
    return replace(unit, factor=unit.factor * factor)


def _scaled_time(unit: Unit, factor: Fraction) -> Unit:
    """Recognise a change of scale: seconds / 3600 are hours."""
    size = SECONDS_IN[unit.name] / factor
    return next((Unit(name) for name, seconds in SECONDS_IN.items() if seconds == size), unit)


def _scaled_ratio(unit: Unit, factor: Fraction) -> Unit:
    if factor == 100:
        return Unit("percent")
    if factor == 1000:
        return Unit("per_thousand")
    return unit if unit.name == "rate" or abs(factor) < 1 else NUMBER


def _plain_product(left: Unit, right: Unit) -> Unit:
    names = {left.name, right.name}
    if "per_thousand" in names or left.name == right.name == "count":
        return NUMBER
    for name in ("count", "rate"):
        if name in names:
            return Unit(name)
    return Unit("share")
