"""A draft over a past cycle: the run's own values, scored by what the draft says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast

from agents.selectors import tenures_in
from appraisal.models import Cycle, Run, SchemeVersion, ScorecardLine
from appraisal.scoring.cards import LINE_STATES
from appraisal.scoring.fixed import SCALE, to_fixed
from appraisal.scoring.grid import STATES
from appraisal.scoring.months import is_made_of_months, scheme_of_lines
from appraisal.scoring.scheme import Scheme, Source, parse_scheme
from appraisal.seats import Seat
from appraisal.services import computing, pins, roster, runs
from appraisal.services.inputs import Inputs, month_values
from appraisal.services.targets import targets_for
from appraisal.services.tenures import BY_DAYS
from appraisal.simulation import Outcome, simulate
from appraisal.staff import mean_scores, staff_of
from kpi.formula.compiler import peers_of
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
        people, before: as :func:`appraisal.simulation.simulate` reads them.
        points: the points of every item as the run stored them.
        aside: who changed position, so that the card is, or would be, made in parts by days: these
            cards are not tried here.
        values: what each source measured, by its key: state, value, sample, and the peers' average
            where the run asked for one.
    """

    run: Run
    seats: tuple[Seat, ...]
    people: pd.DataFrame
    before: pd.DataFrame
    points: pd.DataFrame
    aside: tuple[int, ...]
    values: Mapping[str, pd.DataFrame]


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
    Where the scheme makes the cycle of its months, the totals of the months that the run pinned
    are added up anew.

    Args:
        scheme: what the draft says, or what one tries out on it.
    Raises:
        UnknownKPI: the draft names a KPI that is not in use.
    """
    is_of_months = is_made_of_months(scheme, run.cycle.kind)
    basis = basis_of(
        run.pk,
        run.digest,
        version.scheme_id,
        frozenset(scheme.positions),
        by_days=scheme.transfers == BY_DAYS and not is_of_months,
    )
    scored_by = scheme_in(basis.run, scheme)
    if scored_by is scheme:
        values = _values(basis, version, scheme)
    else:
        months = pins.months_of(basis.run.parameters)
        values = month_values(months, basis.people["agent_id"].tolist())
    return basis, simulate(scored_by, values, basis.people, basis.before)


def scheme_in(run: Run, scheme: Scheme) -> Scheme:
    """What people are scored by in a run: the scheme, or its months where it is made of those."""
    if not is_made_of_months(scheme, run.cycle.kind):
        return scheme
    return scheme_of_lines(scheme, run.parameters.get("months", ()))


@lru_cache(maxsize=4)  # a thousand people with ten items take some 2 MB
def basis_of(
    run_id: int, digest: str, scheme_id: int, positions: frozenset[str], *, by_days: bool = False
) -> Basis:
    """Whoever a scheme appraises or would appraise in a run, with all that was measured of them.

    Args:
        digest: tells the run from one of a database made anew.
        positions: codes of the positions that the draft is for.
        by_days: the draft makes the cards of people who change position in parts.
    Queries: 6, and 1 more where the draft makes cards in parts.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    chosen = Q(position__code__in=positions) | Q(scheme_version__scheme_id=scheme_id)
    ids = set(run.scorecards.filter(chosen).values_list("agent_id", flat=True))
    every = roster.seats_of(run)
    aside = _aside(run, every, positions, ids if by_days else set())
    ids -= aside
    seats = tuple(seat for seat in every if seat.agent_id in ids)
    lines = _lines(run, ids)
    return Basis(
        run=run,
        seats=seats,
        people=_people(run, seats),
        before=_before(run, ids),
        points=lines[["agent_id", "item", "points"]],
        aside=tuple(sorted(aside)),
        values=_by_source(lines),
    )


def _aside(
    run: Run, seats: Iterable[Seat], positions: frozenset[str], would_be: Collection[int]
) -> set[int]:
    """Whose card is in parts that the draft has to do with, or would be by the draft.

    Args:
        would_be: people whose card the draft would make in parts if they changed position.
    """
    in_parts = {seat.agent_id for seat in seats if positions & {one.position for one in seat.parts}}
    changed = tenures_in(run.cycle.period).keys() & set(would_be) if would_be else set()
    return in_parts | changed


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


