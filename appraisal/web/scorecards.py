"""Scorecards: a person's own and those of the teams led, each line down to its rows."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from appraisal.models import Scorecard, ScorecardLine
from appraisal.selectors import card as cards
from appraisal.web.pages import head, lines, rows
from appraisal.web.pages.address import Asked
from appraisal.web.pages.explained import explained
from kpi import evidence
from kpi.formula import compile_formula


@requires("scorecard.read")
@require_GET
def scorecard(request: AuthenticatedRequest, agent_id: int, code: str) -> HttpResponse:
    """Show one scorecard."""
    card = _card_or_404(request, agent_id, code)
    context = {
        **head.frame(card),
        "card": card,
        "lines": lines.line_rows(card),
        "waiting": head.waiting(card),
        "may_import": allows(request.user, "import.write"),
    }
    if card.shows_points:
        context |= head.standing_of(card)
    return render(request, "appraisal/scorecard.html", context)


@requires("scorecard.read")
@require_GET
def line(request: AuthenticatedRequest, agent_id: int, code: str, item: str) -> HttpResponse:
    """Explain one line and list the rows behind it; htmx gets the part without the page."""
    card = _card_or_404(request, agent_id, code)
    found = next((one for one in card.lines if one.item == item), None)
    if found is None:
        raise Http404
    context = {
        **head.frame(card),
        "card": card,
        "told": explained(card, found),
        "tables": _tables(request, card, found),
        "may_exclude": allows(request.user, "fact.exclude"),
    }
    template = "appraisal/line.html"
    return render(request, f"{template}#opened" if request.htmx else template, context)


@requires("self")
@require_GET
def own_results(request: AuthenticatedRequest) -> HttpResponse:
    """Lead a person to the own newest scorecard."""
    newest = cards.newest_of(request.user.agent_id)
    if newest is None:
        return render(request, "appraisal/no_results.html")
    return redirect("appraisal:scorecard", newest.agent_id, newest.run.cycle.code)


def _card_or_404(request: AuthenticatedRequest, agent_id: int, code: str) -> cards.Card:
    try:
        return cards.get_card(user=request.user, agent_id=agent_id, code=code, on=_today())
    except Scorecard.DoesNotExist as error:
        raise Http404 from error


def _today() -> date:
    return timezone.localdate()


def _tables(
    request: AuthenticatedRequest, card: cards.Card, found: ScorecardLine
) -> list[rows.Table]:
    """The kinds of rows behind a line; the one that the address names is on the asked page."""
    version = found.kpi_version
    if version is None:
        return []
    formula = compile_formula(version.formula)
    parts = evidence.parts_of(formula, anchor=version.anchor, imported=card.window.imported)
    return [_table(request, card, part, number) for number, part in enumerate(parts)]


def _table(
    request: AuthenticatedRequest, card: cards.Card, part: evidence.Part, number: int
) -> rows.Table:
    team_id = card.scorecard.team_id
    facts = evidence.rows_of(
        part, window=card.window, agent_id=card.scorecard.agent_id, team_id=team_id
    )
    return rows.table_of(
        part,
        facts,
        number=number,
        window=card.window,
        is_open=cards.may_see_rows_of(request.user, part.scope, team_id=team_id, on=_today()),
        asked=Asked(request.path, request.GET),
    )
