"""Scorecards: a person's own and those of the teams led, each line down to its rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agents.access import allows, requires
from agents.http import AuthenticatedRequest
from appraisal.models import Scorecard, ScorecardLine
from appraisal.selectors import card as cards
from appraisal.selectors.listing import list_scorecards
from appraisal.selectors.timeline import NoSuchCycle
from appraisal.web.pages import head, lines, rows
from appraisal.web.pages.address import Asked
from appraisal.web.pages.explained import explained
from appraisal.web.pages.listing import listing_page
from kpi import evidence
from kpi.formula import compile_formula
from kpi.services import exclusions

REFUSALS = (
    exclusions.AlreadyExcluded,
    exclusions.NotExcluded,
    exclusions.NotValid,
    exclusions.OwnFact,
    exclusions.ReasonMissing,
)


@requires("scorecard.read")
@require_GET
def scorecards(request: AuthenticatedRequest) -> HttpResponse:
    """List the scorecards of a cycle that the person may see."""
    asked = Asked(request.path, request.GET)
    try:
        listing = list_scorecards(
            user=request.user,
            on=_today(),
            cycle_code=asked.get("cycle"),
            team_code=asked.get("team"),
            text=asked.get("q").strip(),
            order=asked.get("sort"),
        )
    except NoSuchCycle as error:
        raise Http404 from error
    context = listing_page(listing, asked, own_id=request.user.agent_id)
    context["may_board"] = allows(request.user, "board.read")
    return render(request, "appraisal/scorecards.html", context)


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
        "is_glance": bool(request.htmx),
        "may_exclude": allows(request.user, "fact.exclude") and not card.is_own,
    }
    template = "appraisal/line.html"
    return render(request, f"{template}#opened" if request.htmx else template, context)


@requires("fact.exclude")
@require_POST
def row_exclude(  # the parts of an address
    request: AuthenticatedRequest, agent_id: int, code: str, item: str, kind: str, fact_id: int
) -> HttpResponse:
    """Ask that one row shall not count, with a reason; HR comes from the row's line."""
    _row_or_404(request, agent_id, code, item, kind=kind, fact_id=fact_id)
    try:
        exclusions.ask_for_fact(
            kind=kind,
            fact_id=fact_id,
            reason=request.POST.get("reason", ""),
            asked_by=request.user,
            now=timezone.now(),
        )
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked for. It counts until a second person approves."))
    return redirect("appraisal:line", agent_id, code, item)


@requires("fact.exclude")
@require_POST
def row_include(  # the parts of an address
    request: AuthenticatedRequest, agent_id: int, code: str, item: str, kind: str, fact_id: int
) -> HttpResponse:
    """Have an excluded row count again from the next run on."""
    _row_or_404(request, agent_id, code, item, kind=kind, fact_id=fact_id)
    try:
        exclusions.include_fact(
            kind=kind, fact_id=fact_id, lifted_by=request.user, now=timezone.now()
        )
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It counts again from the next run on."))
    return redirect("appraisal:line", agent_id, code, item)


def _row_or_404(
    request: AuthenticatedRequest, agent_id: int, code: str, item: str, *, kind: str, fact_id: int
) -> None:
    card = _card_or_404(request, agent_id, code)
    if not _is_behind(card, item, kind=kind, fact_id=fact_id):
        raise Http404


def _is_behind(card: cards.Card, item: str, *, kind: str, fact_id: int) -> bool:
    """Whether a row is one of those behind a line."""
    found = next((one for one in card.lines if one.item == item), None)
    if found is None:
        return False
    return any(
        part.fact == kind and _rows(card, part).filter(pk=fact_id).exists()
        for part in _parts(card, found)
    )


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


def _parts(card: cards.Card, found: ScorecardLine) -> tuple[evidence.Part, ...]:
    version = found.kpi_version
    if version is None:
        return ()
    formula = compile_formula(version.formula)
    return evidence.parts_of(formula, anchor=version.anchor, imported=card.window.imported)


def _rows(card: cards.Card, part: evidence.Part) -> QuerySet[Any]:
    return evidence.rows_of(
        part,
        window=card.window,
        agent_id=card.scorecard.agent_id,
        team_id=card.scorecard.team_id,
        position_id=card.own_position_id,
        led=card.led,
        peers=card.peer_ids() if part.scope == "peers" else (),
    )


def _team_ids(card: cards.Card, part: evidence.Part) -> set[int]:
    """The teams whose rows a part lists, beside one's own."""
    if part.scope == "led":
        return {span.team_id for span in card.led}
    return {card.scorecard.team_id}


def _tables(
    request: AuthenticatedRequest, card: cards.Card, found: ScorecardLine
) -> list[rows.Table]:
    """The kinds of rows behind a line; the one that the address names is on the asked page."""
    on = _today()
    return [
        rows.table_of(
            part,
            _rows(card, part),
            number=number,
            window=card.window,
            is_open=cards.may_see_rows_of(
                request.user, part.scope, team_ids=_team_ids(card, part), on=on
            ),
            asked=Asked(request.path, request.GET),
            size=rows.GLANCE_SIZE if request.htmx else rows.PAGE_SIZE,
        )
        for number, part in enumerate(_parts(card, found))
    ]
