"""Deeds of the editor on a scheme document: items and groups come, go and move.

Each gives a new document and leaves the one it got as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils.text import slugify

from kpi.models import KPIVersion

Document = dict[str, Any]

_WEIGHT = 10
"""What a new item weighs until somebody says otherwise."""


def entries(document: Mapping[str, Any], key: str) -> list[Document]:
    """The groups or items of a document that may be faulty."""
    found = document.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def find(document: Mapping[str, Any], key: str, code: str) -> Document | None:
    """The group or item with a code."""
    return next((one for one in entries(document, key) if one.get("code") == code), None)


def replaced(document: Document, key: str, code: str, entry: Document) -> Document:
    """Put another entry in the place of one."""
    listed = [entry if one.get("code") == code else one for one in entries(document, key)]
    return document | {key: listed}


def free_code(document: Document, key: str, wanted: str) -> str:
    """A code that no other entry has: the wanted one, or with a number behind it."""
    base = slugify(wanted).replace("-", "_")[:46] or key.removesuffix("s")
    taken = {one.get("code") for one in entries(document, key)}
    number, code = 2, base
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code


def add_group(document: Document, *, en: str, zh: str) -> tuple[Document, str]:
    """Add a group at the end; gives its code too."""
    code = free_code(document, "groups", en)
    group = {"code": code, "name": {"en": en, "zh": zh}}
    return document | {"groups": [*entries(document, "groups"), group]}, code


def add_item(
    document: Document, *, group: str, kpi: KPIVersion | None, code: str = ""
) -> tuple[Document, str]:
    """Add an item at the end of a group: of a KPI, or one that people rate."""
    chosen = free_code(document, "items", code or (kpi.kpi.code if kpi else "rating"))
    names = {"en": kpi.name_en, "zh": kpi.name_zh} if kpi else {}
    source = {"kpi": kpi.kpi.code} if kpi else {"rating": chosen}
    item = {"code": chosen, "group": group, "name": names, **source, "weight": _WEIGHT}
    item["rule"] = _first_rule(kpi)
    return document | {"items": [*entries(document, "items"), item]}, chosen


def _first_rule(kpi: KPIVersion | None) -> Document:
    """The kind of rule one would think of first; its figures are left to be typed."""
    if kpi is None:
        return {"type": "share"}
    if kpi.direction == KPIVersion.Direction.RANGE:
        return {"type": "range"}
    if kpi.unit == "count" and kpi.direction == KPIVersion.Direction.LOWER:
        return {"type": "deduction", "points": 1}
    return {"type": "linear"}


def remove(document: Document, key: str, code: str) -> Document:
    """Take an item away, or a group with its items."""
    changed = document | {key: [one for one in entries(document, key) if one.get("code") != code]}
    if key == "groups":
        left = [one for one in entries(document, "items") if one.get("group") != code]
        changed |= {"items": left}
    return changed


def removed_with(document: Document, key: str, code: str) -> dict[str, list[list[Any]]]:
    """What :func:`remove` takes away: of groups and items each entry with its number."""
    left = remove(document, key, code)
    return {
        one: [
            [number, entry]
            for number, entry in enumerate(entries(document, one))
            if entry not in entries(left, one)
        ]
        for one in ("groups", "items")
    }


def put_back(document: Document, gone: Mapping[str, list[list[Any]]]) -> Document:
    """Put entries that were taken away back where they stood."""
    changed = dict(document)
    for key, numbered in gone.items():
        listed = entries(document, key)
        for number, entry in numbered:
            listed.insert(number, deepcopy(entry))
        changed[key] = listed
    return changed


def move(document: Document, key: str, code: str, *, step: int) -> Document:
    """Move a group, or an item among those of its group, one place up (-1) or down (1)."""
    listed = deepcopy(entries(document, key))
    places = list(range(len(listed)))
    entry = find(document, key, code)
    if key == "items" and entry is not None:
        places = [at for at in places if listed[at].get("group") == entry.get("group")]
    here = next((at for at, place in enumerate(places) if listed[place].get("code") == code), None)
    if here is not None and 0 <= here + step < len(places):
        first, second = places[here], places[here + step]
        listed[first], listed[second] = listed[second], listed[first]
    return document | {key: listed}


def rename(document: Document, key: str, code: str, wanted: str) -> tuple[Document, str]:
    """Give an item or a group another code, free and fit to be one.

    A group's items follow, and a rating that has the name of its item.
    """
    if not wanted or wanted == code:
        return document, code
    new = free_code(document, key, wanted)
    entry = find(document, key, code) or {}
    rating = {"rating": new} if entry.get("rating") == code else {}
    changed = replaced(document, key, code, entry | {"code": new} | rating)
    if key == "groups":
        items = [
            one | {"group": new} if one.get("group") == code else one
            for one in entries(document, "items")
        ]
        changed |= {"items": items}
    return changed, new
