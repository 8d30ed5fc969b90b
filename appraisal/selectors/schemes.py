"""Schemes and their versions, for reading."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from agents.access import holding
from agents.models import Assignment, Position
from appraisal.models import SchemeVersion


def list_current_schemes() -> QuerySet[SchemeVersion]:
    """The newest version in use of every scheme."""
    versions = SchemeVersion.objects.filter(state=SchemeVersion.State.PUBLISHED)
    newest = versions.order_by("scheme_id", "-number").distinct("scheme_id")
    return newest.select_related("scheme")


def list_versions(code: str) -> QuerySet[SchemeVersion]:
    """The versions of a scheme, newest first."""
    versions = SchemeVersion.objects.filter(scheme__code=code).order_by("-number")
    return versions.select_related("scheme", "edited_by__agent", "approved_by__agent")


def uses_of_kpis(codes: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Address and name of the schemes in use by the KPIs of their items. Queries: 1."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for version in sorted(list_current_schemes(), key=lambda version: version.name):
        use = (reverse("appraisal:scheme", args=[version.scheme.code]), version.name)
        for code in {str(item.get("kpi")) for item in version.document["items"]} & codes:
            found[code].append(use)
    return dict(found)


def position_names(codes: list[str]) -> list[str]:
    """The names of positions in the order of their codes; a code nobody has on record as it is."""
    known = {one.code: one.name for one in Position.objects.filter(code__in=codes)}
    return [known.get(code, code) for code in codes]


def people_of(codes: list[str], on: date) -> int:
    """How many people hold one of these positions on a day. Queries: 1."""
    held = Assignment.objects.filter(holding(on), Q(position__code__in=codes))
    return held.aggregate(people=Count("agent_id", distinct=True))["people"]
