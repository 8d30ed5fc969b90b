"""The fields of a scheme document, as tables: a new one is a line here.

A field's name is its place in the document, parts joined by dots. ``kind`` says how it is typed:
``text``, ``value`` (a figure in the unit of the item's KPI), ``number``, ``percent``, ``choice``,
``codes`` (several boxes), ``rows`` (a list of mappings with ``fields`` of their own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Field:
    """One field: its place, what it is called, how it is typed."""

    name: str
    label: Words
    kind: str = "text"
    hint: Words = ""
    options: Sequence[tuple[str, Words]] = ()
    default: str = ""
    fields: tuple[Field, ...] = ()
    wide: bool = False
    add: Words = ""

    def under(self, place: str) -> Field:
        """The same field inside something else."""
        return replace(self, name=f"{place}.{self.name}")


BETTER = (("higher", _("More is better")), ("lower", _("Less is better")))
_BETTER = Field("better", _("Which way is better"), "choice", options=BETTER, default="higher")
_STEP_HINT = _(
    "Where more is better a step holds from its value on, where less is better up to it."
    " Beyond the last one there are no points."
)
_LEVELS = ("excellent", "good", "qualified", "unqualified")

RULE_KINDS: dict[str, Words] = {
    "bands": _("Steps"),
    "levels": _("Named levels"),
    "linear": _("Linear between two values"),
    "proportional": _("In proportion to a target"),
    "range": _("Target range"),
    "peers": _("Against the peers’ average"),
    "share": _("The value is the share"),
    "deduction": _("Points off for each event"),
    "bonus": _("Points for each event"),
    "veto": _("Limits the grade"),
}

RULE_FIELDS: dict[str, tuple[Field, ...]] = {
    "bands": (
        _BETTER,
        Field(
            "bands", _("Steps, the best first"), "rows", add=_("Add a step"), hint=_STEP_HINT,
            fields=(Field("at", _("Value"), "value"), Field("points", _("Points"), "number")),
        ),
    ),
    "levels": (
        _BETTER,
        Field(
            "levels", _("Levels, the best first"), "rows", add=_("Add a level"), hint=_STEP_HINT,
            fields=(
                Field("code", _("Level"), "text", options=[(one, one) for one in _LEVELS]),
                Field("at", _("Value"), "value"),
                Field("share", _("Of the item’s points"), "percent"),
            ),
        ),
    ),
    "linear": (
        Field("worst", _("No points at"), "value"),
        Field("best", _("All points from"), "value"),
    ),
    "proportional": (
        Field("target", _("Target"), "value"),
        _BETTER,
        Field(
            "floor", _("No points below"), "percent",
            _("In percent of the target; empty: there are always some."),
        ),
        Field(
            "cap", _("Never more than"), "percent",
            _("In percent of the item’s points; empty is 100%."),
        ),
    ),
    "range": (
        Field("zero_low", _("No points at or below"), "value"),
        Field("low", _("All points from"), "value"),
        Field("high", _("All points to"), "value"),
        Field("zero_high", _("No points at or above"), "value"),
    ),
    "peers": (
        replace(_BETTER, default=""),
        Field(
            "bands", _("Steps, the best first"), "rows", add=_("Add a step"),
            hint=_("0 is the average itself; beyond the last step there are no points."),
            fields=(
                Field("at", _("Worse by at most"), "value"),
                Field("points", _("Points"), "number"),
            ),
        ),
    ),
    "share": (
        Field(
            "of", _("The whole is"), "value",
            _("The value that gives all points: 100 for an exam marked out of 100."),
        ),
    ),
    "deduction": (
        Field("points", _("Points off for each"), "number"),
        Field("floor", _("Points that always stay"), "number", _("Empty: none.")),
        Field(
            "zero_at", _("Nothing left from so many on"), "number",
            _("So many events empty the item; empty: no such number."),
        ),
    ),
    "bonus": (Field("points", _("Points for each"), "number"),),
    "veto": (
        Field("at", _("From so many on"), "value"),
        Field("grade", _("the grade is at most"), "choice"),
    ),
}  # fmt: skip

MISSING = (
    ("redistribute", _("Its weight goes to other items")),
    ("zero", _("It gives 0 points")),
)
SIDES = (
    ("above", _("is above")),
    ("at_least", _("is at least")),
    ("below", _("is below")),
    ("at_most", _("is at most")),
)
EFFECTS = (("zero", _("the item gives 0 points")), ("no_stars", _("no stars in the period")))

NAMES = (
    Field("name.en", _("Name in English")),
    Field("name.zh", _("Name in Chinese")),
)
KPI = Field("kpi", _("KPI"), "choice")
RATING = Field("rating", _("Rating"), hint=_("Code of the rating, such as teamwork."))
TARGET = Field(
    "target",
    _("Target of its own"),
    "value",
    _("Takes the place of the rule’s best value or target, until a cycle has one of its own."),
)
WHEN_MISSING = Field(
    "missing", _("Without data"), "choice", options=MISSING, default="redistribute"
)
ROLE = Field(
    "role", _("Counts as"), "choice",
    options=(("", _("as its rule says")), ("scored", _("scored")), ("bonus", _("bonus")),
             ("deduction", _("deduction"))),
    hint=_("A scored item takes over weight of items without data; a bonus or deduction never."),
)  # fmt: skip
CONDITIONS = Field(
    "conditions", _("Conditions"), "rows", add=_("Add a condition"),
    hint=_("Where a second KPI crosses a figure, the item gives 0 points, or there are no stars."),
    fields=(
        Field("kpi", _("If"), "choice"),
        Field("side", _("is"), "choice", options=SIDES),
        Field("threshold", _("Figure"), "value"),
        Field("effect", _("Then"), "codes", options=EFFECTS),
    ),
)  # fmt: skip

CYCLES = (
    ("month", _("Month")),
    ("quarter", _("Quarter")),
    ("year", _("Year")),
    ("custom", _("Custom")),
)
ABOUT_FIELDS = (
    *NAMES,
    Field("description.en", _("Description in English"), "long"),
    Field("description.zh", _("Description in Chinese"), "long"),
    Field("positions", _("Positions"), "codes"),
    Field("cycles", _("Cycles"), "codes", options=CYCLES),
    Field(
        "minimum_cover", _("No grade below"), "percent",
        _("How much of the weight must be measured for a grade; empty is 70%."),
    ),
    Field(
        "roll_up", _("Quarter and year"), "choice", default="facts",
        options=(
            ("facts", _("from all the facts of the period")),
            ("months", _("the mean of the months")),
        ),
    ),
    Field(
        "month_weights", _("Weights of the months"), "numbers",
        _("3 of a quarter or 12 of a year, such as 1, 1, 2; empty: all alike."),
    ),
    Field(
        "transfers", _("Who changes position"), "choice", default="longest",
        hint=_(
            "Decided by the scheme of the position held most days. In parts, each position is"
            " measured on its days by its own scheme and weighted by them."
        ),
        options=(
            ("longest", _("is appraised in the position held most days alone")),
            ("by_days", _("gets a card in parts, weighted by days")),
        ),
    ),
)  # fmt: skip
GRADE_FIELDS = (
    Field(
        "grades", _("Grades, the best first"), "rows", add=_("Add a grade"),
        hint=_("Each is given from this total on, of 100; the last one takes the rest."),
        fields=(
            Field("code", _("Code")),
            Field("name.en", _("English")),
            Field("name.zh", _("Chinese")),
            Field("from", _("From"), "number"),
        ),
    ),
    Field(
        "grade_caps", _("Limits"), "rows", add=_("Add a limit"),
        hint=_(
            "For items with named levels: from so many of them below the level on, the grade is at"
            " most this one."
        ),
        fields=(
            Field("count", _("Items"), "number"),
            Field("below", _("below level")),
            Field("grade", _("Grade at most"), "choice"),
        ),
    ),
    Field(
        "stars", _("Stars, the most first"), "rows", add=_("Add stars"),
        hint=_("Given from this total on, of 100, to those who have a grade."),
        fields=(Field("from", _("From"), "number"), Field("stars", _("Stars"), "number")),
    ),
)  # fmt: skip
GUIDELINE_FIELDS = (
    Field("guideline", _("How many may have a grade"), "heading"),
    Field("guideline.grade", _("Grade"), "choice"),
    Field(
        "guideline.at_most", _("at most"), "percent",
        _("Of the people ranked have this grade or a better one; equal totals stay together."),
    ),
    Field(
        "guideline.minimum_people", _("From so many people on"), "number",
        _("With fewer people ranked it does not apply; empty is 10."),
    ),
    Field(
        "guideline.mode", _("It is"), "choice", default="advisory",
        options=(("advisory", _("a hint on the cycle’s page")), ("enforced", _("enforced"))),
    ),
)  # fmt: skip
GROUP_FIELDS = NAMES


RULE_TYPE = Field("rule.type", _("Kind of rule"), "choice", options=tuple(RULE_KINDS.items()))
_BAND_SHARE = Field("share", _("Of the item"), "percent")


def rule_fields(rule: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a rule, under its place; none for a type that has no form here."""
    fields = RULE_FIELDS.get(str(rule.get("type")), ())
    steps = rule.get("bands")
    has_shares = any(isinstance(one, Mapping) and "share" in one for one in steps or ())
    if has_shares:  # bands may be written in shares instead of points
        fields = tuple(
            replace(one, fields=(*one.fields, _BAND_SHARE)) if one.name == "bands" else one
            for one in fields
        )
    return tuple(one.under("rule") for one in fields)


ITEM_TERMS = (TARGET, WHEN_MISSING, ROLE, CONDITIONS)
"""What an item says beside its rule."""


def item_fields(item: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of an item up to its rule; a rating has a code instead of a KPI."""
    rule = item.get("rule")
    parts = rule_fields(rule) if isinstance(rule, Mapping) else ()
    rating = () if item.get("kpi") else (RATING,)
    return (*NAMES, KPI, *rating, RULE_TYPE, *parts)
