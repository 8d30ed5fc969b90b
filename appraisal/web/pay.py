"""The pay of a month: the proposal, a person's statement, and the rows behind each line."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents.access import allows, requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.models import Cycle, PayStatement, Run
from appraisal.pay.figures import Measure
from appraisal.pay.plan import Line, Plan, parse_plan
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors import card as cards
from appraisal.selectors import pay as reads
from appraisal.selectors.cycles import standing_run
from appraisal.services import pay, pay_exports, pins
from appraisal.web.pages import pay as pages
from appraisal.web.pages import rows
from appraisal.web.pages.address import Asked
from appraisal.web.pages.cycle_head import name_of
from appraisal.web.pages.grades import grade_name, joined, language
from kpi import evidence
from kpi.formula import compile_formula
from kpi.frames import Window
from kpi.models import KPIVersion
from kpi.web.work import work_of

PAGE_SIZE = 100
_SCOPES = frozenset({"own", "team", "led", "centre"})
_FORMATS = ("xlsx", "csv")


@requires("pay.read")
@require_safe
def proposal(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show what the plans propose for a month; htmx gets the work under way, then the page anew."""
    cycle = _cycle_or_404(code)
    run = standing_run(cycle)
    job = pay.open_job(run) if run else None
    if request.htmx:
        response = render(request, "appraisal/pay.html#progress", {"cycle": cycle, **_work(job)})
        if job is None:
            response.headers["HX-Refresh"] = "true"
        return response
    found = reads.proposal_of(cycle)
    context: dict[str, Any] = {
        "cycle": cycle,
        "name": name_of(cycle),
        "run": run,
        "proposal": found,
        "plans": reads.list_plans(),
        "may_compute": allows(request.user, "pay.edit"),
        **_work(job),
    }
    if found is not None:
        context |= _listing(request, found)
    return render(request, "appraisal/pay.html", context)


def _work(job: Any) -> dict[str, Any]:
    return {"work": work_of(job) if job else None}


def _listing(request: AuthenticatedRequest, found: Any) -> dict[str, Any]:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    everybody = reads.list_statements(found, user=request.user, on=_today())
    listed = reads.list_statements(found, user=request.user, on=_today(), text=text)
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "text": text,
        "page": page,
        "rows": [_row(one) for one in page],
        "sums": reads.sums_of(everybody),
    }


def _row(statement: PayStatement) -> dict[str, Any]:
    card = statement.scorecard
    scheme = parse_scheme(card.scheme_version.document)
    return {
        "statement": statement,
        "card": card,
        "grade": grade_name(scheme, card.grade),
        "net": pages.net_text(statement),
        "is_below": statement.net is not None and statement.net < 0,
    }


