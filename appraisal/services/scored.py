"""From what was measured to the cards of each scheme: a run and the simulator share this way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from appraisal.scoring import cards
from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.months import is_made_of_months, scheme_of_lines
from appraisal.scoring.parts import PartInput, score_parts
from appraisal.scoring.scheme import Scheme, Source
from appraisal.seats import Seat
from appraisal.services import figures
from appraisal.services.figures import Frames, peers_key, source_key
from appraisal.services.inputs import Inputs, month_values
from appraisal.services.roster import teams_of
from appraisal.staff import levels_of, staff_of

Schemes = Mapping[int, Scheme]
"""Schemes by the id of their version, as seats name them."""
Totals = Mapping[int, int | None]
"""Agent id to total in hundredths, None for a card without one."""


@dataclass(frozen=True)
class LinesOfPart:
    """The lines of one position, what scored them, and what was measured, item by item."""

    lines: pd.DataFrame
    scheme: Scheme
    figures: list[pd.DataFrame]


@dataclass(frozen=True)
class SchemeScored:
    """The cards of a scheme's people as :func:`appraisal.scoring.cards.score` gives them."""

    cards: pd.DataFrame
    parts: list[LinesOfPart]


def rolled_in(inputs: Inputs, schemes: Schemes, held: Iterable[int]) -> set[int]:
    """Which of these schemes add months up in the period."""
    kind = inputs.window.period.kind
    return {pk for pk in held if is_made_of_months(schemes[pk], kind)}


def reading_in(inputs: Inputs, schemes: Schemes, held: Collection[int]) -> dict[int, int]:
    """Whose card rests on the scores of others, in any part: agent id to own scheme.

    Args:
        held: the schemes that decide; those made of months read months alone.
    """
    found = {pk for pk, scheme in schemes.items() if _reads(inputs, scheme)}
    deciding = set(held) - rolled_in(inputs, schemes, held)
    return {
        seat.agent_id: seat.scheme_version_id
        for seat in inputs.seats
        if seat.scheme_version_id in deciding
        and not found.isdisjoint(one.scheme_version_id for one in (*seat.parts, seat))
    }


def _reads(inputs: Inputs, scheme: Scheme) -> bool:
    return any(figures.reads_scores(inputs, source) for source in scheme.sources())


def score_schemes(
    inputs: Inputs,
    schemes: Schemes,
    measured: Sequence[Frames],
    *,
    held: Collection[int],
    totals: Totals,
) -> dict[int, SchemeScored]:
    """Score the people of each scheme.

    Schemes that read the scores of one's staff come last, from the bottom of the organisation up.

    Args:
        measured: for each layer, all figures that rest on no scores.
        held: the schemes whose people are scored.
        totals: of people whose scheme is not among those.
    Queries: those that measure what reads scores, none without.
    Raises:
        CircularScores: cards rest on each other.
    """
    rolled = rolled_in(inputs, schemes, held)
    reading = reading_in(inputs, schemes, held)
    readers = {pk for pk in set(held) - rolled if _reads(inputs, schemes[pk])}
    readers |= set(reading.values())
    found = {pk: _score_months(inputs, pk, schemes[pk]) for pk in rolled}
    for pk in set(held) - rolled - readers:
        found[pk] = _score(inputs, pk, schemes, measured)
    if readers:
        known = {**totals, **_totals(found.values())}
        found |= _score_readers(inputs, schemes, readers, reading, measured, known)
    return found


def _score_readers(
    inputs: Inputs,
    schemes: Schemes,
    readers: Collection[int],
    reading: Mapping[int, int],
    measured: Sequence[Frames],
    known: Totals,
) -> dict[int, SchemeScored]:
    """Score the schemes that read scores, one level of leaders after the other.

    Args:
        readers: the schemes scored here.
        reading: whose cards rest on others: agent id to scheme.
        known: the totals of whoever is scored already.
    """
    levels = levels_of(reading.keys(), staff_of(inputs.led, teams_of(inputs.seats)))
    totals = known
    found: dict[int, SchemeScored] = {}
    # Where somebody in parts reads scores, the others of the scheme may read none: theirs first.
    for _level in range(max(levels.values(), default=1) + bool(inputs.layers)):
        scores = figures.measure_all(inputs, schemes, used=readers, totals=totals)
        again = [{**frames, **more} for frames, more in zip(measured, scores, strict=True)]
        found = {pk: _score(inputs, pk, schemes, again) for pk in readers}
        totals = {**known, **_totals(found.values())}
    return found


def totals_in(cards_made: pd.DataFrame) -> dict[int, int | None]:
    """The totals of cards by agent id, in hundredths, None for a card without one."""
    agents, totals = (cards_made[name].tolist() for name in ("agent_id", "total"))
    return {
        agent: None if pd.isna(total) else total
        for agent, total in zip(agents, totals, strict=True)
    }


def _totals(scored: Iterable[SchemeScored]) -> dict[int, int | None]:
    return {agent: total for one in scored for agent, total in totals_in(one.cards).items()}


