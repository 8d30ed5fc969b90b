"""From facts to scored frames, without a write: a run and its verification share this way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from appraisal.models import SchemeVersion
from appraisal.scoring import cards
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.seats import Seat
from appraisal.services.roster import is_present, teams_of
from kpi.formula import compile_formula
from kpi.frames import Window
from kpi.models import KPIVersion
from kpi.services import measuring


# The places in which numerators and denominators are stored.
KEPT = Decimal(1).scaleb(-6)


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


@dataclass(frozen=True)
class Outcome:
    """Cards and lines of all schemes; lines carry numerator, denominator and KPI version."""

    cards: pd.DataFrame
    lines: pd.DataFrame


def kpi_codes(versions: Mapping[int, SchemeVersion]) -> set[str]:
    """The KPIs that schemes name."""
    items = (item for version in versions.values() for item in version.document["items"])
    return {item["kpi"] for item in items if item.get("kpi")}


def compute(inputs: Inputs, *, progress: Callable[[str], None]) -> Outcome:
    """Measure every KPI once for everybody, then score each scheme's people.

    Queries: one for each fact table, day and scope.
    """
    schemes = {pk: parse_scheme(version.document) for pk, version in inputs.schemes.items()}
    progress("measures")
    measured = _measure(inputs, schemes)
    progress("points")
    scored = [_score(inputs, pk, scheme, measured) for pk, scheme in sorted(schemes.items())]
    if not scored:
        return Outcome(
            pd.DataFrame(columns=[*cards.CARD_COLUMNS, "scheme_version_id"]),
            pd.DataFrame(columns=list(cards.LINE_COLUMNS)),
        )
    return Outcome(
        pd.concat([one.cards for one in scored], ignore_index=True),
        pd.concat([one.lines for one in scored], ignore_index=True),
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
                version = inputs.kpis[item.kpi]
                wanted[key] = measuring.Wanted(
                    key,
                    compile_formula(version.formula),
                    version.anchor,
                    version.minimum_sample,
                )
    return measuring.measure(
        list(wanted.values()),
        window=inputs.window,
        groups=[seat.agent_id for seat in inputs.seats],
        teams=teams_of(inputs.seats),
        given=inputs.ratings,
    )


def _score(
    inputs: Inputs, version_id: int, scheme: Scheme, measured: Mapping[Any, pd.DataFrame]
) -> Outcome:
    seats = [seat for seat in inputs.seats if seat.scheme_version_id == version_id]
    people = pd.DataFrame(
        {
            "agent_id": pd.array([seat.agent_id for seat in seats], dtype="int64"),
            "position": [seat.position for seat in seats],
            "present": [
                is_present(seat, inputs.window.period, inputs.minimum_presence) for seat in seats
            ],
        }
    )
    values = pd.concat(
        [
            _values(item.code, measured[source_key(item)].loc[people["agent_id"]])
            for item in scheme.items
        ],
        ignore_index=True,
    )
    scored = cards.score(scheme, values, people)
    lines = scored.lines.merge(
        values[["agent_id", "item", "numerator", "denominator"]],
        on=["agent_id", "item"],
        how="left",
        validate="one_to_one",
    )
    versions = {item.code: inputs.kpis[item.kpi].pk for item in scheme.items if item.kpi}
    lines["kpi_version_id"] = lines["item"].map(versions).astype("Int64")
    return Outcome(scored.cards.assign(scheme_version_id=version_id), lines)


def _values(item: str, frame: pd.DataFrame) -> pd.DataFrame:
    long = frame.rename_axis("agent_id").reset_index()
    for column in ("numerator", "denominator"):
        long[column] = [_kept(value) for value in long[column]]
    return long.assign(
        item=item,
        agent_id=long["agent_id"].astype("int64"),
        value=long["value"].astype("Int64"),
        sample=long["sample"].astype("Int64"),
    )


def _kept(value: Decimal | None) -> Decimal | None:
    """A numerator or denominator in the six places it is stored with."""
    return None if value is None else value.quantize(KEPT, ROUND_HALF_UP)
