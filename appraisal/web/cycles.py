"""Cycles: opened, computed, sent for approval, published, verified, exported."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents import periods
from agents.access import allows, reach_of, requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.models import Cycle, Run
from appraisal.selectors import cycles as reads
from appraisal.selectors import holds
from appraisal.selectors.coverage import coverage_of
from appraisal.selectors.guidelines import guidelines_of
from appraisal.selectors.holds import list_holds
from appraisal.selectors.scorecards import scorecards_visible_to
from appraisal.services import cycles as deeds
from appraisal.services import exports, publication, runs, verification
from appraisal.web import forms
from appraisal.web.pages.cycle_head import name_of, phases, reasons, state_sentence
from appraisal.web.pages.holds import hold_rows, may_read_notes
from appraisal.web.pages.strips import coverage
from appraisal.web.pages.terms import guided_words
from kpi.services.jobs import Refused
from kpi.web.work import work_of

REFUSED = 422
_FORMATS = ("xlsx", "csv")


@requires("cycle.read")
@require_safe
def cycles(request: AuthenticatedRequest) -> HttpResponse:
    """List the cycles; HR opens others here."""
    return _show_list(request, forms.OpenCycleForm(today=_today()))


@requires("cycle.compute")
@require_POST
def cycle_open(request: AuthenticatedRequest) -> HttpResponse:
    """Open the cycle of a period; one that is open already is shown."""
    form = forms.OpenCycleForm(request.POST, today=_today())
    if not form.is_valid():
        return _show_list(request, form)
    cycle = deeds.open_cycle(
        period=form.cleaned_data["chosen"], opened_by=request.user, now=timezone.now()
    )
    return redirect("appraisal:cycle", cycle.code)


def _show_list(request: AuthenticatedRequest, form: forms.OpenCycleForm) -> HttpResponse:
    rows = reads.list_cycle_rows(user=request.user, on=_today())
    open_codes = {row.cycle.code for row in rows}
    context = {
        "rows": [(row, name_of(row.cycle), state_sentence(row)) for row in rows],
        "form": form,
        "may_open": allows(request.user, "cycle.compute"),
        "proposed": [one for one in _proposed(_today()) if one.code not in open_codes],
    }
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/cycles.html", context, status=status)


def _proposed(today: date) -> list[periods.Period]:
    """The month that runs, and the last whole month, quarter and year."""
    last = [periods.holding(today, kind).previous() for kind in ("month", "quarter", "year")]
    return [periods.holding(today, "month"), *last]


@requires("cycle.read")
@require_safe
def cycle(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show where a cycle stands; htmx gets the run under way, and the page anew at its end."""
    found = get_object_or_404(_cycles(), code=code)
    row = reads.get_cycle_row(cycle=found, user=request.user, on=_today())
    if request.htmx:
        return _show_progress(request, row)
    earlier, later = reads.neighbours(found)
    strips = coverage_of(found.period, today=_today())
    context: dict[str, Any] = {
        "row": row,
        "name": name_of(found),
        "sentence": state_sentence(row),
        "phases": phases(row),
        "holds": hold_rows(found, list_holds(row, strips), request.user),
        "work": _work(row),
        "coverage": coverage(strips),
        "runs": list(reads.list_runs(found)),
        "versions": reads.versions_of(row.run),
        "guidelines": [guided_words(one) for one in guidelines_of(row.run)],
        "earlier": earlier,
        "later": later,
        "why_not": reasons(row),
        "note_form": forms.NoteForm(),
        **_rights(request),
    }
    context["why_not_now"] = _met(context)
    return render(request, "appraisal/cycle.html", context)


def _met(context: dict[str, Any]) -> str:
    """The reason why the reader cannot press a button of theirs; the first one."""
    deeds_met = [("may_compute", "compute"), ("may_ask", "ask"), ("may_publish", "publish")]
    if context["row"].cycle.published_run_id:  # nothing is left to send or to publish
        deeds_met = deeds_met[:1]
    found = [getattr(context["why_not"], name) for may, name in deeds_met if context[may]]
    return next((reason for reason in found if reason), "")


def _show_progress(request: AuthenticatedRequest, row: reads.CycleRow) -> HttpResponse:
    context = {"row": row, "work": _work(row)}
    response = render(request, "appraisal/cycle.html#progress", context)
    if row.open_run is None:
        response.headers["HX-Refresh"] = "true"
    return response


def _work(row: reads.CycleRow) -> object:
    job = row.open_run.job if row.open_run else None
    return work_of(job) if job else None


def _rights(request: AuthenticatedRequest) -> dict[str, bool]:
    deeds_allowed = {
        "may_compute": "cycle.compute",
        "may_ask": "cycle.ask",
        "may_publish": "cycle.publish",
        "may_export": "export.write",
        "may_read_pay": "pay.read",
        "may_import": "import.write",
        "may_list": "board.read",
        "may_read_targets": "target.read",
        "may_see_imports": "import.read",
    }
    allowed = {name: allows(request.user, action) for name, action in deeds_allowed.items()}
    return allowed | {"may_read_notes": may_read_notes(request.user)}


