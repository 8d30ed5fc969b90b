"""A draft over a past cycle: what the run measured, scored as a run with the draft would have.

The people stand as such a run would place them, in parts too, and their cards are made by the
same modules; only figures are taken from what the run stored where those hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd
from django.db.models import Q

from agents.selectors import led_in
from appraisal.models import Cycle, Run, SchemeVersion
from appraisal.scoring.months import is_made_of_months, scheme_of_lines
from appraisal.scoring.scheme import Scheme, Source, parse_scheme
from appraisal.seats import Seat
from appraisal.services import figures, runs, scored
from appraisal.services.figures import Frames, peers_key, source_key
from appraisal.services.inputs import Inputs
from appraisal.services.reseating import former_versions, reseat, stand_alike
from appraisal.services.stored import DECIDING, Stored, figures_in, lines_of, stored_of
from appraisal.services.tenures import versions_of
from appraisal.simulation import Outcome, compare, join, leave_out
from kpi.models import KPIVersion
from kpi.places import Led
from kpi.selectors import list_current_versions

Schemes = Mapping[int, Scheme]


class UnknownKPI(Exception):
    """A draft names a KPI that is not in use; the message is its code."""


@dataclass(frozen=True)
class Basis:
    """What an outcome rests on.

    Attributes:
        points: ``agent_id``, ``item``, ``points`` (hundredths) of every line as the run stored it.
        schemes: those that decide cards, by their code: the one tried, and that of people who
            have a part by it or are compared with such.
        parts: schemes of further positions with the position's id, those of the run first.
    """

    run: Run
    points: pd.DataFrame
    schemes: Mapping[str, Scheme]
    parts: tuple[tuple[int, Scheme], ...]


@dataclass(frozen=True, eq=False)
class _Trial:
    """A run as it would stand with a draft in use.

    Attributes:
        schemes: by the ids that the seats carry, that of the draft as it was saved.
        is_as_stored: everybody stands where the run had them, so that its figures hold.
    """

    stored: Stored
    inputs: Inputs
    schemes: Schemes
    is_as_stored: bool


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
    """Score people as a run with the draft in use would have, over what a run measured.

    What the run did not measure, or measured where people would not stand, is measured once at
    its watermark, and kept by this process. Where the scheme makes the cycle of its months, the
    totals of the months that the run pinned are added up anew.

    Args:
        scheme: what the draft says, or what one tries out on it.
    Returns:
        Whoever has a card, or a part of one, by the draft or by the version that the run used
        instead, and whoever else has another grade for being compared with them.
    Raises:
        UnknownKPI: the draft names a KPI that is not in use.
        CircularScores: with the draft, cards would rest on each other.
    """
    ready = prepare(run, version, scheme)
    stored, before = ready.stored, ready.stored.before
    schemes = {**ready.schemes, version.pk: scheme_in(run, scheme)}
    outcomes = {
        pk: compare(schemes[pk], one.cards, [part.lines for part in one.parts], before)
        for pk, one in ready.score().items()
    }
    gone = before["agent_id"].isin(ready.tried - {seat.agent_id for seat in ready.inputs.seats})
    both = join([*outcomes.values(), leave_out(scheme, before[gone])])
    moved = {agent for pk in ready.compared for agent in _other_grade(outcomes[pk])}
    basis = _basis(stored, ready.inputs, schemes, lines_of(stored, ready.loaded))
    return basis, both.of(ready.tried | moved)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A draft on a run, with everything read and measured.

    Attributes:
        schemes: by the ids that the seats carry, that of the draft as it is tried.
        measured: for each layer, all figures that rest on no scores.
        tried: whose card the draft has a part in.
        compared: the schemes that decide their cards, and so compare them with others.
        held: those, and the schemes that read scores where any of those does.
        loaded: whose stored lines are read.
    """

    stored: Stored
    inputs: Inputs
    schemes: Schemes
    measured: list[Frames]
    tried: set[int]
    compared: set[int]
    held: set[int]
    loaded: frozenset[int]

    def score(self) -> dict[int, scored.SchemeScored]:
        """Score the people of the schemes held, as a run does."""
        totals = scored.totals_in(self.stored.before)
        return scored.score_schemes(
            self.inputs, self.schemes, self.measured, held=self.held, totals=totals
        )


