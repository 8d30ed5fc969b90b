"""Team boards: who stands how in a cycle, and why."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agents.access import requires
from agents.http import AuthenticatedRequest
from appraisal.models import Scorecard
from appraisal.selectors import board as selecting
from appraisal.selectors.boards import list_boards
from appraisal.selectors.card import get_card
from appraisal.selectors.timeline import NoSuchCycle
from appraisal.web.pages import board as page
from appraisal.web.pages import reason as reasons
from appraisal.web.pages.address import Asked


@requires("board.read")
@require_GET
def boards(request: AuthenticatedRequest) -> HttpResponse:
    """List the teams whose boards the person may open."""
    asked = Asked(request.path, request.GET)
    try:
        found = list_boards(
            user=request.user, cycle_code=asked.get("cycle"), on=timezone.localdate()
        )
    except NoSuchCycle as error:
        raise Http404 from error
    return render(request, "appraisal/boards.html", page.boards_page(found, asked))


@requires("board.read")
@require_GET
def board(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show a team's board; another team chosen on it leads to that one's."""
    asked = Asked(request.path, request.GET)
    try:
        found = selecting.get_board(
            user=request.user,
            team_code=asked.get("team") or code,
            cycle_code=asked.get("cycle"),
            on=timezone.localdate(),
        )
    except selecting.NoSuchBoard as error:
        raise Http404 from error
    if found.team.code != code:
        other = Asked(reverse("appraisal:board", args=[found.team.code]), request.GET)
        return redirect(other.but(team="", shift="", position=""))
    context = {"board": found, **page.board_page(found, asked)}
    return render(request, "appraisal/board.html", context)


@requires("board.read")
@require_GET
def reason(request: AuthenticatedRequest, code: str, agent_id: int) -> HttpResponse:
    """Say where one person's points were lost; htmx puts it under the person's row."""
    try:
        card = get_card(
            user=request.user,
            agent_id=agent_id,
            code=request.GET.get("cycle", ""),
            on=timezone.localdate(),
        )
    except Scorecard.DoesNotExist as error:
        raise Http404 from error
    context = {"card": card, "team_code": code, **reasons.reason_page(card)}
    template = "appraisal/board_reason.html"
    return render(request, f"{template}#reason" if request.htmx else template, context)