@requires("cycle.compute")
@require_POST
def cycle_compute(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Ask for a run. Pressed twice on the same page, the run asked for first is shown."""
    found = get_object_or_404(_cycles(), code=code)
    newest = found.runs.order_by("-number").first()
    seen = request.POST.get("after", "")
    # A page can have shown no number longer than that of the newest run.
    known = seen.isdecimal() and len(seen) <= len(str(newest.number)) if newest else False
    if newest is not None and known and int(seen) < newest.number:
        messages.info(
            request, _("Run %(number)s was asked for already.") % {"number": newest.number}
        )
        return redirect("appraisal:cycle", code)
    try:
        run = runs.request_run(cycle=found, asked_by=request.user, now=timezone.now())
    except (runs.AlreadyComputing, runs.AlreadyPublished) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Run %(number)s is asked for.") % {"number": run.number})
    return redirect("appraisal:cycle", code)


@requires("cycle.ask")
@require_POST
def cycle_ask(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send the newest run to the manager."""
    found = get_object_or_404(_cycles(), code=code)
    form = forms.NoteForm(request.POST)
    if found.current_run is None:
        messages.warning(request, _("There is nothing to send: compute the cycle first."))
    elif not form.is_valid():
        messages.warning(request, _("The note has more than 500 characters; shorten it."))
    else:
        _ask(request, found.current_run, form.cleaned_data["note"])
    return redirect("appraisal:cycle", code)


def _ask(request: AuthenticatedRequest, run: Run, note: str) -> None:
    try:
        publication.ask_publication(run=run, asked_by=request.user, note=note, now=timezone.now())
    except (publication.NotAllowed, publication.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Sent. A manager publishes it or sends it back."))


@requires("cycle.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def cycle_publish(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Say what publishing does, and do it once that is confirmed."""
    found = get_object_or_404(_cycles(), code=code)
    row = reads.get_cycle_row(cycle=found, user=request.user, on=_today())
    if request.method == "POST":
        return _publish(request, row)
    return _show_decision(request, row, forms.ReasonForm())


@requires("cycle.publish")
@require_POST
def cycle_return(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send a run back to HR with a reason."""
    found = get_object_or_404(_cycles(), code=code)
    row = reads.get_cycle_row(cycle=found, user=request.user, on=_today())
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _show_decision(request, row, form)
    asked = row.publication
    try:
        if asked is None:
            raise publication.NotReady(_("HR has not sent it for approval."))
        publication.return_to_hr(
            publication=asked,
            decided_by=request.user,
            answer=form.cleaned_data["answer"],
            now=timezone.now(),
        )
    except (publication.NotAllowed, publication.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Sent back to HR."))
    return redirect("appraisal:cycle", code)


def _publish(request: AuthenticatedRequest, row: reads.CycleRow) -> HttpResponse:
    asked = row.publication
    try:
        if asked is None:
            raise publication.NotReady(_("HR has not sent it for approval."))
        publication.publish(publication=asked, decided_by=request.user, now=timezone.now())
    except (publication.NotAllowed, publication.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Published. Agents see their scorecards now."))
    return redirect("appraisal:cycle", row.cycle.code)


def _show_decision(
    request: AuthenticatedRequest, row: reads.CycleRow, form: forms.ReasonForm
) -> HttpResponse:
    strips = coverage_of(row.cycle.period, today=_today())
    still_open = [one for one in list_holds(row, strips) if one.code != holds.APPROVAL]
    context = {
        "row": row,
        "name": name_of(row.cycle),
        "form": form,
        "why_not": reasons(row).publish,
        "holds": hold_rows(row.cycle, still_open, request.user),
    }
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/cycle_publish.html", context, status=status)


@requires("export.write")
@require_POST
def cycle_verify(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Compute the cycle's run once more from what it pinned, and say whether it is the same."""
    found = get_object_or_404(_cycles(), code=code)
    try:
        verdict = verification.verify_cycle(found)
    except (verification.NothingToVerify, Refused) as error:
        messages.warning(request, str(error))
        return redirect("appraisal:cycle", code)
    number = {"number": verdict.run.number}
    if verdict.is_same:
        messages.success(request, _("Run %(number)s comes out the same, digit for digit.") % number)
    else:
        messages.error(
            request,
            _("Run %(number)s comes out differently. Tell whoever runs the system.") % number,
        )
    return redirect("appraisal:cycle", code)


@requires("export.write")
@require_safe
def cycle_export(request: AuthenticatedRequest, code: str) -> HttpResponseBase:
    """Give out the results of the people one may see, as a workbook or as CSV."""
    found = get_object_or_404(_cycles(), code=code)
    ending = request.GET.get("format", "xlsx")
    if ending not in _FORMATS:
        raise Http404
    try:
        run = exports.result_run(found, draft=request.GET.get("draft") == "1")
    except exports.NothingToExport as error:
        messages.warning(request, str(error))
        return redirect("appraisal:cycle", code)
    return _export(request, run, f"{code}.{ending}", lines="lines" in request.GET)


def _export(request: AuthenticatedRequest, run: Run, name: str, *, lines: bool) -> FileResponse:
    """Write the file in a passing folder; once open, it outlives the folder's removal."""
    cards = scorecards_visible_to(request.user, _today())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        own_id = None if reach_of(request.user) == "all" else request.user.agent_id
        exports.export_results(run, path, cards=cards, unranked_id=own_id)
        if lines and path.suffix == ".csv":
            path = path.with_stem(f"{path.stem}-lines")
        response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires("cycle.read")
@require_safe
def run(request: AuthenticatedRequest, run_id: int) -> HttpResponse:
    """Lead from a run, such as a job names it, to its cycle."""
    found = get_object_or_404(Run.objects.select_related("cycle"), pk=run_id)
    return redirect("appraisal:cycle", found.cycle.code)


def _cycles() -> QuerySet[Cycle]:
    return Cycle.objects.select_related("current_run", "published_run", "opened_by__agent")


def _today() -> date:
    return local_today(timezone.now())
