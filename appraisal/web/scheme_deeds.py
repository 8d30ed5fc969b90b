"""What the forms of the scheme editor do to a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from appraisal.web import scheme_changes as changes
from appraisal.web import scheme_thrown as thrown
from appraisal.web.pages import scheme_fields as tables
from appraisal.web.pages.scheme_editor import KPIs, entry_name, kpi_options, unit_of
from appraisal.web.pages.typed import PLAIN
from appraisal.web.scheme_changes import Document
from appraisal.web.scheme_forms import Units, at, put
from appraisal.web.scheme_merge import STOOD, Clash, Merged, drawn, merge
from appraisal.web.scheme_thrown import Thrown

Chosen = tuple[str, str]
"""What is being edited: ("item", code), ("group", code), or a part of the whole and nothing."""
PARTS = ("add", "about", "grades", "send", "delete")
FORM_OF = {
    "about": tables.ABOUT_FIELDS,
    "grades": (*tables.GRADE_FIELDS, *tables.GUIDELINE_FIELDS),
}


@dataclass
class Found:
    """What came to light while the document was changed, as it stood under its lock.

    Attributes:
        clashes: what was not saved because it was changed elsewhere too.
        is_stale: whether the form shows something that was changed elsewhere.
        thrown: what a way back is kept of.
        back: what was put back and is kept no more.
    """

    clashes: list[Clash] = field(default_factory=list)
    is_stale: bool = False
    thrown: list[Thrown] = field(default_factory=list)
    back: list[Thrown] = field(default_factory=list)

    def add(self, merged: Merged) -> Document:
        """Note what was found; gives the document."""
        self.clashes += merged.clashes
        self.is_stale |= merged.is_stale
        return merged.document


@dataclass(frozen=True)
class Deed:
    """What a form of the editor asks for: how the document changes, and where to look then.

    Attributes:
        refusal: why nothing changes, where something was asked for that cannot be.
        found: filled in by the change.
    """

    change: Callable[[Document], Document]
    then: Chosen
    refusal: str = ""
    found: Found = field(default_factory=Found)


@dataclass(frozen=True)
class Asked:
    """What a form sent, to whom the draft belongs, and what the sender threw away before."""

    data: QueryDict
    document: Document
    kpis: KPIs
    kept: list[Thrown]

    @property
    def do(self) -> str:
        """The button that was pressed, if it does more than save."""
        return self.data.get("do", "")


def deed_of(asked: Asked) -> Deed:
    """The deed that a form asks for."""
    deeds: dict[str, Callable[[Asked], Deed]] = {
        "weights": _save_weights,
        "add_item": _add_item,
        "add_group": _add_group,
        "item": _save_item,
        "group": _save_group,
        "rename": _rename,
        "take_back": _take_back,
    }
    part = asked.data.get("part", "")
    if part in FORM_OF:
        return _save_whole(asked, part)
    if part not in deeds:
        raise Http404
    return deeds[part](asked)


def chosen_of(query: QueryDict, document: Document) -> Chosen:
    """What an address or a form asks to edit; else the first item, or how to begin."""
    for kind in ("item", "group"):
        code = query.get(kind, "")
        if code and changes.find(document, f"{kind}s", code):
            return kind, code
    part = query.get("part", "")
    if part in PARTS:
        return part, ""
    items = changes.entries(document, "items")
    return ("item", str(items[0].get("code"))) if items else ("about", "")


def _plain(_data: QueryDict | None) -> Units:
    return lambda _name: PLAIN


def _save_whole(asked: Asked, part: str) -> Deed:
    found = Found()

    def change(document: Document) -> Document:
        merged = merge(document, asked.data, FORM_OF[part], units_for=_plain)
        typed = found.add(merged)
        if not at(typed, "guideline.grade"):  # without its grade there is no guideline
            typed.pop("guideline", None)
        return typed

    return Deed(change, (part, ""), found=found)


def _weights(document: Document) -> tuple[list[tables.Field], Document]:
    """The fields of the table of weights, and a document that has nothing else."""
    items = changes.entries(document, "items")
    weights: Document = {"weight": {}}
    for item in items:
        put(weights, f"weight.{item.get('code')}", item.get("weight"))
    names = {str(item.get("code")): entry_name(item) for item in items}
    return [_weight(code, name) for code, name in names.items()], weights


def _weight(code: str, name: str) -> tables.Field:
    return tables.Field(f"weight.{code}", _("Weight of %(name)s") % {"name": name}, "number")


def weights_drawn(document: Document) -> str:
    """How the table of weights reads, as it is sent along."""
    fields, weights = _weights(document)
    return drawn(fields, weights, units=_plain(None))


def _save_weights(asked: Asked) -> Deed:
    found = Found()

    def change(document: Document) -> Document:
        fields, weights = _weights(document)
        here = {one.name for one in fields}
        sent = [name for name in asked.data if name.startswith("weight.") and name not in here]
        gone = [_weight(code, code) for code in (name.partition(".")[2] for name in sent)]
        typed = found.add(merge(weights, asked.data, fields, units_for=_plain, gone=gone))
        items = [
            item | {"weight": at(typed, f"weight.{item.get('code')}")}
            if f"weight.{item.get('code')}" in asked.data
            else item
            for item in changes.entries(document, "items")
        ]
        return document | {"items": items}

    return Deed(change, chosen_of(asked.data, asked.document), found=found)


def _add_item(asked: Asked) -> Deed:
    kpi, group = asked.kpis.get(asked.data.get("kpi", "")), asked.data.get("group", "")
    if changes.find(asked.document, "groups", group) is None:
        return Deed(lambda same: same, ("add", ""))
    code = changes.add_item(asked.document, group=group, kpi=kpi)[1]
    return Deed(lambda now: changes.add_item(now, group=group, kpi=kpi)[0], ("item", code))


def _add_group(asked: Asked) -> Deed:
    en, zh = (asked.data.get(name, "").replace("\x00", "").strip()[:120] for name in ("en", "zh"))
    if not (en or zh):
        return Deed(
            lambda same: same, ("add", ""), refusal=_("Nothing was added: the group needs a name.")
        )
    return Deed(lambda now: changes.add_group(now, en=en, zh=zh)[0], ("add", ""))


def _save_item(asked: Asked) -> Deed:
    code, found = asked.data.get("item", ""), Found()
    if changes.find(asked.document, "items", code) is None:
        raise Http404

    def change(document: Document) -> Document:
        item = changes.find(document, "items", code)
        if item is None:
            return document
        fields = item_form(document, item, asked.kpis)
        names = {one.name for one in fields}
        gone = [one for one in _fields_stood(asked) if one.name not in names]

        def units_for(data: QueryDict | None) -> Units:
            return units_of(item, asked.kpis, data)

        typed = found.add(merge(item, asked.data, fields, units_for=units_for, gone=gone))
        if changes.find(document, "groups", str(typed.get("group"))) is None:
            typed["group"] = item.get("group")
        typed = _of_kind(_other_kind(asked, code, item, typed, found))
        return changes.replaced(document, "items", code, typed)

    return _placed(asked, change, "items", code, found)


def item_form(document: Document, item: Document, kpis: KPIs) -> list[tables.Field]:
    """All the fields of an item, choices with their names."""
    groups = [
        (str(one.get("code")), entry_name(one)) for one in changes.entries(document, "groups")
    ]
    options: Mapping[str, Any] = {"kpi": kpi_options(kpis)}
    fields = [
        replace(one, options=options.get(one.name, one.options))
        for one in (*tables.item_fields(item), *tables.ITEM_TERMS)
    ]
    return [*fields, tables.Field("group", _("Group"), "choice", options=groups)]


def _fields_stood(asked: Asked) -> tuple[tables.Field, ...]:
    """The fields of the rule that the form shows, which may have another kind by now."""
    stood = QueryDict(asked.data.get(STOOD, ""))
    rule = {"type": stood.get("rule.type", "")}
    return tables.item_fields({"kpi": stood.get("kpi"), "rule": rule})


def _other_kind(asked: Asked, code: str, item: Document, typed: Document, found: Found) -> Document:
    """Keep the rule that gives way to one of another kind, and bring back what was kept of that."""
    old, new = (at(one, "rule.type") for one in (item, typed))
    if old == new or old not in tables.RULE_FIELDS:
        return typed
    before = _of_kind(typed | {"rule": {**typed["rule"], "type": old}})
    found.thrown += thrown.of_rule(before, old_in=item)
    kept = thrown.last_rule(asked.kept, code, str(new))
    if kept is None:
        return typed
    found.back.append(kept)
    return typed | {"rule": kept.rule}


def _save_group(asked: Asked) -> Deed:
    code, found = asked.data.get("group", ""), Found()
    if changes.find(asked.document, "groups", code) is None:
        raise Http404

    def change(document: Document) -> Document:
        group = changes.find(document, "groups", code) or {}
        typed = found.add(merge(group, asked.data, tables.GROUP_FIELDS, units_for=_plain))
        return changes.replaced(document, "groups", code, typed)

    return _placed(asked, change, "groups", code, found)


def _placed(
    asked: Asked, change: Callable[[Document], Document], key: str, code: str, found: Found
) -> Deed:
    """Save an entry, then move it or take it away if a button says so."""
    here = (key.removesuffix("s"), code)
    if asked.do in {"up", "down"}:
        step = -1 if asked.do == "up" else 1
        return Deed(lambda now: changes.move(change(now), key, code, step=step), here, found=found)
    if asked.do == "remove":

        def remove(document: Document) -> Document:
            found.thrown += thrown.of_entry(document, key, code)
            return changes.remove(document, key, code)

        gone = changes.remove(asked.document, key, code)
        return Deed(remove, chosen_of(QueryDict(), gone), found=found)
    return Deed(change, here, found=found)


def _take_back(asked: Asked) -> Deed:
    """Put back what was thrown away last."""
    kept = thrown.offered(asked.kept, asked.document)
    if kept is None or kept.id != asked.data.get("id"):
        words = _("Nothing was taken back: the draft has changed since.")
        return Deed(lambda same: same, chosen_of(asked.data, asked.document), refusal=words)
    found = Found(back=[kept])

    def change(document: Document) -> Document:
        item = changes.find(document, "items", kept.code)
        if kept.kind == "rule" and item is not None:
            found.thrown += thrown.of_rule(item, old_in=item)
        return thrown.taken_back(kept, document)

    then = ("group" if kept.kind == "groups" else "item", kept.code)
    return Deed(change, then, found=found)


def _rename(asked: Asked) -> Deed:
    data = asked.data
    code, wanted = data.get("code", ""), data.get("wanted", "").replace("\x00", "").strip()
    key = "groups" if data.get("of") == "group" else "items"
    if changes.find(asked.document, key, code) is None:
        raise Http404
    new = changes.rename(asked.document, key, code, wanted)[1]
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


def units_of(item: Document, kpis: KPIs, data: QueryDict | None = None) -> Units:
    """The unit of the figure at a place of an item: its KPI's, or that of a condition's."""

    def unit_at(name: str) -> str:
        first, _dot, rest = name.partition(".")
        if first != "conditions":
            return PLAIN if name == "rule.points" else unit_of(item, kpis)
        place = f"conditions.{rest.partition('.')[0]}.kpi"
        stored = at(item, place)
        return unit_of({"kpi": data.get(place, stored) if data else stored}, kpis)

    return unit_at
