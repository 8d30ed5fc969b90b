"""What a line rests on beside its own rows: its peers, and the figures of its conditions.

Measured again from what the run pinned, so that it is what the run saw.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from fractions import Fraction

from appraisal.models import Run, ScorecardLine
from appraisal.scoring.card_parts import split_key
from appraisal.scoring.scheme import Item
from appraisal.services import roster, runs
from appraisal.services.parts import layer_at
from kpi.formula.cells import Exact
from kpi.formula.compiler import resolve
from kpi.formula.peers import HeldAgainst, held_by_values, is_peerable
from kpi.models import KPIVersion
from kpi.services import measuring


def peers_behind(
    run: Run, item: Item, *, agent_id: int, position_id: int | None = None
) -> list[HeldAgainst]:
    """What the average is made of that somebody is held against in an item.

    Args:
        position_id: of a card in parts, the further position that the item belongs to.
    Returns:
        One entry for each shift of that person, in the order of their days: everybody of the same
        position there, that person included. Figures that are no sum of facts are those of the
        stored lines.
    Queries: 7 to read what the run pinned, and 1 for each kind of fact (2 where somebody changed
        shift), else 1 for the stored lines.
    """
    every = runs.inputs_of(run, seats=roster.seats_of(run))
    inputs = layer_at(every, agent_id=agent_id, position_id=position_id)
    version, imported = inputs.kpis.get(item.kpi), inputs.window.imported
    formula = inputs.formula_of(item.sources()[0])
    if version is not None and is_peerable(resolve(formula, imported)):
        one = measuring.wanted_version(version)
        return measuring.peers_behind(
            one, window=inputs.window, places=inputs.places, agent_id=agent_id
        )
    membership = inputs.places.membership
    return held_by_values(_values(run, item), membership=membership, person=agent_id)


def _values(run: Run, item: Item) -> dict[Hashable, Exact]:
    """What the run measured of an item, without values of too small a sample. Queries: 1."""
    lines = ScorecardLine.objects.filter(
        scorecard__run=run, item=split_key(item.code)[0], value__isnull=False
    ).exclude(state=ScorecardLine.State.INSUFFICIENT)
    return {
        agent_id: Fraction(value)
        for agent_id, value in lines.values_list("scorecard__agent_id", "value")
        if value is not None
    }


def states_behind(
    run: Run,
    versions: Mapping[str, KPIVersion],
    codes: Collection[str],
    *,
    agent_id: int,
    position_id: int | None = None,
) -> dict[str, str]:
    """Why the figures of conditions are unknown for somebody: the state of each KPI.

    Args:
        versions: KPI code to the version that the run pinned.
        position_id: of a card in parts, the further position that they stand in.
    Queries: 7 to read what the run pinned, and those of the measuring; none without codes.
    """
    wanted = [measuring.wanted_version(versions[code]) for code in codes if code in versions]
    if not wanted:
        return {}
    every = runs.inputs_of(run, seats=roster.seats_of(run))
    inputs = layer_at(every, agent_id=agent_id, position_id=position_id)
    measured = measuring.measure(
        wanted,
        window=inputs.window,
        groups=[agent_id],
        places=inputs.places,
        given=inputs.ratings,
        tells_unmeasurable=inputs.tells_unmeasurable,
    )
    return {
        code: str(measured[versions[code].pk]["state"].iloc[0])
        for code in codes
        if code in versions
    }
