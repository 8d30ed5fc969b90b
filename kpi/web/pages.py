"""A KPI's page: its formula in words, its worked example, and what rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.figures import shortest, with_unit
from agents.models import User
from kpi.formula import FormulaError, compile_formula
from kpi.formula.error_words import message_of
from kpi.formula.explain import explain, explain_parts
from kpi.formula.fields import CODE_LABELS, FACTS
from kpi.library.definition import THEMES, value_name
from kpi.library.examples import scores_of
from kpi.models import KPIVersion
from kpi.signals import uses_asked

_PLACES = 9  # as many as facts have


@dataclass(frozen=True)
class Told:
    """A formula in words: as a sentence, and what stands above and below the line."""

    sentence: str
    above: str
    below: str


class Cell(NamedTuple):
    """A field of a fact as a table shows it; figures stand right."""

    text: str
    is_figure: bool = False


@dataclass(frozen=True)
class ExampleTable:
    """The rows of one kind of facts in a worked example."""

    name: str
    headings: list[Cell]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Example:
    """A worked example: the rows, and what comes of them."""

    tables: list[ExampleTable]
    results: list[tuple[str, str]]


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def text_of(version: KPIVersion, key: str) -> str:
    """One text of the definition in the language of the page, the other one where it is missing."""
    texts = version.definition.get(key)
    if not isinstance(texts, dict):
        return ""
    chosen = "zh" if language().startswith("zh") else "en"
    return texts.get(chosen) or texts.get("en") or texts.get("zh") or ""


def theme_of(version: KPIVersion) -> str:
    """The theme's code."""
    return str(version.definition.get("theme", ""))


def theme_name(code: str) -> str:
    """The theme's name."""
    return str(THEMES.get(code, code))


def unit_name(unit: str) -> str:
    """A unit in a word."""
    return value_name("unit", unit)


def told(version: KPIVersion) -> Told:
    """The formula in words."""
    try:
        formula = compile_formula(version.formula)
        above, below = explain_parts(formula, language())
        return Told(explain(formula, language()), above, below or "")
    except FormulaError as error:
        return Told(message_of(error, language()), "", "")


def example_of(version: KPIVersion) -> Example | None:
    """The worked example, where the definition has one."""
    example = version.definition.get("example")
    if not isinstance(example, dict) or "gives" not in example:
        return None
    tables = [_table(kind, rows) for kind, rows in example.items() if kind in FACTS and rows]
    for totals in scores_of(example).values():
        rows = [[Cell(shortest(total, 2), is_figure=True)] for total in totals]
        headings = [Cell(_("total"), is_figure=True)]
        tables.append(ExampleTable(_("scorecards"), headings, rows))
    return Example(tables, _results(version, example["gives"]))


def _table(kind: str, rows: list[dict[str, Any]]) -> ExampleTable:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return ExampleTable(
        FACTS[kind].label(language()),
        [heading_of(kind, name) for name in names],
        [[cell_of(kind, name, row.get(name)) for name in names] for row in rows],
    )


def heading_of(kind: str, name: str) -> Cell:
    """What a field of a fact is called."""
    found = FACTS[kind].fields.get(name)
    return Cell(found.label(language()), _is_figure(kind, name)) if found else Cell(name)


def cell_of(kind: str, name: str, value: object) -> Cell:
    """A field of a row: figures exact and with their unit, codes and truth values in words."""
    is_figure = _is_figure(kind, name)
    if value is None or value == "":
        return Cell("–", is_figure)
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"))
    if is_figure and isinstance(value, int | float | Decimal):
        return Cell(_figure(Decimal(str(value)), FACTS[kind].fields[name].unit), is_figure)
    label = CODE_LABELS.get(str(value))
    return Cell(label[language().startswith("zh")] if label else str(value), is_figure)


def _is_figure(kind: str, name: str) -> bool:
    found = FACTS[kind].fields.get(name)
    return found is not None and found.kind in {"int", "decimal"}


def _figure(value: Decimal, unit: str | None) -> str:
    text = {"value": shortest(value, _PLACES)}
    written = {
        "s": _("%(value)s s") % text,
        "min": _("%(value)s min") % text,
        "h": _("%(value)s h") % text,
        "percent": f"{text['value']}%",
    }
    return written.get(unit or "", text["value"])


def _results(version: KPIVersion, gives: dict[str, Any]) -> list[tuple[str, str]]:
    names = {
        "numerator": _("Above the line"),
        "denominator": _("Below the line"),
        "sample": _("Sample"),
    }
    found = [
        (name, shortest(Decimal(str(gives[key])), 6))
        for key, name in names.items()
        if gives.get(key) is not None
    ]
    value = gives.get("value")
    if value is None:
        return [*found, (_("Value"), _("no data"))]
    return [*found, (_("Value"), with_unit(Decimal(str(value)), version.unit))]


def uses_of(codes: Iterable[str], *, user: User) -> dict[str, list[tuple[str, str]]]:
    """What a reader may know to rest on each of these KPIs: address and name.

    The apps above answer.
    """
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    answers: list[tuple[Any, Any]] = uses_asked.send(
        sender=KPIVersion, codes=frozenset(codes), user=user
    )
    for _receiver, answer in answers:
        for code, uses in answer.items():
            found[code].extend(uses)
    return dict(found)
