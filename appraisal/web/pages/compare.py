"""Two versions of a scheme in words: what came, what went, what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from appraisal.scoring.reading import as_decimal
from appraisal.scoring.wording import threshold_text
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.pages.grades import language
from appraisal.web.pages.scheme_editor import KPIs, entry_name, unit_of
from appraisal.web.pages.typed import PERCENT, PLAIN
from appraisal.web.scheme_changes import Document, entries, find
from appraisal.web.scheme_forms import at

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_KINDS = {"number": PLAIN, "percent": PERCENT}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: where, which way, and how it read before and reads after."""

    where: str
    kind: str
    what: str
    before: str = ""
    after: str = ""


def differences(before: Document, after: Document, kpis: KPIs) -> list[Difference]:
    """What differs between two documents, in the order of the page."""
    return [
        *_whole(before, after),
        *_entries("groups", before, after, kpis),
        *_entries("items", before, after, kpis),
        *_entries("grades", before, after, kpis),
        *_lists(before, after),
    ]


def _whole(before: Document, after: Document) -> Iterator[Difference]:
    where = _("About the scheme")
    for one in tables.ABOUT_FIELDS:
        yield from _field(where, one, at(before, one.name), at(after, one.name), PLAIN)
    for one in tables.GUIDELINE_FIELDS[1:]:
        where = _("Guideline")
        yield from _field(where, one, at(before, one.name), at(after, one.name), PLAIN)


def _field(where: str, one: tables.Field, old: Any, new: Any, unit: str) -> Iterator[Difference]:
    if old == new:
        return
    words = [_told(one, value, unit) for value in (old, new)]
    yield Difference(where, CHANGED, str(one.label), *words)


def value_text(one: tables.Field, value: Any, unit: str) -> str:
    """What a field holds as people read it, a list of rows in one line."""
    return _steps(one, value, unit) if one.fields else _told(one, value, unit)


def _told(one: tables.Field, value: Any, unit: str) -> str:
    """A value as people read it; a choice by its name."""
    if value is None or value == "":
        return str(dict(one.options).get(one.default, "–")) if one.options else "–"
    if isinstance(value, list):
        return _(", ").join(_told(one, part, unit) for part in value)
    names = {code: str(label) for code, label in one.options}
    if one.kind in {"value", *_KINDS} and (number := as_decimal(value)) is not None:
        return threshold_text(number, _KINDS.get(one.kind, unit), language())
    return names.get(str(value), str(value))


def _entries(key: str, before: Document, after: Document, kpis: KPIs) -> Iterator[Difference]:
    """Groups, items or grades by their code."""
    what = {"groups": _("Group"), "items": _("Item"), "grades": _("Grade")}[key]
    for old in entries(before, key):
        if find(after, key, str(old.get("code"))) is None:
            yield Difference(entry_name(old), REMOVED, what, _short(key, old), "")
    for new in entries(after, key):
        found = find(before, key, str(new.get("code")))
        if found is None:
            yield Difference(entry_name(new), ADDED, what, "", _short(key, new))
        else:
            yield from _entry(key, found, new, kpis)
    codes = [[one.get("code") for one in entries(doc, key)] for doc in (before, after)]
    common = [[code for code in listed if code in codes[1 - n]] for n, listed in enumerate(codes)]
    if common[0] != common[1]:
        yield Difference(what, CHANGED, _("Order"), *(_order(key, doc) for doc in (before, after)))


def _order(key: str, document: Document) -> str:
    return _(", ").join(entry_name(one) for one in entries(document, key))


def _short(key: str, entry: Mapping[str, Any]) -> str:
    """What weighs an item, or from where on a grade is given."""
    if key == "items":
        return _("weight %(weight)s") % {"weight": entry.get("weight", "–")}
    return _("from %(points)s") % {"points": entry.get("from", "–")} if key == "grades" else ""


def _entry(key: str, old: Document, new: Document, kpis: KPIs) -> Iterator[Difference]:
    where = entry_name(new)
    for one in tables.NAMES:
        yield from _field(where, one, at(old, one.name), at(new, one.name), PLAIN)
    if key == "grades":
        points = tables.Field("from", _("From"), "number")
        yield from _field(where, points, old.get("from"), new.get("from"), PLAIN)
    if key == "items":
        yield from _item(where, old, new, kpis)


