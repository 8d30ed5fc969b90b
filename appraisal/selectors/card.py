"""One scorecard with everything its page tells: lines, history, neighbours, standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import cast

from django.db.models import Q, QuerySet

from agents import access
from agents.models import User
from appraisal.models import Cycle, Scorecard, ScorecardLine
from appraisal.scoring import card_parts
from appraisal.scoring.changes import exact_weights
from appraisal.scoring.lifts import grade_for
from appraisal.scoring.months import scheme_of_lines
from appraisal.scoring.scheme import Item, Scheme, parse_scheme
from appraisal.selectors.card_parts import CardPart, Elsewhere, Place, parts_of
from appraisal.selectors.scorecards import PUBLISHED, STANDING, scorecards_visible_to
from appraisal.selectors.timeline import others_of
from kpi.formula import compile_formula
from kpi.formula.compiler import facts_of, ratings_of, resolve
from kpi.frames import Window
from kpi.places import Led

MONTHS_SHOWN = 12
SPARK_PERIODS = 6
# Below so many people a median or a quartile would give single people away.
SMALLEST_GROUP = 8


@dataclass(frozen=True)
class Past:
    """What one line was in an earlier period; None where its points are not the reader's."""

    value: Decimal | None
    state: str
    points: Decimal | None
    effective_weight: Decimal
    kpi_id: int | None


@dataclass(frozen=True)
class Card:
    """A scorecard as one person may read it.

    Attributes:
        is_own: the reader is the person appraised.
        shows_points: points, total and grade may be shown; false before publication to the
            person appraised, who then sees the values alone.
        history: this scorecard and those before it, oldest first, at most twelve.
        past: lines of the history by scorecard id and item.
        parts: of a card in parts by days its positions, the deciding one first; else nothing.
        elsewhere: positions without a scheme that the person held beside those.
        others: cycles of other kinds in which the reader may read a card of the same person.
        medians: median total of the team by scorecard id, where enough people stand behind it.
    """

    scorecard: Scorecard
    scheme: Scheme
    lines: list[ScorecardLine]
    is_own: bool
    shows_points: bool
    history: list[Scorecard]
    past: Mapping[int, Mapping[str, Past]]
    medians: Mapping[int, Decimal]
    earlier: Cycle | None
    later: Cycle | None
    others: list[Cycle]
    parts: Sequence[CardPart] = ()
    elsewhere: Sequence[Elsewhere] = ()

    @property
    def cycle(self) -> Cycle:
        """The cycle it belongs to."""
        return self.scorecard.run.cycle

    @property
    def is_published(self) -> bool:
        """Whether the person appraised may see it, and nobody may change it."""
        return self.scorecard.run.published_at is not None

    @cached_property
    def window(self) -> Window:
        """What its run read."""
        run = self.scorecard.run
        return Window(
            self.cycle.period, run.watermark or 0, frozenset(run.parameters.get("imported", ()))
        )

    @cached_property
    def led(self) -> tuple[Led, ...]:
        """The teams that the person led on days of the period, as the run knew them."""
        spans = self.scorecard.run.parameters.get("led", ())
        own = (span for span in spans if span[0] == self.scorecard.agent_id)
        return tuple(
            Led(leader, team, date.fromisoformat(starts_on), date.fromisoformat(ends_on))
            for leader, team, starts_on, ends_on in own
        )

    def part_of(self, line: ScorecardLine) -> CardPart | None:
        """The part that a line belongs to; None for a card in no parts."""
        return next((one for one in self.parts if one.part.holds(line)), None)

    def place_of(self, line: ScorecardLine) -> Place:
        """Whose rows a line rests on."""
        part = self.part_of(line)
        if part is not None:
            return part.place(self.led)
        card = self.scorecard
        is_one = card.run.parameters.get("own_facts") == "position"
        return Place(
            team_id=card.team_id,
            position_id=card.position_id if is_one else None,
            shift_ids=frozenset({card.shift_id}),
            is_stamped_only=False,
            led=self.led,
        )

    def peer_ids(self, place: Place) -> list[int]:
        """The people of the same position and shift in the run. Queries: 1."""
        shifts = Q(shift__in=[one for one in place.shift_ids if one is not None])
        if None in place.shift_ids:
            shifts |= Q(shift__isnull=True)
        position = place.position_id or self.scorecard.position_id
        same = self.scorecard.run.scorecards.filter(shifts, position=position)
        return list(same.values_list("agent_id", flat=True))

    @cached_property
    def weights(self) -> Mapping[str, Fraction]:
        """The effective weights by the code of the line, exactly."""
        if self.parts:
            return card_parts.exact_weights([one.part for one in self.parts], self.lines)
        return exact_weights(self.scheme, self.lines)

    def grade_of(self, total: Decimal, values: Mapping[str, Decimal]) -> int:
        """The index of the grade that a total and values by the code of the line would give."""
        if self.parts:
            return card_parts.grade_of([one.part for one in self.parts], total, values)
        return grade_for(self.scheme, total, values)

    @cached_property
    def previous(self) -> Scorecard | None:
        """The scorecard of the period just before, if there is one to compare with."""
        before = self.cycle.period.previous().code
        found = (card for card in self.history if card.run.cycle.code == before)
        return next(found, None)

    def item(self, line: ScorecardLine) -> Item:
        """What the scheme says of a line."""
        return self.scheme.item(line.item)

    def before(self, line: ScorecardLine) -> Past | None:
        """The same KPI in the period just before."""
        return None if self.previous is None else self._past(self.previous, line)

    def values_of(self, line: ScorecardLine) -> list[Decimal | None]:
        """The values of the last periods, oldest first, this one included."""
        cards = self.history[-SPARK_PERIODS:]
        found = [self._past(card, line) for card in cards]
        return [past.value if past and past.state == "scored" else None for past in found]

    def awaited_kinds(self, line: ScorecardLine) -> frozenset[str]:
        """The kinds of facts that a line waits for."""
        if line.kpi_version is None:
            return frozenset()
        root = resolve(compile_formula(line.kpi_version.formula), self.window.imported)
        return facts_of(root) - self.window.imported

    def awaited_ratings(self, line: ScorecardLine) -> frozenset[str]:
        """The ratings that a line waits for."""
        item = self.item(line)
        if line.kpi_version is None:
            return frozenset({item.rating} - {""})
        return ratings_of(compile_formula(line.kpi_version.formula).root)

    def _past(self, card: Scorecard, line: ScorecardLine) -> Past | None:
        past = self.past.get(card.pk, {}).get(line.item)
        same = past is not None and past.kpi_id == _kpi_of(line)
        return past if same else None


