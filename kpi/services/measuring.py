"""KPI values of a period: measured by the database, divided once, at the end."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from agents import selectors as people
from agents.periods import Period
from kpi import apart, engine, frames, tallies
from kpi.formula import Formula, compile_formula, measures_for, nodes
from kpi.formula.compiler import apart_of, facts_of, measures_in, peers_of, resolve
from kpi.formula.peers import HeldAgainst
from kpi.models import KPIVersion
from kpi.places import NOWHERE, Led, Places
from kpi.selectors import newest_version
from kpi.services import measurability, revisions
from kpi.tables import Plan, Table, table_of


@dataclass(frozen=True)
class Wanted:
    """One KPI to measure: its formula, the day that dates it, and its minimum sample."""

    key: Hashable
    formula: Formula
    anchor: str = "day"
    minimum_sample: int = 0


def wanted_version(version: KPIVersion) -> Wanted:
    """A KPI version, keyed by its id."""
    return Wanted(
        version.pk, compile_formula(version.formula), version.anchor, version.minimum_sample
    )


def measure(
    wanted: Sequence[Wanted],
    *,
    window: frames.Window,
    by: frames.By = "agent",
    groups: Sequence[Any] | None = None,
    teams: Mapping[Any, int] | None = None,
    places: Places = NOWHERE,
    given: Mapping[str, pd.DataFrame] | None = None,
    from_tallies: bool = False,
    tells_unmeasurable: bool = True,
) -> dict[Hashable, pd.DataFrame]:
    """Measure KPIs for groups of facts.

    Args:
        groups: the groups wanted, each in the result even without a fact; None gives the groups
            found in the facts, in order.
        teams: the team of each agent, for ``team(...)``; in short for places that tell no more.
        places: where the agents stood, for ``team(...)``, ``peers(...)`` and ``led(...)``.
        given: frames of what people entered, for ``rating(...)``, and of scorecards, for
            ``score_of(...)``.
        from_tallies: read only the days that changed, where the others were tallied before;
            the figures are the same.
        tells_unmeasurable: a KPI that lacks a field in all sources is not measurable; else it
            counts nothing, as runs from before did.
    Returns:
        Key to a frame as :func:`kpi.engine.evaluate` gives it, indexed by group.
    Queries: one for each fact table, day and scope, and for each grain of an ``over(...)``; one
        more for each fact table and day of ``peers(...)`` where somebody changed shift, and one
        for each fact table and day with a measure that counted nothing. Whatever the number of
        KPIs and groups.
    """
    places = places if teams is None else Places(teams=teams)
    plan = _plan(wanted, window=window, by=by, places=places)
    read_table = tallies.read_table if from_tallies else frames.read_table
    tables = {
        table: read_table(table, measures, by=by, window=window, places=places)
        for table, measures in plan.tables.items()
    }
    index = list(groups) if groups is not None else _groups_found(tables, by)
    whole = {
        table: frames.align(frame, plan.tables[table], _keys(table, index, frame, places.teams))
        for table, frame in tables.items()
        if not (table.grain or table.by_shift)
    }
    given = given or {}
    read = apart.Read(plan, tables, by=by, places=places, groups=index)
    rows = pd.Index(index)
    values = {
        one.key: _evaluated(one, rows, whole, read, window=window, given=given) for one in wanted
    }
    lacking = _lacking(wanted, window, plan, tables) if tells_unmeasurable else {}
    return values | {key: engine.not_measurable(values[key]) for key in lacking}


def lacking_in(wanted: Sequence[Wanted], window: frames.Window) -> set[Hashable]:
    """The keys of what cannot be measured in a window from what its sources give."""
    return set(measurability.lacking(_formulas(wanted), window=window))


def _lacking(
    wanted: Sequence[Wanted],
    window: frames.Window,
    plan: Plan,
    tables: Mapping[Table, pd.DataFrame],
) -> Mapping[Hashable, object]:
    """What cannot be measured; nobody is asked about a measure that counted something."""
    seen = {
        (table.column, key)
        for table, measures in plan.tables.items()
        for key in measures
        if any(tables[table][key].tolist())
    }
    counted = {
        (table.column, measure.key)
        for table, measures in plan.tables.items()
        for measure in measures.values()
        if not seen.isdisjoint({(table.column, measure.key), (table.column, measure.rows_key)})
    }
    return measurability.lacking(_formulas(wanted), window=window, counted=counted)


def _formulas(wanted: Sequence[Wanted]) -> dict[Hashable, tuple[Formula, str]]:
    return {one.key: (one.formula, one.anchor) for one in wanted}


def measure_days(
    wanted: Sequence[Wanted],
    *,
    window: frames.Window,
    agents: Sequence[int],
    tells_unmeasurable: bool = True,
) -> dict[Hashable, pd.DataFrame]:
    """Measure KPIs for each day by itself.

    Args:
        wanted: such as :func:`stand_by_day` says.
        tells_unmeasurable: as :func:`measure` has it, of all days together.
    Returns:
        Key to rows of ``agent_id``, ``day``, ``state``, ``value`` and the other columns of a KPI
        value: one for each day on which somebody has a fact that the KPI reads; where its kind
        of fact is awaited, one for each agent on the first day.
    Queries: one for each fact table and day that dates it, and as many more as :func:`measure`
        asks where nothing counted.
    """
    plan = Plan()
    for one in wanted:
        plan.add(measures_for(one.formula, window.imported), anchor=one.anchor, grain="day")
    tables = {
        table: frames.read_table(table, measures, by="agent", window=window)
        for table, measures in plan.tables.items()
    }
    values = {one.key: _days_of(one, tables, window=window, agents=agents) for one in wanted}
    lacking = _lacking(wanted, window, plan, tables) if tells_unmeasurable else {}
    return values | {key: engine.not_measurable(values[key]) for key in lacking}


def stand_by_day(one: Wanted, imported: frozenset[str]) -> bool:
    """Whether the figure of a day follows from the person's own facts of that day alone."""
    measures = measures_for(one.formula, imported)
    return not apart_of(resolve(one.formula, imported)) and all(
        each.scope == "own" and not tallies.names_period(each) for each in measures
    )


