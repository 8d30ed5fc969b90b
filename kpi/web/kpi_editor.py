"""Where HR writes KPIs: checked while typing, tried on real data, approved by a second person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agents import access, periods
from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.web.form_page import REFUSED, posted
from kpi import selectors
from kpi.formula import Formula, FormulaError, compile_formula
from kpi.formula.error_words import message_of
from kpi.formula.explain import explain, explain_parts
from kpi.formula.parser import AGGREGATES, USAGE
from kpi.formula.units import compatible
from kpi.models import KPI, KPIVersion
from kpi.services import drafts, previewing
from kpi.web import kpi_changes, pages
from kpi.web.kpi_form import (
    FormulaForm,
    KPIForm,
    NewKPIForm,
    ReturnForm,
    initial_of,
    text_pairs,
    vocabulary,
)
from kpi.web.kpis import period_asked

_SHOWN = 30  # people in a preview; the distribution holds everybody
_OF_PEOPLE = KPIVersion.Scope.AGENT.value
_OVERTAKEN = gettext_lazy(
    "Somebody saved this draft after you opened it. What you typed stands below and is not saved: "
    "save again to put it in place of theirs, or load the page anew to see theirs."
)


@requires("kpi.edit")
def kpi_new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a KPI."""
    form = NewKPIForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            version = drafts.create_kpi(
                code=form.cleaned_data["code"],
                document=form.document(),
                by=request.user,
                now=timezone.now(),
            )
            return redirect("kpi:kpi_edit", version.kpi.code)
        except drafts.DraftRefused as error:
            form.add_error("code", str(error))
    status = REFUSED if form.errors else 200
    return render(request, "kpi/kpi_new.html", {"form": form}, status=status)


