"""A draft over a past cycle: the run's own values, scored by what the draft says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast

from appraisal.models import Cycle, Run, SchemeVersion, ScorecardLine
from appraisal.scoring.cards import LINE_STATES
from appraisal.scoring.fixed import SCALE, to_fixed
from appraisal.scoring.grid import STATES
from appraisal.scoring.scheme import Scheme, Source, parse_scheme
from appraisal.seats import Seat
from appraisal.services import computing, roster, runs
from appraisal.services.targets import targets_for
from appraisal.simulation import Outcome, simulate
from kpi.formula.compiler import peers_of, scores_of
from kpi.models import KPIVersion
from kpi.selectors import list_current_versions
from kpi.services import measuring

_STATE_OF = dict(zip(LINE_STATES, STATES, strict=True))
_HUNDREDTHS = 100
_VALUE_COLUMNS = ["agent_id", "source", "state", "value", "sample", "average"]


class UnknownKPI(Exception):
    """A draft names a KPI that is not in use; the message is its code."""


@dataclass(frozen=True)
class Basis:
    """What a simulation rests on: a run that is done, and so never changes.

    Attributes:
        people, before, values: as :func:`appraisal.simulation.simulate` reads them, but for
            ``values``, which names what is measured (``source``) instead of an item.
        points: the points of every item as the run stored them.
        measured: the sources that some of the people have a value of.
    """

    run: Run
    seats: tuple[Seat, ...]
    people: pd.DataFrame
    before: pd.DataFrame
    points: pd.DataFrame
    values: pd.DataFrame
    measured: frozenset[str]


def list_cycles() -> list[Cycle]:
    """The cycles that can be simulated, newest first. Queries: 1."""
    found = Cycle.objects.filter(Q(published_run__isnull=False) | Q(current_run__isnull=False))
    return list(
        found.select_related("published_run", "current_run").order_by("-starts_on", "-ends_on")
    )


def run_of(cycle: Cycle) -> Run | None:
    """The run that a cycle shows: what is published, else the newest that is done."""
    run = cycle.published_run or cycle.current_run
    return run if run is not None and run.state == Run.State.DONE else None


def run_draft(run: Run, version: SchemeVersion, scheme: Scheme) -> tuple[Basis, Outcome]:
    """Score the people a draft is for as it would have, over what a run measured.

    What the run did not measure is measured once at its watermark, and kept by this process.

    Args:
        scheme: what the draft says, or what one tries out on it.
    Raises:
        UnknownKPI: the draft names a KPI that is not in use.
    """
    basis = basis_of(run.pk, run.digest, version.scheme_id, frozenset(scheme.positions))
    return basis, simulate(scheme, _values(basis, version, scheme), basis.people, basis.before)


@lru_cache(maxsize=4)  # a thousand people with ten items take some 2 MB
def basis_of(run_id: int, digest: str, scheme_id: int, positions: frozenset[str]) -> Basis:
    """Whoever a scheme appraises or would appraise in a run, with all that was measured of them.

    Args:
        digest: tells the run from one of a database made anew.
        positions: codes of the positions that the draft is for.
    Queries: 6.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    chosen = Q(position__code__in=positions) | Q(scheme_version__scheme_id=scheme_id)
    ids = set(run.scorecards.filter(chosen).values_list("agent_id", flat=True))
    seats = tuple(seat for seat in roster.seats_of(run) if seat.agent_id in ids)
    lines = _lines(run, ids)
    return Basis(
        run=run,
        seats=seats,
        people=_people(run, seats),
        before=_before(run, ids),
        points=lines[["agent_id", "item", "points"]],
        values=_by_source(run, lines),
        measured=frozenset(lines["source"]) - {""},
    )


def _people(run: Run, seats: Sequence[Seat]) -> pd.DataFrame:
    minimum = Decimal(run.parameters.get("minimum_presence", roster.MINIMUM_PRESENCE))
    period = run.cycle.period
    return pd.DataFrame(
        {
            "agent_id": np.array([seat.agent_id for seat in seats], dtype=np.int64),
            "position": [seat.position for seat in seats],
            "present": [roster.is_present(seat, period, minimum) for seat in seats],
        }
    )


def _before(run: Run, ids: Iterable[int]) -> pd.DataFrame:
    cards = run.scorecards.filter(agent_id__in=list(ids)).order_by("agent_id")
    total = Cast(F("total") * _HUNDREDTHS, BigIntegerField())
    rows = cards.annotate(hundredths=total).values_list("agent_id", "hundredths", "grade", "rank")
    frame = pd.DataFrame(list(rows), columns=["agent_id", "total", "grade", "rank"])
    frame["grade"] = frame["grade"].astype(object)
    return _whole(frame, "total", "rank")


