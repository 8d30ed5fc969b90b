"""Schemes, for reading: what is measured, what it weighs, how points come about."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.access import requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.models import Cycle, SchemeVersion
from appraisal.scoring.reading import SchemeError
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors import schemes as reads
from appraisal.web.pages.grades import grade_step, language
from appraisal.web.pages.rules import cap_words, group_rows, weight_places
from appraisal.web.scheme_ways import may
from kpi.selectors import list_current_versions


@requires("scheme.read")
@require_safe
def schemes(request: AuthenticatedRequest) -> HttpResponse:
    """List the schemes in use."""
    current = list(reads.list_current_schemes())
    codes = sorted({code for version in current for code in version.positions})
    names = dict(zip(codes, reads.position_names(codes), strict=True))
    people = reads.people_by_position(local_today(timezone.now()))
    rows = [
        {
            "version": version,
            "positions": [names[code] for code in version.positions],
            "cycles": _cycle_names(version),
            "items": len(version.document["items"]),
            "people": sum(people.get(code, 0) for code in version.positions),
        }
        for version in current
    ]
    opened = list(reads.list_open()) if reads.sees_drafts(request.user) else []
    context = {"rows": rows, "opened": opened, **may(request)}
    return render(request, "appraisal/schemes.html", context)


@requires("scheme.read")
@require_safe
def scheme(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show one version of a scheme, the newest in use unless another is asked for."""
    versions = list(reads.list_versions(code, user=request.user))
    version = _chosen(versions, request.GET.get("version", ""))
    try:
        parsed = parse_scheme(version.document)
    except SchemeError:  # a draft that is not ready to be read
        return _show_unready(request, version)
    kpis = {one.kpi.code: one for one in list_current_versions()}
    tag = language()
    grades = [
        (grade.at, grade.name.in_language(tag), grade_step(parsed, grade.code))
        for grade in parsed.grades
    ]
    groups = group_rows(parsed, kpis)
    context = {
        "version": version,
        "versions": versions,
        "scheme": parsed,
        "description": parsed.description.in_language(tag),
        "groups": groups,
        "places": weight_places(row.weight for group in groups for row in group.items),
        "grades": grades,
        "caps": cap_words(parsed),
        "positions": reads.position_names(version.positions),
        "cycles": _cycle_names(version),
        "people": reads.people_of(version.positions, local_today(timezone.now())),
        "open_version": next((one for one in versions if one.is_open), None),
        **may(request),
    }
    return render(request, "appraisal/scheme.html", context)


def _show_unready(request: AuthenticatedRequest, version: SchemeVersion) -> HttpResponse:
    """A faulty draft cannot be shown as a scheme: HR goes on with it, others learn so."""
    if may(request)["may_edit"]:
        return redirect("appraisal:scheme_draft", version.scheme.code)
    return render(request, "appraisal/scheme_unready.html", {"version": version})


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