@requires("kpi.edit")
@require_POST
def kpi_draft(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Begin the next version of a KPI."""
    try:
        drafts.start_draft(code=code, by=request.user, now=timezone.now())
    except KPI.DoesNotExist as error:
        raise Http404 from error
    except drafts.DraftRefused as error:
        messages.info(request, str(error))
    return redirect("kpi:kpi_edit", code)


@requires("kpi.edit")
def kpi_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Write a draft; a faulty one is kept, with what is wrong with it."""
    version = drafts.open_draft(code)
    if version is None or version.state != KPIVersion.State.DRAFT:
        return _not_to_edit(request, code, version)
    form = KPIForm(posted(request), initial=initial_of(version))
    document = form.document(version.definition) if form.is_valid() else None
    if document is not None and _is_overtaken(request, version, document):
        form.add_error(None, _OVERTAKEN)
    elif document is not None:
        return _done(
            request,
            code,
            lambda: drafts.save_draft(version_id=version.pk, document=document, by=request.user),
            _("The draft is saved."),
            then="kpi:kpi_edit",
        )
    shown = {name: form[name].value() or "" for name in ("formula", "unit")}
    context = {
        "version": version,
        "form": form,
        "stands": _digest(version.definition),
        "pairs": text_pairs(form),
        "problems": drafts.problems_of(code, version.definition),
        "vocabulary": {
            "facts": vocabulary(pages.language()),
            "functions": USAGE,
            "aggregates": AGGREGATES,
        },
        "period": period_asked(request.GET.get("period", "")),
        **_check_context(shown["formula"], shown["unit"]),
    }
    status = REFUSED if form.errors else 200
    return render(request, "kpi/kpi_edit.html", context, status=status)


def _not_to_edit(
    request: AuthenticatedRequest, code: str, version: KPIVersion | None
) -> HttpResponse:
    """Lead back from a draft that was sent or deleted, and say so to whoever saves."""
    if version is None and request.method != "POST":
        raise Http404
    if request.method == "POST":
        messages.error(
            request,
            _("The draft was sent for approval meanwhile; what you wrote is not saved.")
            if version
            else _("The draft was deleted meanwhile; what you wrote is not saved."),
        )
    has_page = KPIVersion.objects.filter(kpi__code=code).exists()
    return redirect("kpi:kpi", code) if has_page else redirect("kpi:kpis")


def _is_overtaken(
    request: AuthenticatedRequest, version: KPIVersion, document: Mapping[str, Any]
) -> bool:
    """Whether somebody else saved the draft since the page was opened, and differently."""
    stood = request.POST.get("stands")
    stands = _digest(version.definition)
    return bool(stood) and stood != stands and document != version.definition


def _digest(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]


@requires("kpi.edit")
@require_POST
def kpi_check(request: AuthenticatedRequest) -> HttpResponse:
    """Say in words what a formula measures, or what is wrong with it and where."""
    form = FormulaForm(request.POST)
    form.is_valid()
    text, unit = form.cleaned_data.get("formula", ""), form.cleaned_data.get("unit", "")
    return render(request, "kpi/_formula_check.html", _check_context(text, unit))


def _check_context(text: str, unit: str) -> dict[str, Any]:
    text = " ".join(text.split())
    try:
        formula = compile_formula(text)
    except FormulaError as error:
        place = error.offset
        return {
            "fault": message_of(error, pages.language()),
            "fault_parts": (
                text[:place],
                text[place : place + error.length],
                text[place:][error.length :],
            ),
        }
    above, below = explain_parts(formula, pages.language())
    return {
        "sentence": explain(formula, pages.language()),
        "above": above,
        "below": below,
        "unit_fault": _unit_fault(formula, unit),
    }


def _unit_fault(formula: Formula, unit: str) -> str:
    if not unit or compatible(unit, formula.unit):
        return ""
    return _("The unit is %(unit)s, but the formula gives %(found)s.") % {
        "unit": pages.unit_name(unit),
        "found": pages.unit_name(formula.unit),
    }


@requires("kpi.edit")
@require_POST
def kpi_preview(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Try a formula on the data of a period, beside the version in use."""
    form = FormulaForm(request.POST)
    asked = request.POST.get("period", "").strip()
    refusals = [*_wrong_fields(form), *_wrong_period(asked)]
    if refusals:
        return render(request, "kpi/_preview.html", {"refusals": refusals})
    period = period_asked(asked)
    if period is None:
        return render(request, "kpi/_preview.html", {"nothing": True})
    try:
        formula = compile_formula(form.cleaned_data["formula"])
    except FormulaError as error:
        fault = message_of(error, pages.language())
        return render(request, "kpi/_preview.html", {"fault": fault})
    found = previewing.preview(
        formula=formula,
        anchor=form.cleaned_data["anchor"] or "day",
        minimum_sample=form.cleaned_data["minimum_sample"] or 0,
        present=selectors.newest_version(code),
        period=period,
    )
    unit = form.cleaned_data["unit"]
    page = kpi_changes.preview_page(found, unit, _SHOWN)
    page["is_personal"] = request.POST.get("scope", _OF_PEOPLE) == _OF_PEOPLE
    return render(request, "kpi/_preview.html", page)


def _wrong_fields(form: FormulaForm) -> list[str]:
    return [f"{form[name].label}: {error}" for name, told in form.errors.items() for error in told]


def _wrong_period(asked: str) -> list[str]:
    """What is wrong with a period; an empty one is the newest month with data."""
    try:
        if asked:
            periods.parse(asked)
    except periods.BadPeriod:
        text = _(
            "“%(text)s” is no period. Write a month as 2026-10, a quarter as 2026-Q3, or 2026."
        )
        return [text % {"text": asked[:40]}]
    return []


@requires("kpi.edit")
@require_POST
def kpi_send(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send a draft for approval."""
    version = _draft(code)
    return _done(
        request,
        code,
        lambda: drafts.send_draft(version_id=version.pk, by=request.user),
        _("It was sent; a manager approves it or gives it back."),
        then="kpi:kpi",
    )


@requires("kpi.edit")
@require_POST
def kpi_discard(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Delete a draft."""
    version = _draft(code)
    answer = _done(
        request,
        code,
        lambda: drafts.discard(version_id=version.pk),
        _("The draft is deleted."),
        then="kpi:kpi",
    )
    is_left = KPI.objects.filter(code=code).exists()
    return answer if is_left else redirect("kpi:kpis")


@requires("kpi.edit")
@require_POST
def kpi_retire(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Take a KPI out of use."""
    try:
        return _done(
            request, code, lambda: drafts.retire(code=code), _("It is out of use."), then="kpi:kpi"
        )
    except KPI.DoesNotExist as error:
        raise Http404 from error


@requires("kpi.review")
@require_safe
def kpi_review(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show what the next version changes."""
    version = _draft(code)
    present = selectors.newest_version(code)
    context = {
        "version": version,
        "present": present,
        "changes": kpi_changes.changes(present, version),
        "told": pages.told(version),
        "uses": pages.uses_of([code], user=request.user).get(code, []),
        "form": ReturnForm(),
        "may_decide": version.state == KPIVersion.State.ASKED
        and access.allows(request.user, "kpi.publish")
        and request.user.pk not in version.editors,
        "is_asked": version.state == KPIVersion.State.ASKED,
    }
    return render(request, "kpi/kpi_review.html", context)


@requires("kpi.publish")
@require_POST
def kpi_approve(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Take the version that was sent into use."""
    version = _draft(code)
    return _done(
        request,
        code,
        lambda: drafts.approve(version_id=version.pk, by=request.user),
        _("It is in use; the next run computes with it."),
        then="kpi:kpi",
    )


@requires("kpi.review")
@require_POST
def kpi_return(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Give a version back to HR; HR takes back its own."""
    version = _draft(code)
    form = ReturnForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    return _done(
        request,
        code,
        lambda: drafts.return_draft(version_id=version.pk, by=request.user, note=note),
        _("It is a draft again."),
        then="kpi:kpi_review",
    )


def _draft(code: str) -> KPIVersion:
    version = drafts.open_draft(code)
    if version is None:
        raise Http404
    return version


def _done(
    request: AuthenticatedRequest,
    code: str,
    deed: Callable[[], object],
    words: str,
    *,
    then: str,
) -> HttpResponse:
    """Do it and say so; where it is refused, say why and stay."""
    try:
        deed()
        messages.success(request, words)
    except drafts.DraftRefused as error:
        messages.error(request, str(error))
        has_draft = drafts.open_draft(code) is not None
        back = "kpi:kpi_review" if has_draft and then != "kpi:kpi_edit" else "kpi:kpi"
        return redirect(back, code)
    return redirect(then, code)
