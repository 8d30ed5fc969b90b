"""The scorecards of one cycle as a list, limited to what a person may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from agents import access
from agents.models import Team, User
from appraisal.models import Scorecard
from appraisal.selectors.board import subtree_of
from appraisal.selectors.scorecards import scorecards_visible_to
from appraisal.selectors.timeline import NoSuchCycle, Timeline, get_timeline, run_id_of

ORDERS = {
    "name": ("agent__name",),
    "-name": ("-agent__name",),
    "total": ("total", "agent__name"),
    "-total": ("-total", "agent__name"),
    "team": ("team__code", "agent__name"),
    "-team": ("-team__code", "agent__name"),
}
# Who has no total stands last, whichever way.
_WITHOUT_TOTAL = {"total", "-total"}


@dataclass(frozen=True)
class Listing:
    """The cards asked for, in the order asked for, and what may be asked for."""

    timeline: Timeline | None
    teams: list[Team]
    cards: QuerySet[Scorecard]


def list_scorecards(
    *,
    user: User,
    on: date,
    cycle_code: str = "",
    team_code: str = "",
    text: str = "",
    order: str = "",
) -> Listing:
    """The scorecards of a cycle that a person may see.

    Args:
        cycle_code: empty for the newest cycle with a run.
        team_code: only this team and those below it; an unknown one leaves nobody.
        text: only people whose name or staff number holds it.
        order: one of ``ORDERS``; by name for any other.
    Raises:
        NoSuchCycle: there is no such cycle.
    Queries: at most 4, before the cards are read.
    """
    teams = access.list_teams_visible_to(user, on)
    try:
        timeline = get_timeline(cycle_code, [team.pk for team in teams])
    except NoSuchCycle:
        if cycle_code:
            raise
        return Listing(None, teams, Scorecard.objects.none())
    visible = scorecards_visible_to(user, on, led=[team.pk for team in teams])
    cards = visible.filter(_wanted(teams, team_code, text), run_id=run_id_of(timeline.cycle))
    return Listing(timeline, teams, _in_order(cards, order))


def _wanted(teams: list[Team], team_code: str, text: str) -> Q:
    wanted = Q()
    if team_code:
        found = [team for team in teams if team.code == team_code]
        wanted &= Q(team_id__in=subtree_of(found[0], teams)) if found else Q(pk__in=[])
    if text:
        wanted &= (
            Q(agent__name__icontains=text)
            | Q(agent__name_zh__icontains=text)
            | Q(agent__code__icontains=text)
        )
    return wanted


def _in_order(cards: QuerySet[Scorecard], order: str) -> QuerySet[Scorecard]:
    related = cards.select_related("agent", "team", "position", "scheme_version")
    first, *rest = ORDERS.get(order, ORDERS["name"])
    if order in _WITHOUT_TOTAL:
        total = F("total")
        way = total.desc(nulls_last=True) if first[0] == "-" else total.asc(nulls_last=True)
        return related.order_by(way, *rest, "pk")
    return related.order_by(first, *rest, "pk")
