"""Whether a KPI can be measured from what a source gives: not the same as having no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Value

from kpi import frames
from kpi.formula import Formula
from kpi.formula.fields import FACTS
from kpi.needs import fields_needed


@dataclass(frozen=True, slots=True)
class Given:
    """What one source gives of one kind of fact in a period.

    Attributes:
        lacks: fields that the KPI cannot do without and of which no row has a value.
    """

    fact: str
    source: str
    rows: int
    lacks: tuple[str, ...]


def given_by_sources(formula: Formula, *, window: frames.Window, anchor: str) -> list[Given]:
    """Say for each kind of fact that a KPI needs which source gives what.

    Returns:
        One entry for each source with rows in the period, in the order of facts and sources.
    Queries: one for each kind of fact.
    """
    needed = fields_needed(formula, imported=window.imported)
    return [
        given
        for fact, names in needed.items()
        if fact in window.imported
        for given in _given(fact, names, window=window, anchor=anchor)
    ]


def is_measurable(given: Sequence[Given]) -> bool:
    """Whether each kind of fact has a source that gives all that is needed; True without any."""
    whole: Mapping[str, bool] = {
        one.fact: any(not other.lacks for other in given if other.fact == one.fact) for one in given
    }
    return all(whole.values())


def _given(fact: str, names: Sequence[str], *, window: frames.Window, anchor: str) -> list[Given]:
    column = anchor if anchor in FACTS[fact].anchors else "day"
    rows = frames.facts_in(window, fact, column=column).filter(exclusion_id__isnull=True)
    counts = {f"has_{name}": Count(F(name)) for name in names}
    grouped = rows.order_by("source").values("source").annotate(rows=Count(Value(1)), **counts)
    by_source: list[dict[str, Any]] = [dict(one) for one in grouped]
    return [
        Given(
            fact,
            one["source"],
            one["rows"],
            tuple(name for name in names if not one[f"has_{name}"]),
        )
        for one in by_source
    ]
