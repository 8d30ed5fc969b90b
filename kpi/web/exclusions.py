"""Facts that shall not count: asked for on a page, decided by a second person, lifted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from agents.models import Agent, Team
from agents.web.forms.people import DayField, NamedField
from kpi.models import Exclusion, Source
from kpi.models.imports import Kind
from kpi.services import exclusions as service
from kpi.web import pages
from kpi.web.batches import field_name
from kpi.web.forms import find_person

PAGE_SIZE = 30
ROWS_SHOWN = 20
REFUSED = 422
State = Exclusion.State
_REFUSALS = (
    service.AlreadyExcluded,
    service.NotExcluded,
    service.NotWaiting,
    service.NothingFound,
    service.OwnFact,
    service.ReasonMissing,
    service.SamePerson,
)


class RangeForm(forms.Form):
    """Which rows shall not count: a kind, days, and what narrows them."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))
    team = NamedField(
        label=_("Team"),
        queryset=Team.objects.order_by("name_en", "pk"),
        to_field_name="code",
        required=False,
        empty_label=_("All teams"),
    )
    agent = forms.CharField(
        label=_("Staff number or name"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    queue = forms.CharField(
        label=_("Queue"), max_length=120, required=False, help_text=_("Of contacts only.")
    )
    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.objects.order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=_("All sources"),
    )

    def clean_agent(self) -> Agent | None:
        """Find the one person, where one is named."""
        text = str(self.cleaned_data["agent"])
        return find_person(text) if text.strip() else None

    def clean(self) -> dict[str, Any]:
        """The days are in order, and only contacts have a queue."""
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", ValidationError(_("The last day lies before the first.")))
        if cleaned.get("queue") and cleaned.get("kind") != Kind.CONTACTS:
            self.add_error("queue", ValidationError(_("Only contacts have a queue.")))
        return cleaned

    @property
    def selection(self) -> service.Selection:
        """What a valid form names."""
        said = self.cleaned_data
        return service.Selection(
            said["kind"],
            said["first_day"],
            said["last_day"],
            said["queue"],
            said["team"].pk if said["team"] else None,
            said["agent"].pk if said["agent"] else None,
            said["source"].code if said["source"] else "",
        )


@requires("fact.approve")
@require_safe
def exclusions(request: AuthenticatedRequest) -> HttpResponse:
    """List what is left out, what waits for approval, and what was; HR asks for more here."""
    form = RangeForm(request.GET) if "kind" in request.GET else RangeForm()
    return _show_list(request, form)


def _show_list(
    request: AuthenticatedRequest, form: RangeForm, *, reason: str = "", problem: str = ""
) -> HttpResponse:
    asked = request.GET.get("state", "")
    found = _listed()
    if asked in State.values:
        found = found.filter(state=asked)
    may_ask = allows(request.user, "fact.exclude")
    counted = None
    if may_ask and form.is_bound and form.is_valid():
        counted = service.rows_of(form.selection).count()
    context = {
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": State.choices,
        "asked": asked,
        "form": form,
        "counted": counted,
        "reason": reason,
        "problem": problem,
        "may_ask": may_ask,
        "people": Agent.objects.order_by("name", "pk") if may_ask else [],
    }
    wrong = problem or (form.is_bound and form.errors)
    return render(request, "kpi/exclusions.html", context, status=REFUSED if wrong else 200)


def _listed() -> QuerySet[Exclusion]:
    return Exclusion.objects.select_related(
        "team", "agent", "excluded_by__agent", "decided_by__agent", "lifted_by__agent"
    ).order_by("-excluded_at", "-pk")


@requires("fact.exclude")
@require_POST
def exclusion_ask(request: AuthenticatedRequest) -> HttpResponse:
    """Ask that a range of rows shall not count; or, with another button, how many they are."""
    form, reason = RangeForm(request.POST), request.POST.get("reason", "")
    if "count" in request.POST:
        named = {name: request.POST.get(name, "") for name in form.fields}
        return redirect(f"{reverse('kpi:exclusions')}?{urlencode(named)}")
    if not form.is_valid():
        return _show_list(request, form, reason=reason)
    try:
        asked = service.ask_exclusion(
            selection=form.selection, reason=reason, asked_by=request.user, now=timezone.now()
        )
    except _REFUSALS as error:
        return _show_list(request, form, reason=reason, problem=str(error))
    messages.success(request, gettext("Asked for. It counts until a second person approves."))
    return redirect("kpi:exclusion", asked.pk)


@requires("fact.approve")
@require_safe
def exclusion(request: AuthenticatedRequest, exclusion_id: int) -> HttpResponse:
    """Show what it is about, with some of the rows, and who may do what now."""
    return _show(request, get_object_or_404(_listed(), pk=exclusion_id))


def _show(request: AuthenticatedRequest, found: Exclusion, *, problem: str = "") -> HttpResponse:
    rows = service.covered_by(found)
    names = _shown_fields(found.kind)
    shown = list(rows.select_related("agent", "team").order_by("day", "pk")[:ROWS_SHOWN])
    is_asker = found.excluded_by_id == request.user.pk
    is_waiting = found.state == State.ASKED
    context = {
        "exclusion": found,
        "count": rows.count(),
        "headings": [
            pages.heading_of(found.kind, name)._replace(text=field_name(found.kind, name))
            for name in names
        ],
        "rows": [
            (row, [pages.cell_of(found.kind, name, getattr(row, name)) for name in names])
            for row in shown
        ],
        "problem": problem,
        "may_decide": is_waiting and not is_asker,
        "may_withdraw": is_waiting and is_asker,
        "may_lift": found.state == State.APPROVED and allows(request.user, "fact.exclude"),
    }
    return render(request, "kpi/exclusion.html", context, status=REFUSED if problem else 200)


def _shown_fields(kind: str) -> tuple[str, ...]:
    fields = {
        "contacts": ("queue", "talk_s", "answered"),
        "tickets": ("kind", "topic"),
        "surveys": ("score", "comment"),
        "reviews": ("form", "score"),
        "shifts": ("logged_in_s", "late_min"),
        "trainings": ("kind", "score"),
        "events": ("kind", "quantity"),
        "figures": ("figure", "value"),
    }
    return ("source", "external_id", *fields[kind])


@requires("fact.approve")
@require_POST
def exclusion_approve(request: AuthenticatedRequest, exclusion_id: int) -> HttpResponse:
    """Leave the rows out from the next run on."""
    return _do(
        request,
        exclusion_id,
        lambda: service.approve_exclusion(
            exclusion_id=exclusion_id, decided_by=request.user, now=timezone.now()
        ),
        gettext("Approved. The rows count nowhere from the next run on."),
    )


@requires("fact.approve")
@require_POST
def exclusion_refuse(request: AuthenticatedRequest, exclusion_id: int) -> HttpResponse:
    """Say no, and why."""
    return _do(
        request,
        exclusion_id,
        lambda: service.refuse_exclusion(
            exclusion_id=exclusion_id,
            answer=request.POST.get("answer", ""),
            decided_by=request.user,
            now=timezone.now(),
        ),
        gettext("Refused. The rows count as before."),
    )


@requires("fact.exclude")
@require_POST
def exclusion_withdraw(request: AuthenticatedRequest, exclusion_id: int) -> HttpResponse:
    """Take back what one asked for."""
    return _do(
        request,
        exclusion_id,
        lambda: service.withdraw_exclusion(exclusion_id=exclusion_id, withdrawn_by=request.user),
        gettext("Taken back. The rows count as before."),
    )


@requires("fact.exclude")
@require_http_methods(["POST"])
def exclusion_lift(request: AuthenticatedRequest, exclusion_id: int) -> HttpResponse:
    """Have the rows count again."""
    return _do(
        request,
        exclusion_id,
        lambda: service.lift_exclusion(
            exclusion_id=exclusion_id, lifted_by=request.user, now=timezone.now()
        ),
        gettext("Lifted. The rows count again from the next run on."),
    )


def _do(
    request: AuthenticatedRequest, exclusion_id: int, deed: Callable[[], object], said: str
) -> HttpResponse:
    found = get_object_or_404(_listed(), pk=exclusion_id)
    try:
        deed()
    except _REFUSALS as error:
        return _show(request, found, problem=str(error))
    messages.success(request, said)
    return redirect("kpi:exclusion", exclusion_id)
