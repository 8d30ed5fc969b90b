"""The parts of a scorecard: a position each, with its scheme, its days and its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agents.models import Position
from appraisal.models import SchemeVersion, Scorecard, ScorecardLine
from appraisal.scoring.card_parts import Part
from appraisal.scoring.reading import Text
from appraisal.scoring.scheme import parse_scheme
from appraisal.seats import Seat, pinned_parts
from kpi.places import Led, clip


@dataclass(frozen=True)
class Place:
    """Whose rows the lines of a scorecard, or of a part of it, rest on.

    Attributes:
        position_id: the position whose facts are the person's own; None for all facts.
        shift_ids: of the peers, None for no shift.
        is_stamped_only: facts without a stamp are not the person's own here.
        led: the teams led on days of the place.
    """

    team_id: int
    position_id: int | None
    shift_ids: frozenset[int | None]
    is_stamped_only: bool
    led: tuple[Led, ...]


@dataclass(frozen=True)
class CardPart:
    """A position that the person held, scored by its scheme."""

    part: Part
    version: SchemeVersion
    seat: Seat

    @property
    def name(self) -> Text:
        """The name of the position."""
        return self.part.name

    @property
    def days(self) -> int:
        """The days in it."""
        return self.part.days

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """These days, half-open and in order."""
        return self.seat.spans

    def lines(self, lines: Iterable[ScorecardLine]) -> list[ScorecardLine]:
        """Those of a card's lines that belong to it."""
        return [line for line in lines if self.part.holds(line)]

    def place(self, led: Iterable[Led]) -> Place:
        """Whose rows its lines rest on.

        Args:
            led: the teams that the person led, on whatever days.
        """
        shifts = {shift or None for shift in self.seat.days_by_shift}
        return Place(
            team_id=self.seat.team_id,
            position_id=self.seat.position_id,
            shift_ids=frozenset(shifts),
            is_stamped_only=self.part.position_id is not None,
            led=tuple(clip(led, {self.seat.agent_id: self.seat.spans})),
        )


@dataclass(frozen=True)
class Elsewhere:
    """A position without a scheme that the person held beside: its days do not count."""

    name: Text
    days: int


Parts = tuple[list[CardPart], list[Elsewhere]]


def parts_of(scorecard: Scorecard) -> Parts:
    """The parts of a scorecard, the deciding one first, and the positions without a scheme.

    Nothing for a card that is in no parts. Queries: 2; none for a card in no parts.
    """
    return parts_by_card([scorecard]).get(scorecard.pk, ([], []))


def parts_by_card(scorecards: Iterable[Scorecard]) -> dict[int, Parts]:
    """The parts of those scorecards that are in parts, by the card's id. Queries: 2 at most."""
    in_parts = [
        card for card in scorecards if str(card.agent_id) in card.run.parameters.get("parts", {})
    ]
    if not in_parts:
        return {}
    positions = {one.pk: one for one in Position.objects.all()}
    codes = {pk: one.code for pk, one in positions.items()}
    read = {card.pk: pinned_parts(card.run.parameters, card.agent_id, codes) for card in in_parts}
    used = {seat.scheme_version_id for seats, _elsewhere in read.values() for seat in seats}
    versions = SchemeVersion.objects.in_bulk(used)
    return {
        pk: (
            [
                _part(
                    seat,
                    versions[seat.scheme_version_id],
                    positions[seat.position_id],
                    is_first=at == 0,
                )
                for at, seat in enumerate(seats)
            ],
            [Elsewhere(name_of(positions[one]), days) for one, days in elsewhere],
        )
        for pk, (seats, elsewhere) in read.items()
    }


def _part(seat: Seat, version: SchemeVersion, position: Position, *, is_first: bool) -> CardPart:
    part = Part(
        scheme=parse_scheme(version.document),
        days=seat.days_present,
        position_id=None if is_first else seat.position_id,
        name=name_of(position),
    )
    return CardPart(part, version, seat)


def name_of(position: Position) -> Text:
    """The name of a position in both languages."""
    return Text(position.name_en, position.name_zh or position.name_en)
