"""From facts to scored frames, without a write: a run and its verification share this way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

from appraisal.models import SchemeVersion
from appraisal.results import LINE_PLACES, Results, interleaved, table_of
from appraisal.scoring import cards
from appraisal.scoring.fixed import half_up_int, to_fixed
from appraisal.scoring.months import is_made_of_months, month_scheme
from appraisal.scoring.parts import PartInput, score_parts
from appraisal.scoring.scheme import Scheme, Source, parse_scheme
from appraisal.seats import Seat
from appraisal.services.inputs import Inputs, month_values
from appraisal.services.roster import teams_of
from appraisal.staff import levels_of, mean_scores, staff_of
from kpi.engine import FigureTooLarge
from kpi.formula.compiler import peers_of, scores_of
from kpi.formula.peers import mean_of_peers
from kpi.models import KPIVersion
from kpi.services import measuring

Frames = Mapping[Any, pd.DataFrame]


def kpi_codes(versions: Mapping[int, SchemeVersion]) -> set[str]:
    """The KPIs that schemes name, those of their conditions too."""
    schemes = [parse_scheme(version.document) for version in versions.values()]
    return {source.kpi for scheme in schemes for source in scheme.sources() if source.kpi}


def compute(inputs: Inputs, *, progress: Callable[[str], None]) -> Results:
    """Measure every KPI once for everybody, then score each scheme's people.

    Schemes that read the scores of one's staff come last, from the bottom of the organisation up.

    Queries: one for each fact table, day and scope, as :func:`kpi.services.measuring.measure`
        says; KPIs that read scores and facts at once ask again for each level of leaders.
    Raises:
        CircularScores: cards rest on each other.
    """
    schemes = {pk: parse_scheme(version.document) for pk, version in inputs.schemes.items()}
    further = {seat.scheme_version_id for layer in inputs.layers for seat in layer.seats}
    held = schemes.keys() - (further - {seat.scheme_version_id for seat in inputs.seats})
    kind = inputs.window.period.kind
    rolled = {pk for pk in held if is_made_of_months(schemes[pk], kind)}
    reading = _reading(inputs, schemes, rolled=rolled)
    progress("measures")
    measured = _measure_all(inputs, schemes, used=held - rolled)
    progress("points")
    scored = {pk: _score_months(inputs, pk, schemes[pk]) for pk in rolled}
    readers = {pk for pk in held - rolled if _reads_scores(inputs, schemes[pk])}
    readers |= set(reading.values())
    for pk in held - rolled - readers:
        scored[pk] = _score(inputs, pk, schemes, measured)
    if readers:
        scored |= _score_readers(inputs, schemes, readers, reading, measured, scored)
    ordered = [scored[pk] for pk in sorted(scored)]
    return Results(
        pl.concat([one.cards for one in ordered]), pl.concat([one.lines for one in ordered])
    )


def source_key(item: Any) -> str:
    """What an item or a source measures: a KPI's code, or a rating's."""
    return f"rating:{item.rating}" if item.rating else str(item.kpi)


def _peers_key(source: Any) -> str:
    return f"peers:{source_key(source)}"


def _sources(schemes: Iterable[Scheme]) -> list[Source]:
    return [source for scheme in schemes for source in scheme.sources()]


def _reads_scores(inputs: Inputs, scheme: Scheme) -> bool:
    return any(scores_of(inputs.formula_of(source).root) for source in scheme.sources())


def _reading(
    inputs: Inputs, schemes: Mapping[int, Scheme], *, rolled: Collection[int]
) -> dict[int, int]:
    """Whoever is scored by a scheme that reads scores, in any part: agent id to own scheme."""
    found = {pk for pk, scheme in schemes.items() if _reads_scores(inputs, scheme)}
    used = {
        seat.agent_id: {one.scheme_version_id for one in (*seat.parts, seat)}
        for seat in inputs.seats
        if seat.scheme_version_id not in rolled
    }
    return {
        seat.agent_id: seat.scheme_version_id
        for seat in inputs.seats
        if used.get(seat.agent_id, set()) & found
    }


def _measure_all(
    inputs: Inputs,
    schemes: Mapping[int, Scheme],
    *,
    used: Collection[int],
    totals: Mapping[int, int | None] | None = None,
) -> list[Frames]:
    """Measure what the schemes used need, and what those of each further layer do.

    Args:
        totals: for what reads scores; None measures all the rest.
    """
    found: list[Frames] = []
    for layer in (inputs, *inputs.layers):
        if layer is not inputs:
            used = {seat.scheme_version_id for seat in layer.seats}
        staff = staff_of(layer.places.led, teams_of(inputs.seats)) if totals is not None else {}
        scores = None if totals is None else mean_scores(staff, totals)
        sources = _sources(schemes[pk] for pk in sorted(used))
        found.append(_measure(layer, sources, scores=scores))
    return found


def _measure(
    inputs: Inputs, sources: Iterable[Source], *, scores: pd.DataFrame | None
) -> dict[Any, pd.DataFrame]:
    """Measure what is not measured yet: without scores all that needs none, else the rest."""
    given, sources = dict(inputs.ratings), list(sources)
    measured = measuring.measure(
        _wanted(inputs, sources, reads_scores=scores is not None),
        window=inputs.window,
        groups=[*(seat.agent_id for seat in inputs.seats), *inputs.peers],
        places=inputs.places,
        given=given if scores is None else given | {"score_of:reports": scores},
        from_tallies=inputs.from_tallies,
        tells_unmeasurable=inputs.tells_unmeasurable,
    )
    for source in sources:
        peers = measured.get(_peers_key(source))
        if peers is not None and (peers["state"] == "not_available").all():
            measured[_peers_key(source)] = mean_of_values(inputs, measured[source_key(source)])
    return measured


def mean_of_values(inputs: Inputs, frame: pd.DataFrame) -> pd.DataFrame:
    """The peers' average of what is no sum of facts: the mean of their values, fixed point."""
    known = frame[frame["state"] == "measured"]
    values = dict(zip(known.index, known["value"].astype(int), strict=True))
    found = mean_of_peers(values, inputs.places.membership, list(frame.index))
    fixed = [pd.NA if mean is None else half_up_int(Fraction(mean)) for mean in found]
    return pd.DataFrame({"value": pd.Series(fixed, index=frame.index, dtype="Int64")})


