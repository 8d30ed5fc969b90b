"""A KPI definition as a document says it, read and checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kpi.formula import FormulaError, compile_formula
from kpi.formula.error_words import message_of
from kpi.formula.fields import FACTS
from kpi.formula.units import compatible
from kpi.library.examples import SCORES, rows_of
from kpi.models import KPIVersion

THEMES: Final = {
    "accessibility": gettext_lazy("Accessibility"),
    "response": gettext_lazy("Response"),
    "handling": gettext_lazy("Handling and workload"),
    "resolution": gettext_lazy("Resolution"),
    "satisfaction": gettext_lazy("Satisfaction"),
    "quality": gettext_lazy("Quality"),
    "discipline": gettext_lazy("Discipline and praise"),
    "attendance": gettext_lazy("Attendance"),
    "learning": gettext_lazy("Learning"),
    "sales": gettext_lazy("Sales"),
    "plans": gettext_lazy("Plans and targets"),
    "leading": gettext_lazy("Leading a team or the centre"),
}
UNITS: Final = {
    "share": gettext_lazy("percent"),
    "s": gettext_lazy("seconds"),
    "min": gettext_lazy("minutes"),
    "h": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "count": gettext_lazy("number of"),
    "points": gettext_lazy("points, 0 to 100"),
    "per_thousand": gettext_lazy("per thousand"),
    "money": gettext_lazy("money"),
    "number": gettext_lazy("number"),
}
ANCHORS: Final = {
    "day": gettext_lazy("day of the row"),
    "solved_day": gettext_lazy("day solved (tickets)"),
}
FIGURES: Final = ("value", "numerator", "denominator", "sample")

# Text in both languages, with the length that its column holds; None is any length.
_TEXTS: Final = {
    "name": 120,
    "sample": 40,
    "meaning": None,
    "attribution": None,
    "leaves_out": None,
}
_CHOICES: Final = {
    "theme": tuple(THEMES),
    "unit": tuple(UNITS),
    "better": tuple(KPIVersion.Direction.values),
    "scope": tuple(KPIVersion.Scope.values),
}
_OTHERS: Final = ("formula", "anchor", "minimum_sample", "source", "example")
_MANY: Final = 2**31  # more than the column of a smallest sample holds
# What the editor calls the parts.
LABELS: Final = {
    "name": pgettext_lazy("of a KPI", "Name"),
    "sample": gettext_lazy("What the sample counts"),
    "meaning": gettext_lazy("What it says"),
    "attribution": gettext_lazy("Who it counts for"),
    "leaves_out": gettext_lazy("What it leaves out"),
    "theme": gettext_lazy("Theme"),
    "unit": gettext_lazy("Unit"),
    "better": gettext_lazy("Better"),
    "scope": gettext_lazy("Whose figure it is"),
    "formula": gettext_lazy("Formula"),
    "anchor": gettext_lazy("Dated by"),
    "minimum_sample": gettext_lazy("Smallest sample"),
}
# What the editor calls the values of a part that has a few.
_VALUES: Final[Mapping[str, Mapping[str, Any]]] = {
    "theme": THEMES,
    "unit": UNITS,
    "better": dict(KPIVersion.Direction.choices),
    "scope": dict(KPIVersion.Scope.choices),
    "anchor": ANCHORS,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How problems call the parts and their values.

    Whoever writes a file knows them by their codes; whoever fills in the editor has never seen
    a code, only the labels of the fields.
    """

    in_codes: bool = True

    def part(self, code: str) -> str:
        """A part: by its code and its label, or by its label alone."""
        label = LABELS.get(code)
        if label is None:
            return code
        return f"{code} (“{label}”)" if self.in_codes else f"“{label}”"

    def value(self, part: str, value: object) -> str:
        """A value of a part."""
        return str(value) if self.in_codes else value_name(part, value)

    def values(self, part: str, values: Iterable[object]) -> str:
        """Several values of a part, in their order."""
        return _(", ").join(self.value(part, value) for value in values)


def value_name(part: str, value: object) -> str:
    """What the editor calls a value of a part that has a few; any other value as it is."""
    return str(_VALUES.get(part, {}).get(str(value), value))


class WrongDefinition(Exception):
    """A document is no KPI definition; ``problems`` names everything that is wrong with it."""

    def __init__(self, code: str, problems: list[str]) -> None:
        self.code = code
        self.problems = problems
        super().__init__(f"{code}: {' '.join(problems)}")


class Text(NamedTuple):
    """The same words in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked definition; ``document`` is all of it, as plain JSON."""

    code: str
    theme: str
    name: Text
    formula: str
    unit: str
    better: str
    scope: str
    anchor: str
    minimum_sample: int
    sample: Text
    meaning: Text
    attribution: Text
    leaves_out: Text
    source: str
    example: Mapping[str, Any]
    document: Mapping[str, Any]


def parse_definition(
    code: str,
    document: object,
    *,
    optional: frozenset[str] = frozenset(),
    wording: Wording = Wording(),
) -> Definition:
    """Read a KPI definition.

    Args:
        document: a mapping as docs/metrics.md describes it, of JSON values only.
        optional: parts that may be absent: ``source`` and ``example``, of HR's own KPIs.
        wording: how the problems call the parts.

    Raises:
        WrongDefinition: with all problems at once, each with the name of its part.
    """
    if not isinstance(document, Mapping):
        raise WrongDefinition(code, [_("A definition is a list of named parts.")])
    problems = list(_problems(document, optional, wording))
    if problems:
        raise WrongDefinition(code, problems)
    parts: dict[str, Any] = {"source": "", "example": {}}
    parts |= {part: document[part] for part in (*_CHOICES, *_OTHERS) if part in document}
    parts |= {part: Text(**document[part]) for part in _TEXTS}
    return Definition(code=code, document=dict(document), **parts)


