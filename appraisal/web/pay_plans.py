"""Pay plans: read, set by HR, put to use by a manager."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from appraisal.models import PayPlanVersion
from appraisal.pay.figures import Parameter
from appraisal.pay.plan import Plan, parse_plan
from appraisal.selectors import pay as reads
from appraisal.selectors.schemes import position_names
from appraisal.services import pay_plans as deeds
from appraisal.web.forms import ReasonForm
from appraisal.web.pages import pay as pages
from appraisal.web.pages import pay_compare
from appraisal.web.pages.cycle_head import name_of
from appraisal.web.pages.grades import language

REFUSED = 422
State = PayPlanVersion.State
_OVERTAKEN = gettext_lazy(
    "You entered %(mine)s; meanwhile it was set to %(theirs)s. Save again to put yours in its"
    " place."
)


@requires("pay.read")
@require_safe
def plans(request: AuthenticatedRequest) -> HttpResponse:
    """List the pay plans and the months they propose pay for."""
    rows = [
        {
            "version": version,
            "positions": pages.place_names(position_names(version.positions)),
            "missing": deeds.missing_names(parse_plan(version.document)),
        }
        for version in reads.list_plans()
    ]
    context = {
        "rows": rows,
        "opened": reads.list_drafts(),
        "may_edit": allows(request.user, "pay.edit"),
        "may_approve": allows(request.user, "pay.approve"),
        "months": [(name_of(cycle), cycle, one) for cycle, one in reads.list_proposals()],
    }
    return render(request, "appraisal/pay_plans.html", context)


@requires("pay.read")
@require_safe
def plan(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show one version of a plan: the one in use unless another is asked for."""
    versions = _versions_or_404(code)
    version = _chosen(versions, request.GET.get("version", ""))
    return _show(request, versions, version, ReasonForm())


def _show(
    request: AuthenticatedRequest,
    versions: list[PayPlanVersion],
    version: PayPlanVersion,
    form: ReasonForm,
) -> HttpResponse:
    parsed = parse_plan(version.document)
    is_draft = version.state == State.DRAFT
    may_edit = allows(request.user, "pay.edit")
    opened = _draft_of(versions)
    label = pages.labels()
    context: dict[str, Any] = {
        "version": version,
        "versions": versions,
        "plan": parsed,
        "description": parsed.description.in_language(language()),
        "positions": pages.place_names(position_names(version.positions)),
        "groups": pages.plan_groups(parsed, label=label),
        "parameters": pages.parameter_rows(parsed),
        "missing": deeds.missing_names(parsed),
        "opened": opened,
        "may_edit": may_edit and not version.asked_at and (is_draft or not opened),
        "may_go_on": may_edit and not is_draft and opened is not None and not opened.asked_at,
        "may_ask": may_edit and is_draft and not version.asked_at and not parsed.missing,
        "may_take_back": may_edit and opened is not None and opened.asked_at is not None,
        "may_decide": _may_decide(request, opened) and not is_draft,
        "may_approve": _may_decide(request, version),
        "form": form,
    }
    before = _in_use(versions)
    if is_draft and before is not None:
        context["before"] = before
        in_use = parse_plan(before.document)
        context["differences"] = pay_compare.differences(in_use, parsed, label=label)
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/pay_plan.html", context, status=status)


def _may_decide(request: AuthenticatedRequest, version: PayPlanVersion | None) -> bool:
    return (
        version is not None
        and version.asked_at is not None
        and allows(request.user, "pay.approve")
        and version.edited_by_id != request.user.pk
    )


class ParametersForm(forms.Form):
    """A field for each figure of a plan; an empty one is not set.

    With the figures go those that stood when the page was drawn: only what was changed on it is
    changed, and what somebody else changed as well is refused.
    """

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in plan.parameters:
            self.fields[parameter.code] = _field(parameter, plan)

    @property
    def stood(self) -> str:
        """The figures as they stand, as a query string."""
        return urlencode({code: field.initial or "" for code, field in self.fields.items()})

    def clean(self) -> dict[str, Any]:
        """Leave out what nobody touched; show what stands there now."""
        given = dict(self.cleaned_data)
        if "stood" not in self.data:
            return given
        shown = dict(self.data.items())
        stood, self.data = QueryDict(str(shown["stood"])), shown
        for code, value in list(self.cleaned_data.items()):
            before, now = (
                _read(self.fields[code], text or "")
                for text in (stood.get(code), self.fields[code].initial)
            )
            if value == before:
                del given[code]
                shown[code] = self.fields[code].initial or ""
            elif now not in {before, value}:
                told = {"mine": shown[code] or "–", "theirs": self.fields[code].initial or "–"}
                self.add_error(code, _OVERTAKEN % told)
        return given

    @property
    def values(self) -> dict[str, Decimal | None]:
        """What was entered, shares as shares of one."""
        return {
            code: _as_share(self.fields[code], value) for code, value in self.cleaned_data.items()
        }


def _read(field: forms.Field, text: str) -> Decimal | None:
    try:
        value: Decimal | None = field.clean(text)
    except forms.ValidationError:
        return None
    return value