def _lines(run: Run, ids: Iterable[int]) -> pd.DataFrame:
    """The stored lines with what each measured: a KPI's code, a rating's, or nothing known."""
    fixed = {
        name: Cast(F(column) * SCALE, BigIntegerField())
        for name, column in (("fixed", "value"), ("aim", "target"))
    }
    points = Cast(F("points") * _HUNDREDTHS, BigIntegerField())
    rows = (
        ScorecardLine.objects.filter(scorecard__run=run, scorecard__agent_id__in=list(ids))
        .annotate(**fixed, hundredths=points)
        .values_list(
            "scorecard__agent_id", "scorecard__scheme_version_id", "item", "state", "fixed",
            "sample", "aim", "hundredths", "kpi_version__kpi__code",
        )
    )  # fmt: skip
    names = ["agent_id", "version", "item", "state", "value", "sample", "average", "points", "kpi"]
    frame = pd.DataFrame(list(rows), columns=names)
    known = _sources_of(run)
    pairs = zip(frame["version"], frame["item"], frame["kpi"], strict=True)
    frame["source"] = [
        kpi or known.get((version, item), ("", False))[0] for version, item, kpi in pairs
    ]
    peers = [
        known.get(pair, ("", False))[1]
        for pair in zip(frame["version"], frame["item"], strict=True)
    ]
    frame = _whole(frame, "value", "sample", "average", "points")
    frame["average"] = frame["average"].where(np.array(peers, dtype=bool), pd.NA)
    return frame