def _item(where: str, old: Document, new: Document, kpis: KPIs) -> Iterator[Difference]:
    weight = tables.Field("weight", _("Weight"), "number")
    group = tables.Field("group", _("Group"))
    units = unit_of(old, kpis), unit_of(new, kpis)
    for one in (weight, group, tables.RATING, tables.ROLE, tables.WHEN_MISSING, tables.TARGET):
        yield from _field(where, one, old.get(one.name), new.get(one.name), units[1])
    if old.get("kpi") != new.get("kpi"):
        names = (_kpi_name(one.get("kpi"), kpis) for one in (old, new))
        yield Difference(where, CHANGED, _("KPI"), *names)
    if old.get("rule") != new.get("rule"):
        yield from _rule(where, old, new, units)
    if old.get("conditions") != new.get("conditions"):
        told = (_conditions(one, kpis) for one in (old, new))
        yield Difference(where, CHANGED, _("Conditions"), *told)


def _kpi_name(code: Any, kpis: KPIs) -> str:
    return kpis[code].name if code in kpis else str(code or "–")


def _rule(where: str, old: Document, new: Document, units: tuple[str, str]) -> Iterator[Difference]:
    rules = [_rule_of(one) for one in (old, new)]
    kinds = [str(rule.get("type")) for rule in rules]
    if kinds[0] != kinds[1]:
        told = (rule_text(rule, unit) for rule, unit in zip(rules, units, strict=True))
        yield Difference(where, CHANGED, _("Rule"), *told)
        return
    for one in tables.RULE_FIELDS.get(kinds[0], ()):
        pair = [rule.get(one.name) for rule in rules]
        if pair[0] == pair[1]:
            continue
        if one.fields:
            told = (_steps(one, rows, unit) for rows, unit in zip(pair, units, strict=True))
            yield Difference(where, CHANGED, str(one.label), *told)
        else:
            yield from _field(where, one, pair[0], pair[1], units[1])


def _rule_of(item: Mapping[str, Any]) -> dict[str, Any]:
    rule = item.get("rule")
    return rule if isinstance(rule, dict) else {}


def rule_text(rule: Mapping[str, Any], unit: str) -> str:
    """A rule in one line: its kind and its figures."""
    kind = str(rule.get("type"))
    parts = [
        f"{one.label} {_steps(one, rule[one.name], unit)}"
        if one.fields
        else f"{one.label} {_told(one, rule[one.name], unit)}"
        for one in tables.RULE_FIELDS.get(kind, ())
        if one.name in rule
    ]
    return _(", ").join([str(tables.RULE_KINDS.get(kind, kind)), *parts])


def _steps(one: tables.Field, rows: Any, unit: str) -> str:
    """Steps as ``95% → 15``."""
    told = []
    for row in rows if isinstance(rows, list) else ():
        known = [part for part in one.fields if isinstance(row, Mapping) and part.name in row]
        told.append(" → ".join(_told(part, row[part.name], unit) for part in known))
    return _(", ").join(told) or "–"


def _conditions(item: Mapping[str, Any], kpis: KPIs) -> str:
    told = []
    for row in item.get("conditions") or ():
        for side, label in tables.SIDES:
            if isinstance(row, Mapping) and side in row:
                number = as_decimal(row[side])
                unit = unit_of(row, kpis)
                figure = threshold_text(number, unit, language()) if number is not None else "?"
                told.append(f"{_kpi_name(row.get('kpi'), kpis)} {label} {figure}")
    return _(", ").join(told) or "–"


def _lists(before: Document, after: Document) -> Iterator[Difference]:
    """Limits and stars: short lists, told whole."""
    for one in tables.GRADE_FIELDS[1:]:
        pair = [document.get(one.name) for document in (before, after)]
        if pair[0] != pair[1]:
            told = (_steps(one, rows, PLAIN) for rows in pair)
            yield Difference(_("Grades"), CHANGED, str(one.label), *told)
