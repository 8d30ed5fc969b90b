"""What a mapping may fill: each kind's fields, with what their values may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from django.db import models

from kpi.formula.fields import FACTS, Field
from kpi.intake.limits import (
    LONGEST_DURATION_S,
    LONGEST_S,
    MOST_OF_A_COUNT,
    SCORE_RANGES,
)
from kpi.models import FACT_MODELS

Type = Literal[
    "text", "code", "flag", "seconds", "whole", "decimal", "moment", "date", "agent", "customer"
]

# Stamped by the import, or derived from other fields.
_NOT_MAPPED: Final = frozenset(
    {
        "source",
        "team",
        "position",
        "shift",
        "day",
        "batch",
        "line",
        "handle_s",
        "next_contact_s",
        "customer_tail",
        "solved_day",
    }
)
# The field whose local date is the day of the fact; the first that is filled.
DAY_OF: Final[dict[str, tuple[str, ...]]] = {
    "contacts": ("started_at",),
    "tickets": ("created_at",),
    "surveys": ("answered_at", "sent_at"),
    "reviews": ("reviewed_at",),
    "shifts": ("date",),
    "trainings": ("date",),
    "events": ("date",),
    "figures": ("date",),
}
_REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "shifts": ("agent",),
    "trainings": ("agent", "kind"),
    "events": ("agent", "kind"),
    "figures": ("figure",),
}
# A criterion of a review form: its points go into the review's ``items`` under this code.
ITEM_PREFIX: Final = "item:"
_ITEM_CODE: Final = re.compile(r"[^\W_][\w.-]{0,39}")
LINKS: Final = {"contacts": "contact", "tickets": "ticket"}


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of one kind. ``lowest`` and ``highest`` are of numbers, both included."""

    name: str
    type: Type
    label_en: str
    label_zh: str
    choices: tuple[str, ...] = ()
    longest: int = 120
    lowest: int | None = None
    highest: int | None = None
    places: int = 0
    is_required: bool = False


@cache
def specs(kind: str) -> dict[str, Spec]:
    """The fields a mapping of this kind may fill, by name."""
    own = {
        field.name: _spec(kind, field)
        for field in FACTS[kind].fields.values()
        if field.name not in _NOT_MAPPED
    }
    if kind == "figures":
        own["date"] = Spec("date", "date", "date", "日期", is_required=True)
    return own


def spec_of(kind: str, name: str) -> Spec | None:
    """The field of this name; of a review also ``item:voice``, any criterion of its form."""
    if kind == "reviews" and name.startswith(ITEM_PREFIX):
        code = name.removeprefix(ITEM_PREFIX)
        if not _ITEM_CODE.fullmatch(code):
            return None
        return Spec(name, "decimal", code, code, lowest=-1_000_000, highest=1_000_000, places=4)
    return specs(kind).get(name)


def _spec(kind: str, field: Field) -> Spec:
    required = field.name == "external_id" or field.name in _REQUIRED.get(kind, ())
    only_day = DAY_OF[kind] == (field.name,)
    column = _column(kind, field.name)
    low, high = _range(kind, field, column)
    return Spec(
        field.name,
        _type(field),
        field.label_en,
        field.label_zh,
        field.choices,
        longest=getattr(column, "max_length", None) or 10_000,
        lowest=low,
        highest=high,
        places=getattr(column, "decimal_places", 0) or 0,
        is_required=required or only_day,
    )


def _type(field: Field) -> Type:
    if field.name in {"agent", "customer"}:
        return "agent" if field.name == "agent" else "customer"
    if field.kind == "int":
        return "seconds" if field.name.endswith("_s") else "whole"
    types: dict[str, Type] = {
        "text": "text",
        "code": "code",
        "bool": "flag",
        "decimal": "decimal",
        "datetime": "moment",
        "date": "date",
    }
    return types[field.kind]


def _column(kind: str, name: str) -> object:
    """The column of the fact table; ``date`` of a kind is its ``day``, an agent is a text here."""
    if name in {"date", "agent"}:
        return models.CharField(max_length=160)
    if name == "customer":
        return models.CharField(max_length=120)
    return FACT_MODELS[kind]._meta.get_field(name)


def _range(kind: str, field: Field, column: object) -> tuple[int | None, int | None]:
    if (kind, field.name) in SCORE_RANGES:
        return SCORE_RANGES[kind, field.name]
    if field.kind == "int":
        longest = LONGEST_S.get((kind, field.name), LONGEST_DURATION_S)
        return 0, longest if field.name.endswith("_s") else MOST_OF_A_COUNT
    if isinstance(column, models.DecimalField):
        most = int(10 ** (column.max_digits - column.decimal_places)) - 1
        return -most, most
    return None, None
