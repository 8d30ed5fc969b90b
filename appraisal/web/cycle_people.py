"""Everybody with a scorecard in a cycle, by how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.access import requires
from agents.clock import local_today
from agents.http import AuthenticatedRequest
from appraisal.models import Cycle, Scorecard
from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.cycles import STANDINGS, list_cards, standing_run
from appraisal.web.pages.cycle_head import name_of
from appraisal.web.pages.grades import glyph_of

PAGE_SIZE = 100


@dataclass(frozen=True)
class PersonRow:
    """A scorecard, its grade as a mark, and in words how it stands."""

    card: Scorecard
    grade: str
    standing: str


@requires("board.read")
@require_safe
def cycle_people(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """List the people of a cycle whose scorecards the reader may see."""
    runs = Cycle.objects.select_related("published_run", "current_run")
    cycle = get_object_or_404(runs, code=code)
    run = standing_run(cycle)
    asked = request.GET.get("standing", "")
    if run is None or (asked and asked not in STANDINGS):
        raise Http404
    on = local_today(timezone.now())
    cards = list_cards(run, user=request.user, on=on, standing=asked)
    page = Paginator(cards, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "name": name_of(cycle),
        "run": run,
        "page": page,
        "rows": _rows(list(page)),
        "asked": asked,
        "standings": _words(),
    }
    return render(request, "appraisal/cycle_people.html", context)


def _words() -> dict[str, str]:
    return {
        "final": _("Final"),
        "provisional": _("Provisional"),
        "no_grade": _("No grade, too little data"),
        "not_ranked": _("Not ranked, present too short"),
    }


def _rows(cards: list[Any]) -> list[PersonRow]:
    words = _words()
    documents = {card.scheme_version_id: card.scheme_version.document for card in cards}
    schemes = {pk: parse_scheme(document) for pk, document in documents.items()}
    return [
        PersonRow(card, glyph_of(schemes[card.scheme_version_id], card), words[card.standing])
        for card in cards
    ]
