"""The scheme editor: one page, one draft; every change is saved, a faulty one too."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Position
from appraisal.models import SchemeVersion
from appraisal.selectors import schemes as reads
from appraisal.services import drafts
from appraisal.web import scheme_changes as changes
from appraisal.web import scheme_thrown as thrown
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.pages.compare import differences
from appraisal.web.pages.problems import Mend, mends
from appraisal.web.pages.rules import weight_places
from appraisal.web.pages.scheme_editor import (
    KPIs,
    edit_groups,
    entry_name,
    kpi_options,
    rule_shown,
    weight_sum,
)
from appraisal.web.pages.typed import PLAIN
from appraisal.web.scheme_changes import Document
from appraisal.web.scheme_deeds import (
    FORM_OF,
    Asked,
    Chosen,
    Deed,
    chosen_of,
    deed_of,
    item_form,
    units_of,
    weights_drawn,
)
from appraisal.web.scheme_forms import KEEP_EMPTY, Bound, bind
from appraisal.web.scheme_merge import drawn
from kpi.selectors import list_current_versions


@requires("scheme.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show the draft of a scheme, or save what was typed."""
    version = reads.open_draft(code)
    if version is None:
        raise Http404
    if version.state != SchemeVersion.State.DRAFT:
        return redirect(f"{reverse('appraisal:scheme', args=[code])}?version={version.number}")
    kpis = {one.kpi.code: one for one in list_current_versions()}
    if request.method != "POST":
        return _show(request, version, kpis, chosen_of(request.GET, version.document))
    kept = thrown.kept_of(request.session, version)
    deed = deed_of(Asked(_typed(request), version.document, kpis, kept))
    try:
        version, _problems = drafts.save_draft(
            version=version, change=deed.change, edited_by=request.user, now=timezone.now()
        )
    except (drafts.NotADraft, drafts.NotAllowed) as error:
        messages.warning(request, str(error))
        return redirect("appraisal:scheme", code)
    thrown.keep(request.session, version, more=deed.found.thrown, less=deed.found.back)
    return _answer(request, version, kpis, deed)


def _answer(
    request: AuthenticatedRequest, version: SchemeVersion, kpis: KPIs, deed: Deed
) -> HttpResponse:
    """Say what was not saved and why, and show what the draft says now."""
    for words in [deed.refusal, *(clash.words for clash in deed.found.clashes)]:
        if words:
            messages.warning(request, words)
    if deed.found.is_stale and not deed.found.clashes:
        messages.info(request, _("This draft was changed elsewhere meanwhile; the page shows it."))
    address = f"{reverse('appraisal:scheme_draft', args=[version.scheme.code])}?{_query(deed.then)}"
    if not request.htmx:
        return redirect(f"{address}#panel")
    if request.htmx.target != "editor" and (deed.found.clashes or deed.found.is_stale):
        # Only marks change while one types; here the whole editor has to be read anew.
        return HttpResponse(status=204, headers={"HX-Trigger": "redraw"})
    response = _show(request, version, kpis, deed.then)
    response.headers["HX-Replace-Url"] = address
    return response


def _typed(request: AuthenticatedRequest) -> QueryDict:
    """What was sent. Where rows are added or dropped, or typing goes on, empty ones count too."""
    data = request.POST.copy()
    if request.htmx or data.get("do", "").startswith(("add:", "drop:")):
        data[KEEP_EMPTY] = "1"
    return data


def _query(chosen: Chosen) -> str:
    part, code = chosen
    return urlencode({part: code} if code else {"part": part})


def _show(
    request: AuthenticatedRequest, version: SchemeVersion, kpis: KPIs, chosen: Chosen
) -> HttpResponse:
    document = version.document
    _same, problems = drafts.check_document(document)
    to_mend = mends(problems, document)
    faults = Counter((one.part, one.code) for one in to_mend)
    before = reads.version_in_use(version.scheme.code)
    total = weight_sum(document)
    groups = edit_groups(
        document,
        kpis,
        faults=faults,
        chosen=chosen,
        weights={one.code: one.words for one in to_mend if one.field == "weight"},
    )
    context: dict[str, Any] = {
        "version": version,
        "before": before,
        "groups": groups,
        "places": weight_places(row.of_total for group in groups for row in group.rows),
        "weight_sum": total,
        "is_hundred": total == 100,
        "mends": to_mend,
        "faults_about": faults["about", ""],
        "faults_grades": faults["grades", ""],
        "part": chosen[0],
        "chosen": chosen[1],
        "address": reverse("appraisal:scheme_draft", args=[version.scheme.code]),
        "stood_weights": weights_drawn(document),
        **_way_back(request, version, kpis),
        **_panel(document, kpis, chosen, to_mend, before),
    }
    return render(request, "appraisal/scheme_draft.html", context)


