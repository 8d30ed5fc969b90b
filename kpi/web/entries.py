"""Records entered on a page: listed, entered, corrected, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Agent
from kpi.formula.fields import code_label
from kpi.models import FACT_MODELS, Fact, FactRevision
from kpi.services import entries as service
from kpi.web.batches import field_name
from kpi.web.entry_form import EntryForm, initial_of
from kpi.web.forms import find_person
from kpi.web.pages import language
from kpi.web.sheets import SHEETS, Sheet

PAGE_SIZE = 30
REFUSED = 422


@dataclass(frozen=True)
class Row:
    """An entry in the list: who wrote it and when; ``closed`` says what became of it."""

    fact: Fact
    who: str
    cells: list[str]
    made: FactRevision | None
    closed: str


@requires("fact.enter")
@require_safe
def entries(request: AuthenticatedRequest) -> HttpResponse:
    """Go to the first kind of records."""
    return redirect("kpi:entry_sheet", next(iter(SHEETS)))


@requires("fact.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def entry_sheet(request: AuthenticatedRequest, sheet: str) -> HttpResponse:
    """List the records of a kind, and enter another one."""
    chosen = _sheet_or_404(sheet)
    if request.method != "POST":
        return _show(request, chosen, EntryForm(chosen, initial=_kept(request)))
    form = EntryForm(chosen, request.POST)
    if form.is_valid():
        try:
            fact = service.enter_fact(
                said=form.said,
                key=form.cleaned_data["key"],
                entered_by=request.user,
                now=timezone.now(),
            )
        except service.BadEntry as error:
            form.refuse(error.problems)
        except service.OwnEntry as error:
            form.add_error("agent", str(error))
        except service.EnteredAlready as error:
            messages.info(request, str(error))
            return redirect("kpi:entry_sheet", sheet)
        else:
            messages.success(
                request,
                _("Entered. It counts from the next run on; published results never change."),
            )
            return redirect(f"{request.path}?on={fact.day.isoformat()}")
    return _show(request, chosen, form)


def _sheet_or_404(code: str) -> Sheet:
    if code not in SHEETS:
        raise Http404
    return SHEETS[code]


def _kept(request: AuthenticatedRequest) -> dict[str, str]:
    """The day of the entry before, so that a pile of slips needs it only once."""
    return {"date": request.GET.get("on", "")[:10]}


def _show(request: AuthenticatedRequest, sheet: Sheet, form: EntryForm) -> HttpResponse:
    asked = request.GET.get("agent", "").replace("\x00", "").strip()[:160]
    found, problem = _facts_of(sheet, asked)
    shows_all = request.GET.get("closed") == "1"
    if not shows_all:
        found = found.filter(valid_until=None)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "sheet": sheet,
        "sheets": SHEETS.values(),
        "form": form,
        "page": page,
        "rows": _rows(sheet, list(page)),
        "headings": [_capital(field_name(sheet.kind, name)) for name in sheet.shown],
        "asked": asked,
        "problem": problem,
        "shows_all": shows_all,
        "people": Agent.objects.order_by("name", "pk"),
    }
    return render(request, "kpi/entries.html", context, status=REFUSED if form.errors else 200)


def _facts_of(sheet: Sheet, asked: str) -> tuple[QuerySet[Any], str]:
    model = FACT_MODELS[sheet.kind]
    found: QuerySet[Any] = model._default_manager.filter(source=service.ENTERED, batch=None)
    if sheet.choices:
        found = found.filter(kind__in=sheet.choices)
    found = found.select_related("agent").order_by("-valid_from", "-pk")
    if not asked:
        return found, ""
    try:
        return found.filter(agent=find_person(asked)), ""
    except ValidationError as error:
        return found.none(), error.messages[0]


def _rows(sheet: Sheet, facts: list[Fact]) -> list[Row]:
    """Queries: at most 1."""
    wanted = {number for one in facts for number in (one.valid_from, one.valid_until) if number}
    made = FactRevision.objects.select_related("made_by__agent").in_bulk(wanted)
    return [
        Row(
            fact,
            fact.agent.display_name if fact.agent else _("whole centre"),
            [_cell(fact, name) for name in sheet.shown],
            made.get(fact.valid_from),
            _("replaced or taken back") if fact.valid_until else "",
        )
        for fact in facts
    ]


def _cell(fact: Fact, name: str) -> str:
    value = getattr(fact, name)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "kind":
        return code_label(str(value), language=language())
    if hasattr(value, "normalize"):
        return f"{value.normalize():,f}"
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if hasattr(value, "hour") else value


@requires("fact.enter")
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: AuthenticatedRequest, sheet: str, fact_id: int) -> HttpResponse:
    """Show an entry with its earlier forms, and correct it."""
    chosen = _sheet_or_404(sheet)
    fact = _fact_or_404(chosen, fact_id)
    form = EntryForm(chosen, request.POST if request.method == "POST" else None)
    form.initial = {**form.initial, **initial_of(chosen, fact)}
    if form.is_bound and form.is_valid():
        try:
            service.correct_entry(
                said=form.said, fact_id=fact_id, entered_by=request.user, now=timezone.now()
            )
        except service.BadEntry as error:
            form.refuse(error.problems)
        except (service.OwnEntry, service.NotAnEntry) as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _("Corrected. It counts so from the next run on; published results never change."),
            )
            return redirect("kpi:entry_sheet", sheet)
    context = {
        "sheet": chosen,
        "fact": fact,
        "form": form,
        "is_own": fact.agent_id is not None and fact.agent_id == request.user.agent_id,
        "history": [
            (row, [_cell(row, name) for name in chosen.shown], made, closed)
            for row, made, closed in service.history_of(fact)
        ],
        "headings": [_capital(field_name(chosen.kind, name)) for name in chosen.shown],
        "people": Agent.objects.order_by("name", "pk"),
    }
    return render(request, "kpi/entry.html", context, status=REFUSED if form.errors else 200)


def _fact_or_404(sheet: Sheet, fact_id: int) -> Fact:
    found: QuerySet[Any] = FACT_MODELS[sheet.kind]._default_manager.select_related("agent")
    if sheet.choices:
        found = found.filter(kind__in=sheet.choices)
    fact: Fact = get_object_or_404(found, pk=fact_id, source=service.ENTERED, batch=None)
    return fact


@requires("fact.enter")
@require_POST
def entry_remove(request: AuthenticatedRequest, sheet: str, fact_id: int) -> HttpResponse:
    """Take an entry back; it stays readable as history."""
    chosen = _sheet_or_404(sheet)
    _fact_or_404(chosen, fact_id)
    try:
        service.remove_entry(
            kind=chosen.kind, fact_id=fact_id, removed_by=request.user, now=timezone.now()
        )
    except (service.OwnEntry, service.NotAnEntry) as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _(
                "Taken back. It counts nowhere from the next run on; published results never"
                " change."
            ),
        )
    return redirect("kpi:entry_sheet", sheet)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
