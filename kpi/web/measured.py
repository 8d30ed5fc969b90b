"""What a KPI is for a team or the whole centre, and what it needs to be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agents import access
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from agents.periods import Period
from kpi import engine, frames, selectors
from kpi.formula import Formula, FormulaError, compile_formula
from kpi.formula.compiler import ratings_of, scores_of
from kpi.formula.fields import FACTS
from kpi.intervals import Interval, wilson
from kpi.models import KPIVersion
from kpi.needs import fields_needed
from kpi.services import measurability, measuring, revisions
from kpi.services.measurability import Given
from kpi.web import pages

# From so many cases on, a share says by itself how sure it is.
ENOUGH = 100


@dataclass(frozen=True)
class Value:
    """What a KPI is for a team or the whole centre in a period."""

    name: str
    is_centre: bool
    value: Decimal | None
    sample: int | None
    state: str
    interval: Interval | None = None

    @property
    def why(self) -> str:
        """Why there is no value, in a word or two."""
        words = {
            "no_data": _("no data"),
            "awaited": _("awaited"),
            "not_applicable": _("not applicable"),
            "not_available": _("not available"),
            engine.NOT_MEASURABLE: _("not measurable"),
        }
        return words.get(self.state, _("no data"))


@dataclass(frozen=True)
class SourceLine:
    """What a source gives of one kind of fact: nothing lacking, or the fields that it lacks."""

    source: str
    fact: str
    lacks: str


def needs_of(version: KPIVersion) -> list[tuple[str, str]]:
    """Each kind of fact that the KPI reads, with the fields that it cannot do without."""
    formula = _formula(version)
    if formula is None:
        return []
    return [
        (FACTS[fact].label(pages.language()), _listed(fact, names))
        for fact, names in fields_needed(formula).items()
    ]


def left_out_of(
    request: AuthenticatedRequest, version: KPIVersion, period: Period
) -> list[tuple[str, str, int]]:
    """The rows of the period that were left out of what the KPI reads; to those who lead people.

    Queries: 1 for each kind of fact.
    """
    formula = _formula(version)
    if formula is None or not access.allows(request.user, "board.read"):
        return []
    found = selectors.left_out_in(sorted(fields_needed(formula)), period)
    return [(FACTS[kind].label(pages.language()), reason, rows) for kind, reason, rows in found]


def values_of(request: AuthenticatedRequest, version: KPIVersion, period: Period) -> list[Value]:
    """The centre and the teams that the reader leads; nothing to those who lead nobody."""
    if not may_see(request, version):
        return []
    today = local_today(timezone.now())
    teams = {team.code: team.name for team in access.teams_visible_to(request.user, today)}
    code = version.kpi.code
    centre = measuring.measure_text(code, period=period, by="centre")
    by_team = measuring.measure_text(code, period=period, by="team")
    found = [_value(teams[one["group"]], one) for one in by_team if one["group"] in teams]
    values = [
        *(_value(str(_("Whole centre")), one, is_centre=True) for one in centre),
        *sorted(found, key=lambda value: value.name),
    ]
    if not version.tells_sample:
        values = [replace(one, sample=None) for one in values]
    return [_with_interval(one, version.unit) for one in values]


def given_of(request: AuthenticatedRequest, version: KPIVersion, period: Period) -> list[Given]:
    """What the sources of a period give of what the KPI needs; for those who see its values."""
    formula = _formula(version)
    if formula is None or not may_see(request, version):
        return []
    window = frames.window_of(period, revisions.latest_revision())
    return measurability.given_by_sources(formula, window=window, anchor=version.anchor)


def source_lines(given: list[Given]) -> list[SourceLine]:
    """The same in the language of the page."""
    return [
        SourceLine(
            one.source,
            FACTS[one.fact].label(pages.language()),
            _listed(one.fact, one.lacks),
        )
        for one in given
    ]


def may_see(request: AuthenticatedRequest, version: KPIVersion) -> bool:
    """Whether values of this KPI are for the reader, and measured from facts alone."""
    formula = _formula(version)
    return (
        access.allows(request.user, "board.read")
        and version.state == KPIVersion.State.PUBLISHED
        and formula is not None
        and not (ratings_of(formula.root) or scores_of(formula.root))
    )


def _formula(version: KPIVersion) -> Formula | None:
    try:
        return compile_formula(version.formula)
    except FormulaError:
        return None


def _listed(fact: str, names: tuple[str, ...]) -> str:
    fields = FACTS[fact].fields
    return _(", ").join(fields[name].label(pages.language()) for name in names)


def _value(name: str, entry: dict[str, Any], *, is_centre: bool = False) -> Value:
    value = Value(name, is_centre, entry["value"], entry["sample"], entry["state"])
    above, below = entry["numerator"], entry["denominator"]
    if below is None or below != entry["sample"] or below >= ENOUGH or above != int(above):
        return value
    counted = 0 <= above <= below
    return replace(value, interval=wilson(int(above), int(below)) if counted else None)


def _with_interval(value: Value, unit: str) -> Value:
    """Only a share of counted cases has an interval."""
    return value if unit == "share" else replace(value, interval=None)
