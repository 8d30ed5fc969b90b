"""Which grouped queries a set of KPIs needs: one for each fact table, day, scope and grain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kpi.formula import nodes
from kpi.formula.fields import FACTS


@dataclass(frozen=True)
class Table:
    """One grouped query: a fact table, the day that dates it, and whose rows form a group.

    Attributes:
        grain: the parts of the period that are measured apart, for ``over(...)``.
        by_shift: the shifts of whoever changed shift are measured apart, for ``peers(...)``.
    """

    fact: str
    column: str
    scope: nodes.Scope
    grain: nodes.Grain | None = None
    by_shift: bool = False


@dataclass
class Plan:
    """The measures that a set of KPIs needs, gathered by the query that gives them."""

    tables: dict[Table, dict[str, nodes.Measure]] = field(default_factory=dict)

    def add(
        self,
        measures: Iterable[nodes.Measure],
        *,
        anchor: str,
        grain: nodes.Grain | None = None,
        by_shift: bool = False,
    ) -> None:
        """Ask for these measures, dated by ``anchor`` where their table has such a day."""
        for measure in measures:
            table = table_of(measure, anchor, grain=grain, by_shift=by_shift)
            self.tables.setdefault(table, {})[measure.key] = measure


def table_of(
    measure: nodes.Measure,
    anchor: str,
    *,
    grain: nodes.Grain | None = None,
    by_shift: bool = False,
) -> Table:
    """The query that gives a measure of a KPI dated by ``anchor``."""
    column = anchor if anchor in FACTS[measure.fact].anchors else "day"
    return Table(measure.fact, column, measure.scope, grain, by_shift)
