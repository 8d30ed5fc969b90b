"""A team's board: everybody's card of one cycle with its lines, and the totals before it.

The number of queries does not depend on how many people, items or periods there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Q, QuerySet, TextField, Value

from agents import access
from agents.models import Team, User
from agents.periods import Period
from appraisal.models import Cycle, RunKPI, SchemeVersion, Scorecard, ScorecardLine
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.selectors.scorecards import scorecards_visible_to, seen_before
from appraisal.selectors.timeline import NoSuchCycle, Timeline, get_timeline, run_id_of
from kpi.models import KPIVersion

PERIODS = 6
_SCORED = ScorecardLine.State.SCORED.value

_CARD = (
    "pk", "agent_id", "scheme_version_id", "state", "provisional", "capped",
    "total", "covered", "grade", "rank", "agent__name", "agent__name_zh",
    "position__code", "position__name_en", "position__name_zh",
    "shift_id", "shift__code", "shift__name_en", "shift__name_zh",
)  # fmt: skip
_LINE = (
    "scorecard_id", "item", "state", "value", "sample", "share", "points", "effective_weight",
    "kpi_version_id",
)  # fmt: skip
_BAR = "|"  # between the parts of what a subquery gives as one text


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


class Kpi(NamedTuple):
    """What a board needs to know of a KPI version."""

    kpi_id: int = 0
    unit: str = "share"
    direction: str = "higher"
    minimum_sample: int = 0
    scope: str = "agent"


class BoardLine(NamedTuple):
    """One item of one person, with the value of the period before where it is the same KPI."""

    item: str
    state: str
    value: Decimal | None
    sample: int | None
    share: Decimal | None
    points: Decimal | None
    effective_weight: Decimal
    kpi: Kpi
    before: Decimal | None = None


@dataclass(slots=True)
class BoardCard:
    """One person on the board.

    Attributes:
        totals: of the last periods, oldest first, the board's own last; None where there is none.
        values_before: scored values of the period before, by item and KPI.
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
    values_before: dict[tuple[str, int], Decimal]
    lines: dict[str, BoardLine] = field(default_factory=dict)

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
class SchemeUsed:
    """A scheme on the board: its version, and what it says."""

    version_id: int
    number: int
    name_en: str
    name_zh: str
    scheme: Scheme


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
    Queries: 7, whatever the number of people.
    """
    teams = list(access.teams_visible_to(user, on).order_by("code"))
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
    schemes, kpis = _schemes_and_kpis({card.scheme_version_id for card in cards}, run.pk)
    _add_lines(cards, kpis)
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
    found = {team.pk}
    below = [one for one in teams if one.pk != team.pk]
    while grown := {one.pk for one in below if one.parent_id in found} - found:
        found |= grown
    return found


def _cards(visible: QuerySet[Scorecard], before: Q, runs: Sequence[int]) -> list[BoardCard]:
    """The cards of the board, with what came before them. Queries: 1.

    Args:
        before: which earlier cards of these people may be seen.
        runs: of the periods shown, oldest first; the last is the board's.
    """
    earlier = Scorecard.objects.filter(before).order_by()
    cards = visible.annotate(
        totals_then=_totals(earlier, runs[:-1]),
        values_then=_values(earlier, runs[-2] if len(runs) > 1 else 0),
    ).order_by("agent__name", "pk")
    return [_card(row, runs) for row in cards.values(*_CARD, "totals_then", "values_then")]


def _hide_own_rank(cards: Sequence[BoardCard], user: User) -> None:
    """Of ranks a person sees the own quarter alone, on the scorecard; not even a leader more."""
    for card in cards:
        if card.agent_id == user.agent_id:
            card.rank = None


def _totals(earlier: QuerySet[Scorecard], runs: Sequence[int]) -> ArraySubquery:
    """The totals of the same person in these runs, each as run, state and total."""
    same = earlier.filter(agent_id=OuterRef("agent_id"), run_id__in=runs)
    return ArraySubquery(same.values_list(_joined("run_id", "state", "total")))


def _values(earlier: QuerySet[Scorecard], run_id: int) -> ArraySubquery:
    """The scored values of the same person in a run, each as item, KPI and value."""
    same = earlier.filter(agent_id=OuterRef(OuterRef("agent_id")), run_id=run_id).values("pk")
    lines = ScorecardLine.objects.filter(
        scorecard_id__in=same, state=_SCORED, value__isnull=False
    ).order_by()
    return ArraySubquery(lines.values_list(_joined("item", "kpi_version__kpi_id", "value")))


def _joined(*fields: str) -> Func:
    """Fields as one text: the database writes it faster than Python reads columns."""
    return Func(Value(_BAR), *fields, function="concat_ws", output_field=TextField())


def _card(row: Mapping[str, Any], runs: Sequence[int]) -> BoardCard:
    # Without an earlier period there is nothing to ask for, which is answered by None.
    totals = dict(_total(told) for told in row["totals_then"] or ())
    if row["state"] != Scorecard.State.NO_GRADE:
        totals[runs[-1]] = row["total"]
    return BoardCard(
        pk=row["pk"],
        agent_id=row["agent_id"],
        name=row["agent__name"],
        name_zh=row["agent__name_zh"],
        scheme_version_id=row["scheme_version_id"],
        state=row["state"],
        provisional=row["provisional"],
        capped=row["capped"],
        total=row["total"],
        covered=row["covered"],
        grade=row["grade"],
        rank=row["rank"],
        position=_named(row, "position"),
        shift=_named(row, "shift") if row["shift_id"] else None,
        totals=[totals.get(run_id) for run_id in runs],
        values_before=dict(_value(told) for told in row["values_then"]),
    )


def _total(told: str) -> tuple[int, Decimal | None]:
    """A run and the total in it, if it is covered well enough to be compared."""
    run_id, state, *total = told.split(_BAR)
    counts = total and state != Scorecard.State.NO_GRADE
    return int(run_id), Decimal(total[0]) if counts else None


def _value(told: str) -> tuple[tuple[str, int], Decimal]:
    """An item with its KPI, and the value; a rating has no KPI."""
    item, *kpi_id, value = told.split(_BAR)
    return (item, int(kpi_id[0]) if kpi_id else 0), Decimal(value)


def _named(row: Mapping[str, Any], what: str) -> Named:
    return Named(row[f"{what}__code"], row[f"{what}__name_en"], row[f"{what}__name_zh"])


def _add_lines(cards: Sequence[BoardCard], kpis: Mapping[int, Kpi]) -> None:
    """Give the cards their lines, each with its value of the period before. Queries: 1."""
    by_pk = {card.pk: card for card in cards}
    rating = Kpi()
    found = ScorecardLine.objects.filter(scorecard_id__in=list(by_pk)).order_by("order")
    rows: Iterable[tuple[Any, ...]] = found.values_list(*_LINE)
    for scorecard_id, item, state, value, sample, share, points, weight, version_id in rows:
        card, kpi = by_pk[scorecard_id], kpis.get(version_id, rating)
        past = card.values_before.get((item, kpi.kpi_id)) if state == _SCORED else None
        card.lines[item] = BoardLine(item, state, value, sample, share, points, weight, kpi, past)


def schemes_used(version_ids: set[int]) -> list[SchemeUsed]:
    """These schemes, read. Queries: 1."""
    return [_scheme(one) for one in SchemeVersion.objects.filter(pk__in=version_ids).order_by("pk")]


def _schemes_and_kpis(
    version_ids: set[int], run_id: int
) -> tuple[list[SchemeUsed], dict[int, Kpi]]:
    """The schemes of a board, and the KPI versions that its run pinned. Queries: 1."""
    pinned = KPIVersion.objects.filter(
        pk__in=RunKPI.objects.filter(run=run_id).values("kpi_version")
    )
    told = _joined("pk", "kpi_id", "unit", "direction", "minimum_sample", "scope")
    versions = SchemeVersion.objects.filter(pk__in=version_ids).order_by("pk")
    found = list(versions.annotate(pinned=ArraySubquery(pinned.order_by().values_list(told))))
    kpis = dict(_kpi(text) for text in found[0].pinned) if found else {}
    return [_scheme(one) for one in found], kpis


def _scheme(version: SchemeVersion) -> SchemeUsed:
    return SchemeUsed(
        version.pk,
        version.number,
        version.name_en,
        version.name_zh,
        parse_scheme(version.document),
    )


def _kpi(told: str) -> tuple[int, Kpi]:
    pk, kpi_id, unit, direction, minimum_sample, scope = told.split(_BAR)
    return int(pk), Kpi(int(kpi_id), unit, direction, int(minimum_sample), scope)


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