def get_card(*, user: User, agent_id: int, code: str, on: date) -> Card:
    """The scorecard of an agent in a cycle, as far as this person may read it.

    Raises:
        Scorecard.DoesNotExist: there is none, or it is not theirs to see; both look the same.
    Queries: 9 at most, whatever the number of lines and periods; 2 more for a card in parts.
    """
    chosen = _related(Scorecard.objects.filter(STANDING, agent_id=agent_id))
    scorecard = chosen.select_related("scheme_version").get(run__cycle__code=code)
    is_own = scorecard.agent_id == user.agent_id
    is_published = scorecard.run.published_at is not None
    all_kinds = _readable(scorecard, user=user, on=on, is_own=is_own)
    if scorecard.pk not in {card.pk for card in all_kinds}:
        raise Scorecard.DoesNotExist
    readable = [card for card in all_kinds if card.run.cycle.kind == scorecard.run.cycle.kind]
    shows_points = is_published or not is_own
    history = [
        card
        for card in readable
        if card.run.cycle.starts_on <= scorecard.run.cycle.starts_on
        and (card.pk == scorecard.pk or not is_own or card.run.published_at)
    ][-MONTHS_SHOWN:]
    place = [card.pk for card in readable].index(scorecard.pk)
    lines = _lines(scorecard)
    parts, elsewhere = parts_of(scorecard)
    return Card(
        scorecard=scorecard,
        scheme=_scheme(scorecard, parts, lines),
        lines=lines,
        is_own=is_own,
        shows_points=shows_points,
        history=history,
        past=_past_lines(history[-SPARK_PERIODS:]),
        medians=_team_medians(history) if shows_points else {},
        earlier=readable[place - 1].run.cycle if place else None,
        later=readable[place + 1].run.cycle if place + 1 < len(readable) else None,
        others=others_of(scorecard.run.cycle, [card.run.cycle for card in all_kinds]),
        parts=parts,
        elsewhere=elsewhere,
    )


