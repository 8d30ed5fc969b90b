"""The simulator's page: what may be tried out, and what would come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from agents.models import Agent, Position
from appraisal.scoring.card_parts import line_key, name_in
from appraisal.scoring.scheme import Scheme
from appraisal.selectors.card_parts import name_of
from appraisal.services.simulating import Basis
from appraisal.simulation import NO_GRADE, Outcome, Tally, reasons
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.pages.grades import glyph, grade_name, language
from appraisal.web.pages.scheme_editor import KPIs, entry_name, unit_of
from appraisal.web.pages.typed import PLAIN
from appraisal.web.scheme_changes import Document, entries
from appraisal.web.scheme_forms import KEEP_EMPTY, Bound, bind
from appraisal.web.scheme_merge import STOOD, Clash, drawn, merge

_FIGURES = frozenset({"value", "number", "percent"})
_WEIGHT = tables.Field("weight", gettext_lazy("Weight"), "number")
_GRADES = replace(tables.GRADE_FIELDS[0], fields=(tables.GRADE_FIELDS[0].fields[-1],))
SORTS = ("change", "before", "after", "name", "rank")


@dataclass(frozen=True)
class TriedItem:
    """An item at the side: its weight, and the figures of its rule."""

    code: str
    name: str
    weight: Bound
    figures: list[Bound]


@dataclass(frozen=True)
class MovedRow:
    """One person, before and after; points as decimals, missing without a total."""

    agent: Agent
    before: Decimal | None
    after: Decimal | None
    change: Decimal | None
    grade_before: str
    grade_after: str
    moved: int
    rank_before: int | None
    rank_after: int | None
    why: list[tuple[str, Decimal]]


@dataclass(frozen=True)
class MatrixRow:
    """How many of those with one grade have which grade after."""

    glyph: str
    cells: list[tuple[int, str]]
    before: int


def _item_fields(item: Document) -> list[tables.Field]:
    """The figures of an item that can be tried: of the rule, and a target of its own."""
    rule = item.get("rule")
    parts = tables.rule_fields(rule) if isinstance(rule, dict) else ()
    fields = []
    for one in parts:
        if one.fields:
            inner = tuple(part for part in one.fields if part.kind in _FIGURES)
            fields.append(replace(one, fields=inner))
        elif one.kind in _FIGURES and (one.name.removeprefix("rule.") in (rule or {})):
            fields.append(one)
    return [*fields, tables.TARGET] if "target" in item else fields


def _units(document: Document, kpis: KPIs) -> Callable[[str], str]:
    units = {str(one.get("code")): unit_of(one, kpis) for one in entries(document, "items")}
    return lambda name: units.get(name.split(".")[1], PLAIN) if "." in name else PLAIN


def tried(document: Document, data: QueryDict, kpis: KPIs) -> Document:
    """The document with the figures that one tries out."""
    typed = data.copy()
    typed.pop(STOOD, None)
    return kept(document, typed, kpis)[0]


def kept(document: Document, data: QueryDict, kpis: KPIs) -> tuple[Document, list[Clash]]:
    """The document with the figures that were changed, and what was changed elsewhere as well."""
    typed = data.copy()
    typed[KEEP_EMPTY] = "1"
    units = _units(document, kpis)
    merged = merge(document, typed, [_GRADES], units_for=lambda _data: units)
    items, clashes = [], merged.clashes
    for item in entries(document, "items"):
        held = merge(_held(item), typed, _tried_fields(item), units_for=lambda _data: units)
        items.append(held.document["i"][str(item.get("code"))])
        clashes = [*clashes, *held.clashes]
    return merged.document | {"items": items}, clashes


def stood(document: Document, kpis: KPIs) -> str:
    """How all figures read before one tries others, as a query string."""
    units = _units(document, kpis)
    items = (
        drawn(_tried_fields(item), _held(item), units=units) for item in entries(document, "items")
    )
    return "&".join([drawn([_GRADES], document, units=units), *items])


def _held(item: Document) -> Document:
    return {"i": {str(item.get("code")): item}}


def _tried_fields(item: Document) -> list[tables.Field]:
    place, name = f"i.{item.get('code')}", entry_name(item)
    return [
        replace(one.under(place), label=f"{name} · {one.label}")
        for one in (_WEIGHT, *_item_fields(item))
    ]


def tried_items(document: Document, kpis: KPIs) -> list[TriedItem]:
    """The items at the side, in the order of the scheme."""
    units = _units(document, kpis)
    shown = []
    for item in entries(document, "items"):
        code = str(item.get("code"))
        held = {"i": {code: item}}
        fields = [one.under(f"i.{code}") for one in (_WEIGHT, *_item_fields(item))]
        weight, *figures = bind(fields, held, units=units, choices={}, errors={})
        shown.append(TriedItem(code, entry_name(item), weight, figures))
    return shown


def tried_grades(document: Document) -> list[tuple[str, Bound]]:
    """Each grade with the total from which it is given; the last takes the rest."""
    (bound,) = bind([_GRADES], document, units=lambda _name: PLAIN, choices={}, errors={})
    grades = entries(document, "grades")
    rows = zip(grades, bound.rows, strict=False)
    return [(entry_name(grade), row[0]) for grade, row in rows]


def sorted_people(people: pd.DataFrame, sort: str, agents: Mapping[int, Agent]) -> pd.DataFrame:
    """The people in the order asked for; by change the greatest loss and gain come first."""
    if sort == "name":
        names = people["agent_id"].map(lambda pk: agents[pk].display_name)
        return people.loc[names.sort_values(kind="stable").index]
    if sort == "change":
        order = people.assign(size=people["change"].abs().fillna(-1), step=people["moved"].abs())
        order = order.sort_values(
            ["step", "size", "agent_id"], ascending=[False, False, True], kind="stable"
        )
        return people.loc[order.index]
    column = {"rank": "rank_after"}.get(sort, sort)
    return people.sort_values(
        [column, "agent_id"], ascending=[sort == "rank", True], na_position="last", kind="stable"
    )


def moved_rows(
    outcome: Outcome, shown: pd.DataFrame, basis: Basis, *, agents: Mapping[int, Agent]
) -> list[MovedRow]:
    """People as the table shows them, with the items that move them most.

    Queries: 1 where cards are in parts.
    """
    why = reasons(outcome, basis.points, [int(pk) for pk in shown["agent_id"]])
    names = {code: _line_names(scheme) for code, scheme in basis.schemes.items()}
    further = _further_names(basis.parts)
    columns = ["agent_id", "scheme", "before", "after", "change", "grade_before", "grade_after"]
    rows = shown[[*columns, "moved", "rank_before", "rank_after"]]
    return [
        MovedRow(
            agent=agents[pk],
            before=_points(old),
            after=_points(new),
            change=_points(change),
            grade_before=glyph(basis.schemes[scheme], grade_old),
            grade_after=glyph(basis.schemes[scheme], grade_new),
            moved=int(moved),
            rank_before=_whole(rank_old),
            rank_after=_whole(rank_new),
            why=[
                (names[scheme].get(line) or further.get(line, line), Decimal(one) / 100)
                for line, one in why.get(pk, ())
            ],
        )
        for pk, scheme, old, new, change, grade_old, grade_new, moved, rank_old, rank_new in (
            rows.itertuples(index=False, name=None)
        )
    ]


def _line_names(scheme: Scheme) -> dict[str, str]:
    return {item.code: item.name.in_language(language()) for item in scheme.items}


def _further_names(parts: Iterable[tuple[int, Scheme]]) -> dict[str, str]:
    """The names of lines of further positions, by their code. Queries: 1, none without parts."""
    held = list(parts)
    positions = Position.objects.in_bulk([pk for pk, _scheme in held]) if held else {}
    return {
        line_key(item.code, pk): name_in(item.name, name_of(positions[pk])).in_language(language())
        for pk, scheme in held
        for item in scheme.items
    }


def _points(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(int(value)).scaleb(-2)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def matrix(found: Tally, schemes: Iterable[Scheme]) -> tuple[list[str], list[MatrixRow], list[int]]:
    """Grades before against grades after: heads, rows, and how many there are after.

    Args:
        schemes: the one tried, then those of whoever is compared with its people.
    """
    tried, *others = schemes
    codes = [*(grade.code for grade in tried.grades), NO_GRADE]
    owners = {grade.code: one for one in (*reversed(others), tried) for grade in one.grades}
    before, after = (sorted({pair[side] for pair in found.counts} - set(codes)) for side in (0, 1))
    columns, rows = [*codes, *after], []
    for at, old in enumerate([*codes, *before]):
        cells = [
            (found.counts.get((old, new), 0), _way(at, column, len(codes)))
            for column, new in enumerate(columns)
        ]
        total = sum(count for count, _tone in cells)
        if total or old in codes:
            rows.append(MatrixRow(glyph(owners.get(old, tried), old), cells, total))
    counts = [
        sum(count for (_old, new), count in found.counts.items() if new == code) for code in columns
    ]
    return [grade_name(owners.get(code, tried), code) for code in columns], rows, counts


def _way(row: int, column: int, codes: int) -> str:
    """Whether a cell of the matrix is the same grade, a better or a worse one."""
    if row == column or row >= codes - 1 or column >= codes - 1:
        return "same"
    return "moved-up" if column < row else "moved-down"


def agents_by_id(ids: Iterable[int]) -> dict[int, Agent]:
    """The people by their id. Queries: 1."""
    return Agent.objects.in_bulk(list(ids))