def _way_back(request: AuthenticatedRequest, version: SchemeVersion, kpis: KPIs) -> dict[str, Any]:
    last = thrown.offered(thrown.kept_of(request.session, version), version.document)
    if last is None:
        return {}
    return {"thrown": last, "thrown_words": thrown.words_of(last, version.document, kpis)}


def _panel(
    document: Document,
    kpis: KPIs,
    chosen: Chosen,
    to_mend: list[Mend],
    before: SchemeVersion | None,
) -> dict[str, Any]:
    part, code = chosen
    groups = [
        (str(one.get("code")), entry_name(one)) for one in changes.entries(document, "groups")
    ]
    here = [one for one in to_mend if (one.part, one.code) == chosen]
    errors: dict[str, list[str]] = {}
    for one in here:
        errors.setdefault(one.field, []).append(one.words)
    panel: dict[str, Any] = {"group_options": groups, "kpi_options": kpi_options(kpis)}
    if part == "item":
        item = changes.find(document, "items", code) or {}
        panel["fields"], panel["more"] = _bound_item(document, item, kpis, errors)
        panel["stood"] = drawn(item_form(document, item, kpis), item, units=units_of(item, kpis))
        panel["rule"] = rule_shown(document, item, kpis)
        panel["group"] = item.get("group")
    elif part == "group":
        group = changes.find(document, "groups", code) or {}
        panel["fields"] = _bound(tables.GROUP_FIELDS, group, errors, {})
        panel["stood"] = drawn(tables.GROUP_FIELDS, group, units=_plain)
    elif part in FORM_OF:
        panel["fields"] = _bound(FORM_OF[part], document, errors, _choices(document))
        panel["stood"] = drawn(FORM_OF[part], document, units=_plain)
    elif part == "send" and before is not None:
        panel["differences"] = differences(before.document, document, kpis)
    bound = [*panel.get("fields", ()), *panel.get("more", ())]
    bounds = [inner for one in bound for inner in one.parts]
    named = {one.name for one in bounds}
    panel["oob"] = ",".join(f"#e{one.id[1:]}" for one in bounds if not one.rows)
    panel["left_over"] = [_left_over(one) for one in here if one.field not in named]
    return panel


def _left_over(mend: Mend) -> str:
    """What is wrong at no field of the panel; the weights stand in the table beside it."""
    if mend.field != "weight":
        return mend.words
    return _("Weight: %(words)s") % {"words": mend.words}


def _plain(_name: str) -> str:
    return PLAIN


def _bound(
    fields: tuple[tables.Field, ...],
    document: Document,
    errors: dict[str, list[str]],
    choices: dict[str, Any],
) -> list[Bound]:
    return bind(fields, document, units=_plain, choices=choices, errors=errors)


def _bound_item(
    document: Document, item: Document, kpis: KPIs, errors: dict[str, list[str]]
) -> list[list[Bound]]:
    choices = _choices(document) | {
        "kpi": [("", _("Rated by people")), *kpi_options(kpis)],
        "conditions.kpi": [("", "–"), *kpi_options(kpis)],
    }
    return [
        bind(fields, item, units=units_of(item, kpis), choices=choices, errors=errors)
        for fields in (tables.item_fields(item), tables.ITEM_TERMS)
    ]


def _choices(document: Document) -> dict[str, Any]:
    grades = [
        (str(one.get("code")), entry_name(one)) for one in changes.entries(document, "grades")
    ]
    known = [(one.code, one.name) for one in Position.objects.order_by("code")]
    codes = {code for code, _name in known}
    strange = document.get("positions")
    extra = [(code, code) for code in strange or () if code not in codes]
    return {
        "positions": [*known, *extra],
        "grade_caps.grade": grades,
        "rule.grade": [("", "–"), *grades],
        "guideline.grade": [("", _("No guideline")), *grades],
    }