def _scheme(
    scorecard: Scorecard, parts: Sequence[CardPart], lines: Sequence[ScorecardLine]
) -> Scheme:
    """The scheme that explains all lines of a card."""
    if parts:
        return card_parts.scheme_of_parts([one.part for one in parts])
    written = parse_scheme(scorecard.scheme_version.document)
    return scheme_of_lines(written, (line.item for line in lines))


def may_see_rows_of(user: User, scope: str, *, team_ids: Collection[int], on: date) -> bool:
    """Whether a person may see the single rows of teams, of peers or of the whole centre.

    Args:
        team_ids: the teams whose rows they are, where they are those of teams.
    """
    if scope == "own" or access.reach_of(user) == "all":
        return True
    if scope not in {"team", "led"} or not team_ids:
        return False
    return set(team_ids) <= access.teams_led_by(user, on)


def _related(cards: QuerySet[Scorecard]) -> QuerySet[Scorecard]:
    return cards.select_related("agent", "team", "position", "shift", "run__cycle")


def _readable(scorecard: Scorecard, *, user: User, on: date, is_own: bool) -> list[Scorecard]:
    """The person's scorecards that the reader may open, of all kinds of cycle, in their order."""
    mine = Scorecard.objects if is_own else scorecards_visible_to(user, on)
    cards = mine.filter(STANDING, agent_id=scorecard.agent_id)
    return list(cards.select_related("run__cycle").order_by("run__cycle__starts_on", "pk"))


def _lines(scorecard: Scorecard) -> list[ScorecardLine]:
    return list(scorecard.lines.select_related("kpi_version__kpi").order_by("order"))


def _kpi_of(line: ScorecardLine) -> int | None:
    return None if line.kpi_version is None else line.kpi_version.kpi_id


def _past_lines(cards: Sequence[Scorecard]) -> dict[int, dict[str, Past]]:
    lines = ScorecardLine.objects.filter(scorecard__in=[card.pk for card in cards]).values_list(
        "scorecard_id", "item", "value", "state", "points", "effective_weight",
        "kpi_version__kpi_id",
    )  # fmt: skip
    past: defaultdict[int, dict[str, Past]] = defaultdict(dict)
    for scorecard_id, item, value, state, points, weight, kpi_id in lines:
        past[scorecard_id][item] = Past(value, state, points, weight, kpi_id)
    return past


def _team_medians(cards: Sequence[Scorecard]) -> dict[int, Decimal]:
    """The median total of each card's team in its run, where the group is large enough."""
    places = {(card.run_id, card.team_id): card.pk for card in cards}
    if not places:
        return {}
    wanted = Q(pk__in=[])
    for run_id, team_id in places:
        wanted |= Q(run_id=run_id, team_id=team_id)
    totals: defaultdict[int, list[Decimal]] = defaultdict(list)
    found = Scorecard.objects.filter(wanted, total__isnull=False).exclude(state="no_grade")
    for run_id, team_id, total in found.values_list("run_id", "team_id", "total"):
        totals[places[run_id, team_id]].append(cast("Decimal", total))
    return {pk: median(group) for pk, group in totals.items() if len(group) >= SMALLEST_GROUP}


def newest_of(agent_id: int | None) -> Scorecard | None:
    """The newest published scorecard of a person, else the newest that is being evaluated."""
    if agent_id is None:
        return None
    mine = Scorecard.objects.filter(STANDING, agent_id=agent_id).select_related("run__cycle")
    newest = mine.order_by("-run__cycle__ends_on", "run__cycle__starts_on")
    return newest.filter(PUBLISHED).first() or newest.first()
