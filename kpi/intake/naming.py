"""Files whose columns are called as the fields are, such as the templates: no guessing needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from kpi.intake.fields import DAY_OF, ITEM_PREFIX, spec_of, specs


def fields_by_name(columns: Sequence[str], kind: str = "") -> tuple[str, dict[str, str]] | None:
    """The one kind all of whose required fields, and nothing else, are among the columns.

    A column counts as a field by its name, or by what people call it in either language.

    Args:
        kind: what the rows are, where it is known.

    Returns:
        The kind, and field to column; None where no kind or several fit.
    """
    kinds = (kind,) if kind else tuple(DAY_OF)
    found = [(one, fields) for one in kinds if (fields := _fields_of(one, columns))]
    return found[0] if len(found) == 1 else None


def _fields_of(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Field to column, empty where a column is no field of the kind or a needed one lacks."""
    fields: dict[str, str] = {}
    for column in columns:
        name = _field_of(kind, column)
        if not name or name in fields:
            return {}
        fields[name] = column
    required = {name for name, spec in specs(kind).items() if spec.is_required}
    has_day = any(name in fields for name in DAY_OF[kind])
    return fields if required <= fields.keys() and has_day else {}


def _field_of(kind: str, column: str) -> str:
    called = column.strip().lower()
    if called.startswith(ITEM_PREFIX):
        name = column.strip()
        return name if spec_of(kind, name) else ""
    return _names(kind).get(called, "")


@cache
def _names(kind: str) -> dict[str, str]:
    """What a column may be called to be a field; a name wins over what people say."""
    named: dict[str, str] = {}
    for spec in specs(kind).values():
        for label in (spec.label_en.lower(), spec.label_zh):
            named.setdefault(label, spec.name)
    return named | {name: name for name in specs(kind)}
