"""Why somebody stands where the board says: the way of the total, and where points were lost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from agents.templatetags.marks import level_of
from appraisal.cycle_names import long_name
from appraisal.scoring.wording import points_text
from appraisal.selectors.card import Card
from appraisal.web.pages.grades import grade_name, language
from appraisal.web.pages.head import summary, too_little
from appraisal.web.pages.lines import line_url, value_text

_SHOWN = 5


@dataclass(frozen=True)
class Loss:
    """An item that gave less than its whole weight."""

    name: str
    url: str
    value: str
    share: Decimal | None
    level: int
    points: str


def reason_page(card: Card) -> dict[str, Any]:
    """Everything the reasons under a row need."""
    lost = sum((loss for loss, _line in _losses(card)), Decimal(0))
    return {
        "name": long_name(card.cycle.period),
        "way": _way(card) if card.shows_points else "",
        "summary": (summary(card) or too_little(card)) if card.shows_points else "",
        "lost": f"{lost:.1f}",
        "losses": _shown(card) if card.shows_points else [],
    }


def _losses(card: Card) -> list[tuple[Decimal, Any]]:
    found = [
        (line.effective_weight - line.points, line)
        for line in card.lines
        if line.points is not None and card.item(line).role != "veto"
    ]
    return sorted(found, key=lambda one: (-one[0], one[1].order))


def _shown(card: Card) -> list[Loss]:
    return [
        Loss(
            name=card.item(line).name.in_language(language()),
            url=line_url(card, line),
            value=value_text(line),
            share=line.share,
            level=level_of(line.share or 0),
            points=_("%(points)s of %(full)s")
            % {"points": f"{line.points:.2f}", "full": points_text(line.effective_weight)},
        )
        for loss, line in _losses(card)[:_SHOWN]
        if loss > 0
    ]


def _way(card: Card) -> str:
    """The last totals up to this one, and the grade."""
    totals = [one.total for one in card.history[-3:] if one.total is not None]
    if not totals:
        return grade_name(card.scheme, card.scorecard.grade)
    words = {
        "grade": grade_name(card.scheme, card.scorecard.grade),
        "totals": _(", ").join(f"{total:.1f}" for total in totals[:-1]),
        "now": f"{totals[-1]:.1f}",
    }
    if len(totals) == 1:
        return _("%(grade)s: %(now)s") % words
    return _("%(grade)s: %(totals)s, now %(now)s") % words
