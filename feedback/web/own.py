"""A person's own results on the first page: five seconds to see how the month went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from agents.models import User
from agents.templatetags.marks import sparkline
from appraisal.cycle_names import long_name
from appraisal.models import Scorecard
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.card import Card, get_card
from appraisal.web.pages import head, lines
from appraisal.web.pages.grades import glyph_of
from feedback import selectors


@dataclass(frozen=True)
class Earlier:
    """One published scorecard in the list."""

    name: str
    code: str
    agent_id: int
    total: Decimal | None
    grade: SafeString | str
    provisional: bool


def own_page(user: User, today: date) -> dict[str, Any]:
    """The newest published scorecard, those before it, and what is being evaluated."""
    published = selectors.list_published(user)
    evaluated = selectors.list_evaluated(user)
    page: dict[str, Any] = {
        "has_agent": user.agent_id is not None,
        "has_place": selectors.has_a_place(user, today),
        "earlier": [_earlier(one) for one in published[1 : selectors.EARLIER_SHOWN]],
    }
    if published:
        page |= _newest(_card(user, published[0], today))
    if evaluated:
        page |= _evaluated(user, evaluated, today)
    return page


def newest_line(user: User, today: date) -> Earlier | None:
    """The newest published scorecard in one line, for those whose home is about others."""
    published = selectors.list_published(user)
    return _earlier(published[0]) if published else None


def _card(user: User, scorecard: Scorecard, today: date) -> Card:
    code = scorecard.run.cycle.code
    return get_card(user=user, agent_id=scorecard.agent_id, code=code, on=today)


def _newest(card: Card) -> dict[str, Any]:
    totals = [one.total for one in card.history]
    words = ", ".join(f"{total:.2f}" for total in totals if total is not None)
    return {
        "card": card,
        "name": long_name(card.cycle.period),
        "grade": glyph_of(card.scheme, card.scorecard),
        "change": head.total_change(card),
        "against": head.against(card),
        "thresholds": head.thresholds(card),
        "missing": head.missing_points(card),
        "summary": head.summary(card),
        "lifts": head.lifts(card),
        "too_little": head.too_little(card),
        "standing": head.standing(card),
        "spark": sparkline(totals, words, "large"),
    }


def _evaluated(user: User, scorecards: list[Scorecard], today: date) -> dict[str, Any]:
    """The values of the newest, and where the others are."""
    newest, *others = scorecards
    card = _card(user, newest, today)
    return {
        "evaluated": newest,
        "evaluated_name": long_name(newest.run.cycle.period),
        "also_evaluated": [
            (long_name(one.run.cycle.period), one.agent_id, one.run.cycle.code) for one in others
        ],
        "values": lines.line_rows(card),
        "waiting": head.waiting(card),
    }


def _earlier(card: Scorecard) -> Earlier:
    return Earlier(
        name=long_name(card.run.cycle.period),
        code=card.run.cycle.code,
        agent_id=card.agent_id,
        total=card.total,
        grade=glyph_of(parse_scheme(card.scheme_version.document), card),
        provisional=card.provisional,
    )
