"""What a run that is done stored, read back: seats, results, and figures as they were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast

from appraisal.models import Run, SchemeVersion, ScorecardLine
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.cards import LINE_STATES
from appraisal.scoring.fixed import SCALE
from appraisal.scoring.grid import STATES
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.seats import Seat
from appraisal.services import roster
from appraisal.services.figures import Frames, peers_key, source_key
from appraisal.services.tenures import versions_of

DECIDING = 0
"""Stands where a line belongs to the position that decides, and to no further one."""
_STATE_OF = dict(zip(LINE_STATES, STATES, strict=True))
_HUNDREDTHS = 100


@dataclass(frozen=True, eq=False)
class Stored:
    """A run with everybody's place and result.

    Attributes:
        versions, schemes: what people are scored by in any part, by the ids the seats carry.
        before: ``agent_id``, ``total`` (hundredths), ``grade``, ``rank``.
    """

    run: Run
    seats: tuple[Seat, ...]
    versions: Mapping[int, SchemeVersion]
    schemes: Mapping[int, Scheme]
    before: pd.DataFrame


@lru_cache(maxsize=4)
def stored_of(run_id: int, digest: str) -> Stored:
    """What a run stored of everybody; it never changes.

    Args:
        digest: tells the run from one of a database made anew.
    Queries: 4, and 1 more where cards are in parts by days.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    seats = tuple(roster.seats_of(run))
    versions = SchemeVersion.objects.in_bulk(sorted(versions_of(seats)))
    schemes = {pk: parse_scheme(version.document) for pk, version in versions.items()}
    return Stored(run, seats, versions, schemes, _before(run))


def _before(run: Run) -> pd.DataFrame:
    total = Cast(F("total") * _HUNDREDTHS, BigIntegerField())
    cards = run.scorecards.order_by("agent_id").annotate(hundredths=total)
    rows = cards.values_list("agent_id", "hundredths", "grade", "rank")
    frame = pd.DataFrame(list(rows), columns=["agent_id", "total", "grade", "rank"])
    frame["grade"] = frame["grade"].astype(object)
    return _whole(frame, "total", "rank")


def _whole(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Columns as whole numbers, with gaps but for the agent."""
    whole = {name: frame[name].astype("Int64") for name in names}
    return frame.assign(agent_id=frame["agent_id"].astype("int64"), **whole)


@lru_cache(maxsize=4)  # a thousand people with ten items take some 2 MB
def lines_of(stored: Stored, agents: frozenset[int]) -> pd.DataFrame:
    """The stored lines of these people with what each measured.

    Returns:
        ``agent_id``, ``item``, ``points`` (hundredths), ``place`` (the further position, or
        ``DECIDING``), ``source`` (empty for a month), ``state``, ``value``, ``sample``,
        ``average`` (fixed point), ``has_average`` (the rule asked for one).
    Queries: 1.
    """
    fixed = {
        name: Cast(F(column) * SCALE, BigIntegerField())
        for name, column in (("fixed", "value"), ("aim", "target"))
    }
    points = Cast(F("points") * _HUNDREDTHS, BigIntegerField())
    rows = (
        ScorecardLine.objects.filter(
            scorecard__run=stored.run, scorecard__agent_id__in=sorted(agents)
        )
        .annotate(**fixed, hundredths=points)
        .values_list(
            "scorecard__agent_id", "item", "state", "fixed", "sample", "aim", "hundredths",
            "kpi_version__kpi__code",
        )
    )  # fmt: skip
    names = ["agent_id", "item", "state", "value", "sample", "average", "points", "kpi"]
    frame = _whole(pd.DataFrame(list(rows), columns=names), "value", "sample", "average", "points")
    return _with_sources(stored, frame)


def _with_sources(stored: Stored, frame: pd.DataFrame) -> pd.DataFrame:
    """Say of each line where it belongs, what it measured, and whether against one's peers."""
    split = {key: split_key(key) for key in frame["item"].unique()}
    codes = [split[key][0] for key in frame["item"]]
    places = [split[key][1] or DECIDING for key in frame["item"]]
    version_of = {
        (part.agent_id, part.position_id): part.scheme_version_id
        for seat in stored.seats
        for part in seat.parts[1:]
    } | {(seat.agent_id, DECIDING): seat.scheme_version_id for seat in stored.seats}
    measured = {
        (pk, item.code): (source_key(item), item.rule.needs_target)
        for pk, scheme in stored.schemes.items()
        for item in scheme.items
    }
    told = [
        measured.get((version_of.get((agent, place), 0), code), ("", False))
        for agent, place, code in zip(frame["agent_id"], places, codes, strict=True)
    ]
    has_average = np.array([peers for _key, peers in told], dtype=bool)
    known = [kpi or key for kpi, (key, _peers) in zip(frame["kpi"], told, strict=True)]
    return frame.assign(
        place=np.array(places, dtype=np.int64),
        source=pd.Series(known, index=frame.index, dtype=object),
        has_average=has_average,
        average=frame["average"].where(has_average, pd.NA),
    )


def figures_in(lines: pd.DataFrame, place_of: Mapping[int, int]) -> Frames:
    """Each figure of each person once, as it was measured, and the averages of peers.

    Args:
        lines: as :func:`lines_of` gives them.
        place_of: whose figures, and those of which place.
    """
    wanted = lines["agent_id"].map(place_of).eq(lines["place"])
    known = lines[wanted & (lines["source"] != "")]
    states = known["state"].map(_STATE_OF)
    # A value without its peers' average does not apply there; in another rule it does.
    states = states.where(known["value"].isna() | (states != "not_applicable"), "measured")
    known = known.assign(state=states)
    found: dict[str, pd.DataFrame] = {}
    for key, rows in known.groupby("source", sort=False):
        once = rows.drop_duplicates("agent_id").set_index("agent_id")
        found[str(key)] = once[["state", "value", "sample"]]
        held = rows[rows["has_average"]].drop_duplicates("agent_id").set_index("agent_id")
        found[peers_key(str(key))] = held[["average"]].rename(columns={"average": "value"})
    return found
