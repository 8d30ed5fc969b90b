"""Schemes, for reading: what is measured, what it weighs, how points come about."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.access import requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.models import Cycle, SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors import schemes as reads
from appraisal.web.pages.grades import grade_step, language
from appraisal.web.pages.rules import cap_words, group_rows
from kpi.selectors import list_current_versions


@requires("scheme.read")
@require_safe
def schemes(request: AuthenticatedRequest) -> HttpResponse:
    """List the schemes in use."""
    today = local_today(timezone.now())
    rows = [
        {
            "version": version,
            "positions": reads.position_names(version.positions),
            "cycles": _cycle_names(version),
            "items": len(version.document["items"]),
            "people": reads.people_of(version.positions, today),
        }
        for version in reads.list_current_schemes()
    ]
    return render(request, "appraisal/schemes.html", {"rows": rows})


@requires("scheme.read")
@require_safe
def scheme(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show one version of a scheme, the newest in use unless another is asked for."""
    versions = list(reads.list_versions(code))
    version = _chosen(versions, request.GET.get("version", ""))
    parsed = parse_scheme(version.document)
    kpis = {one.kpi.code: one for one in list_current_versions()}
    tag = language()
    grades = [
        (grade.at, grade.name.in_language(tag), grade_step(parsed, grade.code))
        for grade in parsed.grades
    ]
    context = {
        "version": version,
        "versions": versions,
        "scheme": parsed,
        "description": parsed.description.in_language(tag),
        "groups": group_rows(parsed, kpis),
        "grades": grades,
        "caps": cap_words(parsed),
        "positions": reads.position_names(version.positions),
        "cycles": _cycle_names(version),
        "people": reads.people_of(version.positions, local_today(timezone.now())),
    }
    return render(request, "appraisal/scheme.html", context)


def _chosen(versions: list[SchemeVersion], number: str) -> SchemeVersion:
    if number:
        found = [one for one in versions if str(one.number) == number]
    else:
        in_use = [one for one in versions if one.state == SchemeVersion.State.PUBLISHED]
        found = in_use or versions
    if not found:
        raise Http404
    return found[0]


def _cycle_names(version: SchemeVersion) -> list[str]:
    return [str(Cycle.Kind(kind).label) for kind in version.cycles]
