"""From facts to scored frames, without a write: a run and its verification share this way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl

from appraisal.models import SchemeVersion
from appraisal.results import LINE_PLACES, Results, table_of
from appraisal.scoring import cards
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.seats import Seat
from appraisal.services.roster import is_present, teams_of
from kpi.formula import compile_formula
from kpi.frames import Window
from kpi.models import KPIVersion
from kpi.places import Places
from kpi.services import measuring


@dataclass(frozen=True)
class Inputs:
    """Everything a computation rests on.

    Attributes:
        kpis: KPI code to the pinned version.
        ratings: frames of what people entered, as ``rating(...)`` reads them.
    """

    window: Window
    seats: Sequence[Seat]
    schemes: Mapping[int, SchemeVersion]
    kpis: Mapping[str, KPIVersion]
    ratings: Mapping[str, pd.DataFrame]
    minimum_presence: Decimal


def kpi_codes(versions: Mapping[int, SchemeVersion]) -> set[str]:
    """The KPIs that schemes name."""
    items = (item for version in versions.values() for item in version.document["items"])
    return {item["kpi"] for item in items if item.get("kpi")}


def compute(inputs: Inputs, *, progress: Callable[[str], None]) -> Results:
    """Measure every KPI once for everybody, then score each scheme's people.

    Queries: one for each fact table, day and scope.
    """
    schemes = {pk: parse_scheme(version.document) for pk, version in inputs.schemes.items()}
    progress("measures")
    measured = _measure(inputs, schemes)
    progress("points")
    scored = [_score(inputs, pk, scheme, measured) for pk, scheme in sorted(schemes.items())]
    return Results(
        pl.concat([one.cards for one in scored]), pl.concat([one.lines for one in scored])
    )


def source_key(item: Any) -> str:
    """What an item measures: a KPI's code, or a rating's."""
    return f"rating:{item.rating}" if item.rating else str(item.kpi)


def _measure(inputs: Inputs, schemes: Mapping[int, Scheme]) -> dict[Any, pd.DataFrame]:
    wanted: dict[str, measuring.Wanted] = {}
    for scheme in schemes.values():
        for item in scheme.items:
            key = source_key(item)
            if item.rating:
                wanted[key] = measuring.Wanted(key, compile_formula(f'rating("{item.rating}")'))
            else:
                wanted[key] = replace(measuring.wanted_version(inputs.kpis[item.kpi]), key=key)
    return measuring.measure(
        list(wanted.values()),
        window=inputs.window,
        groups=[seat.agent_id for seat in inputs.seats],
        places=Places(teams=teams_of(inputs.seats)),
        given=inputs.ratings,
    )


def _score(
    inputs: Inputs, version_id: int, scheme: Scheme, measured: Mapping[Any, pd.DataFrame]
) -> Results:
    seats = [seat for seat in inputs.seats if seat.scheme_version_id == version_id]
    agents = sorted(seat.agent_id for seat in seats)
    people = pd.DataFrame(
        {
            "agent_id": np.array([seat.agent_id for seat in seats], dtype=np.int64),
            "position": [seat.position for seat in seats],
            "present": [
                is_present(seat, inputs.window.period, inputs.minimum_presence) for seat in seats
            ],
        }
    )
    frames = [measured[source_key(item)].loc[agents] for item in scheme.items]
    scored = cards.score(scheme, _values(scheme, agents, frames), people)
    return Results(
        _cards(scored.cards, version_id), _lines(scored.lines, scheme, inputs.kpis, frames)
    )


def _values(scheme: Scheme, agents: list[int], frames: list[pd.DataFrame]) -> pd.DataFrame:
    """One row per item and agent, as :func:`appraisal.scoring.cards.score` reads them."""
    return pd.DataFrame(
        {
            "agent_id": np.tile(np.array(agents, dtype=np.int64), len(frames)),
            "item": np.repeat(
                np.array([item.code for item in scheme.items], dtype=object), len(agents)
            ),
            "state": _stacked(frames, "state"),
            "value": pd.concat([frame["value"] for frame in frames]).array,
            "sample": pd.concat([frame["sample"] for frame in frames]).astype("Int64").array,
        }
    )


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
        by_item = [[_kept(value) for value in frame[name]] for frame in frames]
        columns[name] = [value for row in zip(*by_item, strict=True) for value in row]
    table = table_of(columns | {"kpi_version_id": versions * agents})
    return table.with_columns(
        pl.col("level").cast(pl.String),
        pl.col("numerator", "denominator", "kpi_version_id").cast(pl.Int64),
    )


def _kept(value: Decimal | None) -> int | None:
    """A numerator or denominator as a whole number of the six places it is stored with."""
    if value is None:
        return None
    return int((value * 10 ** LINE_PLACES["numerator"]).to_integral_value(ROUND_HALF_UP))
