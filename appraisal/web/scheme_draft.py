"""The scheme editor: one page, one draft; every change is saved, a faulty one too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
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
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.pages.compare import differences
from appraisal.web.pages.grades import language
from appraisal.web.pages.problems import Mend, mends
from appraisal.web.pages.rules import weight_places
from appraisal.web.pages.scheme_editor import (
    KPIs,
    edit_groups,
    entry_name,
    rule_shown,
    unit_of,
    weight_sum,
)
from appraisal.web.pages.typed import PLAIN, read_typed
from appraisal.web.scheme_changes import Document
from appraisal.web.scheme_forms import KEEP_EMPTY, Bound, at, bind, change_rows, read_fields
from kpi.selectors import list_current_versions

Chosen = tuple[str, str]
"""What is being edited: ("item", code), ("group", code), or a part of the whole and nothing."""
PARTS = ("add", "about", "grades", "send", "delete")
_FORM_OF = {
    "about": tables.ABOUT_FIELDS,
    "grades": (*tables.GRADE_FIELDS, *tables.GUIDELINE_FIELDS),
}


@dataclass(frozen=True)
class Deed:
    """What a form of the editor asks for: how the document changes, and where to look then.

    Attributes:
        refusal: why nothing changes, where something was asked for that cannot be.
    """

    change: Callable[[Document], Document]
    then: Chosen
    refusal: str = ""


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
        return _show(request, version, kpis, _asked(request.GET, version.document))
    deed = _deed(_typed(request), version.document, kpis)
    try:
        version, _problems = drafts.save_draft(
            version=version, change=deed.change, edited_by=request.user, now=timezone.now()
        )
    except (drafts.NotADraft, drafts.NotAllowed) as error:
        messages.warning(request, str(error))
        return redirect("appraisal:scheme", code)
    if deed.refusal:
        messages.warning(request, deed.refusal)
    address = f"{reverse('appraisal:scheme_draft', args=[code])}?{_query(deed.then)}"
    if not request.htmx:
        return redirect(f"{address}#panel")
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


def _asked(query: QueryDict, document: Document) -> Chosen:
    """What the address asks to edit; else the first item, or how to begin."""
    for kind in ("item", "group"):
        code = query.get(kind, "")
        if code and changes.find(document, f"{kind}s", code):
            return kind, code
    part = query.get("part", "")
    if part in PARTS:
        return part, ""
    items = changes.entries(document, "items")
    return ("item", str(items[0].get("code"))) if items else ("about", "")


def _deed(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    deeds = {
        "weights": _save_weights,
        "add_item": _add_item,
        "add_group": _add_group,
        "item": _save_item,
        "group": _save_group,
        "rename": _rename,
    }
    part = data.get("part", "")
    if part in _FORM_OF:
        return _save_whole(data, part)
    if part not in deeds:
        raise Http404
    return deeds[part](data, document, kpis)


def _save_whole(data: QueryDict, part: str) -> Deed:
    def change(document: Document) -> Document:
        typed = read_fields(data, _FORM_OF[part], document, units=lambda _name: PLAIN)
        if not at(typed, "guideline.grade"):  # without its grade there is no guideline
            typed.pop("guideline", None)
        return change_rows(typed, data.get("do", ""))

    return Deed(change, (part, ""))


def _save_weights(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    def change(document: Document) -> Document:
        items = []
        for item in changes.entries(document, "items"):
            name = f"weight.{item.get('code')}"
            weight = read_typed(data.get(name, "").replace("\x00", ""), PLAIN)
            items.append(item | {"weight": weight} if name in data else item)
        return document | {"items": items}

    return Deed(change, _asked(data, document))


def _add_item(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    kpi, group = kpis.get(data.get("kpi", "")), data.get("group", "")
    if changes.find(document, "groups", group) is None:
        return Deed(lambda same: same, ("add", ""))
    code = changes.add_item(document, group=group, kpi=kpi)[1]
    return Deed(lambda now: changes.add_item(now, group=group, kpi=kpi)[0], ("item", code))


def _add_group(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    en, zh = (data.get(name, "").replace("\x00", "").strip()[:120] for name in ("en", "zh"))
    if not (en or zh):
        return Deed(
            lambda same: same, ("add", ""), refusal=_("Nothing was added: the group needs a name.")
        )
    return Deed(lambda now: changes.add_group(now, en=en, zh=zh)[0], ("add", ""))


def _save_item(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    code, do = data.get("item", ""), data.get("do", "")
    if changes.find(document, "items", code) is None:
        raise Http404

    def change(document: Document) -> Document:
        item = changes.find(document, "items", code)
        if item is None:
            return document
        fields = (*tables.item_fields(item), *tables.ITEM_TERMS)
        typed = read_fields(data, fields, item, units=units_of(item, kpis, data))
        typed = change_rows(_of_kind(typed), do)
        group = data.get("group", "")
        if changes.find(document, "groups", group):
            typed["group"] = group
        return changes.replaced(document, "items", code, typed)

    return _placed(change, "items", code, do, document)


def _save_group(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    code, do = data.get("group", ""), data.get("do", "")
    if changes.find(document, "groups", code) is None:
        raise Http404

    def change(document: Document) -> Document:
        group = changes.find(document, "groups", code) or {}
        typed = read_fields(data, tables.GROUP_FIELDS, group, units=lambda _name: PLAIN)
        return changes.replaced(document, "groups", code, typed)

    return _placed(change, "groups", code, do, document)


def _placed(
    change: Callable[[Document], Document], key: str, code: str, do: str, document: Document
) -> Deed:
    """Save an entry, then move it or take it away if a button says so."""
    here = (key.removesuffix("s"), code)
    if do in {"up", "down"}:
        step = -1 if do == "up" else 1
        return Deed(lambda now: changes.move(change(now), key, code, step=step), here)
    if do == "remove":
        gone = changes.remove(document, key, code)
        return Deed(lambda now: changes.remove(now, key, code), _asked(QueryDict(), gone))
    return Deed(change, here)


def _rename(data: QueryDict, document: Document, kpis: KPIs) -> Deed:
    code, wanted = data.get("code", ""), data.get("wanted", "").replace("\x00", "").strip()
    key = "groups" if data.get("of") == "group" else "items"
    if changes.find(document, key, code) is None:
        raise Http404
    new = changes.rename(document, key, code, wanted)[1]
    return Deed(lambda now: changes.rename(now, key, code, wanted)[0], (key.removesuffix("s"), new))


def _of_kind(item: Document) -> Document:
    """Keep of a rule what its type knows, so that another type begins with what it shares."""
    rule = item.get("rule")
    kind = str(rule.get("type")) if isinstance(rule, dict) else ""
    if not isinstance(rule, dict) or kind not in tables.RULE_FIELDS:
        return item
    known = {"type", *(one.name for one in tables.RULE_FIELDS[kind])}
    kept = {key: value for key, value in rule.items() if key in known}
    if kind == "peers":
        kept.setdefault("better", "higher")
    if item.get("kpi") and item.get("rating"):  # a KPI was chosen for what people rated
        item = {key: value for key, value in item.items() if key != "rating"}
    if not item.get("kpi") and not item.get("rating"):
        item = item | {"rating": item.get("code")}
    return item | {"rule": kept}


def units_of(item: Document, kpis: KPIs, data: QueryDict | None = None) -> Callable[[str], str]:
    """The unit of the figure at a place of an item: its KPI's, or that of a condition's."""

    def unit_at(name: str) -> str:
        first, _dot, rest = name.partition(".")
        if first != "conditions":
            return PLAIN if name == "rule.points" else unit_of(item, kpis)
        place = f"conditions.{rest.partition('.')[0]}.kpi"
        stored = at(item, place)
        return unit_of({"kpi": data.get(place, stored) if data else stored}, kpis)

    return unit_at


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
        **_panel(document, kpis, chosen, to_mend, before),
    }
    return render(request, "appraisal/scheme_draft.html", context)


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
        panel["rule"] = rule_shown(document, item, kpis)
        panel["group"] = item.get("group")
    elif part == "group":
        group = changes.find(document, "groups", code) or {}
        panel["fields"] = _bound(tables.GROUP_FIELDS, group, errors, {})
    elif part in _FORM_OF:
        panel["fields"] = _bound(_FORM_OF[part], document, errors, _choices(document))
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


def _bound(
    fields: tuple[tables.Field, ...],
    document: Document,
    errors: dict[str, list[str]],
    choices: dict[str, Any],
) -> list[Bound]:
    return bind(fields, document, units=lambda _name: PLAIN, choices=choices, errors=errors)


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


def kpi_options(kpis: KPIs) -> list[tuple[str, str]]:
    """The KPIs in use by name."""
    names = {code: one.name for code, one in kpis.items()}
    is_chinese = language().startswith("zh")
    return sorted(
        names.items(), key=lambda pair: pair[1].encode("gb18030") if is_chinese else pair[1].lower()
    )