def _problems(
    document: Mapping[str, Any], optional: frozenset[str], wording: Wording
) -> Iterator[str]:
    known = (*_TEXTS, *_CHOICES, *_OTHERS)
    for part in document:
        if part not in known:
            yield _("There is no part called %(part)s. Allowed: %(allowed)s.") % {
                "part": part,
                "allowed": ", ".join(known),
            }
    missing = [part for part in known if part not in document and part not in optional]
    if missing:
        parts = _(", ").join(map(wording.part, missing))
        yield _("These parts are missing: %(parts)s.") % {"parts": parts}
    yield from _text_problems(document, wording)
    yield from _choice_problems(document, wording)
    yield from _plain_problems(document, wording)
    yield from _formula_problems(document, wording)
    if "example" in document:
        yield from _example_problems(document["example"])


def _text_problems(document: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    for part, limit in _TEXTS.items():
        if part not in document:
            continue
        text = document[part]
        if not _is_bilingual(text):
            yield _("%(part)s needs text in English and in Chinese.") % {"part": wording.part(part)}
        elif limit and max(map(len, text.values())) > limit:
            yield _("%(part)s is longer than %(limit)s characters.") % {
                "part": wording.part(part),
                "limit": limit,
            }


def _is_bilingual(text: object) -> bool:
    if not isinstance(text, Mapping) or set(text) != set(Text._fields):
        return False
    return all(isinstance(word, str) and word.strip() for word in text.values())


def _choice_problems(document: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    for part, allowed in _CHOICES.items():
        if part in document and document[part] not in allowed:
            yield _("%(part)s cannot be %(value)s. Allowed: %(allowed)s.") % {
                "part": wording.part(part),
                "value": wording.value(part, document[part]),
                "allowed": wording.values(part, allowed),
            }


def _plain_problems(document: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    minimum = document.get("minimum_sample", 0)
    is_whole = isinstance(minimum, int) and not isinstance(minimum, bool)
    if not is_whole or not 0 <= minimum < _MANY:
        yield _("%(part)s is a whole number, 0 for none, not %(value)s.") % {
            "part": wording.part("minimum_sample"),
            "value": minimum,
        }
    source = document.get("source", "-")
    if not isinstance(source, str) or not source.strip():
        yield _("source says where the KPI is known from.")


def _formula_problems(document: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    if "formula" not in document:
        return
    try:
        formula = compile_formula(str(document["formula"]))
    except FormulaError as error:
        yield _("%(part)s, character %(place)s: %(message)s") % {
            "part": wording.part("formula"),
            "place": error.offset + 1,
            "message": message_of(error, get_language() or "en"),
        }
        return
    unit = document.get("unit")
    if unit in UNITS and not compatible(unit, formula.unit):
        yield _("%(part)s is %(unit)s, but the formula gives %(found)s.") % {
            "part": wording.part("unit"),
            "unit": wording.value("unit", unit),
            "found": wording.value("unit", formula.unit),
        }
    anchors = {anchor for fact in formula.facts for anchor in FACTS[fact].anchors} or {"day"}
    if document.get("anchor", "day") not in sorted(anchors):
        yield _("%(part)s cannot be %(value)s. Allowed: %(allowed)s.") % {
            "part": wording.part("anchor"),
            "value": wording.value("anchor", document["anchor"]),
            "allowed": wording.values("anchor", sorted(anchors)),
        }


def _example_problems(example: object) -> Iterator[str]:
    if not isinstance(example, Mapping) or not isinstance(example.get("gives"), Mapping):
        yield _("example needs rows of facts, and under gives the figures worked out by hand.")
        return
    tables = rows_of(example)
    if not tables and SCORES not in example:
        yield _("example has no rows.")
    for fact, rows in tables.items():
        yield from _row_problems(fact, rows)
    if SCORES in example and not _are_scores(example[SCORES]):
        yield _("example needs a list of totals under each name in scores.")
    gives = example["gives"]
    if "value" not in gives:
        yield _("example does not say which value it gives.")
    for figure, amount in gives.items():
        if figure not in FIGURES or not _is_amount(amount):
            yield _("example gives %(figure)s: %(amount)s; only numbers for %(allowed)s.") % {
                "figure": figure,
                "amount": amount,
                "allowed": ", ".join(FIGURES),
            }


def _row_problems(fact: str, rows: object) -> Iterator[str]:
    if fact not in FACTS:
        yield _("example has rows of %(fact)s. Allowed: %(allowed)s.") % {
            "fact": fact,
            "allowed": ", ".join(FACTS),
        }
    elif not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        yield _("example needs a list of rows for %(fact)s.") % {"fact": fact}
    else:
        for field in sorted({field for row in rows for field in row} - set(FACTS[fact].fields)):
            yield _("example: %(fact)s have no field %(field)s.") % {"fact": fact, "field": field}


def _are_scores(stated: object) -> bool:
    if not isinstance(stated, Mapping):
        return False
    lists = list(stated.values())
    return (
        bool(lists)
        and all(isinstance(totals, list) and totals for totals in lists)
        and all(total is not None and _is_amount(total) for totals in lists for total in totals)
    )


def _is_amount(amount: object) -> bool:
    if amount is None:
        return True
    try:
        return Decimal(str(amount)).is_finite()
    except InvalidOperation:
        return False