def _days_of(
    one: Wanted,
    tables: Mapping[Table, pd.DataFrame],
    *,
    window: frames.Window,
    agents: Sequence[int],
) -> pd.DataFrame:
    asked = {
        measure: table_of(measure, one.anchor, grain="day")
        for measure in measures_for(one.formula, window.imported)
    }
    people = set(agents)
    rows = sorted(
        {row for table in asked.values() for row in tables[table].index if row[0] in people}
    )
    if facts_of(resolve(one.formula, window.imported)) - window.imported:
        rows = [(agent, window.period.starts_on) for agent in agents]
    columns = {
        measure.key: frames.align(tables[table], {measure.key: measure}, rows)[measure.key]
        for measure, table in asked.items()
    }
    measured = pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), dtype=object)
    values = engine.with_minimum_sample(
        engine.evaluate(one.formula, measured, imported=window.imported), one.minimum_sample
    )
    return values.assign(agent_id=[agent for agent, _ in rows], day=[day for _, day in rows])


def _plan(
    wanted: Sequence[Wanted], *, window: frames.Window, by: frames.By, places: Places
) -> Plan:
    plan = Plan()
    for one in wanted:
        root = resolve(one.formula, window.imported)
        plan.add(measures_for(one.formula, window.imported), anchor=one.anchor)
        for part in apart.measurable(root, by=by, places=places):
            apart.plan_part(plan, part, anchor=one.anchor, places=places)
    return plan


def peers_behind(
    one: Wanted, *, window: frames.Window, places: Places, agent_id: int
) -> list[HeldAgainst]:
    """What the average is made of that somebody is held against in this figure.

    Args:
        one: a KPI whose peers have an average by their own facts (``peers.is_peerable``).
    Returns:
        One entry for each shift of that person, with everybody of the same position there.
    Queries: one for each fact table and day, two where somebody changed shift.
    """
    part = nodes.Peers(resolve(one.formula, window.imported))
    asked = Wanted(one.key, peers_of(one.formula), one.anchor)
    plan = _plan([asked], window=window, by="agent", places=places)
    tables = {
        table: frames.read_table(table, measures, by="agent", window=window, places=places)
        for table, measures in plan.tables.items()
    }
    read = apart.Read(plan, tables, by="agent", places=places, groups=[agent_id])
    return read.held_against(part, anchor=one.anchor, person=agent_id)


def keep_tallies(
    wanted: Sequence[Wanted],
    *,
    window: frames.Window,
    places: Places,
    however_many: bool = True,
) -> None:
    """Tally the days of a window for these KPIs, so that the next run reads what changed alone.

    Args:
        however_many: even where most of its days changed.
    """
    plan = _plan(wanted, window=window, by="agent", places=places)
    tallies.keep(plan.tables, window=window, however_many=however_many)


