"""From facts to scored frames, without a write: a run and its verification share this way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import polars as pl

from appraisal.results import LINE_PLACES, Results, interleaved, table_of
from appraisal.scoring import cards
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.services import figures, scored
from appraisal.services.inputs import Inputs
from kpi.engine import FigureTooLarge
from kpi.models import KPIVersion


def compute(inputs: Inputs, *, progress: Callable[[str], None]) -> Results:
    """Measure every KPI once for everybody, then score each scheme's people.

    Queries: one for each fact table, day and scope, as :func:`kpi.services.measuring.measure`
        says; KPIs that read scores and facts at once ask again for each level of leaders.
    Raises:
        CircularScores: cards rest on each other.
    """
    schemes = {pk: parse_scheme(version.document) for pk, version in inputs.schemes.items()}
    further = {seat.scheme_version_id for layer in inputs.layers for seat in layer.seats}
    held = schemes.keys() - (further - {seat.scheme_version_id for seat in inputs.seats})
    progress("measures")
    used = held - scored.rolled_in(inputs, schemes, held)
    measured = figures.measure_all(inputs, schemes, used=used)
    progress("points")
    found = scored.score_schemes(inputs, schemes, measured, held=held, totals={})
    return Results(
        pl.concat([_cards(found[pk].cards, pk) for pk in sorted(found)]),
        pl.concat([lines for pk in sorted(found) for lines in _lines_of(found[pk], inputs)]),
    )


def _lines_of(scheme: scored.SchemeScored, inputs: Inputs) -> Iterator[pl.DataFrame]:
    for part in scheme.parts:
        yield _lines(part.lines, part.scheme, inputs.kpis, part.figures)


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
