"""Jobs: their health, and how far one is."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agents import access
from agents.access import requires
from agents.http import AuthenticatedRequest
from kpi import selectors
from kpi.models import Job
from kpi.web.work import works_of

PAGE_SIZE = 50


@requires("job.read")
@require_safe
def jobs(request: AuthenticatedRequest) -> HttpResponse:
    """List the work, newest first, with how much is waiting and how much has failed."""
    counted = Job.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = dict(counted)
    page = Paginator(selectors.list_jobs(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "works": works_of(page),
        "counts": [(label, counts.get(state, 0), state) for state, label in Job.State.choices],
        "oldest": Job.objects.filter(state=Job.State.OWED).order_by("asked_at").first(),
    }
    return render(request, "kpi/jobs.html", context)


@requires("job.read")
@require_safe
def job(request: AuthenticatedRequest, job_id: int) -> HttpResponse:
    """Show how far a job is; htmx gets the part that changes, and the page anew at the end."""
    found = get_object_or_404(selectors.list_jobs(), pk=job_id)
    template = "kpi/job.html#progress" if request.htmx else "kpi/job.html"
    (work,) = works_of([found])
    opens = work.url if work.url and access.allows(request.user, work.reads) else ""
    response = render(request, template, {"work": work, "opens": opens})
    if request.htmx and found.is_over:
        response.headers["HX-Refresh"] = "true"
    return response
