"""One card from several positions: each part by its own scheme, weighted by the days there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import lcm

import numpy as np
import pandas as pd

from appraisal.scoring import cards
from appraisal.scoring.card_parts import grade_in, line_key
from appraisal.scoring.cards import Sheet, Sums
from appraisal.scoring.fixed import multiply
from appraisal.scoring.grid import Whole
from appraisal.scoring.scheme import Scheme
from appraisal.scoring.weights import Cover, Flags, whole_weights


@dataclass(frozen=True, slots=True)
class PartInput:
    """The people of one scheme with what was measured of them in one position.

    Attributes:
        values, people: as :func:`appraisal.scoring.cards.score` reads them.
        days: agent id to the days in the position; who has none has no other part.
        position_id: of a further position; None for the one that decides.
    """

    scheme: Scheme
    values: pd.DataFrame
    people: pd.DataFrame
    days: Mapping[int, int]
    position_id: int | None = None


@dataclass(frozen=True, slots=True)
class PartsScored:
    """The cards of the deciding scheme, and the lines of each part in the order given."""

    cards: pd.DataFrame
    lines: list[pd.DataFrame]


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of one part's people, and those of all their parts; shape (agents,)."""

    own: Whole
    all: Whole
    live: Whole


def score_parts(main: PartInput, further: Sequence[PartInput]) -> PartsScored:
    """Score everybody of a scheme, some of them in parts.

    A line's points are its weight x its share x days in the position / days in all parts, rounded
    half up once. A part whose lines give no points at all leaves that weighting; in the covered
    weight it stays, so that too little data gives no grade. What limits the grade or takes the
    stars in a part does so for the card; grade, stars, guideline and rank are those of the
    deciding scheme.

    Args:
        main: everybody the scheme appraises, in the position that decides.
        further: the other positions; their people are among those of ``main``.

    Returns:
        Cards as :func:`cards.score` gives them. Lines likewise, those of a further position under
        ``line_key`` and numbered after those before them.
    """
    if not further:
        scored = cards.score(main.scheme, main.values, main.people)
        return PartsScored(scored.cards, [scored.lines])
    parts = [main, *further]
    sheets = [cards.lay_out(one.scheme, one.values, one.people) for one in parts]
    at = [np.searchsorted(sheets[0].grid.agents, sheet.grid.agents) for sheet in sheets]
    days = _count_days(parts, sheets, at)
    results = [cards.award(_weigh(sheet, held)) for sheet, held in zip(sheets, days, strict=True)]
    sums = [cards.add_up(result) for result in results]
    lines = [cards.build_lines(result) for result in results]
    merged = _merge(parts, sums, at, days)
    return PartsScored(cards.build_cards(main.scheme, merged), list(_numbered(parts, lines, at)))


def _count_days(
    parts: Sequence[PartInput], sheets: Sequence[Sheet], at: Sequence[Whole]
) -> list[_Days]:
    """Count the days of each part, of all, and of those that give points; all if none does."""
    own = [
        np.array([part.days.get(int(agent), 1) for agent in sheet.grid.agents], dtype=np.int64)
        for part, sheet in zip(parts, sheets, strict=True)
    ]
    whole, live = (np.zeros(len(sheets[0].grid.agents), dtype=np.int64) for _ in range(2))
    for sheet, places, days in zip(sheets, at, own, strict=True):
        gives = (sheet.standing.counts & cards.has_weight(sheet.scheme)).any(axis=1)
        whole[places] += days
        live[places] += days * gives
    live = np.where(live > 0, live, whole)
    return [_Days(days, whole[one], live[one]) for days, one in zip(own, at, strict=True)]


def _weigh(sheet: Sheet, days: _Days) -> Sheet:
    """Weigh a part by its days: as stated among all parts, as it counts among those alive."""
    spread, (tops, bottoms) = sheet.spread, sheet.stated
    own = days.own[:, None]
    return replace(
        sheet,
        spread=replace(
            spread,
            numerators=multiply(spread.numerators, own),
            denominators=multiply(spread.denominators, days.live[:, None]),
        ),
        stated=(multiply(tops, own), multiply(bottoms, days.all[:, None])),
    )


def _merge(
    parts: Sequence[PartInput], sums: Sequence[Sums], at: Sequence[Whole], days: Sequence[_Days]
) -> Sums:
    """Add the parts of each person up."""
    main = sums[0]
    count = len(main.agents)
    whole = [int(whole_weights(part.scheme).sum()) for part in parts]
    common = lcm(*whole)
    total, lowest = np.zeros(count, dtype=np.int64), main.lowest.copy()
    scored, counted = (np.zeros(count, dtype=object) for _ in range(2))
    gives, starless, awaited = (np.zeros(count, dtype=bool) for _ in range(3))
    for part, one, places, held, weight in zip(parts, sums, at, days, whole, strict=True):
        total[places] += one.total
        weights = held.own.astype(object) * (common // weight)
        scored[places] += one.cover.scored * weights
        counted[places] += one.cover.counted * weights
        limits = [
            grade_in(parts[0].scheme, part.scheme, at) for at in range(len(part.scheme.grades))
        ]
        lowest[places] = np.maximum(lowest[places], np.array(limits, dtype=np.int64)[one.lowest])
        for flags, own in ((gives, one.gives), (starless, one.starless), (awaited, one.awaited)):
            flags[places] |= own
    return replace(
        main,
        total=total,
        gives=gives,
        cover=Cover(scored, counted),
        unassigned=_unassigned(sums, at, gives),
        lowest=lowest,
        starless=starless,
        awaited=awaited,
    )


def _unassigned(sums: Sequence[Sums], at: Sequence[Whole], gives: Flags) -> Flags:
    """Say whose weight found no line to go to, in a part that counts."""
    found = ~gives
    for one, places in zip(sums, at, strict=True):
        found[places] |= one.unassigned & one.gives
    return found


def _numbered(
    parts: Sequence[PartInput], lines: Sequence[pd.DataFrame], at: Sequence[Whole]
) -> Iterator[pd.DataFrame]:
    """Give the lines with codes and places of their own within each card."""
    before = np.zeros(len(at[0]), dtype=np.int64)
    for part, frame, places in zip(parts, lines, at, strict=True):
        items = len(part.scheme.items)
        if part.position_id is not None:
            position_id = part.position_id
            frame = frame.assign(
                item=[line_key(item, position_id) for item in frame["item"]],
                order=frame["order"] + np.repeat(before[places], items),
            )
        before[places] += items
        yield frame