def measure_text(
    text: str, *, period: Period, by: frames.By = "centre", source: str = ""
) -> list[dict[str, Any]]:
    """Measure a formula, or the KPI of that code, over what is known now.

    Returns:
        One entry a group with ``group``, ``value`` (a share is 0-1; None without data), ``state``,
        ``numerator``, ``denominator`` and ``sample``. Agents and teams stand by their code.
    Raises:
        FormulaError: the text is neither a KPI's code nor a formula.
    """
    version = newest_version(text)
    one = wanted_version(version) if version else Wanted(text, compile_formula(text))
    window = frames.window_of(period, revisions.latest_revision(), source=source)
    stays = people.stays_in(period) if by in {"agent", "team"} else {}
    frame = measure(
        [one],
        window=window,
        by=by,
        groups=_everybody(one, window, by, stays),
        places=places_in(period, stays) if by == "agent" else NOWHERE,
    )[one.key]
    names = people.codes_of(by, list(frame.index))
    rows = zip(frame.index, frame.to_dict("records"), strict=True)
    return [{"group": names.get(group, str(group)), **_entry(row)} for group, row in rows]


def _everybody(
    one: Wanted, window: frames.Window, by: frames.By, stays: Mapping[int, people.Stay]
) -> list[int] | None:
    """Whoever has a place in the period, where a formula reads no rows of their own."""
    parts = apart_of(resolve(one.formula, window.imported))
    measures = [
        *measures_for(one.formula, window.imported),
        *(each for part in parts if isinstance(part, nodes.Over) for each in measures_in(part)),
    ]
    if by not in {"agent", "team"} or any(each.scope in {"own", by} for each in measures):
        return None
    return sorted(stays if by == "agent" else {stay.team_id for stay in stays.values()})


def places_in(period: Period, stays: Mapping[int, people.Stay]) -> Places:
    """Where everybody stood, all counted: how long somebody must be there is for a run to say.

    Queries: 2.
    """
    return Places(
        teams={agent: stay.team_id for agent, stay in stays.items()},
        positions={agent: stay.position_id for agent, stay in stays.items()},
        shifts={agent: dict(stay.shifts) for agent, stay in stays.items()},
        counted=frozenset(stays),
        led=tuple(Led(*span) for span in people.led_in(period)),
    )


def _entry(row: Mapping[Any, Any]) -> dict[str, Any]:
    value = row["value"]
    return {
        "state": row["state"],
        "value": None if pd.isna(value) else engine.from_fixed(int(value)),
        "numerator": _decimal(row["numerator"]),
        "denominator": _decimal(row["denominator"]),
        "sample": None if pd.isna(row["sample"]) else int(row["sample"]),
    }


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _evaluated(
    one: Wanted,
    rows: pd.Index,
    whole: Mapping[Table, Mapping[str, list[Any]]],
    read: apart.Read,
    *,
    window: frames.Window,
    given: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    columns = {
        wished.key: whole[table_of(wished, one.anchor)][wished.key]
        for wished in measures_for(one.formula, window.imported)
    }
    measured = pd.DataFrame(columns, index=rows, dtype=object)
    root = resolve(one.formula, window.imported)
    try:
        values = engine.evaluate(
            one.formula,
            measured,
            imported=window.imported,
            given=given,
            solved=read.solve(root, anchor=one.anchor, minimum_sample=one.minimum_sample),
        )
    except engine.FigureTooLarge as error:
        raise engine.FigureTooLarge(
            f"{one.key}: {error} The formula is {one.formula.text}"
        ) from error
    return engine.with_minimum_sample(values, one.minimum_sample)


def _keys(
    table: Table, index: Sequence[Any], frame: pd.DataFrame, teams: Mapping[Any, int]
) -> list[Any]:
    """The row of a table that belongs to each group."""
    if table.scope == "centre" and len(frame.index) == 1 and frame.index[0] == 0:
        return [0] * len(index)
    if table.scope == "team" and teams:
        return [teams.get(group) for group in index]
    return list(index)


def _groups_found(tables: Mapping[Table, pd.DataFrame], by: frames.By) -> list[Any]:
    if by == "centre":
        return [0]
    found = {
        group[0] if table.grain or table.by_shift else group
        for table, frame in tables.items()
        if table.scope in {"own", by} or by in {"day", "month"}
        for group in frame.index
    }
    return sorted(found)