def prepare(run: Run, version: SchemeVersion, scheme: Scheme) -> Prepared:
    """Read and measure what a draft needs; the errors are those of :func:`run_draft`."""
    stored = stored_of(run.pk, run.digest)
    trial = _trial(run.pk, run.digest, reseat(stored, version, scheme), version.pk)
    schemes = {**trial.schemes, version.pk: scheme}
    inputs = _with_kpis(trial.inputs, schemes)
    tried = _tried(stored, inputs.seats, version)
    compared = _deciding(stored, inputs.seats, tried)
    held = compared | _readers(inputs, schemes, compared)
    agents = {seat.agent_id for seat in inputs.seats if seat.scheme_version_id in held}
    loaded = frozenset(agents | tried)
    return Prepared(
        stored=stored,
        inputs=inputs,
        schemes=schemes,
        measured=_measured_in(trial, inputs, schemes, held=held, loaded=loaded),
        tried=tried,
        compared=compared,
        held=held,
        loaded=loaded,
    )


def scheme_in(run: Run, scheme: Scheme) -> Scheme:
    """What people are scored by in a run: the scheme, or its months where it is made of those."""
    if not is_made_of_months(scheme, run.cycle.kind):
        return scheme
    return scheme_of_lines(scheme, run.parameters.get("months", ()))


@lru_cache(maxsize=4)
def _trial(run_id: int, digest: str, seats: tuple[Seat, ...], version_id: int) -> _Trial:
    """Lay a run out with people in these places.

    Args:
        version_id: of the draft, whose document may change meanwhile and is not read.
    Queries: those of :func:`appraisal.services.runs.inputs_of`, 1 for schemes that the run did
        not use, and 2 where it did not place everybody.
    """
    stored = stored_of(run_id, digest)
    used = versions_of(seats) | {version_id}
    others = SchemeVersion.objects.in_bulk(sorted(used - stored.versions.keys()))
    versions = {pk: one for pk, one in {**stored.versions, **others}.items() if pk in used}
    schemes = {
        pk: stored.schemes.get(pk) or parse_scheme(one.document)
        for pk, one in versions.items()
        if pk != version_id
    }
    added = {seat.agent_id for seat in seats} - {seat.agent_id for seat in stored.seats}
    led = led_in(stored.run.cycle.period) if added else []
    inputs = runs.inputs_of(
        stored.run,
        seats=seats,
        schemes=versions,
        led=[Led(*one) for one in led if one[0] in added],
    )
    return _Trial(stored, inputs, schemes, stand_alike(seats, stored.seats))


def _with_kpis(inputs: Inputs, schemes: Schemes) -> Inputs:
    """A computation with the KPIs of all its schemes: as the run pinned them, else those in use.

    Queries: 1, none where the run pinned all.
    """
    codes = {source.kpi for source in figures.sources_of(schemes.values()) if source.kpi}
    missing = codes - inputs.kpis.keys()
    if not missing:
        return inputs
    current = list_current_versions().filter(kpi__code__in=missing)
    kpis = {**inputs.kpis, **{one.kpi.code: one for one in current}}
    for code in sorted(missing - kpis.keys()):
        raise UnknownKPI(code)
    layers = tuple(replace(layer, kpis=kpis) for layer in inputs.layers)
    return replace(inputs, kpis=kpis, layers=layers)


def _tried(stored: Stored, seats: Collection[Seat], version: SchemeVersion) -> set[int]:
    """Whose card the draft makes in any part, or the version in its place made in the run."""
    own = former_versions(stored, version) | {version.pk}
    return {
        seat.agent_id
        for seat in (*stored.seats, *seats)
        if any(one.scheme_version_id in own for one in (seat, *seat.parts))
    }


def _deciding(stored: Stored, seats: Collection[Seat], tried: set[int]) -> set[int]:
    """The schemes that decide these people's cards, or did in the run and still decide others'."""
    held = {seat.scheme_version_id for seat in seats}
    found = {one.scheme_version_id for one in (*stored.seats, *seats) if one.agent_id in tried}
    return found & held


def _readers(inputs: Inputs, schemes: Schemes, held: set[int]) -> set[int]:
    """All schemes whose cards rest on others, if any of these does: some rest on each other."""
    every = {seat.scheme_version_id for seat in inputs.seats}
    reading = set(scored.reading_in(inputs, schemes, every).values())
    return set() if held.isdisjoint(reading) else reading


