"""Scorecards: a person's own and those of the teams led, each line down to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from appraisal.selectors.card_parts import Place
from appraisal.selectors.listing import list_scorecards
from appraisal.selectors.timeline import NoSuchCycle
from appraisal.web.pages import beside, head, peers, rows
from appraisal.web.pages.address import Asked
from appraisal.web.pages.explained import explained
from appraisal.web.pages.grades import language
from appraisal.web.pages.listing import listing_page
from appraisal.web.pages.parts import line_groups
from kpi import evidence
from kpi.formula import compile_formula
from kpi.formula.fields import FACTS
from kpi.models import KPIVersion
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
        **line_groups(card),
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
    is_glance, asked = bool(request.htmx), Asked(request.path, request.GET)
    versions = beside.condition_versions(card, found)
    behind = _behind(card, found, versions)
    tables = _tables(request, card, behind, card.place_of(found))
    context = {
        **head.frame(card),
        "card": card,
        "told": explained(card, found),
        "peer_tables": peers.peer_tables(
            card, found, user=request.user, on=_today(), asked=asked, is_glance=is_glance
        ),
        "conditions": beside.condition_rows(
            card, found, versions=versions, parts=_places(behind), user=request.user
        ),
        "tables": tables,
        "is_withheld": len(tables) < len(behind),
        "is_glance": is_glance,
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
    place = card.place_of(found)
    return any(
        one.part.fact == kind and _rows(card, one.part, place).filter(pk=fact_id).exists()
        for one in _behind(card, found, beside.condition_versions(card, found))
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


@dataclass(frozen=True)
class _Behind:
    """One kind of rows behind a line, of its own KPI or of one that its conditions look at."""

    version: KPIVersion
    part: evidence.Part
    is_own: bool


def _behind(
    card: cards.Card, found: ScorecardLine, conditions: Mapping[str, KPIVersion]
) -> list[_Behind]:
    """The kinds of rows behind a line, its own first, then those its conditions look at."""
    own = found.kpi_version
    versions = [own, *(one for one in conditions.values() if one != own)]
    return [
        _Behind(version, part, version == own)
        for version in versions
        if version is not None
        for part in evidence.parts_of(
            compile_formula(version.formula),
            anchor=version.anchor,
            imported=card.window.imported,
        )
    ]


def _places(behind: list[_Behind]) -> dict[str, list[beside.RowsBehind]]:
    """Where the page has the rows of each KPI, by its code."""
    found: dict[str, list[beside.RowsBehind]] = {}
    for number, one in enumerate(behind):
        label = FACTS[one.part.fact].label(language())
        found.setdefault(one.version.kpi.code, []).append(beside.RowsBehind(number, label))
    return found


def _rows(card: cards.Card, part: evidence.Part, place: Place) -> QuerySet[Any]:
    return evidence.rows_of(
        part,
        window=card.window,
        agent_id=card.scorecard.agent_id,
        team_id=place.team_id,
        position_id=place.position_id,
        is_stamped_only=place.is_stamped_only,
        led=place.led,
        peers=card.peer_ids(place) if part.scope == "peers" else (),
    )


def _team_ids(place: Place, part: evidence.Part) -> set[int]:
    """The teams whose rows a part lists, beside one's own."""
    if part.scope == "led":
        return {span.team_id for span in place.led}
    return {place.team_id}


def _tables(
    request: AuthenticatedRequest, card: cards.Card, behind: list[_Behind], place: Place
) -> list[tuple[str, rows.Table]]:
    """The kinds of rows behind a line; the one that the address names is on the asked page.

    Before each stands the name of the KPI where it is that of a condition. Those of peers are left
    out where even their sums would tell one person's figure.
    """
    on, told = _today(), []
    for number, one in enumerate(behind):
        facts = _rows(card, one.part, place)
        is_open = cards.may_see_rows_of(
            request.user, one.part.scope, team_ids=_team_ids(place, one.part), on=on
        )
        is_guarded = one.part.scope == "peers" and not is_open
        if is_guarded and peers.would_tell(card, facts, user=request.user, on=on):
            continue
        table = rows.table_of(
            one.part,
            facts,
            number=number,
            window=card.window,
            is_open=is_open,
            asked=Asked(request.path, request.GET),
            size=rows.GLANCE_SIZE if request.htmx else rows.PAGE_SIZE,
        )
        told.append(("" if one.is_own else one.version.name, table))
    return told
