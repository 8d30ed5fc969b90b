"""KPIs, for reading: what they mean, how they are computed, what rests on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agents import access, periods
from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.periods import Period
from kpi import selectors
from kpi.library.definition import THEMES
from kpi.models import KPIVersion
from kpi.services import drafts
from kpi.web import measured, pages


class KPIFilter(forms.Form):
    """Which KPIs are shown."""

    q = forms.CharField(
        label=_("Search"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["theme"].choices = [("", _("All themes")), *THEMES.items()]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class KPIRow:
    """A KPI in the list."""

    version: KPIVersion
    unit: str
    meaning: str
    uses: list[tuple[str, str]]


@requires("kpi.read")
@require_safe
def kpis(request: AuthenticatedRequest) -> HttpResponse:
    """List the KPIs by theme; htmx gets the list alone."""
    filters = KPIFilter(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    versions = [one for one in selectors.list_current_versions() if _is_wanted(one, chosen)]
    uses = pages.uses_of((one.kpi.code for one in versions), user=request.user)
    by_theme: defaultdict[str, list[KPIRow]] = defaultdict(list)
    for one in sorted(versions, key=lambda version: version.name):
        row = KPIRow(
            one,
            pages.unit_name(one.unit),
            pages.text_of(one, "meaning"),
            uses.get(one.kpi.code, []),
        )
        by_theme[pages.theme_of(one)].append(row)
    order = [*THEMES, *sorted(set(by_theme) - set(THEMES))]
    themes = [(code, pages.theme_name(code), by_theme[code]) for code in order if by_theme[code]]
    context = {
        "filters": filters,
        "themes": themes,
        "found": len(versions),
        "may_edit": access.allows(request.user, "kpi.edit"),
        "open": drafts.open_drafts() if access.allows(request.user, "kpi.review") else [],
    }
    template = "kpi/kpis.html#list" if request.htmx else "kpi/kpis.html"
    return render(request, template, context)


def _is_wanted(version: KPIVersion, chosen: dict[str, str]) -> bool:
    if chosen.get("theme") and pages.theme_of(version) != chosen["theme"]:
        return False
    words = chosen.get("q", "").casefold().split()
    text = f"{version.kpi.code} {version.name_en} {version.name_zh} {version.formula}".casefold()
    return all(word in text for word in words)


@requires("kpi.read")
@require_safe
def kpi(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show one KPI, and what it is by team to those who lead."""
    reviews = access.allows(request.user, "kpi.review")
    versions = [
        one for one in selectors.list_versions(code) if reviews or one.state not in _UNFINISHED
    ]
    in_use = [one for one in versions if one.state == KPIVersion.State.PUBLISHED]
    version = next(iter([*in_use, *versions]), None)
    if version is None:
        raise Http404
    period = period_asked(request.GET.get("period", ""))
    given = measured.given_of(request, version, period) if period else []
    draft = drafts.open_draft(code) if reviews else None
    context = {
        "version": version,
        "versions": versions,
        "draft": draft,
        "may_edit": access.allows(request.user, "kpi.edit"),
        "theme": pages.theme_name(pages.theme_of(version)),
        "unit": pages.unit_name(version.unit),
        "told": pages.told(version),
        "texts": {key: pages.text_of(version, key) for key in _TEXTS},
        "source": version.definition.get("source", ""),
        "example": pages.example_of(version),
        "uses": pages.uses_of([code], user=request.user).get(code, []),
        "period": period,
        "values": measured.values_of(request, version, period) if period else [],
        "needs": measured.needs_of(version),
        "given": measured.source_lines(given),
        "left_out": measured.left_out_of(request, version, period) if period else [],
    }
    return render(request, "kpi/kpi.html", context)


_UNFINISHED = frozenset({KPIVersion.State.DRAFT, KPIVersion.State.ASKED})
_TEXTS = ("meaning", "attribution", "leaves_out")


def period_asked(text: str) -> Period | None:
    """The period asked for, else the month of the newest data."""
    try:
        return periods.parse(text)
    except periods.BadPeriod:
        newest = selectors.newest_day()
        return periods.holding(newest, "month") if newest else None