@requires("pay.edit")
@require_POST
def compute(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Ask for the proposal of the run that a cycle shows."""
    cycle = _cycle_or_404(code)
    run = standing_run(cycle)
    if run is None:
        messages.warning(request, _("Compute the cycle first."))
        return redirect("appraisal:pay", code)
    try:
        pay.request_pay(run=run, asked_by=request.user, now=timezone.now())
    except pay.NotReady as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, _("The pay of run %(number)s is asked for.") % {"number": run.number}
        )
    return redirect("appraisal:pay", code)


@requires("pay.read")
@require_POST
def verify(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Work the proposal out once more and say whether it is the same."""
    found = reads.proposal_of(_cycle_or_404(code))
    if found is None:
        messages.warning(request, _("There is no proposal yet."))
    elif pay.verify_pay(found).is_same:
        messages.success(request, _("The pay comes out the same, cent for cent."))
    else:
        messages.error(request, _("The pay comes out differently. Tell whoever runs the system."))
    return redirect("appraisal:pay", code)


@requires("pay.read")
@require_safe
def export(request: AuthenticatedRequest, code: str) -> HttpResponseBase:
    """Give out the statements that one may see, as a workbook or as CSV."""
    found = reads.proposal_of(_cycle_or_404(code))
    ending = request.GET.get("format", "xlsx")
    if ending not in _FORMATS:
        raise Http404
    if found is None:
        messages.warning(request, _("There is no proposal yet."))
        return redirect("appraisal:pay", code)
    seen = reads.statements_visible_to(request.user, _today())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pay-{code}.{ending}"
        pay_exports.export_pay(found, path, statements=seen)
        if "lines" in request.GET and path.suffix == ".csv":
            path = path.with_stem(f"{path.stem}-lines")
        response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires("pay.read")
@require_safe
def pay_run(request: AuthenticatedRequest, run_id: int) -> HttpResponse:
    """Lead from a run, such as a job names it, to the pay of its cycle."""
    found = get_object_or_404(Run.objects.select_related("cycle"), pk=run_id)
    return redirect("appraisal:pay", found.cycle.code)


@requires("self")
@require_safe
def own_pay(request: AuthenticatedRequest) -> HttpResponse:
    """Lead a person to the own newest statement."""
    newest = reads.newest_own(request.user.agent_id)
    if newest is None:
        return render(request, "appraisal/no_pay.html")
    return redirect("appraisal:pay_statement", newest.proposal.run.cycle.code, newest.agent_id)


@requires("pay.statement")
@require_safe
def statement(request: AuthenticatedRequest, code: str, agent_id: int) -> HttpResponse:
    """Show a person's statement, every line in words."""
    found = _statement_or_404(request, code, agent_id)
    plan = parse_plan(found.plan_version.document)
    speaker = pages.speaker_of(plan, found.scorecard.scheme_version)
    context = {
        **_head(request, found, plan),
        "groups": pages.statement_groups(speaker, found.lines.order_by("order")),
        "net": pages.net_text(found),
    }
    return render(request, "appraisal/pay_statement.html", context)


@requires("pay.statement")
@require_safe
def line(request: AuthenticatedRequest, code: str, agent_id: int, line: str) -> HttpResponse:
    """Explain one line and list the rows behind it; htmx gets the part without the page."""
    found = _statement_or_404(request, code, agent_id)
    plan = parse_plan(found.plan_version.document)
    stored = found.lines.filter(line=line).first()
    told = next((one for one in plan.lines if one.code == line), None)
    if stored is None or told is None:
        raise Http404
    speaker = pages.speaker_of(plan, found.scorecard.scheme_version)
    context = {
        **_head(request, found, plan),
        "line": pages.statement_line(speaker, told, stored),
        "rule": joined(speaker.rule(told)),
        "told": {"line": {"item": line, "url": request.path}},
        "tables": _tables(request, found, told),
        "may_exclude": False,
        "is_glance": False,
    }
    template = "appraisal/pay_line.html"
    return render(request, f"{template}#opened" if request.htmx else template, context)


def _head(request: AuthenticatedRequest, found: PayStatement, plan: Plan) -> dict[str, Any]:
    cycle = found.proposal.run.cycle
    return {
        "statement": found,
        "card": found.scorecard,
        "cycle": cycle,
        "name": name_of(cycle),
        "plan": plan,
        "currency": plan.currency.in_language(language()),
        "plan_url": reverse("appraisal:pay_plan", args=[plan.code])
        + f"?version={found.plan_version.number}",
        "is_published": found.proposal.is_sealed,
        "may_read": allows(request.user, "pay.read"),
        "is_own": found.agent_id == request.user.agent_id,
    }


def _tables(
    request: AuthenticatedRequest, found: PayStatement, told: Line
) -> list[tuple[str, rows.Table]]:
    """The kinds of rows behind a line, each once, with the condition that they are behind."""
    run, card = found.proposal.run, found.scorecard
    window = Window(
        run.cycle.period, run.watermark or 0, frozenset(run.parameters.get("imported", ()))
    )
    led = [span for span in pins.led_of(run.parameters) if span.leader_id == found.agent_id]
    return [
        (
            name,
            rows.table_of(
                part,
                evidence.rows_of(
                    part, window=window, agent_id=found.agent_id, team_id=card.team_id, led=led
                ),
                number=number,
                window=window,
                is_open=cards.may_see_rows_of(
                    request.user,
                    part.scope,
                    team_ids=(
                        {span.team_id for span in led} if part.scope == "led" else {card.team_id}
                    ),
                    on=_today(),
                ),
                asked=Asked(request.path, request.GET),
            ),
        )
        for number, (part, name) in enumerate(_named_parts(found, told, window).items())
    ]


def _named_parts(found: PayStatement, told: Line, window: Window) -> dict[evidence.Part, str]:
    """What a line rests on, each kind of rows with the names of the conditions it is behind."""
    named: dict[evidence.Part, list[str]] = {}
    for name, measure in told.evidence():
        for part in _parts(measure, found.proposal.parameters, window):
            if part.scope in _SCOPES:
                shown = "" if name is None else name.in_language(language())
                named.setdefault(part, []).append(shown)
    return {part: _capital(_(", ").join(dict.fromkeys(names))) for part, names in named.items()}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _parts(measure: Measure, pinned: Any, window: Window) -> tuple[evidence.Part, ...]:
    if measure.person:
        return ()
    formula, anchor = measure.formula, "day"
    if measure.kpi:
        version = KPIVersion.objects.get(pk=pinned["kpis"][measure.kpi])
        formula, anchor = version.formula, version.anchor
    return evidence.parts_of(compile_formula(formula), anchor=anchor, imported=window.imported)


def _statement_or_404(request: AuthenticatedRequest, code: str, agent_id: int) -> PayStatement:
    try:
        return reads.get_statement(user=request.user, agent_id=agent_id, code=code, on=_today())
    except PayStatement.DoesNotExist as error:
        raise Http404 from error


def _cycle_or_404(code: str) -> Cycle:
    cycles = Cycle.objects.select_related("current_run", "published_run")
    return get_object_or_404(cycles, code=code, kind=Cycle.Kind.MONTH)


def _today() -> date:
    return local_today(timezone.now())
