"""What a scheme may say beside its items: conditions, stars, months, a guideline for grades."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from appraisal.scoring.fixed import Ints, to_fixed
from appraisal.scoring.reading import Reader, dump_number

SIDES = ("above", "at_least", "below", "at_most")
EFFECTS = ("zero", "no_stars")
MODES = ("advisory", "enforced")
ROLL_UPS = ("facts", "months")
TRANSFERS = ("longest", "by_days")
MONTHS_OF = {"quarter": 3, "year": 12}
HIGHEST_TOTAL = 100
MOST_STARS = 5
GUIDELINE_FROM = 10
"""People from whom on a guideline applies, unless the scheme writes otherwise."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure beside the item's own that, once past a threshold, has effects on the card."""

    kpi: str
    side: str
    threshold: Decimal
    effects: tuple[str, ...]

    def is_met(self, values: Ints) -> Ints:
        """Say which fixed point values meet it."""
        threshold = to_fixed(self.threshold)
        compare = {"above": np.greater, "at_least": np.greater_equal}
        compare |= {"below": np.less, "at_most": np.less_equal}
        return np.asarray(compare[self.side](values, threshold), dtype=bool)

    def dump(self) -> dict[str, Any]:
        """Write the condition as the document does."""
        threshold = {self.side: dump_number(self.threshold)}
        return {"kpi": self.kpi, **threshold, "effect": list(self.effects)}


@dataclass(frozen=True, slots=True)
class StarStep:
    """The stars given from a total on."""

    at: Decimal
    stars: int

    def dump(self) -> dict[str, Any]:
        """Write the step as the document does."""
        return {"from": dump_number(self.at), "stars": self.stars}


@dataclass(frozen=True, slots=True)
class Guideline:
    """At most so large a share of the people may have a grade or a better one."""

    grade: str
    at_most: Decimal
    minimum_people: int
    mode: str

    def dump(self) -> dict[str, Any]:
        """Write the guideline, its defaults left out."""
        written: dict[str, Any] = {"grade": self.grade, "at_most": dump_number(self.at_most)}
        if self.minimum_people != GUIDELINE_FROM:
            written["minimum_people"] = self.minimum_people
        if self.mode != MODES[0]:
            written["mode"] = self.mode
        return written


def parse_condition(reader: Reader) -> Condition:
    """Read a condition: a KPI, one threshold, one effect or more."""
    kpi = reader.text("kpi")
    given = [side for side in SIDES if reader.has(side)]
    if len(given) != 1:
        reader.note("", f"needs exactly one of {', '.join(SIDES)}")
    numbers = {side: reader.optional_number(side) for side in SIDES}
    side = given[0] if given else SIDES[0]
    effects = reader.words("effect")
    for effect in effects:
        if effect not in EFFECTS:
            reader.note("effect", f"has {effect}, which is not one of {', '.join(EFFECTS)}")
    reader.finish()
    return Condition(kpi, side, numbers[side] or Decimal(0), tuple(dict.fromkeys(effects)))


def parse_star_step(reader: Reader) -> StarStep:
    """Read from which total on how many stars are given."""
    at = reader.number("from", low=0, high=HIGHEST_TOTAL)
    if at != round(at, 2):
        reader.note("from", "must have at most two decimal places, as totals have")
    stars = reader.whole("stars", low=1)
    if stars > MOST_STARS:
        reader.note("stars", f"must be from 1 to {MOST_STARS}")
    reader.finish()
    return StarStep(at, stars)


def parse_guideline(reader: Reader) -> Guideline:
    """Read the guideline for how many may have a grade."""
    guideline = Guideline(
        grade=reader.text("grade"),
        at_most=reader.number("at_most", low=0, high=1),
        minimum_people=reader.whole("minimum_people", GUIDELINE_FROM, low=1),
        mode=reader.choice("mode", MODES, MODES[0]),
    )
    reader.finish()
    return guideline


def parse_month_weights(reader: Reader) -> tuple[Decimal, ...]:
    """Read what each month of a quarter or a year weighs; nothing for months that are equal."""
    raw = reader.get("month_weights")
    if raw is None:
        return ()
    if not isinstance(raw, list | tuple) or len(raw) not in MONTHS_OF.values():
        reader.note("month_weights", "must be a list of 3 weights (quarter) or 12 (year)")
        return ()
    return tuple(entry_number(reader, raw, at) for at in range(len(raw)))


def entry_number(reader: Reader, raw: list[Any] | tuple[Any, ...], at: int) -> Decimal:
    """Read one weight of a list; each must be more than nothing."""
    inner = Reader({"weight": raw[at]}, f"month_weights[{at}]", reader.problems)
    weight = inner.number("weight")
    if weight <= 0 and not inner.is_noted("weight"):
        inner.note("weight", "must be more than 0")
    return weight


def note_months(
    reader: Reader, *, cycles: tuple[str, ...], roll_up: str, weights: tuple[Decimal, ...]
) -> None:
    """Note months asked for where there are none, and weights of another number of months."""
    longer = [cycle for cycle in cycles if cycle in MONTHS_OF]
    if roll_up == "months" and not longer:
        reader.note("roll_up", "months goes with the cycles quarter and year only")
    if weights and roll_up != "months":
        reader.note("month_weights", "go with roll_up: months only")
    for cycle in longer if weights else ():
        if len(weights) != MONTHS_OF[cycle]:
            reader.note("month_weights", f"must be {MONTHS_OF[cycle]} for the cycle {cycle}")


def note_stars(reader: Reader, steps: tuple[StarStep, ...]) -> None:
    """Note stars out of order: the most come first."""
    for at, (upper, lower) in enumerate(pairwise(steps), start=1):
        places = [f"stars[{one}].{field}" for one in (at - 1, at) for field in ("from", "stars")]
        if reader.is_noted(*places):
            continue
        if upper.at <= lower.at or upper.stars <= lower.stars:
            reader.note(f"stars[{at}]", "must descend: write the most stars first")


def note_guideline(reader: Reader, guideline: Guideline | None, grades: Iterable[str]) -> None:
    """Note a guideline for an unknown grade, or for the last one, which takes the rest."""
    codes = list(grades)
    if guideline is None or not guideline.grade:
        return
    if guideline.grade not in codes:
        reader.note("guideline.grade", f"{guideline.grade} is not one of the grades")
    elif guideline.grade == codes[-1]:
        reader.note("guideline.grade", "must not be the last grade, which takes the rest")
