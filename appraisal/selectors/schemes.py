"""Schemes and their versions, for reading."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from agents.access import allows, holding
from agents.models import Assignment, Position, User
from appraisal.models import SchemeVersion

OPEN = (SchemeVersion.State.DRAFT, SchemeVersion.State.ASKED)


def list_current_schemes() -> QuerySet[SchemeVersion]:
    """The newest version in use of every scheme."""
    versions = SchemeVersion.objects.filter(state=SchemeVersion.State.PUBLISHED)
    newest = versions.order_by("scheme_id", "-number").distinct("scheme_id")
    return newest.select_related("scheme")


def schemes_for(kind: str, *, without: int | None = None) -> dict[str, SchemeVersion]:
    """The scheme in use for each position in a kind of cycle: position code to version.

    Where two schemes name a position, the one published last holds. Queries: 1.

    Args:
        without: a scheme to be left out, by its id.
    """
    newest = list_current_schemes().filter(~Q(scheme=without))
    chosen: dict[str, SchemeVersion] = {}
    for version in sorted(newest, key=lambda one: (one.created_at, one.pk)):
        if kind in version.cycles or kind == "custom":
            chosen |= dict.fromkeys(version.positions, version)
    return chosen


def list_versions(code: str, *, user: User | None = None) -> QuerySet[SchemeVersion]:
    """The versions of a scheme, newest first; what is not in use yet only for who works on it."""
    versions = SchemeVersion.objects.filter(scheme__code=code).order_by("-number")
    if user is not None and not sees_drafts(user):
        versions = versions.exclude(state__in=OPEN)
    people = ("edited_by__agent", "approved_by__agent", "asked_by__agent")
    return versions.select_related("scheme", *people)


def sees_drafts(user: User) -> bool:
    """Whether somebody writes schemes or approves them."""
    return allows(user, "scheme.edit") or allows(user, "scheme.publish")


def get_version(code: str, number: int | None = None) -> SchemeVersion | None:
    """A version by its number; without one the version in use, else the newest. Queries: 1."""
    versions = list(list_versions(code))
    if number is not None:
        return next((one for one in versions if one.number == number), None)
    in_use = [one for one in versions if one.state == SchemeVersion.State.PUBLISHED]
    return next(iter(in_use or versions), None)


def version_in_use(code: str) -> SchemeVersion | None:
    """The version of a scheme that runs compute by. Queries: 1."""
    return list_versions(code).filter(state=SchemeVersion.State.PUBLISHED).first()


def open_draft(code: str) -> SchemeVersion | None:
    """The version of a scheme that is being written or waits for approval. Queries: 1."""
    return list_versions(code).filter(state__in=OPEN).first()


def list_open() -> QuerySet[SchemeVersion]:
    """The versions being written or waiting for approval, of all schemes, by code. Queries: 1."""
    found = SchemeVersion.objects.filter(state__in=OPEN).order_by("scheme__code")
    return found.select_related("scheme", "edited_by__agent", "asked_by__agent")


def taken_over(version: SchemeVersion) -> list[tuple[str, str]]:
    """Positions that another scheme in use appraises in the same cycles: their and its name.

    Queries: 2.
    """
    others = list_current_schemes().exclude(scheme_id=version.scheme_id)
    found = {
        position: other.name
        for other in others
        if set(other.cycles) & set(version.cycles)
        for position in other.positions
        if position in version.positions
    }
    return list(zip(position_names(list(found)), found.values(), strict=True))


def uses_of_kpis(codes: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Address and name of the schemes in use by the KPIs of their items and conditions.

    Queries: 1.
    """
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for version in sorted(list_current_schemes(), key=lambda version: version.name):
        use = (reverse("appraisal:scheme", args=[version.scheme.code]), version.name)
        for code in _kpis_of(version.document) & codes:
            found[code].append(use)
    return dict(found)


def _kpis_of(document: dict[str, Any]) -> set[str]:
    items = document["items"]
    beside = [one for item in items for one in item.get("conditions", ())]
    return {str(one.get("kpi")) for one in [*items, *beside]}


def position_names(codes: list[str]) -> list[str]:
    """The names of positions in the order of their codes; a code nobody has on record as it is."""
    known = {one.code: one.name for one in Position.objects.filter(code__in=codes)}
    return [known.get(code, code) for code in codes]


def people_of(codes: list[str], on: date) -> int:
    """How many people hold one of these positions on a day. Queries: 1."""
    held = Assignment.objects.filter(holding(on), Q(position__code__in=codes))
    return held.aggregate(people=Count("agent_id", distinct=True))["people"]


def people_by_position(on: date) -> dict[str, int]:
    """How many people hold each position on a day; nobody holds two at once. Queries: 1."""
    held = Assignment.objects.filter(holding(on)).order_by()
    return dict(held.values_list("position__code").annotate(Count("agent_id", distinct=True)))
