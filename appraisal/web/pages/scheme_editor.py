"""The editor's page: items with their weights at the left, what is being edited at the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from appraisal.scoring.explain import rule_label
from appraisal.scoring.fixed import fraction_to_decimal
from appraisal.scoring.pictures import RulePicture, picture
from appraisal.scoring.reading import Problem, Reader, as_decimal
from appraisal.scoring.scheme import TOTAL, Item, parse_item
from appraisal.web.pages.grades import language
from appraisal.web.pages.rules import RATING_UNIT, mini, rule_words
from appraisal.web.pages.typed import PLAIN, typed
from appraisal.web.scheme_changes import Document, entries
from kpi.models import KPIVersion

KPIs = Mapping[str, KPIVersion]


@dataclass(frozen=True)
class EditRow:
    """An item in the table: its weight as typed and of 100, its rule in short.

    Attributes:
        wrong: what is wrong with the weight, if anything is.
    """

    code: str
    name: str
    weight: str
    of_total: Decimal
    mini: SafeString | str
    label: str
    problems: int
    is_chosen: bool
    wrong: str = ""


@dataclass(frozen=True)
class EditGroup:
    """A group in the table, and what it weighs of 100."""

    code: str
    name: str
    of_total: Decimal
    rows: list[EditRow]
    problems: int
    is_chosen: bool


@dataclass(frozen=True)
class RuleShown:
    """The rule of the item being edited, drawn and told."""

    picture: RulePicture
    unit: str
    words: list[str]
    name: str


def entry_name(entry: Mapping[str, Any]) -> str:
    """The name of an item or a group in the language of the page, else its code."""
    given = entry.get("name")
    names = given if isinstance(given, Mapping) else {}
    order = ("zh", "en") if language().startswith("zh") else ("en", "zh")
    return str(names.get(order[0]) or names.get(order[1]) or entry.get("code") or "?")


def weight_of(item: Mapping[str, Any]) -> Decimal:
    """The weight of an item as a number, 0 where it is none."""
    weight = as_decimal(item.get("weight"))
    return max(weight, Decimal(0)) if weight is not None else Decimal(0)


def weight_sum(document: Document) -> Decimal:
    """What all weights add up to."""
    return sum((weight_of(item) for item in entries(document, "items")), Decimal(0))


def of_total(weight: Decimal, total: Decimal) -> Decimal:
    """A weight on the scale of 100."""
    return fraction_to_decimal(Fraction(weight) * TOTAL / Fraction(total), 2) if total else total


def unit_of(item: Mapping[str, Any], kpis: KPIs) -> str:
    """The unit of an item's value: its KPI's; a rating is a share."""
    version = kpis.get(str(item.get("kpi") or ""))
    return version.unit if version else RATING_UNIT


def read_item(item: Mapping[str, Any]) -> Item | None:
    """An item on its own, None as long as its rule is faulty."""
    problems: list[Problem] = []
    try:
        return parse_item(Reader(item, "", problems))
    except (ArithmeticError, LookupError):  # a weight of nothing under points per event
        return None


def edit_groups(
    document: Document,
    kpis: KPIs,
    *,
    faults: Mapping[tuple[str, str], int],
    chosen: tuple[str, str],
    weights: Mapping[str, str],
) -> list[EditGroup]:
    """The table of a document that may be faulty.

    Args:
        faults: how many problems an item or a group has, by ("item" or "group", code).
        chosen: the item or group being edited.
        weights: what is wrong with the weight of an item, by its code.
    """
    total = weight_sum(document)
    items = entries(document, "items")
    groups = []
    known = [group.get("code") for group in entries(document, "groups")]
    strays = [item for item in items if item.get("group") not in known]
    listed = [(group, [i for i in items if i.get("group") == group.get("code")])
              for group in entries(document, "groups")]  # fmt: skip
    if strays:
        listed.append(({"code": ""}, strays))
    for group, held in listed:
        code = str(group.get("code") or "")
        weight = sum((weight_of(item) for item in held), Decimal(0))
        groups.append(
            EditGroup(
                code=code,
                name=entry_name(group),
                of_total=of_total(weight, total),
                rows=[
                    replace(
                        _row(item, kpis, total, faults, chosen),
                        wrong=weights.get(str(item.get("code")), ""),
                    )
                    for item in held
                ],
                problems=faults.get(("group", code), 0),
                is_chosen=chosen == ("group", code),
            )
        )
    return groups


def _row(
    item: Document, kpis: KPIs, total: Decimal, faults: Mapping[tuple[str, str], int],
    chosen: tuple[str, str],
) -> EditRow:  # fmt: skip
    code = str(item.get("code") or "")
    read = read_item(item)
    weight = item.get("weight")
    return EditRow(
        code=code,
        name=entry_name(item),
        weight=typed(weight, PLAIN),
        of_total=of_total(weight_of(item), total),
        mini=mini(read.rule) if read else "",
        label=rule_label(read.rule, unit_of(item, kpis), language()) if read else "",
        problems=faults.get(("item", code), 0),
        is_chosen=chosen == ("item", code),
    )


def rule_shown(document: Document, item: Mapping[str, Any], kpis: KPIs) -> RuleShown | None:
    """The rule of an item drawn and told; None as long as it is faulty."""
    read = read_item(item)
    if read is None or read.weight <= 0:
        return None
    unit = unit_of(item, kpis)
    weight = of_total(read.weight, weight_sum(document))
    drawn = picture(read.rule, weight, unit=unit, target=read.target)
    return RuleShown(drawn, unit, rule_words(read, unit, weight), entry_name(item))


def kpi_options(kpis: KPIs) -> list[tuple[str, str]]:
    """The KPIs in use by name."""
    names = {code: one.name for code, one in kpis.items()}
    is_chinese = language().startswith("zh")
    return sorted(
        names.items(), key=lambda pair: pair[1].encode("gb18030") if is_chinese else pair[1].lower()
    )