def _whole(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Columns as whole numbers, with gaps but for the agent."""
    whole = {name: frame[name].astype("Int64") for name in names}
    return frame.assign(agent_id=frame["agent_id"].astype("int64"), **whole)


def _sources_of(run: Run) -> dict[tuple[int, str], tuple[str, bool]]:
    """What each item of the run's schemes measures, and whether it is held against peers."""
    versions = run.scheme_versions.select_related("scheme_version")
    return {
        (one.scheme_version_id, item.code): (computing.source_key(item), item.rule.needs_target)
        for one in versions
        for item in parse_scheme(one.scheme_version.document).items
    }


def _by_source(run: Run, lines: pd.DataFrame) -> pd.DataFrame:
    """Each figure of each person once, as it was measured; lines of months measure nothing."""
    known = lines[lines["source"] != ""].copy()
    states = known["state"].map(_STATE_OF)
    # A value without its peers' average does not apply there; in another rule it does.
    known["state"] = states.where(known["value"].isna() | (states != "not_applicable"), "measured")
    return known.drop_duplicates(["agent_id", "source"])[_VALUE_COLUMNS]


def _values(basis: Basis, version: SchemeVersion, scheme: Scheme) -> pd.DataFrame:
    """One row per source of the scheme and person, from the run or measured now."""
    sources = scheme.sources()
    missing = tuple(source for source in sources if not _is_stored(basis, source))
    kpis = _current(frozenset(source.kpi for source in missing if source.kpi))
    fresh = (
        basis.values.iloc[:0]
        if not missing
        else _measured(
            basis.run.pk,
            basis.run.digest,
            basis.seats,
            frozenset((source.kpi, source.rating, source.needs_peers) for source in missing),
            tuple(sorted(kpis.items())),
        )
    )
    frames = []
    for source in sources:
        is_fresh = source in missing
        table = fresh if is_fresh else basis.values
        rows = table[table["source"] == _key(source, is_fresh=is_fresh)]
        frames.append(rows.assign(item=source.key, needs_peers=source.needs_peers))
    values = pd.concat(frames, ignore_index=True)
    values["target"] = _targets(basis, version, values)
    return values[["agent_id", "item", "state", "value", "sample", "target"]]


def _is_stored(basis: Basis, source: Source) -> bool:
    if computing.source_key(source) not in basis.measured or "#" in source.key:
        return False
    if not source.needs_peers:
        return True
    held = basis.values[basis.values["source"] == computing.source_key(source)]
    return bool(held["average"].notna().any())


def _key(source: Source, *, is_fresh: bool) -> str:
    key = computing.source_key(source)
    return f"peers:{key}" if is_fresh and source.needs_peers else key


def _targets(basis: Basis, version: SchemeVersion, values: pd.DataFrame) -> pd.Series[Any]:
    """The peers' average where the rule asks for it, else a target of the cycle. Queries: 1."""
    averages = values["average"].where(values["needs_peers"].astype(bool), pd.NA).astype("Int64")
    seats = [replace(seat, scheme_version_id=version.pk) for seat in basis.seats]
    cycle, watermark = basis.run.cycle, basis.run.watermark or 0
    own = targets_for(cycle, watermark, seats, {version.pk: version})
    if not own:
        return averages
    pairs = zip(values["agent_id"], values["item"], strict=True)
    aims = [own.get(pair) for pair in pairs]
    fixed = [pd.NA if aim is None else to_fixed(aim) for aim in aims]
    return averages.fillna(pd.Series(fixed, index=values.index, dtype="Int64"))


def _current(codes: frozenset[str]) -> dict[str, int]:
    """The versions in use of these KPIs. Queries: 1, none for none."""
    if not codes:
        return {}
    versions = {one.kpi.code: one.pk for one in list_current_versions() if one.kpi.code in codes}
    for code in sorted(codes - versions.keys()):
        raise UnknownKPI(code)
    return versions


@lru_cache(maxsize=8)
def _measured(
    run_id: int,
    digest: str,
    seats: tuple[Seat, ...],
    wanted: frozenset[tuple[str, str, bool]],
    versions: tuple[tuple[str, int], ...],
) -> pd.DataFrame:
    """Measure what the run did not, for its people at its watermark.

    What reads the scores of one's staff cannot be tried here: it is not available.

    Queries: as :func:`kpi.services.measuring.measure` says.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    every = roster.seats_of(run)
    kpis: Mapping[str, KPIVersion] = {
        one.kpi.code: one
        for one in KPIVersion.objects.filter(pk__in=dict(versions).values()).select_related("kpi")
    }
    inputs = replace(runs.inputs_of(run, seats=every), kpis=kpis)
    asked: dict[str, measuring.Wanted] = {}
    unread: list[str] = []
    for kpi, rating, needs_peers in sorted(wanted):
        source = Source("", kpi, rating, needs_peers)
        key, formula = computing.source_key(source), inputs.formula_of(source)
        if scores_of(formula.root):
            unread.append(key)
            continue
        version = kpis.get(kpi)
        one = measuring.wanted_version(version) if version else measuring.Wanted(key, formula)
        asked[key] = replace(one, key=key)
        if needs_peers:
            asked[f"average:{key}"] = measuring.Wanted(
                f"average:{key}", peers_of(formula), one.anchor
            )
    agents = [seat.agent_id for seat in seats]
    found = measuring.measure(
        list(asked.values()),
        window=inputs.window,
        groups=[seat.agent_id for seat in every],
        places=inputs.places,
        given=inputs.ratings,
    )
    frames = [_frame(key, found, agents) for key in asked if not key.startswith("average:")]
    frames += [_unread(key, agents) for key in unread]
    return pd.concat([*frames, *(_as_peers(one, found, agents) for one in frames)])


def _frame(key: str, found: Mapping[Any, pd.DataFrame], agents: list[int]) -> pd.DataFrame:
    frame = found[key].loc[agents]
    table = {
        "agent_id": np.array(agents, dtype=np.int64),
        "source": key,
        "state": frame["state"].to_numpy(dtype=object),
        "value": frame["value"].astype("Int64").array,
        "sample": frame["sample"].astype("Int64").array,
        "average": pd.array([pd.NA] * len(agents), dtype="Int64"),
    }
    return pd.DataFrame(table, columns=_VALUE_COLUMNS)


def _as_peers(
    frame: pd.DataFrame, found: Mapping[Any, pd.DataFrame], agents: list[int]
) -> pd.DataFrame:
    """The same figures beside their peers' average, where one was asked for."""
    key = str(frame["source"].iloc[0]) if len(frame) else ""
    average = found.get(f"average:{key}")
    if average is None:
        return frame.iloc[:0]
    values = average.loc[agents, "value"].astype("Int64").array
    return frame.assign(source=f"peers:{key}", average=values)


def _unread(key: str, agents: list[int]) -> pd.DataFrame:
    empty = pd.array([pd.NA] * len(agents), dtype="Int64")
    table = {"agent_id": np.array(agents, dtype=np.int64), "source": key, "state": "not_available"}
    return pd.DataFrame(
        table | {"value": empty, "sample": empty, "average": empty}, columns=_VALUE_COLUMNS
    )