def keep_tallies(inputs: Inputs, *, however_many: bool = True) -> None:
    """Tally the days of a run's facts, so that the next one reads what changed alone.

    Args:
        however_many: even where most of its days changed.
    """
    kind = inputs.window.period.kind
    schemes = [parse_scheme(version.document) for version in inputs.schemes.values()]
    sources = _sources(one for one in schemes if not is_made_of_months(one, kind))
    wanted = _wanted(inputs, sources, reads_scores=False)
    measuring.keep_tallies(
        wanted, window=inputs.window, places=inputs.places, however_many=however_many
    )


def _wanted(
    inputs: Inputs, sources: Iterable[Source], *, reads_scores: bool
) -> list[measuring.Wanted]:
    """What the sources measure, each once, with the averages of peers that rules ask for."""
    wanted: dict[str, measuring.Wanted] = {}
    for source in sources:
        formula = inputs.formula_of(source)
        if bool(scores_of(formula.root)) != reads_scores:
            continue
        key, version = source_key(source), inputs.kpis.get(source.kpi)
        one = measuring.wanted_version(version) if version else measuring.Wanted(key, formula)
        wanted[key] = replace(one, key=key)
        if source.needs_peers:
            key = _peers_key(source)
            wanted[key] = measuring.Wanted(key, peers_of(formula), one.anchor)
    return list(wanted.values())


def _score_readers(
    inputs: Inputs,
    schemes: Mapping[int, Scheme],
    readers: Collection[int],
    reading: Mapping[int, int],
    measured: Sequence[Frames],
    scored: Mapping[int, Results],
) -> dict[int, Results]:
    """Score the schemes that read scores, one level of leaders after the other.

    Args:
        readers: the schemes scored here.
        reading: whose cards rest on others: agent id to scheme.
    """
    levels = levels_of(reading.keys(), staff_of(inputs.led, teams_of(inputs.seats)))
    totals = _totals(scored.values())
    found: dict[int, Results] = {}
    # Where somebody in parts reads scores, the others of the scheme may read none: theirs first.
    for _level in range(max(levels.values(), default=1) + bool(inputs.layers)):
        scores = _measure_all(inputs, schemes, used=readers, totals=totals)
        again = [{**known, **more} for known, more in zip(measured, scores, strict=True)]
        found = {pk: _score(inputs, pk, schemes, again) for pk in readers}
        totals = _totals([*scored.values(), *found.values()])
    return found


