"""The first page of each role: what there is to do now, and how things stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents import access
from agents.access import allows, open_to_all
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.selectors import cycles
from appraisal.selectors.coverage import coverage_of
from appraisal.selectors.holds import list_holds
from appraisal.web.pages.cycle_head import name_of, reasons, state_sentence
from appraisal.web.pages.holds import hold_rows
from feedback import selectors
from feedback.web import own, teams
from feedback.web.decisions import decisions_of

# Whose home somebody with several roles sees: what one does for others first.
_ORDER = (
    "hr",
    "manager",
    "supervisor",
    "team_leader",
    "administrator",
    "reviewer",
    "assessor",
    "agent",
)


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead those who are not logged in to the log-in, and everybody else to their own page."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    person: AuthenticatedRequest = request  # type: ignore[assignment]  # it is logged in
    roles = access.roles_of(person.user)
    role = next((one for one in _ORDER if one in roles), "")
    serve = _PAGES.get(role, _other)
    return serve(person, local_today(timezone.now()))


def _hr(request: AuthenticatedRequest, today: date) -> HttpResponse:
    steps = selectors.get_first_steps(today)
    if not steps.is_done:
        return render(request, "feedback/first_steps.html", {"steps": steps})
    newest = cycles.newest_cycle()
    others = [cycle for cycle in cycles.list_open() if newest and cycle.pk != newest.pk]
    rows = cycles.list_cycle_rows(user=request.user, on=today, cycles=others)
    context = {
        "others": [(one.cycle, name_of(one.cycle), state_sentence(one)) for one in rows],
        "decisions": decisions_of(request.user),
        "imports": selectors.list_recent_imports(),
        "jobs": selectors.count_jobs(),
    }
    if newest is not None:
        row = cycles.get_cycle_row(cycle=newest, user=request.user, on=today)
        strips = coverage_of(newest.period, today=today)
        context |= {
            "row": row,
            "name": name_of(newest),
            "sentence": state_sentence(row),
            "why_not": reasons(row),
            "holds": hold_rows(newest, list_holds(row, strips), request.user),
            "newest_run": row.open_run.number if row.open_run else row.run.number if row.run else 0,
        }
    return render(request, "feedback/home_hr.html", context)


def _leading(request: AuthenticatedRequest, today: date) -> HttpResponse:
    asked = list(cycles.list_asked()) if allows(request.user, "cycle.publish") else []
    context = {
        "asked": [(one, name_of(one.run.cycle)) for one in asked],
        "decisions": decisions_of(request.user),
        **teams.led_page(request.user, today),
        "newest": own.newest_line(request.user, today),
    }
    return render(request, "feedback/home_led.html", context)


def _agent(request: AuthenticatedRequest, today: date) -> HttpResponse:
    return render(request, "feedback/home_agent.html", own.own_page(request.user, today))


def _other(request: AuthenticatedRequest, today: date) -> HttpResponse:
    """Say what administrators, reviewers and assessors do here; they see no scores."""
    roles = access.roles_of(request.user)
    context = {
        "roles": roles,
        "is_administrator": "administrator" in roles,
        "is_reviewer": "reviewer" in roles,
        "jobs": selectors.count_jobs() if allows(request.user, "job.read") else None,
        "users": selectors.count_users() if allows(request.user, "users.read") else None,
        "newest": own.newest_line(request.user, today),
    }
    return render(request, "feedback/home_other.html", context)


_PAGES: dict[str, Callable[[AuthenticatedRequest, date], HttpResponse]] = {
    "hr": _hr,
    "manager": _leading,
    "supervisor": _leading,
    "team_leader": _leading,
    "agent": _agent,
}
