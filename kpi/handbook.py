"""The metric handbook: docs/metrics.md, written from the shipped definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from agents.figures import rounded
from kpi import engine
from kpi.formula import compile_formula
from kpi.formula.explain import explain, numerator_and_denominator
from kpi.library.definition import THEMES, Definition
from kpi.library.examples import rows_of, scores_of
from kpi.needs import codes_read, fields_needed

INTRODUCTION: Final = """\
# Metric handbook

This page is written from the shipped definitions in `kpi/library/` by `python manage.py
metrics_handbook`; a test keeps it current. Every worked example below is run by a test, and its
figures were worked out by hand. The language of the formulas is described in
[formula.md](formula.md), the words in [glossary.md](glossary.md).

## Rules that hold for every KPI

- **A ratio is a ratio of sums.** Numerator and denominator are added up first and divided last.
  A team's or a year's figure is never a mean of people's or months' figures.
- **Absent is not zero.** Where nothing counts below the line there is no value. A missing value in
  a row is not counted, neither as yes nor as no. A kind of data that was never imported for the
  period is awaited; where it was imported and nothing happened, a count is 0.
- **Not measurable is not "no data".** Under each KPI stands what it needs. Where a source never
  gives one of these fields, the KPI cannot be measured from that source, however many rows it has;
  its page says which source lacks what. "No data" means that the fields are given and nothing was
  there to count.
- **Minimum sample.** The sample is the denominator where that is a count, else the number of rows
  with a value. Below the minimum the value is shown and neither scored nor ranked. A minimum of 0
  asks for none: a count of events stands for itself.
- **Exact numbers.** Figures are whole numbers or decimals, never floating point. A value is rounded
  once, half up, to nine places, after the division; thresholds are compared with that value.
- **Durations** are whole seconds. **Shares** are 0 to 1 and shown in per cent.
- **A KPI has one date.** It decides the period in which a row counts, in the organisation's time
  zone: the start of a contact, the creation of a ticket or the day it was solved, the answer of a
  survey, the day of a review, shift, training or event.
- **Excluded rows** count nowhere and are listed with their reason.
- **Scope** says whose figure it is. A figure of the team or the whole centre says little about one
  person.
- **Definitions never change.** A new definition is a new version; a cycle keeps the one it used.

## How a definition is written

A definition is a YAML mapping under its code. All parts are needed; text stands in both languages.

| part | what it says |
| --- | --- |
| `name` | the name, at most 120 characters |
| `theme` | where it belongs; each theme has its file |
| `formula` | see [formula.md](formula.md) |
| `unit` | `share s min h days count points per_thousand money number`, as the formula gives it |
| `better` | `higher`, `lower`, `range` or `context` |
| `scope` | whose figure it is: `agent`, `team` or `centre` |
| `anchor` | the day that dates a row: `day`, for tickets also `solved_day` |
| `minimum_sample` | the fewest cases on which it is scored; 0 asks for none |
| `sample` | what the sample counts, at most 40 characters, to stand after a number |
| `meaning` | what it tells |
| `attribution` | whom a row counts for |
| `leaves_out` | what it does not capture |
| `source` | where it is known from |
| `example` | rows by kind of fact, and `gives`: the figures worked out by hand |

Under `gives` stands the `value`, and where they help `numerator`, `denominator` and `sample`. An
example of `score_of("reports")` states the totals of the others under `scores`, by that name.

A changed definition becomes the next version when the database is migrated or `python manage.py
load_library` is run. Where people have made a version of their own since, theirs stays in use and
the shipped one waits as a draft.

The numbers K01 to K100 name the KPIs of the field as this handbook counts them; a letter tells
variants apart that carry one name and must not be compared. The products named after them document
the same or a similar definition. No conformity with any standard is claimed.
"""

_BETTER: Final = {
    "higher": "higher is better",
    "lower": "lower is better",
    "range": "a range is best",
    "context": "for information, not for scoring",
}
_SCOPES: Final = {"agent": "the agent", "team": "the team", "centre": "the whole centre"}
_UNITS: Final = {
    "share": "share, shown in per cent",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
    "days": "days",
    "count": "count",
    "points": "points",
    "per_thousand": "per thousand",
    "money": "money, in the currency of the source",
    "number": "plain number",
}
_DATES: Final = {
    "contacts": "the day the contact started",
    "tickets": "the day the ticket was created",
    "surveys": "the day the survey was answered, else sent",
    "reviews": "the day of the review",
    "shifts": "the day of the shift",
    "trainings": "the day of the training",
    "events": "the day of the event",
    "figures": "the period of the figure",
}
_SUFFIXES: Final = {"s": " s", "min": " min", "h": " h", "days": " days", "per_thousand": "‰"}
_MISSING: Final = "–"


def handbook(definitions: Sequence[Definition]) -> str:
    """Write the whole handbook as Markdown, themes in their order, KPIs as given."""
    by_theme = {theme: [one for one in definitions if one.theme == theme] for theme in THEMES}
    parts = [INTRODUCTION, _contents(by_theme)]
    for theme, members in by_theme.items():
        parts.append(f"## {_theme_name(theme)}\n")
        parts += [_entry(one) for one in members]
    return "\n".join([*parts, _codes(definitions)])


def _codes(definitions: Sequence[Definition]) -> str:
    """Write which codes of figures and events are read by which KPIs."""
    lines = [
        "## Codes of figures and events\n",
        "A row of figures or events counts by its code. The library reads these; a figure may",
        "carry any other code for KPIs of one's own.\n",
    ]
    for fact, field in (("figures", "figure"), ("events", "kind")):
        readers: dict[str, list[str]] = {}
        for one in definitions:
            for code in codes_read(compile_formula(one.formula), fact, field):
                readers.setdefault(code, []).append(f"[{one.name.en}](#{_anchor(_heading(one))})")
        lines += [_line([f"{fact}: `{field}`", "read by"]), _line(["---", "---"])]
        lines += [_line([f"`{code}`", ", ".join(readers[code])]) for code in sorted(readers)]
        lines.append("")
    return "\n".join(lines)


def _theme_name(theme: str) -> str:
    return str(THEMES[theme])


def _contents(by_theme: Mapping[str, Sequence[Definition]]) -> str:
    lines = [f"## Contents\n\n{sum(map(len, by_theme.values()))} KPIs.\n"]
    for theme, members in by_theme.items():
        links = ", ".join(f"[{one.name.en}](#{_anchor(_heading(one))})" for one in members)
        lines.append(f"- **{_theme_name(theme)}**: {links}")
    return "\n".join([*lines, ""])


def _heading(one: Definition) -> str:
    return f"{one.name.en} {one.name.zh}"


def _anchor(heading: str) -> str:
    """Give the place of a heading as Markdown viewers name it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _entry(one: Definition) -> str:
    formula = compile_formula(one.formula)
    return "\n".join(
        [
            f"### {_heading(one)}\n",
            f"{one.meaning.en}\n\n{one.meaning.zh}\n",
            f"```text\n{one.formula}\n```\n",
            f"{explain(formula, 'en')}.\n",
            *_facts(one, formula.facts),
            "",
            _example(one),
        ]
    )