def _field(parameter: Parameter, plan: Plan) -> forms.DecimalField:
    is_share = parameter.unit == "share"
    value = parameter.value
    if is_share and value is not None:
        value *= 100
    units = {
        "money": plan.currency.in_language(language()),
        "share": "%",
        "s": _("seconds"),
        "min": _("minutes"),
        "count": _("number"),
    }
    hint = units[parameter.unit]
    if parameter.optional:
        hint = _("%(unit)s; empty: no limit") % {"unit": hint}
    field = forms.DecimalField(
        label=parameter.name.in_language(language()),
        min_value=0,
        max_digits=11,
        decimal_places=4,
        required=False,
        initial=None if value is None else format(value.normalize(), "f"),
        help_text=hint,
    )
    field.widget.attrs["class"] = "num"
    field.widget.attrs["inputmode"] = "decimal"
    field.is_share = is_share  # type: ignore[attr-defined]
    return field


def _as_share(field: forms.Field, value: Decimal | None) -> Decimal | None:
    is_share = getattr(field, "is_share", False)
    return value / 100 if is_share and value is not None else value


@requires("pay.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Set the figures of the draft; without one, a draft is begun from the version in use."""
    versions = _versions_or_404(code)
    shown = _draft_of(versions) or _chosen(versions, "")
    parsed = parse_plan(shown.document)
    if request.method != "POST":
        return _show_form(request, shown, parsed, ParametersForm(plan=parsed))
    form = ParametersForm(request.POST, plan=parsed)
    if not form.is_valid():
        return _show_form(request, shown, parsed, form)
    try:
        draft = deeds.start_draft(plan=shown.plan, edited_by=request.user, now=timezone.now())
        deeds.set_parameters(draft=draft, values=form.values, edited_by=request.user)
    except deeds.PlanError as error:
        for problem in error.problems:
            form.add_error(None, str(problem))
        return _show_form(request, shown, parsed, form)
    except (deeds.NotAllowed, deeds.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Saved as a draft."))
    return _to_draft(code)


def _show_form(
    request: AuthenticatedRequest, version: PayPlanVersion, plan: Plan, form: ParametersForm
) -> HttpResponse:
    context = {
        "version": version,
        "form": form,
        "missing": deeds.missing_names(plan),
        "is_waiting": version.asked_at is not None,
    }
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/pay_plan_edit.html", context, status=status)


@requires("pay.edit")
@require_POST
def plan_ask(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send the draft to the managers."""
    draft = _draft_or_404(code)
    try:
        deeds.ask_approval(draft=draft, asked_by=request.user, now=timezone.now())
    except (deeds.NotAllowed, deeds.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Sent. A manager publishes it or sends it back."))
    return _to_draft(code)


@requires("pay.edit")
@require_POST
def plan_take_back(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Take the draft back from the managers."""
    draft = _draft_or_404(code)
    try:
        deeds.take_back(draft=draft, taken_by=request.user)
    except (deeds.NotAllowed, deeds.NotReady) as error:
        messages.warning(request, str(error))
    return _to_draft(code)


@requires("pay.approve")
@require_POST
def plan_publish(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Put the draft to use."""
    draft = _draft_or_404(code)
    try:
        deeds.publish(draft=draft, decided_by=request.user, now=timezone.now())
    except (deeds.NotAllowed, deeds.NotReady) as error:
        messages.warning(request, str(error))
        return _to_draft(code)
    messages.success(request, _("In use from now on."))
    return redirect("appraisal:pay_plan", code)


@requires("pay.approve")
@require_POST
def plan_return(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send the draft back to HR with a reason."""
    draft = _draft_or_404(code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, _versions_or_404(code), draft, form)
    answer = form.cleaned_data["answer"]
    try:
        deeds.send_back(draft=draft, decided_by=request.user, answer=answer)
    except (deeds.NotAllowed, deeds.NotReady) as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Sent back to HR."))
    return _to_draft(code)


def _versions_or_404(code: str) -> list[PayPlanVersion]:
    versions = reads.list_versions(code)
    if not versions:
        raise Http404
    return versions


def _chosen(versions: list[PayPlanVersion], number: str) -> PayPlanVersion:
    if number == "draft":
        found = [one for one in versions if one.state == State.DRAFT] or versions
    elif number:
        found = [one for one in versions if str(one.number) == number]
    else:
        found = [one for one in versions if one.state == State.PUBLISHED] or versions
    if not found:
        raise Http404
    return found[0]


def _draft_of(versions: list[PayPlanVersion]) -> PayPlanVersion | None:
    return next((one for one in versions if one.state == State.DRAFT), None)


def _in_use(versions: list[PayPlanVersion]) -> PayPlanVersion | None:
    return next((one for one in versions if one.state == State.PUBLISHED), None)


def _draft_or_404(code: str) -> PayPlanVersion:
    draft = _draft_of(_versions_or_404(code))
    if draft is None:
        raise Http404
    return draft


def _to_draft(code: str) -> HttpResponse:
    response = redirect("appraisal:pay_plan", code)
    response.headers["Location"] += "?version=draft"
    return response