def _totals(scored: Iterable[Results]) -> dict[int, int | None]:
    columns = [one.cards.select("agent_id", "total").iter_rows() for one in scored]
    return {agent: total for rows in columns for agent, total in rows}


def _score(
    inputs: Inputs, version_id: int, schemes: Mapping[int, Scheme], measured: Sequence[Frames]
) -> Results:
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
        _lines(rows, part.scheme, inputs.kpis, found)
        for rows, (part, found) in zip(scored.lines, parts, strict=True)
    ]
    return Results(_cards(scored.cards, version_id), pl.concat(lines))


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
    keys |= {_peers_key(source) for source in sources if source.needs_peers}
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
        return measured[_peers_key(source)]["value"]
    if source.key not in inputs.items_with_targets:
        return pd.Series(pd.NA, index=agents, dtype="Int64")
    own = [inputs.targets.get((agent, source.key)) for agent in agents]
    fixed = [pd.NA if target is None else to_fixed(target) for target in own]
    return pd.Series(fixed, index=agents, dtype="Int64")


def _score_months(inputs: Inputs, version_id: int, scheme: Scheme) -> Results:
    """Make the cards of a quarter or a year from the totals of its months."""
    made = month_scheme(scheme, list(inputs.months))
    people = _people(inputs, [one for one in inputs.seats if one.scheme_version_id == version_id])
    agents = people["agent_id"].tolist()
    values = month_values(inputs.months, agents)
    scored = cards.score(made, values, people)
    was_provisional = {
        agent
        for month in inputs.months.values()
        for agent, card in (month or {}).items()
        if card.provisional and card.total is not None
    }
    told = scored.cards["provisional"] | scored.cards["agent_id"].isin(was_provisional)
    empty = pd.DataFrame({"numerator": None, "denominator": None}, index=agents, dtype=object)
    lines = _lines(scored.lines, made, inputs.kpis, [empty] * len(made.items))
    return Results(_cards(scored.cards.assign(provisional=told), version_id), lines)


def _stacked(frames: list[pd.DataFrame], column: str) -> npt.NDArray[Any]:
    return np.concatenate([frame[column].to_numpy(dtype=object) for frame in frames])


def _cards(scored: pd.DataFrame, version_id: int) -> pl.DataFrame:
    columns = {name: scored[name] for name in cards.CARD_COLUMNS}
    return table_of(columns).with_columns(
        pl.lit(version_id).alias("scheme_version_id"), pl.col("grade").cast(pl.String)
    )


def _lines(
    scored: pd.DataFrame, scheme: Scheme, kpis: Mapping[str, KPIVersion], frames: list[pd.DataFrame]
) -> pl.DataFrame:
    """The scored lines, agent by agent, with what was divided and by which KPI version."""
    agents = len(scored) // max(1, len(scheme.items))
    versions = [kpis[item.kpi].pk if item.kpi else None for item in scheme.items]
    columns: dict[str, Any] = {
        name: scored[name] for name in cards.LINE_COLUMNS if name != "reason"
    }
    for name in ("numerator", "denominator"):
        columns[name] = _kept([frame[name] for frame in frames], LINE_PLACES[name])
    table = table_of(columns | {"kpi_version_id": versions * agents})
    return table.with_columns(
        pl.col("level").cast(pl.String),
        pl.col("kpi_version_id").cast(pl.Int64),
    )


def _kept(columns: Sequence[pd.Series[Any]], places: int) -> pd.Series[Any]:
    """Numerators or denominators of all items, with the places they are stored with."""
    try:
        return interleaved(columns, places)
    except OverflowError as error:
        raise FigureTooLarge(str(error)) from error
