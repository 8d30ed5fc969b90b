"""A quarter or a year made of its months: the scheme whose lines are the months."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from appraisal.scoring.fixed import SCALE, Ints
from appraisal.scoring.reading import Text
from appraisal.scoring.rules.base import Shares
from appraisal.scoring.rules.lines import ShareOf
from appraisal.scoring.scheme import TOTAL, Group, Item, Scheme

GROUP = Group("months", Text("Months", "各月"))
LONG_CYCLES = ("quarter", "year")
_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class MonthTotal(ShareOf):
    """The total of a month of 100, as it is: rounding may have brought it to 100.03."""

    kind: ClassVar[str] = "share"

    def share(self, values: Ints, targets: Ints | None = None) -> Shares:
        """Give value / 100 without an upper or a lower end."""
        whole = int(self.of) * SCALE
        return Shares(values, values * 0 + whole)


def is_made_of_months(scheme: Scheme, kind: str) -> bool:
    """Say whether the scheme adds months up in a cycle of this kind."""
    return scheme.roll_up == "months" and kind in LONG_CYCLES


def is_month(code: str) -> bool:
    """Say whether the code of a line is that of a month: 2026-07."""
    return _MONTH.fullmatch(code) is not None


def scheme_of_lines(scheme: Scheme, codes: Iterable[str]) -> Scheme:
    """Give the scheme that explains lines with these codes: its months, if they are months."""
    months = sorted({code for code in codes if is_month(code)})
    if scheme.roll_up != "months" or not months:
        return scheme
    if len(scheme.month_weights) not in {0, len(months)}:
        return month_scheme(replace(scheme, month_weights=()), months)
    return month_scheme(scheme, months)


def month_name(code: str) -> Text:
    """Give the name of a month: October 2026."""
    year, number = code.split("-")
    return Text(f"{_NAMES[int(number) - 1]} {year}", f"{year}年{int(number)}月")


def month_scheme(scheme: Scheme, months: Sequence[str]) -> Scheme:
    """Give the scheme whose items are the months.

    Weight of a month without a total moves to the others in proportion, as everywhere; caps and
    vetoes have done their work in the months.

    Args:
        months: their codes, 2026-07, in order; as many as ``month_weights`` if those are given.
    """
    weights = scheme.month_weights or (Decimal(1),) * len(months)
    items = tuple(_item(code, weight) for code, weight in zip(months, weights, strict=True))
    return replace(scheme, groups=(GROUP,), items=items, grade_caps=())


def _item(code: str, weight: Decimal) -> Item:
    return Item(
        code=code,
        group=GROUP.code,
        name=month_name(code),
        kpi="",
        rating="",
        weight=weight,
        role="scored",
        rule=MonthTotal(of=Decimal(TOTAL)),
        target=None,
        missing="redistribute",
    )
