"""A scheme document: read with every problem named, written back identically."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from appraisal.scoring.reading import Problem, Reader, SchemeError, Text, dump_number
from appraisal.scoring.rules.base import Rule
from appraisal.scoring.rules.events import Veto
from appraisal.scoring.rules.registry import parse_rule
from appraisal.scoring.rules.steps import Levels
from appraisal.scoring.terms import (
    ROLL_UPS,
    TRANSFERS,
    Condition,
    Guideline,
    StarStep,
    note_guideline,
    note_months,
    note_stars,
    parse_condition,
    parse_guideline,
    parse_month_weights,
    parse_star_step,
)

TOTAL = 100
CYCLES = ("month", "quarter", "year", "custom")
ROLES = ("scored", "bonus", "veto", "deduction")
MISSING = ("redistribute", "zero")
DEFAULT_COVER = Decimal("0.70")


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the scorecard; weight without a score stays in it if it can."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Source:
    """A figure a scheme needs for each person: of an item, or of one of its conditions."""

    key: str
    kpi: str
    rating: str
    needs_peers: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the scorecard: what is measured, what it weighs, how points come about."""

    code: str
    group: str
    name: Text
    kpi: str
    rating: str
    weight: Decimal
    role: str
    rule: Rule
    target: Decimal | None
    missing: str
    conditions: tuple[Condition, ...] = ()

    def condition_key(self, at: int) -> str:
        """Give the source key of the condition at an index."""
        return f"{self.code}#{at + 1}"

    def sources(self) -> tuple[Source, ...]:
        """Give the item's own figure, then those of its conditions."""
        own = Source(self.code, self.kpi, self.rating, self.rule.needs_target)
        beside = (
            Source(self.condition_key(at), condition.kpi, "", needs_peers=False)
            for at, condition in enumerate(self.conditions)
        )
        return (own, *beside)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the total from which it is given."""

    code: str
    name: Text
    at: Decimal


@dataclass(frozen=True, slots=True)
class GradeCap:
    """From ``count`` items below level ``below`` on the grade is at most ``grade``."""

    below: str
    count: int
    grade: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """Items with weights and rules, and the grades that follow from their total of 100."""

    code: str
    name: Text
    description: Text
    positions: tuple[str, ...]
    cycles: tuple[str, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    grades: tuple[Grade, ...]
    minimum_cover: Decimal
    grade_caps: tuple[GradeCap, ...]
    stars: tuple[StarStep, ...] = ()
    roll_up: str = ROLL_UPS[0]
    month_weights: tuple[Decimal, ...] = ()
    guideline: Guideline | None = None
    transfers: str = TRANSFERS[0]

    @property
    def weight_sum(self) -> Decimal:
        """Give the sum of the weights as the scheme writes them."""
        return sum((item.weight for item in self.items), Decimal(0))

    @property
    def is_normalised(self) -> bool:
        """Say whether the weights do not add up to 100 and are scaled to it."""
        return self.weight_sum != TOTAL

    def sources(self) -> tuple[Source, ...]:
        """Give every figure the scheme needs, each under the key its values are read by."""
        return tuple(source for item in self.items for source in item.sources())

    def item(self, code: str) -> Item:
        """Give the item with a code."""
        return next(item for item in self.items if item.code == code)

    def weight_of(self, item: Item) -> Fraction:
        """Give the weight of an item in a total of 100, exactly."""
        return Fraction(item.weight) * TOTAL / Fraction(self.weight_sum)

    def grade_at(self, total: Decimal) -> int:
        """Give the index of the grade for a total; the last grade takes whatever is left."""
        reached = [at for at, grade in enumerate(self.grades) if total >= grade.at]
        return reached[0] if reached else len(self.grades) - 1

    def grade_index(self, code: str) -> int:
        """Give the index of a grade: 0 is the best."""
        return next(at for at, grade in enumerate(self.grades) if grade.code == code)


def parse_scheme(document: Mapping[str, Any]) -> Scheme:
    """Read a scheme document.

    Args:
        document: plain dict, as YAML or JSON give it; the fields are in docs/schemes.md.

    Raises:
        SchemeError: something is missing, misspelt or impossible; every problem is named.
    """
    problems: list[Problem] = []
    reader = Reader(document, "", problems)
    items = [parse_item(entry) for entry in reader.entries("items")]
    scheme = Scheme(
        code=reader.text("code"),
        name=reader.names("name"),
        description=reader.names("description", required=False),
        positions=reader.words("positions"),
        cycles=reader.words("cycles"),
        groups=tuple(parse_group(entry) for entry in reader.entries("groups")),
        items=tuple(item for item in items if item is not None),
        grades=tuple(parse_grade(entry) for entry in reader.entries("grades")),
        minimum_cover=reader.number("minimum_cover", DEFAULT_COVER, low=0, high=1),
        grade_caps=tuple(
            parse_cap(entry) for entry in reader.entries("grade_caps", required=False)
        ),
        **parse_terms(reader),
    )
    if reader.number("total", Decimal(TOTAL)) != TOTAL:
        reader.note("total", f"must be {TOTAL}: weights are scaled to it")
    reader.finish()
    note_inconsistencies(reader, scheme)
    if problems:
        raise SchemeError(problems)
    return scheme


def parse_terms(reader: Reader) -> dict[str, Any]:
    """Read what a scheme may say beside its items and grades."""
    stars = reader.entries("stars", required=False)
    has_guideline = reader.get("guideline") is not None
    return {
        "stars": tuple(parse_star_step(entry) for entry in stars),
        "roll_up": reader.choice("roll_up", ROLL_UPS, ROLL_UPS[0]),
        "month_weights": parse_month_weights(reader),
        "guideline": parse_guideline(reader.inner("guideline")) if has_guideline else None,
        "transfers": reader.choice("transfers", TRANSFERS, TRANSFERS[0]),
    }


def parse_group(reader: Reader) -> Group:
    """Read a group."""
    group = Group(code=reader.text("code"), name=reader.names("name"))
    reader.finish()
    return group


def parse_item(reader: Reader) -> Item | None:
    """Read an item; ``None`` if its rule is faulty (the problems are noted)."""
    kpi, rating = parse_source(reader)
    weight = reader.number("weight")
    rule = parse_rule(reader.inner("rule"), weight=weight)
    role = reader.choice("role", ROLES, rule.role if rule else ROLES[0])
    if weight <= 0 and role != "veto" and not reader.is_noted("weight"):
        reader.note("weight", "must be more than 0")
    code, group = reader.text("code"), reader.text("group")
    name, target = reader.names("name"), reader.optional_number("target")
    missing = reader.choice("missing", MISSING, MISSING[0])
    entries = reader.entries("conditions", required=False)
    conditions = tuple(parse_condition(entry) for entry in entries)
    if "#" in code:
        reader.note("code", "must not have a #")
    reader.finish()
    if rule is None:
        return None
    note_role(reader, rule, role)
    if rule.needs_target and target is not None:
        reader.note("target", "is the peers' average in this rule: leave it out")
    return Item(code, group, name, kpi, rating, weight, role, rule, target, missing, conditions)


def parse_source(reader: Reader) -> tuple[str, str]:
    """Read where the value comes from: a KPI or a rating form, one of them."""
    if reader.has("kpi") and reader.has("rating"):
        reader.note("kpi", "and rating are both given: an item has one of them")
    if reader.has("rating"):
        reader.get("kpi")
        return "", reader.text("rating")
    reader.get("rating")
    return reader.text("kpi"), ""


def note_role(reader: Reader, rule: Rule, role: str) -> None:
    """Note a role that the rule cannot play."""
    if (role == "veto") != (rule.kind == Veto.kind):
        reader.note("role", "veto goes with the rule type veto, and only with it")


def parse_grade(reader: Reader) -> Grade:
    """Read a grade."""
    grade = Grade(
        code=reader.text("code"),
        name=reader.names("name"),
        at=reader.number("from", low=0, high=TOTAL),
    )
    if grade.at != round(grade.at, 2):
        reader.note("from", "must have at most two decimal places, as totals have")
    reader.finish()
    return grade


def parse_cap(reader: Reader) -> GradeCap:
    """Read a cap on the grade."""
    cap = GradeCap(
        below=reader.text("below"),
        count=reader.whole("count", 1, low=1),
        grade=reader.text("grade"),
    )
    reader.finish()
    return cap


def note_inconsistencies(reader: Reader, scheme: Scheme) -> None:
    """Note what only shows when the parts are seen together."""
    for key in ("groups", "items", "grades"):
        note_doubles(reader, key, (part.code for part in getattr(scheme, key)))
    for cycle in scheme.cycles:
        if cycle not in CYCLES:
            reader.note("cycles", f"has {cycle}, which is not one of {', '.join(CYCLES)}")
    groups = {group.code for group in scheme.groups}
    for item in scheme.items:
        if item.group and item.group not in groups:
            reader.note(f"items.{item.code}.group", f"{item.group} is not one of the groups")
    is_weighed = not any(problem.path.endswith(".weight") for problem in reader.problems)
    if scheme.items and scheme.weight_sum == 0 and is_weighed:
        reader.note("items", "have no weight: the weights add up to 0")
    note_grades(reader, scheme)
    note_caps(reader, scheme)
    note_terms(reader, scheme)


def note_terms(reader: Reader, scheme: Scheme) -> None:
    """Note stars, months, a guideline and conditions that do not fit the rest."""
    note_stars(reader, scheme.stars)
    note_months(reader, cycles=scheme.cycles, roll_up=scheme.roll_up, weights=scheme.month_weights)
    note_guideline(reader, scheme.guideline, (grade.code for grade in scheme.grades))
    for item in scheme.items:
        takes_stars = any("no_stars" in condition.effects for condition in item.conditions)
        if takes_stars and not scheme.stars:
            reader.note(f"items.{item.code}.conditions", "no_stars needs stars in the scheme")


def note_doubles(reader: Reader, key: str, codes: Iterable[str]) -> None:
    """Note codes that stand twice."""
    for code, count in Counter(codes).items():
        if code and count > 1:
            reader.note(key, f"has the code {code} {count} times")


def note_grades(reader: Reader, scheme: Scheme) -> None:
    """Note grades out of order, and a last grade that does not take the rest."""
    grades, places = scheme.grades, [f"grades[{at}].from" for at in range(len(scheme.grades))]
    for at, (upper, lower) in enumerate(pairwise(grades), start=1):
        if upper.at <= lower.at and not reader.is_noted(*places[at - 1 : at + 1]):
            reader.note(places[at], "must descend: write the best grade first")
    if grades and grades[-1].at != 0 and not reader.is_noted(places[-1]):
        reader.note(places[-1], "must be 0: the last grade takes the rest")


def note_caps(reader: Reader, scheme: Scheme) -> None:
    """Note caps and vetoes that name unknown grades or levels."""
    codes = {grade.code for grade in scheme.grades}
    levels = {code for item in scheme.items for code in level_codes(item.rule)}
    named = {f"grade_caps[{at}].grade": cap.grade for at, cap in enumerate(scheme.grade_caps)}
    for item in scheme.items:
        if isinstance(item.rule, Veto):
            named[f"items.{item.code}.rule.grade"] = item.rule.grade
    for place, grade in named.items():
        if grade not in codes:
            reader.note(place, f"{grade} is not one of the grades")
    for at, cap in enumerate(scheme.grade_caps):
        if cap.below not in levels:
            reader.note(f"grade_caps[{at}].below", f"no item has a level {cap.below}")


def level_codes(rule: Rule) -> tuple[str, ...]:
    """Give the levels of a rule, best first; nothing for a rule without levels."""
    return rule.level_codes() if isinstance(rule, Levels) else ()


def dump_scheme(scheme: Scheme) -> dict[str, Any]:
    """Write a scheme as a document; defaults are left out, ``parse_scheme`` gives it back."""
    document: dict[str, Any] = {"code": scheme.code, "name": scheme.name.dump()}
    if scheme.description.en:
        document["description"] = scheme.description.dump()
    document |= {
        "positions": list(scheme.positions),
        "cycles": list(scheme.cycles),
        "groups": [{"code": group.code, "name": group.name.dump()} for group in scheme.groups],
        "items": [dump_item(item) for item in scheme.items],
        "grades": [
            {"code": grade.code, "name": grade.name.dump(), "from": dump_number(grade.at)}
            for grade in scheme.grades
        ],
    }
    if scheme.minimum_cover != DEFAULT_COVER:
        document["minimum_cover"] = dump_number(scheme.minimum_cover)
    if scheme.grade_caps:
        document["grade_caps"] = [
            {"below": cap.below, "count": cap.count, "grade": cap.grade}
            for cap in scheme.grade_caps
        ]
    return document | dump_terms(scheme)


def dump_terms(scheme: Scheme) -> dict[str, Any]:
    """Write what stands beside the items and grades, the defaults left out."""
    document: dict[str, Any] = {}
    if scheme.stars:
        document["stars"] = [step.dump() for step in scheme.stars]
    if scheme.roll_up != ROLL_UPS[0]:
        document["roll_up"] = scheme.roll_up
    if scheme.month_weights:
        document["month_weights"] = [dump_number(weight) for weight in scheme.month_weights]
    if scheme.guideline is not None:
        document["guideline"] = scheme.guideline.dump()
    if scheme.transfers != TRANSFERS[0]:
        document["transfers"] = scheme.transfers
    return document


def dump_item(item: Item) -> dict[str, Any]:
    """Write an item, its defaults left out."""
    document: dict[str, Any] = {"code": item.code, "group": item.group, "name": item.name.dump()}
    document |= {"rating": item.rating} if item.rating else {"kpi": item.kpi}
    document["weight"] = dump_number(item.weight)
    if item.role != item.rule.role:
        document["role"] = item.role
    if item.target is not None:
        document["target"] = dump_number(item.target)
    document["rule"] = item.rule.dump()
    if item.missing != MISSING[0]:
        document["missing"] = item.missing
    if item.conditions:
        document["conditions"] = [condition.dump() for condition in item.conditions]
    return document
