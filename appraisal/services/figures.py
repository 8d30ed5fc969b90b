"""What schemes need measured: every figure once for everybody, in every layer of a computation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pandas as pd

from appraisal.models import SchemeVersion
from appraisal.scoring.fixed import half_up_int
from appraisal.scoring.months import is_made_of_months
from appraisal.scoring.scheme import Scheme, Source, parse_scheme
from appraisal.services.inputs import Inputs
from appraisal.services.roster import teams_of
from appraisal.staff import mean_scores, staff_of
from kpi.formula.compiler import peers_of, scores_of
from kpi.formula.peers import mean_of_peers
from kpi.services import measuring

Frames = Mapping[Any, pd.DataFrame]
"""What was measured, by the key of its source: one row an agent, by id."""


def kpi_codes(versions: Mapping[int, SchemeVersion]) -> set[str]:
    """The KPIs that schemes name, those of their conditions too."""
    schemes = [parse_scheme(version.document) for version in versions.values()]
    return {source.kpi for scheme in schemes for source in scheme.sources() if source.kpi}


def source_key(item: Any) -> str:
    """What an item or a source measures: a KPI's code, or a rating's."""
    return f"rating:{item.rating}" if item.rating else str(item.kpi)


def peers_key(key: str) -> str:
    """The key of the average of one's peers in a figure."""
    return f"peers:{key}"


def sources_of(schemes: Iterable[Scheme]) -> list[Source]:
    """Every figure that schemes need."""
    return [source for scheme in schemes for source in scheme.sources()]


def reads_scores(inputs: Inputs, source: Source) -> bool:
    """Whether a figure rests on the scores of one's staff."""
    return bool(scores_of(inputs.formula_of(source).root))


def measure_all(
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
        sources = sources_of(schemes[pk] for pk in sorted(used))
        found.append(measure(layer, sources, scores=scores))
    return found


def measure(
    inputs: Inputs, sources: Iterable[Source], *, scores: pd.DataFrame | None
) -> dict[Any, pd.DataFrame]:
    """Measure what is not measured yet: without scores all that needs none, else the rest."""
    given, sources = dict(inputs.ratings), list(sources)
    measured = measuring.measure(
        _wanted(inputs, sources, of_scores=scores is not None),
        window=inputs.window,
        groups=[*(seat.agent_id for seat in inputs.seats), *inputs.peers],
        places=inputs.places,
        given=given if scores is None else given | {"score_of:reports": scores},
        from_tallies=inputs.from_tallies,
        tells_unmeasurable=inputs.tells_unmeasurable,
    )
    for key in {source_key(source) for source in sources}:
        peers = measured.get(peers_key(key))
        if peers is not None and (peers["state"] == "not_available").all():
            measured[peers_key(key)] = mean_of_values(inputs, measured[key])
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
    sources = sources_of(one for one in schemes if not is_made_of_months(one, kind))
    wanted = _wanted(inputs, sources, of_scores=False)
    measuring.keep_tallies(
        wanted, window=inputs.window, places=inputs.places, however_many=however_many
    )


def _wanted(
    inputs: Inputs, sources: Iterable[Source], *, of_scores: bool
) -> list[measuring.Wanted]:
    """What the sources measure, each once, with the averages of peers that rules ask for."""
    wanted: dict[str, measuring.Wanted] = {}
    for source in sources:
        if reads_scores(inputs, source) != of_scores:
            continue
        formula = inputs.formula_of(source)
        key, version = source_key(source), inputs.kpis.get(source.kpi)
        one = measuring.wanted_version(version) if version else measuring.Wanted(key, formula)
        wanted[key] = replace(one, key=key)
        if source.needs_peers:
            key = peers_key(key)
            wanted[key] = measuring.Wanted(key, peers_of(formula), one.anchor)
    return list(wanted.values())