def _measured_in(
    trial: _Trial, inputs: Inputs, schemes: Schemes, *, held: set[int], loaded: frozenset[int]
) -> list[Frames]:
    """Every figure that these schemes need, layer by layer: as the run stored it, else measured."""
    whole = held - scored.rolled_in(inputs, schemes, held)
    own = frozenset(seat.agent_id for seat in inputs.seats if seat.scheme_version_id in whole)
    found: list[Frames] = []
    for at, layer in enumerate((inputs, *inputs.layers)):
        known = _stored_figures(trial, at, own, loaded)
        missing = _missing(layer, schemes, own, known)
        codes = {kpi for kpi, _rating, _peers in missing if kpi}
        kpis = tuple(sorted((code, inputs.kpis[code].pk) for code in codes))
        found.append({**known, **_measured(trial, at, missing, kpis)})
    return found


@lru_cache(maxsize=8)
def _stored_figures(
    trial: _Trial, at: int, agents: frozenset[int], loaded: frozenset[int]
) -> Frames:
    """What the run stored of these people in a layer; nothing where they do not stand there.

    Args:
        loaded: people whose lines are read, among them these.
    """
    if not trial.is_as_stored:
        return {}
    layer = (trial.inputs, *trial.inputs.layers)[at]
    place_of = {
        seat.agent_id: seat.position_id if at else DECIDING
        for seat in layer.seats
        if seat.agent_id in agents
    }
    return figures_in(lines_of(trial.stored, loaded), place_of)


def _missing(
    layer: Inputs, schemes: Schemes, agents: Collection[int], known: Frames
) -> frozenset[tuple[str, str, bool]]:
    """What is not stored of everybody who needs it: KPI, rating, and whether of peers too."""
    by_scheme: dict[int, list[int]] = {}
    for seat in layer.seats:
        if seat.agent_id in agents:
            by_scheme.setdefault(seat.scheme_version_id, []).append(seat.agent_id)
    return frozenset(
        (source.kpi, source.rating, source.needs_peers)
        for pk, people in by_scheme.items()
        for source in schemes[pk].sources()
        if not figures.reads_scores(layer, source) and not _are_known(known, source, people)
    )


def _are_known(known: Frames, source: Source, people: list[int]) -> bool:
    keys = [source_key(source)]
    if source.needs_peers:
        keys.append(peers_key(keys[0]))
    frames, wanted = [known.get(key) for key in keys], pd.Index(people)
    return all(
        frame is not None and bool((frame.index.get_indexer(wanted) >= 0).all()) for frame in frames
    )


@lru_cache(maxsize=16)
def _measured(
    trial: _Trial,
    at: int,
    wanted: frozenset[tuple[str, str, bool]],
    versions: tuple[tuple[str, int], ...],
) -> Frames:
    """Measure in a layer what the run did not store, at its watermark.

    Args:
        wanted: KPI, rating, and whether the peers' average is asked for too.
        versions: of these KPIs.
    Queries: as :func:`kpi.services.measuring.measure` says, and 1; none for nothing.
    """
    if not wanted:
        return {}
    kpis = KPIVersion.objects.select_related("kpi").in_bulk([pk for _code, pk in versions])
    layer = (trial.inputs, *trial.inputs.layers)[at]
    layer = replace(layer, kpis={code: kpis[pk] for code, pk in versions})
    return figures.measure(layer, [Source("", *one) for one in sorted(wanted)], scores=None)


def _other_grade(outcome: Outcome) -> set[int]:
    """Who has another grade than before."""
    people = outcome.people
    return set(people.loc[people["grade_before"] != people["grade_after"], "agent_id"].tolist())


def _basis(stored: Stored, inputs: Inputs, schemes: Schemes, lines: pd.DataFrame) -> Basis:
    places = {
        (part.position_id, part.scheme_version_id): schemes.get(part.scheme_version_id)
        or stored.schemes[part.scheme_version_id]
        for seat in (*stored.seats, *inputs.seats)
        for part in seat.parts[1:]
    }
    return Basis(
        run=stored.run,
        points=lines[["agent_id", "item", "points"]],
        schemes={one.code: one for one in schemes.values()},
        parts=tuple((position, scheme) for (position, _pk), scheme in places.items()),
    )


KEPT = (_trial, _stored_figures, _measured)
"""What a process keeps of earlier tries, beside what it read of the run."""
