"""Files taken in: uploaded, recognised, tried, confirmed, imported, undone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Agent
from kpi import selectors
from kpi.intake.mapping.reading import BadMapping, check_columns, read_mapping
from kpi.intake.reading.table import FileRefused
from kpi.intake.recognising import Recognition
from kpi.models import ImportBatch, Source
from kpi.models.imports import Kind
from kpi.services import corrections, import_jobs, imports
from kpi.web import batches
from kpi.web.forms import BatchFilter, MappingForm, PersonForm, UploadForm
from kpi.web.work import work_of

PAGE_SIZE = 30
REFUSED = 422
# More rows than these are checked by the worker, while they are imported.
MOST_TRIED_ROWS = 50_000
State = ImportBatch.State
_WAITING = frozenset({State.UPLOADED, State.REFUSED})
_UNDER_WAY = frozenset({State.QUEUED, State.RUNNING})
# What stands in the field where nothing is recognised: the shape, to be filled in.
_STARTER = """\
kind: contacts
fields:
  external_id:
  started_at: {column: , format: "%Y-%m-%d %H:%M:%S"}
  agent:
  talk_s: {column: , as: seconds}
agents: {unknown: park}
"""
# What a spreadsheet would take for a formula when it stands first in a cell.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@requires("import.read")
@require_safe
def data(request: AuthenticatedRequest) -> HttpResponse:
    """List the imports, and take a new file."""
    return _show_list(request, UploadForm())


@requires("import.write")
@require_POST
def upload(request: AuthenticatedRequest) -> HttpResponse:
    """Take a file; what it is, is shown for confirmation."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("kind", "source", "zone", "sheet")}
        file = form.cleaned_data["file"]
        try:
            batch = import_jobs.receive_upload(
                content=file.chunks(),
                name=file.name,
                uploaded_by=request.user,
                now=timezone.now(),
                **said,
            )
            return redirect("kpi:batch", batch.pk)
        except FileRefused as error:
            form.add_error("file", imports.explain(error))
    return _show_list(request, form)


def _show_list(request: AuthenticatedRequest, form: UploadForm) -> HttpResponse:
    filters = BatchFilter(request.GET, auto_id="filter_%s")
    chosen = filters.cleaned_data if filters.is_valid() else {}
    wanted = {name: value for name, value in chosen.items() if value}
    found = _narrowed(selectors.list_batches().defer("mapping_text"), dict(wanted))
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": bool(wanted),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "sources": Source.objects.order_by("code"),
        "zones": sorted(available_timezones()),
    }
    return render(request, "kpi/data.html", context, status=REFUSED if form.errors else 200)


def _narrowed(found: QuerySet[ImportBatch], wanted: dict[str, Any]) -> QuerySet[ImportBatch]:
    """Only the batches asked for; one that also holds a kind belongs to it."""
    kind = wanted.pop("kind", "")
    if kind:
        found = found.filter(Q(kind=kind) | Q(also_kind=kind))
    return found.filter(**wanted)