def _facts(one: Definition, facts: Iterable[str]) -> list[str]:
    minimum = f"at least {one.minimum_sample}" if one.minimum_sample else "no minimum"
    return [
        f"- Code: `{one.code}`",
        f"- Unit: {_UNITS[one.unit]}; {_BETTER[one.better]}",
        f"- Sample: {one.sample.en} {one.sample.zh}, {minimum}",
        f"- Scope: {_SCOPES[one.scope]}",
        f"- Counts for: {one.attribution.en}",
        f"- Date: {_date(one, facts)}",
        f"- Needs: {_needs(one)}",
        f"- Does not capture: {one.leaves_out.en}",
        f"- Source: {one.source}",
    ]


def _needs(one: Definition) -> str:
    """Write the fields that a source must give, each kind of fact apart."""
    needed = fields_needed(compile_formula(one.formula))
    lists = {fact: ", ".join(f"`{name}`" for name in names) for fact, names in needed.items()}
    written = [f"{fact}: {names}" if names else fact for fact, names in lists.items()]
    return "; ".join(written) or "scorecards of the same cycle"


def _date(one: Definition, facts: Iterable[str]) -> str:
    if one.anchor == "solved_day":
        return "the day the ticket was solved"
    return "; ".join(_DATES[fact] for fact in sorted(facts)) or "the cycle of the scorecards"


def _example(one: Definition) -> str:
    tables = rows_of(one.example)
    written = [_table(one, fact, rows, frozenset(tables)) for fact, rows in tables.items()]
    for code, totals in scores_of(one.example).items():
        written.append(f"Totals of the {code}: {', '.join(map(_number, totals))}.\n")
    return "\n".join(["Worked example:\n", *written, _result(one), ""])


def _table(
    one: Definition, fact: str, rows: Sequence[Mapping[str, Any]], imported: frozenset[str]
) -> str:
    """Write the rows of a fact, each with what it adds above and below the line."""
    sides = [
        compile_formula(text)
        for text in numerator_and_denominator(compile_formula(one.formula), imported=imported)
        if text
    ]
    fields = list(dict.fromkeys(chain.from_iterable(rows)))
    adds = ["adds above", "adds below"] if len(sides) == 2 else ["counts"]
    lines = [_line([fact, *fields, *adds]), _line(["---:"] + ["---"] * (len(fields) + len(adds)))]
    for number, row in enumerate(rows, start=1):
        cells = [_cell(row.get(field)) for field in fields]
        added = [_added(side, fact, row, imported) for side in sides]
        lines.append(_line([str(number), *cells, *added]))
    return "\n".join([*lines, ""])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _added(side: Any, fact: str, row: Mapping[str, Any], imported: frozenset[str]) -> str:
    alone = engine.evaluate_rows(side, {fact: [row]}, imported=imported).iloc[0]
    if alone["state"] != "measured":
        return ""
    value = engine.from_fixed(int(alone["value"]))
    return _number(value) if value else ""


def _cell(value: Any) -> str:
    if value is None:
        return _MISSING
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _result(one: Definition) -> str:
    gives = one.example["gives"]
    if gives["value"] is None:
        return "No value: nothing counts below the line."
    shown = _shown(Decimal(str(gives["value"])), one.unit)
    if "numerator" in gives and "denominator" in gives:
        above, below = (Decimal(str(gives[side])) for side in ("numerator", "denominator"))
        return f"{_number(above)} ÷ {_number(below)} = **{shown}**"
    return f"Value: **{shown}**"


def _shown(value: Decimal, unit: str) -> str:
    if unit == "share":
        return f"{_number(rounded(100 * value, 2))}%"
    return f"{_number(value)}{_SUFFIXES.get(unit, '')}"


def _number(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
