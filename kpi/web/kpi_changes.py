"""What a version of a KPI changes: part by part, and person by person in a preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import with_unit
from kpi.formula.fields import FACTS
from kpi.library.definition import LABELS, value_name
from kpi.models import KPIVersion
from kpi.services.previewing import Bin, Figure, Preview, PreviewRow
from kpi.web.pages import language

_PARTS: Final = (
    "name", "theme", "formula", "unit", "better", "scope", "anchor", "minimum_sample",
    "sample", "meaning", "attribution", "leaves_out",
)  # fmt: skip
_HEIGHT: Final = 40
_WIDTH: Final = 20


@dataclass(frozen=True)
class Change:
    """One part that the next version says otherwise."""

    part: str
    before: str
    after: str
    is_formula: bool


@dataclass(frozen=True)
class Bar:
    """One bin of the distribution: where its two bars stand, and what they say."""

    x: int
    label: str
    new: tuple[str, str]
    present: tuple[str, str]


@dataclass(frozen=True)
class PersonRow:
    """One person of a preview, as text."""

    name: str
    team: str
    new: str
    sample: int
    present: str
    change: Decimal | None


def changes(present: KPIVersion | None, version: KPIVersion) -> list[Change]:
    """The parts that differ from the version in use; all of them of a new KPI."""
    before = {} if present is None else present.definition
    return [
        Change(
            str(LABELS[part]),
            _said(part, before),
            _said(part, version.definition),
            part == "formula",
        )
        for part in _PARTS
        if before.get(part) != version.definition.get(part)
    ]


def _said(part: str, document: Mapping[str, Any]) -> str:
    value = document.get(part)
    if isinstance(value, Mapping):
        return " / ".join(text for text in (value.get("en"), value.get("zh")) if text)
    if value is None:
        return ""
    return value_name(part, value)


def preview_page(found: Preview, unit: str, shown: int) -> dict[str, Any]:
    """Everything the preview's template needs; first those whose value changes most.

    Who has a value by neither version is counted, not listed.
    """
    ordered = sorted((row for row in found.rows if _has_value(row)), key=_weight)
    return {
        "period": found.period,
        "people": [_person(row, unit) for row in ordered[:shown]],
        "all_people": len(ordered),
        "has_present": any(row.present is not None for row in ordered),
        "unit": unit,
        "centre": None if found.centre is None else figure_text(found.centre, unit),
        "bars": _bars(found.bins, unit),
        "width": len(found.bins) * _WIDTH,
        "height": _HEIGHT,
        "missing": [FACTS[kind].label(language()) for kind in found.missing],
        "states": [(_state(state), count) for state, count in sorted(found.states.items())],
    }


def _has_value(row: PreviewRow) -> bool:
    return row.new.value is not None or (row.present is not None and row.present.value is not None)


def _weight(row: PreviewRow) -> tuple[bool, Decimal, str]:
    change = row.change
    return change is None, -abs(change or Decimal(0)), row.agent.name


def _person(row: PreviewRow, unit: str) -> PersonRow:
    return PersonRow(
        name=row.agent.display_name,
        team=row.team.name,
        new=figure_text(row.new, unit),
        sample=row.new.sample,
        present="" if row.present is None else figure_text(row.present, unit),
        change=row.change,
    )


def figure_text(figure: Figure, unit: str) -> str:
    """A value with its unit, in brackets below the smallest sample; else why there is none."""
    if figure.value is None:
        return _state(figure.state)
    told = with_unit(figure.value, unit)
    return f"({told})" if figure.state == "small" else told


def _state(state: str) -> str:
    names = {
        "measured": _("with a value"),
        "small": _("sample too small"),
        "no_data": _("no data"),
        "awaited": _("awaited"),
        "not_applicable": _("not applicable"),
        "not_measurable": _("not measurable"),
    }
    return names.get(state, _("not available"))


def _bars(bins: list[Bin], unit: str) -> list[Bar]:
    highest = max((max(one.new, one.present) for one in bins), default=1) or 1

    def bar(count: int) -> tuple[str, str]:
        height = _HEIGHT * count / highest
        return f"{_HEIGHT - height:.1f}", f"{height:.1f}"

    return [
        Bar(
            x=place * _WIDTH,
            label=ngettext(
                "%(low)s to %(high)s: %(new)s person, in use %(present)s",
                "%(low)s to %(high)s: %(new)s people, in use %(present)s",
                one.new,
            )
            % {
                "low": with_unit(one.low, unit),
                "high": with_unit(one.high, unit),
                "new": one.new,
                "present": one.present,
            },
            new=bar(one.new),
            present=bar(one.present),
        )
        for place, one in enumerate(bins)
    ]