def _by_source(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each figure of each person once, as it was measured; lines of months measure nothing."""
    known = lines[lines["source"] != ""].copy()
    states = known["state"].map(_STATE_OF)
    # A value without its peers' average does not apply there; in another rule it does.
    known["state"] = states.where(known["value"].isna() | (states != "not_applicable"), "measured")
    once = known.drop_duplicates(["agent_id", "source"])[_VALUE_COLUMNS]
    return {str(key): rows for key, rows in once.groupby("source", sort=False)}


def _values(basis: Basis, version: SchemeVersion, scheme: Scheme) -> pd.DataFrame:
    """One row per source of the scheme and person, from the run or measured now."""
    sources = scheme.sources()
    missing = {source.key for source in sources if not _is_stored(basis, source)}
    fresh = _fresh(basis, [source for source in sources if source.key in missing])
    frames = [
        (fresh[_key(source)] if source.key in missing else basis.values[_key(source)]).assign(
            item=source.key, needs_peers=source.needs_peers
        )
        for source in sources
    ]
    values = pd.concat(frames, ignore_index=True)
    values["target"] = _targets(basis, version, values)
    return values[["agent_id", "item", "state", "value", "sample", "target"]]


def _fresh(basis: Basis, missing: list[Source]) -> dict[str, pd.DataFrame]:
    """What the run did not measure, measured now. Queries: none for nothing."""
    if not missing or not basis.seats:
        empty = pd.DataFrame(columns=_VALUE_COLUMNS)
        return {_key(source): empty for source in missing}
    kpis = _current(frozenset(source.kpi for source in missing if source.kpi))
    wanted = frozenset((source.kpi, source.rating, source.needs_peers) for source in missing)
    run = basis.run
    return _measured(run.pk, run.digest, basis.seats, wanted, tuple(sorted(kpis.items())))


def _is_stored(basis: Basis, source: Source) -> bool:
    """Whether the run keeps a figure: of items, not of conditions; averages where it had them."""
    rows = basis.values.get(_key(source))
    if rows is None or "#" in source.key:
        return False
    return not source.needs_peers or bool(rows["average"].notna().any())


def _key(source: Source) -> str:
    return computing.source_key(source)


def _targets(basis: Basis, version: SchemeVersion, values: pd.DataFrame) -> pd.Series[Any]:
    """The peers' average where the rule asks for it, else a target of the cycle. Queries: 1."""
    averages = values["average"].where(values["needs_peers"].astype(bool), pd.NA).astype("Int64")
    versions = {seat.scheme_version_id: version for seat in basis.seats}
    own = targets_for(basis.run.cycle, basis.run.watermark or 0, basis.seats, versions)
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
) -> dict[str, pd.DataFrame]:
    """Measure what the run did not, for its people at its watermark.

    The scores of one's staff are those that the run gave, whatever the draft would give them.

    Args:
        wanted: KPI, rating, and whether the peers' average is asked for too.
    Queries: as :func:`kpi.services.measuring.measure` says.
    """
    run = Run.objects.select_related("cycle").get(pk=run_id)
    every = roster.seats_of(run)
    chosen = KPIVersion.objects.filter(pk__in=dict(versions).values()).select_related("kpi")
    kpis = {one.kpi.code: one for one in chosen}
    inputs = replace(runs.inputs_of(run, seats=every), kpis=kpis)
    sources = [Source("", *one) for one in sorted(wanted)]
    found = measuring.measure(
        [one for source in sources for one in _asked(inputs, source)],
        window=inputs.window,
        groups=[seat.agent_id for seat in every],
        places=inputs.places,
        given=dict(inputs.ratings) | {"score_of:reports": _staff_scores(run, inputs)},
        tells_unmeasurable=inputs.tells_unmeasurable,
    )
    for source in sources:
        average = found.get(_average_key(_key(source)))
        if average is not None and (average["state"] == "not_available").all():
            found[_average_key(_key(source))] = computing.mean_of_values(
                inputs, found[_key(source)]
            )
    agents = [seat.agent_id for seat in seats]
    return {_key(source): _frame(_key(source), found, agents) for source in sources}


def _asked(inputs: Inputs, source: Source) -> list[measuring.Wanted]:
    """What measures a source, and the average of its peers."""
    key, formula = _key(source), inputs.formula_of(source)
    version = inputs.kpis.get(source.kpi)
    one = measuring.wanted_version(version) if version else measuring.Wanted(key, formula)
    peers = measuring.Wanted(_average_key(key), peers_of(formula), one.anchor)
    return [replace(one, key=key), *([peers] if source.needs_peers else [])]


def _staff_scores(run: Run, inputs: Inputs) -> pd.DataFrame:
    """The mean totals of the staff of everybody, for ``score_of(...)``. Queries: 1."""
    totals = {
        agent: None if total is None else int(total * _HUNDREDTHS)
        for agent, total in run.scorecards.values_list("agent_id", "total")
    }
    return mean_scores(staff_of(inputs.led, roster.teams_of(inputs.seats)), totals)


def _average_key(key: str) -> str:
    return f"average:{key}"


def _frame(key: str, found: Mapping[Any, pd.DataFrame], agents: list[int]) -> pd.DataFrame:
    """One source of these people; not available where it was not measured."""
    empty = pd.array([pd.NA] * len(agents), dtype="Int64")
    table: dict[str, Any] = {"agent_id": np.array(agents, dtype=np.int64), "source": key}
    table |= {"state": "not_available", "value": empty, "sample": empty, "average": empty}
    if key in found:
        frame = found[key].loc[agents]
        table["state"] = frame["state"].to_numpy(dtype=object)
        table |= {name: frame[name].astype("Int64").array for name in ("value", "sample")}
    if (average := found.get(_average_key(key))) is not None:
        table["average"] = average.loc[agents, "value"].astype("Int64").array
    return pd.DataFrame(table, columns=_VALUE_COLUMNS)
