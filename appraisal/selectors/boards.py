"""The boards a person may open, each with how its team stands in the newest cycle."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agents import access
from agents.models import Team, User
from appraisal.models import Cycle, Scorecard
from appraisal.selectors.board import mean, subtree_of
from appraisal.selectors.board_lines import SchemeUsed, schemes_used
from appraisal.selectors.scorecards import scorecards_visible_to
from appraisal.selectors.timeline import NoSuchCycle, Timeline, get_timeline, run_id_of


@dataclass(frozen=True)
class TeamRow:
    """A team and how it stands, its subtree included.

    Attributes:
        depth: how far below the topmost team shown.
        change: of the mean total, for the people who have both periods.
        grades: scheme version id and grade to how many have it; an empty grade is no grade.
    """

    team: Team
    depth: int
    people: int
    score: Decimal | None
    change: Decimal | None
    grades: Counter[tuple[int, str]]


@dataclass(frozen=True)
class Boards:
    """The teams in the order of their tree, and the cycle they are shown in, if there is one."""

    timeline: Timeline | None
    rows: list[TeamRow]
    schemes: list[SchemeUsed]

    @property
    def cycle(self) -> Cycle | None:
        """The cycle they are shown in."""
        return None if self.timeline is None else self.timeline.cycle


@dataclass(frozen=True)
class _Held:
    team_id: int
    version_id: int
    grade: str
    total: Decimal | None
    before: Decimal | None


def list_boards(*, user: User, cycle_code: str, on: date) -> Boards:
    """The teams whose boards a person may open.

    Args:
        cycle_code: empty for the newest cycle with a run.
    Raises:
        NoSuchCycle: there is no such cycle.
    Queries: 6, whatever the number of teams and people.
    """
    teams = access.list_teams_visible_to(user, on)
    timeline = _timeline(cycle_code, teams)
    held = _held(user, on, teams, timeline) if timeline is not None else []
    rows = [_row(team, depth, subtree_of(team, teams), held) for team, depth in _tree(teams)]
    return Boards(timeline, rows, schemes_used({one.version_id for one in held}))


def _timeline(code: str, teams: list[Team]) -> Timeline | None:
    try:
        return get_timeline(code, [team.pk for team in teams])
    except NoSuchCycle:
        if code:
            raise
        return None


def _tree(teams: list[Team]) -> list[tuple[Team, int]]:
    """Every team after the one it belongs to, with its depth."""
    shown = {team.pk for team in teams}
    below: defaultdict[int, list[Team]] = defaultdict(list)
    for team in teams:
        below[team.parent_id if team.parent_id in shown else 0].append(team)

    def walk(parent_id: int, depth: int) -> list[tuple[Team, int]]:
        found: list[tuple[Team, int]] = []
        for team in below[parent_id]:
            found += [(team, depth), *walk(team.pk, depth + 1)]
        return found

    return walk(0, 0)


def _held(user: User, on: date, teams: list[Team], timeline: Timeline) -> list[_Held]:
    before = timeline.neighbour(-1)
    now = run_id_of(timeline.cycle)
    earlier = run_id_of(before) if before is not None else 0
    visible = scorecards_visible_to(user, on, led=[team.pk for team in teams])
    rows = visible.filter(run_id__in=[now, earlier]).values_list(
        "run_id", "agent_id", "team_id", "scheme_version_id", "grade", "total", "state"
    )
    totals = {
        (run_id, agent_id): None if state == Scorecard.State.NO_GRADE else total
        for run_id, agent_id, _team, _version, _grade, total, state in rows
    }
    return [
        _Held(team_id, version_id, grade, totals[run_id, agent_id], totals.get((earlier, agent_id)))
        for run_id, agent_id, team_id, version_id, grade, _total, _state in rows
        if run_id == now
    ]


def _row(team: Team, depth: int, team_ids: set[int], held: list[_Held]) -> TeamRow:
    mine = [one for one in held if one.team_id in team_ids]
    both = [one for one in mine if one.total is not None and one.before is not None]
    now, before = mean([one.total for one in both]), mean([one.before for one in both])
    return TeamRow(
        team=team,
        depth=depth,
        people=len(mine),
        score=mean([one.total for one in mine]),
        change=None if now is None or before is None else now - before,
        grades=Counter((one.version_id, one.grade) for one in mine),
    )
