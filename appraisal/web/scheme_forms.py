"""What HR typed into the editor as parts of a scheme document, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from appraisal.web.pages.scheme_fields import SIDES, Field
from appraisal.web.pages.typed import PERCENT, PLAIN, read_typed, typed

Document = dict[str, Any]
Units = Callable[[str], str]
"""The unit of the values at a place: of the item's KPI, or of a condition's."""

MOST_ROWS = 40
"""More steps or grades than anybody writes: what comes beyond is left out."""
KEEP_EMPTY = "keep"
"""Sent along by pages that go on after saving, and by the buttons that add and drop rows."""
_SIDES = tuple(code for code, _label in SIDES)
_FIGURES = {"number": PLAIN, "percent": PERCENT}


@dataclass
class Bound:
    """A field with what it holds, and what is wrong with it."""

    field: Field
    name: str
    text: str = ""
    chosen: tuple[str, ...] = ()
    options: Sequence[tuple[str, Any]] = ()
    errors: list[str] = dataclasses.field(default_factory=list)
    rows: list[list[Bound]] = dataclasses.field(default_factory=list)

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "f-" + self.name.replace(".", "-")

    @property
    def is_strange(self) -> bool:
        """Whether it holds what is none of its choices; the choice then stays on offer."""
        return bool(self.text) and self.text not in {code for code, _label in self.options}

    @property
    def parts(self) -> list[Bound]:
        """The field and, where it has rows, those of its rows."""
        return [self, *(part for row in self.rows for one in row for part in one.parts)]


def at(document: Any, place: str) -> Any:
    """What stands at a place of a document, None if nothing does."""
    for part in place.split("."):
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return None
    return document


def put(document: Document, place: str, value: Any) -> None:
    """Set what stands at a place; nothing there takes the entry away, and what it leaves empty."""
    *path, last = place.split(".")
    inner = document
    for part in path:
        if not isinstance(inner.get(part), dict):
            if value is None:
                return
            inner[part] = {}
        inner = inner[part]
    if value is None:
        inner.pop(last, None)
        if path and not inner:
            put(document, ".".join(path), None)
    else:
        inner[last] = value


def read_fields(
    data: QueryDict, fields: Iterable[Field], document: Document, *, units: Units
) -> Document:
    """The document with what was typed put in its place; fields that were not sent stay.

    Rows nobody filled in are left out, unless the page stays as it is and counts them on.
    """
    document = deepcopy(document)
    for one in fields:
        value, is_sent = _read(data, one, one.name, document, units)
        if is_sent:
            put(document, one.name, None if value == one.default else value)
    return document


def _read(
    data: QueryDict, one: Field, name: str, document: Document, units: Units
) -> tuple[Any, bool]:
    """What was typed into a field, and whether it was on the page at all."""
    if one.kind == "rows":
        return _read_rows(data, one, name, document, units), f"{name}.rows" in data
    if one.kind == "codes":
        return [code for code in data.getlist(name) if code] or None, f"{name}.sent" in data
    # A browser ends lines its own way, also those that nobody touched.
    text = data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if one.kind == "numbers":
        return [read_typed(part, PLAIN) for part in _split(text)] or None, name in data
    if one.kind in {"value", *_FIGURES}:
        return read_typed(text, _FIGURES.get(one.kind) or units(name)), name in data
    return text or None, name in data


def _split(text: str) -> list[str]:
    return [part for part in text.replace("，", ",").replace(" ", ",").split(",") if part]


def _read_rows(
    data: QueryDict, one: Field, name: str, document: Document, units: Units
) -> list[Document] | None:
    """The rows typed; what a row says that has no field here, such as a level's name, stays."""
    before = _list_at(document, name)
    rows = []
    for number in range(min(_whole(data.get(f"{name}.rows", "")), MOST_ROWS)):
        row = _kept(before[number]) if number < len(before) else {}
        for part in one.fields:
            place = f"{name}.{number}.{part.name}"
            value, is_sent = _read(data, part, place, document, units)
            if is_sent:
                put(row, part.name, value)
        choices = {part.name for part in one.fields if part.kind in {"choice", "codes"}}
        if KEEP_EMPTY in data or row.keys() - choices:
            rows.append(_folded(row))
    return rows or None


def _kept(row: Any) -> Document:
    if not isinstance(row, Mapping):
        return {}
    return {key: deepcopy(value) for key, value in row.items() if key not in _SIDES}


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 3 else 0


def _folded(row: Document) -> Document:
    """A condition's side is the name of its threshold: ``{above: 5}``."""
    if "side" in row:
        row[row.pop("side")] = row.pop("threshold", None)
    return row


def _unfolded(row: Any) -> Any:
    sides = [side for side in _SIDES if isinstance(row, Mapping) and side in row]
    if not sides:
        return row
    return {**row, "side": sides[0], "threshold": row[sides[0]]}


def change_rows(document: Document, deed: str) -> Document:
    """Add an empty row to a list, or take one away: ``add:rule.bands``, ``drop:rule.bands.1``."""
    document = deepcopy(document)
    what, _colon, place = deed.partition(":")
    if what == "add":
        put(document, place, [*_list_at(document, place), {}])
    elif what == "drop":
        place, _dot, number = place.rpartition(".")
        rows = [row for at_, row in enumerate(_list_at(document, place)) if str(at_) != number]
        put(document, place, rows or None)
    return document


def _list_at(document: Document, place: str) -> list[Any]:
    found = at(document, place)
    return found if isinstance(found, list) else []


def bind(
    fields: Iterable[Field],
    document: Any,
    *,
    units: Units,
    choices: Mapping[str, Sequence[tuple[str, Any]]],
    errors: Mapping[str, list[str]],
) -> list[Bound]:
    """Fields with what a document holds.

    Args:
        choices: options of fields whose choices depend on the centre, by the field's name, rows
            without their numbers.
        errors: what is wrong, by the place in this document.
    """
    return [_bound(one, one.name, document, units, choices, errors) for one in fields]


def _bound(one: Field, name: str, document: Any, units: Units, choices: Any, errors: Any) -> Bound:
    value = at(document, name)
    bound = Bound(one, name, errors=errors.get(name, []))
    plain = ".".join(part for part in name.split(".") if not part.isdecimal())
    bound.options = choices.get(plain, one.options)
    if one.kind == "rows":
        rows = [_unfolded(row) for row in (value if isinstance(value, list) else [])]
        shown = deepcopy(document)
        put_rows(shown, name, rows)
        bound.rows = [
            [
                _bound(part, f"{name}.{number}.{part.name}", shown, units, choices, errors)
                for part in one.fields
            ]
            for number in range(len(rows))
        ]
    elif one.kind == "codes":
        bound.chosen = tuple(str(code) for code in value) if isinstance(value, list) else ()
    elif one.kind == "numbers":
        bound.text = ", ".join(typed(part, PLAIN) for part in value or ()) if value else ""
    elif one.kind in {"value", *_FIGURES}:
        unit = _FIGURES.get(one.kind) or units(name)
        bound.text = typed(value, unit)
    else:
        bound.text = one.default if value is None else str(value)
    return bound


def put_rows(document: Any, place: str, rows: list[Any]) -> None:
    """Set a list for showing, where its place exists."""
    if isinstance(document, dict) and at(document, place) is not None:
        put(document, place, rows)
