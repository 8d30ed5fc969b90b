"""Whether a KPI can be measured from what the sources give: not the same as having no data."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import BooleanField, Count, ExpressionWrapper, QuerySet, Value
from django.db.models.functions import Coalesce

from kpi import frames
from kpi.conditions import Rows
from kpi.formula import Formula, nodes
from kpi.formula.compiler import resolve
from kpi.formula.fields import FACTS
from kpi.needs import Need, lacked_by, measures_read, needs_of
from kpi.tables import table_of

Key = TypeVar("Key", bound=Hashable)
# A kind of fact and the day that dates it; measures; one of the measures as it is dated.
_Table = tuple[str, str]
_Measures = Collection[nodes.Measure]
_Dated = tuple[str, nodes.Measure]


@dataclass(frozen=True, slots=True)
class Given:
    """What one source gives of one kind of fact in a period.

    Attributes:
        lacks: fields that the KPI cannot do without and that no row has of which they are asked.
    """

    fact: str
    source: str
    rows: int
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a source says when a field is asked for: how many rows are asked, how many have it."""

    asked: int
    known: int


@dataclass(frozen=True, slots=True)
class _Said:
    """The rows of a source in a period, and what they answer."""

    source: str
    rows: int
    answers: Mapping[Need, _Answer]

    def lacks(self, needs: Iterable[Need]) -> frozenset[str]:
        """The fields that rows are asked for and none has."""
        return frozenset(
            need.field
            for need in needs
            if self.answers[need].asked and not self.answers[need].known
        )

    def gives(self, needs: Iterable[Need]) -> bool:
        """Whether each of these fields is known of a row of which it is asked."""
        return all(self.answers[need].known for need in needs)


def given_by_sources(formula: Formula, *, window: frames.Window, anchor: str) -> list[Given]:
    """Say for each kind of fact that a KPI reads which source gives what.

    Returns:
        One entry for each source with rows in the period, in the order of facts and sources.
    Queries: one for each kind of fact.
    """
    root = resolve(formula, window.imported)
    tables = _tables([(root, anchor)], window)
    return [
        Given(fact, said.source, said.rows, _in_order(fact, said, measures))
        for (fact, column), measures in sorted(tables.items())
        for said in _said((fact, column), measures, window)
    ]


def lacking(
    formulas: Mapping[Key, tuple[Formula, str]],
    *,
    window: frames.Window,
    counted: Collection[tuple[str, str]] = (),
) -> dict[Key, tuple[tuple[str, str], ...]]:
    """Say which KPIs cannot be measured from the facts of a period, and what is lacking.

    A measure lacks a field where a source has rows of which it is asked (``Need.asked_of``), none
    of them has it, and no other source gives it. Where nothing is asked, such as whether complaints
    were upheld when there was none, nothing is lacking.

    Args:
        formulas: any key to a formula and the day that dates it.
        counted: column and key of the measures that counted something: they lack nothing.
    Returns:
        Key to facts with their fields, of the formulas that lack something.
    Queries: one for each kind of fact and day with a measure that counted nothing.
    """
    roots = {key: (resolve(one, window.imported), day) for key, (one, day) in formulas.items()}
    known = set(counted)
    lacked: dict[_Dated, frozenset[str]] = {}
    for table, measures in _tables(roots.values(), window).items():
        open_ones = [one for one in measures if (table[1], one.key) not in known and needs_of(one)]
        if open_ones:
            lacked |= _lacked(table, open_ones, window)
    if not any(lacked.values()):
        return {}
    found = {key: _lacked_by(root, day, lacked) for key, (root, day) in roots.items()}
    return {key: tuple(sorted(fields)) for key, fields in found.items() if fields}


def _lacked_by(
    root: nodes.Value, anchor: str, lacked: Mapping[_Dated, frozenset[str]]
) -> frozenset[tuple[str, str]]:
    dated = ((one, (_column(one, anchor), one)) for one in measures_read(root))
    return lacked_by(root, {one: lacked[key] for one, key in dated if key in lacked})


def _column(measure: nodes.Measure, anchor: str) -> str:
    return table_of(measure, anchor).column


def _tables(
    roots: Iterable[tuple[nodes.Value, str]], window: frames.Window
) -> dict[_Table, list[nodes.Measure]]:
    """The measures of formulas by what they read; nothing of a kind that was never imported."""
    tables: dict[_Table, dict[nodes.Measure, None]] = {}
    for root, anchor in roots:
        for measure in measures_read(root):
            if measure.fact in window.imported:
                table = measure.fact, _column(measure, anchor)
                tables.setdefault(table, {})[measure] = None
    return {table: list(measures) for table, measures in tables.items()}


def _lacked(
    table: _Table, measures: Sequence[nodes.Measure], window: frames.Window
) -> dict[_Dated, frozenset[str]]:
    """What each measure lacks that no source makes up for. Queries: 1."""
    said = _said(table, measures, window)
    return {(table[1], measure): _lacked_by_all(needs_of(measure), said) for measure in measures}


def _lacked_by_all(needs: Sequence[Need], said: Sequence[_Said]) -> frozenset[str]:
    lacked = frozenset[str]().union(*(one.lacks(needs) for one in said))
    missed = [need for need in needs if need.field in lacked]
    is_made_up_for = any(not one.lacks(needs) and one.gives(missed) for one in said)
    return frozenset() if is_made_up_for else lacked


def _said(table: _Table, measures: _Measures, window: frames.Window) -> list[_Said]:
    """What each source answers for these measures, in the order of sources. Queries: 1."""
    fact, column = table
    needs = list(dict.fromkeys(need for measure in measures for need in needs_of(measure)))
    rows = Rows(period=window.period, watermark=window.watermark)
    columns: dict[str, Any] = {}
    for at, need in enumerate(needs):
        asked = _not_false(need.asked_of, rows)
        field = rows.value(nodes.FieldRef(fact, need.field))
        columns[f"asked_{at}"] = Count(Value(1), filter=asked)
        columns[f"known_{at}"] = Count(field, filter=asked)
    facts: QuerySet[Any] = frames.facts_in(window, fact, column=column)
    grouped = facts.filter(exclusion_id__isnull=True).order_by("source").values("source")
    found = grouped.annotate(rows=Count(Value(1)), **columns)
    return [
        _Said(
            one["source"],
            one["rows"],
            {
                need: _Answer(one[f"asked_{at}"], one[f"known_{at}"])
                for at, need in enumerate(needs)
            },
        )
        for one in found
    ]


def _not_false(node: nodes.Row | None, rows: Rows) -> Any:
    """Rows of which a condition is true or cannot be told; None for all."""
    if node is None:
        return None
    told = ExpressionWrapper(rows.condition(node), output_field=BooleanField())
    return Coalesce(told, Value(value=True))


def _in_order(fact: str, said: _Said, measures: _Measures) -> tuple[str, ...]:
    lacked = frozenset[str]().union(*(said.lacks(needs_of(one)) for one in measures))
    return tuple(name for name in FACTS[fact].fields if name in lacked)