def _score(
    inputs: Inputs, version_id: int, schemes: Schemes, measured: Sequence[Frames]
) -> SchemeScored:
    """Score a scheme's people, those in parts by the schemes of their further positions too."""
    seats = [seat for seat in inputs.seats if seat.scheme_version_id == version_id]
    own = {seat.agent_id for seat in seats}
    parts = [_part(inputs, schemes[version_id], measured[0], seats)]
    for layer, frames in zip(inputs.layers, measured[1:], strict=True):
        there = [seat for seat in layer.seats if seat.agent_id in own]
        for each in _by_position(there):
            scheme = schemes[each[0].scheme_version_id]
            parts.append(_part(layer, scheme, frames, each, is_further=True))
    scored = score_parts(parts[0][0], [part for part, _found in parts[1:]])
    lines = [
        LinesOfPart(rows, part.scheme, found)
        for rows, (part, found) in zip(scored.lines, parts, strict=True)
    ]
    return SchemeScored(scored.cards, lines)


def _score_months(inputs: Inputs, version_id: int, scheme: Scheme) -> SchemeScored:
    """Make the cards of a quarter or a year from the totals of its months."""
    made = scheme_of_lines(scheme, inputs.months)
    people = _people(inputs, [one for one in inputs.seats if one.scheme_version_id == version_id])
    agents = people["agent_id"].tolist()
    scored = cards.score(made, month_values(inputs.months, agents), people)
    was_provisional = {
        agent
        for month in inputs.months.values()
        for agent, card in (month or {}).items()
        if card.provisional and card.total is not None
    }
    told = scored.cards["provisional"] | scored.cards["agent_id"].isin(was_provisional)
    empty = pd.DataFrame({"numerator": None, "denominator": None}, index=agents, dtype=object)
    lines = LinesOfPart(scored.lines, made, [empty] * len(made.items))
    return SchemeScored(scored.cards.assign(provisional=told), [lines])


def _by_position(seats: Iterable[Seat]) -> list[list[Seat]]:
    """The seats of a layer by their position, in the order of its id."""
    found: dict[int, list[Seat]] = {}
    for seat in sorted(seats, key=lambda seat: seat.position_id):
        found.setdefault(seat.position_id, []).append(seat)
    return list(found.values())


def _part(
    inputs: Inputs,
    scheme: Scheme,
    measured: Frames,
    seats: Sequence[Seat],
    *,
    is_further: bool = False,
) -> tuple[PartInput, list[pd.DataFrame]]:
    """The people of one position with what was measured of them there; and that by item."""
    people = _people(inputs, seats)
    agents = people["agent_id"].tolist()
    found = _rows_of(agents, scheme, measured)
    in_parts = seats if is_further else [seat.parts[0] for seat in seats if seat.parts]
    part = PartInput(
        scheme=scheme,
        values=_values(inputs, scheme, agents, found),
        people=people,
        days={seat.agent_id: seat.days_present for seat in in_parts},
        position_id=seats[0].position_id if is_further else None,
    )
    return part, [found[source_key(item)] for item in scheme.items]


def _rows_of(agents: list[int], scheme: Scheme, measured: Frames) -> dict[Any, pd.DataFrame]:
    """What was measured of these agents, in their order, of all that a scheme asks for."""
    sources = scheme.sources()
    keys = {source_key(source) for source in sources}
    keys |= {peers_key(source_key(source)) for source in sources if source.needs_peers}
    return {key: measured[key].loc[agents] for key in keys}


def _people(inputs: Inputs, held: Iterable[Seat]) -> pd.DataFrame:
    """These people by agent id, as :func:`cards.score` reads them."""
    seats = sorted(held, key=lambda seat: seat.agent_id)
    return pd.DataFrame(
        {
            "agent_id": np.array([seat.agent_id for seat in seats], dtype=np.int64),
            "position": [seat.position for seat in seats],
            "present": [seat.agent_id in inputs.present for seat in seats],
        }
    )


def _values(
    inputs: Inputs, scheme: Scheme, agents: list[int], measured: Mapping[Any, pd.DataFrame]
) -> pd.DataFrame:
    """One row per source and agent, as :func:`appraisal.scoring.cards.score` reads them."""
    sources = scheme.sources()
    frames = [measured[source_key(source)] for source in sources]
    targets = [_targets(inputs, source, agents, measured) for source in sources]
    return pd.DataFrame(
        {
            "agent_id": np.tile(np.array(agents, dtype=np.int64), len(frames)),
            "item": pd.Categorical.from_codes(
                np.repeat(np.arange(len(sources), dtype=np.int64), len(agents)),
                categories=pd.Index([source.key for source in sources]),
            ),
            "state": _stacked(frames, "state"),
            "value": pd.concat([frame["value"] for frame in frames]).array,
            "sample": pd.concat([frame["sample"] for frame in frames]).astype("Int64").array,
            "target": pd.concat(targets).array,
        }
    )


def _targets(
    inputs: Inputs, source: Source, agents: list[int], measured: Mapping[Any, pd.DataFrame]
) -> pd.Series[Any]:
    """The peers' average where the rule asks for it, else a target of the cycle, fixed point."""
    if source.needs_peers:
        return measured[peers_key(source_key(source))]["value"]
    if source.key not in inputs.items_with_targets:
        return pd.Series(pd.NA, index=agents, dtype="Int64")
    own = [inputs.targets.get((agent, source.key)) for agent in agents]
    fixed = [pd.NA if target is None else to_fixed(target) for target in own]
    return pd.Series(fixed, index=agents, dtype="Int64")


def _stacked(frames: list[pd.DataFrame], column: str) -> npt.NDArray[Any]:
    return np.concatenate([frame[column].to_numpy(dtype=object) for frame in frames])
