"""The simulator: other figures on a draft, and what a past cycle would have come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from appraisal.cycle_names import long_name
from appraisal.models import Cycle, Run, SchemeVersion
from appraisal.scoring.reading import SchemeError
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.selectors import schemes as reads
from appraisal.services import drafts, pay_costs, scores, simulating
from appraisal.simulation import tally
from appraisal.staff import CircularScores
from appraisal.web.pages import simulated
from appraisal.web.pages.grades import language
from appraisal.web.pages.problems import mends
from appraisal.web.pages.scheme_editor import KPIs, weight_sum
from appraisal.web.scheme_changes import Document
from appraisal.web.scheme_merge import STOOD, Clash
from kpi.selectors import list_current_versions

SHOWN = 60
"""People in the table at first; all of them when asked for."""


@requires("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def simulate(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show what a draft, with the figures one tries out, would have made of a past cycle."""
    version = reads.open_draft(code)
    if version is None:
        raise Http404
    kpis = {one.kpi.code: one for one in list_current_versions()}
    data = request.POST if request.method == "POST" else request.GET
    document = simulated.tried(version.document, data, kpis)
    if request.method == "POST" and data.get("do") == "keep":
        return _keep(request, version, data, kpis)
    cycle, cycles = _cycle(data.get("cycle", ""), version)
    total = weight_sum(document)
    context: dict[str, Any] = {
        "version": version,
        "cycle": cycle,
        "cycles": [(one.code, long_name(one.period)) for one in cycles],
        "items": simulated.tried_items(document, kpis),
        "grades": simulated.tried_grades(document),
        "stood": data.get(STOOD) or simulated.stood(version.document, kpis),
        "weight_sum": total,
        "is_hundred": total == 100,
        "is_draft": version.state == SchemeVersion.State.DRAFT,
    }
    context |= _outcome(request, version, document, cycle, data)
    return render(request, "appraisal/scheme_simulate.html", context)


def _keep(
    request: AuthenticatedRequest, version: SchemeVersion, data: QueryDict, kpis: KPIs
) -> HttpResponse:
    """Take the figures over into the draft."""
    clashes: list[Clash] = []

    def change(document: Document) -> Document:
        document, found = simulated.kept(document, data, kpis)
        clashes.extend(found)
        return document

    try:
        drafts.save_draft(
            version=version,
            change=change,
            edited_by=request.user,
            now=timezone.now(),
        )
    except (drafts.NotADraft, drafts.NotAllowed) as error:
        messages.warning(request, str(error))
        return redirect("appraisal:scheme", version.scheme.code)
    for clash in clashes:
        messages.warning(request, clash.words)
    if not clashes:
        messages.success(request, _("The figures are in the draft."))
    return redirect("appraisal:scheme_draft", version.scheme.code)


def _cycle(code: str, version: SchemeVersion) -> tuple[Cycle | None, list[Cycle]]:
    """The cycle asked for, else the newest that is over and of a kind the draft is for."""
    cycles = [one for one in simulating.list_cycles() if simulating.run_of(one) is not None]
    fitting = [one for one in cycles if one.kind in version.cycles] or cycles
    settled = [one for one in fitting if one.published_run_id] or fitting
    chosen = next((one for one in cycles if one.code == code), None)
    return chosen or (settled[0] if settled else None), fitting


def _outcome(
    request: AuthenticatedRequest,
    version: SchemeVersion,
    document: Document,
    cycle: Cycle | None,
    data: QueryDict,
) -> dict[str, Any]:
    try:
        scheme = parse_scheme(document)
    except SchemeError as error:
        return {"mends": mends(error.problems, document)}
    run = simulating.run_of(cycle) if cycle else None
    if run is None:
        return {}
    try:
        return {"run": run} | _shown(request, run, version, scheme, data)
    except simulating.UnknownKPI as error:
        return {"unknown_kpi": str(error)}
    except CircularScores as error:
        return {"circle": scores.circle_message(error.circle)}


def _shown(
    request: AuthenticatedRequest,
    run: Run,
    version: SchemeVersion,
    scheme: Scheme,
    data: QueryDict,
) -> dict[str, Any]:
    basis, outcome = simulating.run_draft(run, version, scheme)
    scored_by = simulating.scheme_in(basis.run, scheme)
    people = outcome.people
    if run.published_at is None:
        # Nobody learns the own result before it is published, by this way neither.
        people = people[people["agent_id"] != (request.user.agent_id or 0)]
    wanted = data.get("order") or data.get("sort", "")
    sort = wanted if wanted in simulated.SORTS else simulated.SORTS[0]
    agents = simulated.agents_by_id(int(pk) for pk in people["agent_id"])
    ordered = simulated.sorted_people(people, sort, agents)
    shown = ordered if data.get("all") else ordered.head(SHOWN)
    found = tally(people)
    heads, rows, after = simulated.matrix(found, [scheme, *basis.schemes.values()])
    cost = _cost(request, run, people)
    return {
        "tally": found,
        "is_of_months": scored_by is not scheme,
        "cost": cost,
        "cost_currency": cost.currency.in_language(language()) if cost else "",
        "mean_before": _decimal(found.mean_before),
        "mean_after": _decimal(found.mean_after),
        "mean_change": _change(found.mean_before, found.mean_after),
        "largest": _decimal(found.largest),
        "pay_cost": pay_costs.cost_of(
            run, dict(zip(people["agent_id"], people["grade_after"], strict=True))
        ),
        "changed_grade": found.grade_up + found.grade_down,
        "without_grade": [
            sum(count for pair, count in found.counts.items() if not pair[side]) for side in (0, 1)
        ],
        "heads": heads,
        "matrix": rows,
        "after": after,
        "rows": simulated.moved_rows(outcome, shown, basis, agents=agents),
        "sort": sort,
        "left": len(ordered) - len(shown),
        "shows_all": bool(data.get("all")),
    }


def _cost(request: AuthenticatedRequest, run: Run, people: pd.DataFrame) -> pay_costs.Cost | None:
    """What the grades after would cost, where the month's pay is worked out. Queries: 1 or 4."""
    if not allows(request.user, "pay.read"):
        return None
    grades = dict(zip(people["agent_id"].tolist(), people["grade_after"].tolist(), strict=True))
    return pay_costs.cost_of(run, grades)


def _decimal(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def _change(before: int | None, after: int | None) -> Decimal | None:
    return None if before is None or after is None else _decimal(after - before)