@requires("import.read")
@require_safe
def batch(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Show an import: its proposal, its progress, or what became of it."""
    found = _batch_or_404(batch_id)
    if _is_under_way(found):
        return _show_progress(request, found)
    if request.htmx:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    if found.state in _WAITING or found.state in _UNDER_WAY:
        return _show_proposal(request, found, kind=request.GET.get("kind", ""))
    return _show_result(request, found, PersonForm())


def _batch_or_404(batch_id: int) -> ImportBatch:
    return get_object_or_404(selectors.list_batches(), pk=batch_id)


def _is_under_way(found: ImportBatch) -> bool:
    return found.state in _UNDER_WAY and found.job is not None and not found.job.is_over


def _show_progress(request: AuthenticatedRequest, found: ImportBatch) -> HttpResponse:
    context = {"batch": found, "work": work_of(found.job) if found.job else None}
    template = "kpi/batch_progress.html"
    return render(request, f"{template}#progress" if request.htmx else template, context)


def _show_proposal(
    request: AuthenticatedRequest,
    found: ImportBatch,
    *,
    kind: str = "",
    text: str = "",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show what the file seems to be, or why it cannot be read."""
    kind = kind if kind in Kind.values else found.kind
    context: dict[str, Any] = {
        "batch": found,
        "kind": kind,
        "kinds": Kind.choices,
        "form": MappingForm(initial={"text": text or found.mapping_text or _STARTER}),
        "corrects": _is_correction(request),
        **(extra or {}),
    }
    try:
        context |= _seen(_recognised(found, kind, text, context), text)
    except FileRefused as error:
        context["refusal"] = imports.explain(error)
    wrong = context.get("refusal") or context.get("problems")
    return render(request, "kpi/batch.html", context, status=REFUSED if wrong else 200)


def _recognised(found: ImportBatch, kind: str, text: str, context: dict[str, Any]) -> Recognition:
    """What the file is by the mapping written; by itself, where that is no mapping."""
    now = timezone.now()
    try:
        return imports.recognise_batch(batch=found, now=now, kind=kind, text=text)
    except BadMapping as error:
        context.setdefault("problems", error.problems)
        return imports.recognise_batch(batch=found, now=now, kind=kind)


def _seen(seen: Recognition, text: str) -> dict[str, Any]:
    columns = [
        (one, _(", ").join(batches.field_name(seen.kind, name) for name in one.fields))
        for one in seen.columns
    ]
    return {
        "seen": seen,
        "kind_name": batches.kind_words(seen.kind),
        "also_name": batches.kind_words(seen.also_kind),
        "columns": columns,
        "used": sum(1 for _one, fields in columns if fields),
        "preview": batches.preview_of(seen),
        "is_large": seen.table.rows > MOST_TRIED_ROWS,
        "always_corrects": read_mapping(seen.mapping_text).corrects,
        "column_names": json.dumps(list(seen.table.columns)),
        "form": MappingForm(initial={"text": text or seen.mapping_text}),
    }


@requires("import.write")
@require_POST
def batch_mapping(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Say what is wrong with a mapping, by line, without reading the file again."""
    _batch_or_404(batch_id)
    problems = _problems_of(request.POST.get("text", ""), request.POST.get("columns", ""))
    return render(request, "kpi/_problems.html", {"problems": problems, "is_checked": True})


def _problems_of(text: str, columns: str) -> tuple[Any, ...]:
    try:
        mapping = read_mapping(text)
    except BadMapping as error:
        return error.problems
    try:
        names = json.loads(columns)
        json.dumps(names, ensure_ascii=False).encode()  # half a character would not be shown
    except (ValueError, RecursionError):
        return ()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(check_columns(mapping, names, text))


@requires("import.write")
@require_POST
def batch_check(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Say what importing would do to every row; htmx gets that part alone."""
    found = _batch_or_404(batch_id)
    text = request.POST.get("text", "")
    outcome: dict[str, Any] = {}
    try:
        tried = import_jobs.try_mapping(
            batch=found, text=text, now=timezone.now(), corrects=_is_correction(request)
        )
        mapping = read_mapping(text)
        also = mapping.also.kind if mapping.also else ""
        outcome["result"] = batches.result_of_trial(tried, mapping.main.kind, also)
    except BadMapping as error:
        outcome["problems"] = error.problems
    except FileRefused as error:
        outcome["refusal"] = imports.explain(error)
    except imports.NotWaiting:
        return redirect("kpi:batch", batch_id)
    if request.htmx:
        return render(request, "kpi/_trial.html", {"batch": found, **outcome})
    return _show_proposal(request, found, text=text, extra=outcome)


def _is_correction(request: AuthenticatedRequest) -> bool:
    """Whether the person ticked that rows which say something else replace those here."""
    return "corrects" in request.POST


@requires("import.write")
@require_POST
def batch_import(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Confirm the mapping and have the file imported."""
    found = _batch_or_404(batch_id)
    text = request.POST.get("text", "")
    try:
        import_jobs.request_import(
            batch=found,
            text=text,
            confirmed_by=request.user,
            now=timezone.now(),
            corrects=_is_correction(request),
        )
    except BadMapping as error:
        return _show_proposal(request, found, text=text, extra={"problems": error.problems})
    except FileRefused as error:
        return _show_proposal(request, found, extra={"refusal": imports.explain(error)})
    except imports.NotWaiting:
        messages.info(request, _("This file was imported already."))
    return redirect("kpi:batch", batch_id)


@requires("import.write")
@require_POST
def batch_discard(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Drop a file that was never imported."""
    found = _batch_or_404(batch_id)
    try:
        if _is_under_way(found):
            raise imports.NotWaiting
        imports.discard_upload(batch=found)
    except imports.NotWaiting:
        messages.warning(request, _("It is imported already. Undo the import instead."))
        return redirect("kpi:batch", batch_id)
    messages.success(request, _("The file was dropped."))
    return redirect("kpi:imports")


@requires("import.write")
@require_http_methods(["GET", "HEAD", "POST"])
def batch_undo(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Say what undoing does, and do it once that is confirmed."""
    found = _batch_or_404(batch_id)
    if request.method != "POST":
        return render(request, "kpi/batch_undo.html", {"batch": found})
    try:
        corrections.undo_batch(batch_id=found.pk, undone_by=request.user, now=timezone.now())
    except corrections.NotImported as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Undone. The same file can be imported again."))
    return redirect("kpi:batch", batch_id)


@requires("import.write")
@require_POST
def batch_person(request: AuthenticatedRequest, batch_id: int) -> HttpResponse:
    """Say who a name in the file is, and import the rows that waited for it."""
    found = _batch_or_404(batch_id)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _show_result(request, found, form)
    agent = form.cleaned_data["agent"]
    replay = import_jobs.name_person(
        batch=found,
        called=form.cleaned_data["called"],
        agent=agent,
        named_by=request.user,
        now=timezone.now(),
    )
    if replay is None:
        messages.info(request, _("No row waits for this name any more."))
    else:
        told = {"name": agent.display_name, "rows": f"{replay.accepted:,}"}
        said = ngettext(
            "%(rows)s row is now that of %(name)s.",
            "%(rows)s rows are now those of %(name)s.",
            replay.accepted,
        )
        messages.success(request, said % told)
    return redirect("kpi:batch", batch_id)


def _show_result(
    request: AuthenticatedRequest, found: ImportBatch, form: PersonForm
) -> HttpResponse:
    context = {
        "batch": found,
        "kind_name": batches.kind_name(found.kind),
        "result": batches.result_of_batch(found),
        "parked": batches.parked_names(found),
        "replays": batches.replays_of(found),
        "form": form,
        "people": Agent.objects.order_by("name", "pk"),
    }
    return render(request, "kpi/batch_result.html", context, status=REFUSED if form.errors else 200)


@requires("import.read")
@require_safe
def batch_rejected(request: AuthenticatedRequest, batch_id: int) -> HttpResponseBase:
    """Give out the rejected rows with line, column, value and reason."""
    found = _batch_or_404(batch_id)
    response = StreamingHttpResponse(_csv(found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rejected-{found.pk}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


class _Line:
    """Gives back what a writer writes."""

    def write(self, text: str) -> str:
        return text


def _csv(found: ImportBatch) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"  # tells spreadsheets that the file is UTF-8
    for cells in batches.rejected_lines(found):
        yield writer.writerow([_safe(cell) for cell in cells])


def _safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
