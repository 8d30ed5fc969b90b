"""Files to start from: a page that lists them, and each as CSV or XLSX."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.access import requires
from agents.http import AuthenticatedRequest
from kpi.intake import templates as files
from kpi.intake.shipped_templates import SHIPPED, TEMPLATES
from kpi.web.pages import language

_ENDINGS = {
    "csv": (files.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        files.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@requires("import.write")
@require_safe
def templates(request: AuthenticatedRequest) -> HttpResponse:
    """List the templates with what each is for."""
    spoken = language()
    shown = [
        {
            "code": one.code,
            "name": one.name(spoken),
            "about": one.about(spoken),
            "columns": len(one.columns),
            "needed": [name for name in one.columns if files.is_needed(one.kind, name)],
        }
        for one in SHIPPED
    ]
    return render(request, "kpi/templates.html", {"templates": shown})


@requires("import.write")
@require_safe
def template_file(request: AuthenticatedRequest, code: str, ending: str) -> HttpResponse:
    """Give out one template."""
    template = TEMPLATES.get(code)
    if template is None or ending not in _ENDINGS:
        raise Http404
    write, content_type = _ENDINGS[ending]
    response = HttpResponse(write(template), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.{ending}"'
    return response
