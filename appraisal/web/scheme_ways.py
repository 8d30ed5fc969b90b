"""The way of a scheme version: begun, sent, approved or returned, retired, compared, given out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from agents.web.form_page import REFUSED, posted
from appraisal.models import Scheme, SchemeVersion
from appraisal.selectors import schemes as reads
from appraisal.services import drafts
from appraisal.services.schemes import write_document
from appraisal.web.forms import NoteForm, ReasonForm
from appraisal.web.pages.compare import differences
from appraisal.web.scheme_changes import free_code
from kpi.selectors import list_current_versions

_REFUSALS = (drafts.NotADraft, drafts.NotAllowed, drafts.NotReady, drafts.DraftExists)


class NewSchemeForm(forms.Form):
    """A scheme's names, its code, and what it begins with."""

    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120)
    name_zh = forms.CharField(label=gettext_lazy("Name in Chinese"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("For files and addresses; made of the English name if left empty."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Begin with"), required=False)

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("An empty scheme")), *sources]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]


@requires("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_new(request: AuthenticatedRequest) -> HttpResponse:
    """Begin a scheme, empty or as a copy."""
    current = {one.scheme.code: one for one in reads.list_current_schemes()}
    sources = [
        (code, _("A copy of %(scheme)s") % {"scheme": one.name}) for code, one in current.items()
    ]
    asked = {"source": request.GET.get("source", "")}
    form = NewSchemeForm(posted(request), sources=sources, initial=asked)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        code = given["code"] or free_code({}, "schemes", given["name_en"])
        try:
            drafts.create_scheme(
                code=code,
                name_en=given["name_en"],
                name_zh=given["name_zh"],
                edited_by=request.user,
                now=timezone.now(),
                source=current.get(given["source"]),
            )
        except drafts.CodeTaken as error:
            form.add_error("code", str(error))
        else:
            return redirect("appraisal:scheme_draft", code)
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/scheme_new.html", {"form": form}, status=status)


@requires("scheme.edit")
@require_POST
def scheme_start(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Begin the next version of a scheme, or go on with the one that is open."""
    scheme = get_object_or_404(Scheme, code=code)
    try:
        drafts.start_draft(scheme=scheme, edited_by=request.user, now=timezone.now())
    except drafts.DraftExists as error:
        messages.info(request, str(error))
    return redirect("appraisal:scheme_draft", code)


@requires("scheme.edit")
@require_POST
def scheme_send(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send the draft to the manager."""
    version = _open(code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("The note has more than 500 characters; shorten it."))
        return redirect("appraisal:scheme_draft", code)
    try:
        drafts.ask_approval(
            version=version,
            asked_by=request.user,
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except _REFUSALS as error:
        messages.warning(request, str(error))
        return redirect("appraisal:scheme_draft", code)
    words = _("Version %(number)s is sent; a manager approves it.")
    messages.success(request, words % {"number": version.number})
    return _to_version(version)


@requires("scheme.edit")
@require_POST
def scheme_take_back(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Make a version that was sent a draft again."""
    try:
        drafts.take_back(version=_open(code), taken_by=request.user)
    except _REFUSALS as error:
        messages.warning(request, str(error))
        return redirect("appraisal:scheme", code)
    return redirect("appraisal:scheme_draft", code)


@requires("scheme.edit")
@require_POST
def scheme_delete(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Delete the draft."""
    try:
        drafts.delete_draft(version=_open(code), deleted_by=request.user)
    except _REFUSALS as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The draft is deleted."))
    return redirect("appraisal:schemes")


@requires("scheme.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_approve(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show what would come into use, and put it into use."""
    version = _open(code)
    if request.method == "POST":
        try:
            drafts.approve(version=version, decided_by=request.user, now=timezone.now())
        except _REFUSALS as error:
            messages.warning(request, str(error))
        else:
            words = _("Version %(number)s is in use from now on.")
            messages.success(request, words % {"number": version.number})
        return redirect("appraisal:scheme", code)
    return _show_decision(request, version, ReasonForm())


@requires("scheme.publish")
@require_POST
def scheme_return(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Send a version back with a reason."""
    version = _open(code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show_decision(request, version, form)
    try:
        drafts.return_draft(
            version=version, decided_by=request.user, answer=form.cleaned_data["answer"]
        )
    except _REFUSALS as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("It is with HR again."))
    return redirect("appraisal:schemes")


def _show_decision(
    request: AuthenticatedRequest, version: SchemeVersion, form: ReasonForm
) -> HttpResponse:
    before = reads.version_in_use(version.scheme.code)
    kpis = {one.kpi.code: one for one in list_current_versions()}
    context = {
        "version": version,
        "before": before,
        "differences": differences(before.document, version.document, kpis) if before else [],
        "taken_over": reads.taken_over(version),
        "is_waiting": version.state == SchemeVersion.State.ASKED,
        "form": form,
    }
    status = REFUSED if form.errors else 200
    return render(request, "appraisal/scheme_approve.html", context, status=status)


@requires("scheme.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def scheme_retire(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Take a scheme out of use."""
    version = reads.version_in_use(code)
    if version is None:
        raise Http404
    if request.method == "POST":
        try:
            drafts.retire(version=version, retired_by=request.user)
        except _REFUSALS as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("The scheme is out of use. What it computed stays."))
        return redirect("appraisal:scheme", code)
    positions = reads.position_names(version.positions)
    return render(
        request, "appraisal/scheme_retire.html", {"version": version, "positions": positions}
    )


@requires("scheme.read")
@require_safe
def scheme_compare(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Say what differs between two versions: the two newest unless others are asked for."""
    versions = list(reads.list_versions(code, user=request.user))
    if not versions:
        raise Http404
    after = _chosen(versions, request.GET.get("to", ""), versions[0])
    older = [one for one in versions if one.number < after.number]
    before = _chosen(versions, request.GET.get("from", ""), older[0] if older else after)
    kpis = {one.kpi.code: one for one in list_current_versions()}
    context = {
        "versions": versions,
        "before": before,
        "after": after,
        "differences": differences(before.document, after.document, kpis),
    }
    return render(request, "appraisal/scheme_compare.html", context)


def _chosen(versions: list[SchemeVersion], number: str, otherwise: SchemeVersion) -> SchemeVersion:
    return next((one for one in versions if str(one.number) == number), otherwise)


@requires("scheme.read")
@require_safe
def scheme_file(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Give a version out as YAML."""
    versions = list(reads.list_versions(code, user=request.user))
    if not versions:
        raise Http404
    version = _chosen(versions, request.GET.get("version", ""), versions[0])
    response = HttpResponse(write_document(version.document), content_type="application/yaml")
    name = f"{code}-{version.number}.yaml"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def may(request: AuthenticatedRequest) -> dict[str, bool]:
    """What the reader may do with schemes."""
    return {
        "may_edit": allows(request.user, "scheme.edit"),
        "may_publish": allows(request.user, "scheme.publish"),
    }


def _open(code: str) -> SchemeVersion:
    version = reads.open_draft(code)
    if version is None:
        raise Http404
    return version


def _to_version(version: SchemeVersion) -> HttpResponse:
    response = redirect("appraisal:scheme", version.scheme.code)
    response.headers["Location"] += f"?version={version.number}"
    return response
