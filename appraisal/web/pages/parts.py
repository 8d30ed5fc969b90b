"""A scorecard in parts by days: its lines position by position, with days and scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.models import ScorecardLine
from appraisal.scoring.fixed import fraction_to_decimal
from appraisal.selectors.card import Card
from appraisal.selectors.card_parts import CardPart
from appraisal.web.pages.dates import day_text
from appraisal.web.pages.grades import language
from appraisal.web.pages.lines import LineRow, line_rows
from appraisal.web.pages.terms import scaled_text


@dataclass(frozen=True)
class LineGroup:
    """Lines that stand together; of a card in no parts all of them, without a head.

    Attributes:
        name: of the position.
        days: how many of the days, and which.
        scheme: what scored them.
        note: why its days do not count, or that its weights are scaled.
        points, full: what its lines gave, and of how much; none where points are not shown.
    """

    lines: list[LineRow]
    name: str = ""
    days: str = ""
    scheme: str = ""
    note: str = ""
    points: Decimal | None = None
    full: Decimal | None = None


def line_groups(card: Card) -> dict[str, Any]:
    """The lines of a scorecard, part by part, and the days that count in none."""
    rows = line_rows(card)
    if not card.parts:
        return {"groups": [LineGroup(rows)]}
    by_code = {row.item: row for row in rows}
    groups = [_group(card, part, by_code) for part in card.parts]
    return {"groups": groups, "parts_told": parts_told(card)}


def parts_told(card: Card) -> list[str]:
    """That the card is in parts, and which days count in none."""
    told = []
    if len(card.parts) > 1:
        told.append(
            _(
                "The position changed in the period: each has its own part, measured on its days"
                " and weighted by them. Grade, stars and rank follow the scheme of %(position)s."
            )
            % {"position": card.parts[0].name.in_language(language())}
        )
    for one in card.elsewhere:
        words = {"days": one.days, "position": one.name.in_language(language())}
        text = ngettext(
            "%(days)s day as %(position)s does not count: no scheme appraises that position.",
            "%(days)s days as %(position)s do not count: no scheme appraises that position.",
            one.days,
        )
        told.append(text % words)
    return told


def days_of(card: Card, line: ScorecardLine) -> tuple[int, int] | None:
    """The days of a line's part and of all parts; None for a card in no parts."""
    part = card.part_of(line)
    return None if part is None else (part.days, _all_days(card.parts))


def _all_days(parts: Sequence[CardPart]) -> int:
    return sum(part.days for part in parts)


def _group(card: Card, part: CardPart, rows: dict[str, LineRow]) -> LineGroup:
    lines = part.lines(card.lines)
    points = sum((line.points or Decimal(0) for line in lines), Decimal(0))
    full = sum((card.weights[line.item] for line in lines), Fraction(0))
    counts = part.part.gives_points(card.lines)
    return LineGroup(
        lines=[_row(card, line, rows[line.item]) for line in lines],
        name=part.name.in_language(language()),
        days=_days_text(part, _all_days(card.parts)),
        scheme=_("scheme “%(name)s” version %(number)s")
        % {"name": part.version.name, "number": part.version.number},
        note=_note(card, part, counts=counts),
        points=points if card.shows_points and counts else None,
        full=fraction_to_decimal(full, 2),
    )


def _row(card: Card, line: ScorecardLine, row: LineRow) -> LineRow:
    """A line under the head of its part, which names the position already."""
    part = card.part_of(line)
    if part is None or part.part.position_id is None:
        return row
    item = part.part.item_of(line)
    return replace(row, name=item.name.in_language(language()))


def _days_text(part: CardPart, whole: int) -> str:
    words = {"days": part.days, "whole": whole, "when": _(", ").join(map(_span, part.spans))}
    return _("%(days)s of %(whole)s days: %(when)s") % words


def _span(span: tuple[date, date]) -> str:
    first, last = span[0], span[1] - timedelta(days=1)
    return day_text(first) if first == last else f"{day_text(first)} – {day_text(last)}"


def _note(card: Card, part: CardPart, *, counts: bool) -> str:
    if not card.shows_points:
        return ""
    if not counts and len(card.parts) > 1:
        return _("Nothing here gives points, so these days do not count in the total.")
    return scaled_text(part.part.scheme)
