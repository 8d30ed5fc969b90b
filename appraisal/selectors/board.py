"""A team's board: everybody's card of one cycle with its lines, and the totals before it.

The number of queries does not depend on how many people, items or periods there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from agents import access
from agents.models import Team, User
from agents.periods import Period
from appraisal.models import Cycle, Scorecard
from appraisal.selectors.board_lines import BoardLine, SchemeUsed, contents_of
from appraisal.selectors.scorecards import scorecards_visible_to, seen_before
from appraisal.selectors.timeline import NoSuchCycle, Timeline, get_timeline, run_id_of

PERIODS = 6
_NO_GRADE = Scorecard.State.NO_GRADE.value

_CARD = (
    "pk", "agent_id", "scheme_version_id", "state", "provisional", "capped", "by_guideline",
    "total", "covered", "grade", "stars", "rank", "agent__name", "agent__name_zh",
    "position__code", "position__name_en", "position__name_zh",
    "shift_id", "shift__code", "shift__name_en", "shift__name_zh",
)  # fmt: skip


class NoSuchBoard(Exception):
    """There is no such team or cycle, or it is not theirs to see; both look the same."""


@dataclass(frozen=True, slots=True)
class Named:
    """A position or shift: its code, and its name in both languages."""

    code: str
    name_en: str
    name_zh: str

    def name(self, language: str) -> str:
        """The name in a language, the other one where it is missing."""
        if language.startswith("zh"):
            return self.name_zh or self.name_en
        return self.name_en or self.name_zh


@dataclass(slots=True)
class BoardCard:
    """One person on the board.

    Attributes:
        capped: a cap, a veto or the guideline and not the total decides the grade.
        totals: of the last periods, oldest first, the board's own last; None where there is none.
        texts: what pages wrote of the lines alone; see ``Contents``.
        previous_pk: the same person's card of the period before, 0 where there is none.
        positions: how many positions a card in parts by days is made of, else 0; the lines are
            those of the one that decides.
    """

    pk: int
    agent_id: int
    name: str
    name_zh: str
    scheme_version_id: int
    state: str
    provisional: bool
    capped: bool
    total: Decimal | None
    covered: Decimal
    grade: str
    rank: int | None
    position: Named
    shift: Named | None
    totals: list[Decimal | None]
    previous_pk: int = 0
    stars: int | None = None
    lines: Mapping[str, BoardLine] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    positions: int = 0

    @property
    def previous(self) -> Decimal | None:
        """The total of the period before."""
        return self.totals[-2] if len(self.totals) > 1 else None

    @property
    def change(self) -> Decimal | None:
        """The change of the total, where both periods have one that counts."""
        now = self.totals[-1]
        return None if now is None or self.previous is None else now - self.previous


@dataclass(frozen=True)
class Board:
    """What a leader, HR or a manager sees of a team in a cycle.

    Attributes:
        teams: those whose boards the reader may open.
    """

    team: Team
    teams: list[Team]
    timeline: Timeline
    run_number: int
    computed_at: datetime | None
    published_at: datetime | None
    periods: list[Period]
    schemes: list[SchemeUsed]
    cards: list[BoardCard]

    @property
    def cycle(self) -> Cycle:
        """The cycle it shows."""
        return self.timeline.cycle

    @property
    def before(self) -> Period | None:
        """The period that changes are measured against."""
        return self.periods[-2] if len(self.periods) > 1 else None


def get_board(*, user: User, team_code: str, cycle_code: str, on: date) -> Board:
    """The board of a team, its subtree included.

    Args:
        cycle_code: empty for the newest cycle in which the team has results.
    Raises:
        NoSuchBoard: the team or the cycle is not there, or not theirs to see.
    Queries: 5, whatever the number of people, and 2 more the first time a run is shown.
    """
    teams = access.list_teams_visible_to(user, on)
    team = next((one for one in teams if one.code == team_code), None)
    if team is None:
        raise NoSuchBoard(team_code)
    team_ids = subtree_of(team, teams)
    try:
        timeline = get_timeline(cycle_code, team_ids)
    except NoSuchCycle as error:
        raise NoSuchBoard(cycle_code) from error
    cycle, shown = timeline.cycle, timeline.until(PERIODS)
    run = cycle.published_run or cycle.current_run
    if run is None:
        raise NoSuchBoard(cycle_code)
    led = [one.pk for one in teams]
    visible = scorecards_visible_to(user, on, led=led).filter(run_id=run.pk, team_id__in=team_ids)
    cards = _cards(visible, seen_before(user, led), [run_id_of(one) for one in shown])
    _hide_own_rank(cards, user)
    schemes = _add_contents(cards, (run.pk, run.digest))
    return Board(
        team=team,
        teams=teams,
        timeline=timeline,
        run_number=run.number,
        computed_at=run.finished_at,
        published_at=run.published_at,
        periods=[one.period for one in shown],
        schemes=schemes,
        cards=cards,
    )


def subtree_of(team: Team, teams: Iterable[Team]) -> set[int]:
    """A team and those below it, among the teams given."""
    return access.subtree_among([team.pk], ((one.pk, one.parent_id) for one in teams))


def _cards(visible: QuerySet[Scorecard], before: Q, runs: Sequence[int]) -> list[BoardCard]:
    """The cards of the board, with what came before them. Queries: 2.

    Args:
        before: which earlier cards of these people may be seen.
        runs: of the periods shown, oldest first; the last is the board's.
    """
    rows = list(visible.order_by("agent__name", "pk").values(*_CARD))
    earlier = _earlier(before, runs[:-1], [row["agent_id"] for row in rows])
    return [_card(row, earlier, runs) for row in rows]


class Earlier(NamedTuple):
    """A card of a period before; its total, if it is covered well enough to be compared."""

    pk: int
    total: Decimal | None


def _earlier(
    before: Q, runs: Sequence[int], agent_ids: Sequence[int]
) -> dict[tuple[int, int], Earlier]:
    """What these people had in earlier runs, by person and run. Queries: 1."""
    found = Scorecard.objects.filter(before, agent_id__in=agent_ids, run_id__in=runs).order_by()
    told = found.values_list("agent_id", "run_id", "pk", "state", "total")
    return {
        (agent_id, run_id): Earlier(pk, None if state == _NO_GRADE else total)
        for agent_id, run_id, pk, state, total in told
    }


def _add_contents(cards: Sequence[BoardCard], run: tuple[int, str]) -> list[SchemeUsed]:
    """Give the cards their lines; gives the schemes. Queries: 2, the first time."""
    version_ids = frozenset(card.scheme_version_id for card in cards)
    pairs = tuple((card.pk, card.previous_pk) for card in cards)
    contents = contents_of(pairs, version_ids, run)
    for card in cards:
        card.lines = contents.lines[card.pk]
        card.texts = contents.texts[card.pk]
        card.positions = contents.positions.get(card.pk, 0)
    return contents.schemes


def _hide_own_rank(cards: Sequence[BoardCard], user: User) -> None:
    """Of ranks a person sees the own quarter alone, on the scorecard; not even a leader more."""
    for card in cards:
        if card.agent_id == user.agent_id:
            card.rank = None


def _card(
    row: Mapping[str, Any], earlier: Mapping[tuple[int, int], Earlier], runs: Sequence[int]
) -> BoardCard:
    past = [earlier.get((row["agent_id"], run_id)) for run_id in runs[:-1]]
    previous = past[-1] if past else None
    return BoardCard(
        pk=row["pk"],
        previous_pk=0 if previous is None else previous.pk,
        agent_id=row["agent_id"],
        name=row["agent__name"],
        name_zh=row["agent__name_zh"],
        scheme_version_id=row["scheme_version_id"],
        state=row["state"],
        provisional=row["provisional"],
        capped=row["capped"] or row["by_guideline"],
        total=row["total"],
        covered=row["covered"],
        grade=row["grade"],
        rank=row["rank"],
        stars=row["stars"],
        position=_named(row, "position"),
        shift=_named(row, "shift") if row["shift_id"] else None,
        totals=[
            *(None if one is None else one.total for one in past),
            None if row["state"] == _NO_GRADE else row["total"],
        ],
    )


def _named(row: Mapping[str, Any], what: str) -> Named:
    return Named(row[f"{what}__code"], row[f"{what}__name_en"], row[f"{what}__name_zh"])


@dataclass(frozen=True)
class TeamScore:
    """The mean total of a group, and how it changed for those who have both periods.

    Attributes:
        people: how many stand behind the score.
        same: how many have a total in both periods.
        history: mean of each period, oldest first.
    """

    score: Decimal | None
    people: int
    before: Decimal | None
    change: Decimal | None
    same: int
    history: list[Decimal | None]


def score_of(cards: Sequence[BoardCard]) -> TeamScore:
    """The score of a group of cards: the mean of their totals, one place."""
    now = [card.totals[-1] for card in cards if card.totals[-1] is not None]
    both = [
        (card.totals[-1], card.previous)
        for card in cards
        if card.totals[-1] is not None and card.previous is not None
    ]
    before = mean([past for _now, past in both])
    same_now = mean([total for total, _past in both])
    change = None if before is None or same_now is None else same_now - before
    length = max((len(card.totals) for card in cards), default=0)
    history = [
        mean([card.totals[place] for card in cards if card.totals[place] is not None])
        for place in range(length)
    ]
    return TeamScore(mean(now), len(now), before, change, len(both), history)


def mean(totals: Sequence[Decimal | None]) -> Decimal | None:
    """The mean, exact before it is shown; None of nothing."""
    known = [total for total in totals if total is not None]
    return sum(known, Decimal(0)) / len(known) if known else None
