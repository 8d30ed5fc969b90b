"""The list of scorecards as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from appraisal.models import Cycle, Scorecard
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.selectors.listing import Listing
from appraisal.web.pages.address import Asked
from appraisal.web.pages.grades import glyph
from appraisal.web.pages.periods import period_links

PAGE_SIZE = 50


@dataclass(frozen=True)
class CardRow:
    """One scorecard in the list."""

    card: Scorecard
    url: str
    total: str
    grade: SafeString | str
    rank: str


@dataclass(frozen=True)
class SortLink:
    """A column head that sorts."""

    name: str
    url: str
    sorted: str


def listing_page(listing: Listing, asked: Asked, *, own_id: int | None) -> dict[str, Any]:
    """Everything the list needs.

    Args:
        own_id: the reader's agent, whose own rank is not told.
    Queries: 2.
    """
    page = Paginator(listing.cards, PAGE_SIZE).get_page(asked.get("page") or 1)
    schemes: dict[int, Scheme] = {}
    timeline = listing.timeline
    return {
        **period_links(timeline, asked),
        "teams": listing.teams,
        "text": asked.get("q"),
        "team": asked.get("team"),
        "kept": [(key, asked.get(key)) for key in ("cycle", "sort") if asked.get(key)],
        "heads": {
            "name": _head("name", _("Agent"), asked),
            "team": _head("team", _("Team"), asked),
            "total": _head("total", _("Total"), asked),
        },
        "rows": [_row(card, timeline.cycle, schemes, own_id) for card in page] if timeline else [],
        "page": page,
        "previous_page": asked.but(page=str(page.number - 1)) if page.has_previous() else "",
        "next_page": asked.but(page=str(page.number + 1)) if page.has_next() else "",
    }


def _head(key: str, name: str, asked: Asked) -> SortLink:
    now = asked.get("sort") or "name"
    turned = f"-{key}" if now == key or (key == "total" and now != "-total") else key
    way = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return SortLink(name, asked.but(sort=turned, page=""), way)


def _row(card: Scorecard, cycle: Cycle, schemes: dict[int, Scheme], own_id: int | None) -> CardRow:
    version = card.scheme_version
    if version.pk not in schemes:
        schemes[version.pk] = parse_scheme(version.document)
    return CardRow(
        card=card,
        url=reverse("appraisal:scorecard", args=[card.agent_id, cycle.code]),
        total="" if card.total is None else f"{card.total:.2f}",
        grade=glyph(schemes[version.pk], card.grade),
        rank="" if card.agent_id == own_id else _rank(card),
    )


def _rank(card: Scorecard) -> str:
    if card.rank is None:
        return ""
    return _("%(rank)s of %(among)s") % {"rank": card.rank, "among": card.ranked_among}
