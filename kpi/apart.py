"""What a formula asks of other people or of parts of the period: read apart, then worked out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from kpi import frames
from kpi.formula import nodes, peers
from kpi.formula.columns import Solved
from kpi.formula.compiler import apart_of, measures_in
from kpi.formula.peers import is_peerable, solve_peers
from kpi.formula.series import solve_series
from kpi.groups import By
from kpi.places import Places
from kpi.tables import Plan, Table, table_of

Part = nodes.Peers | nodes.Over


def measurable(root: nodes.Value, *, by: By, places: Places) -> list[Part]:
    """The parts that can be worked out for such groups: peers have agents, weeks no days."""
    return [part for part in apart_of(root) if _is_measurable(part, by, places)]


def _is_measurable(part: Part, by: By, places: Places) -> bool:
    if isinstance(part, nodes.Over):
        return by not in {"day", "month"}
    return by == "agent" and bool(places.shifts) and is_peerable(part.operand)


def plan_part(plan: Plan, part: Part, *, anchor: str, places: Places) -> None:
    """Ask for the measures of a part."""
    grain, by_shift = _kind_of(part, places)
    plan.add(measures_in(part.operand), anchor=anchor, grain=grain, by_shift=by_shift)


def _kind_of(part: Part, places: Places) -> tuple[nodes.Grain | None, bool]:
    if isinstance(part, nodes.Over):
        return part.grain, False
    return None, bool(places.changers)


class Read:
    """The tables that were read, from which the parts of each formula are worked out."""

    def __init__(
        self,
        plan: Plan,
        tables: Mapping[Table, pd.DataFrame],
        *,
        by: By,
        places: Places,
        groups: Sequence[Any],
    ) -> None:
        self.plan = plan
        self.tables = tables
        self.by = by
        self.places = places
        self.groups = groups

    def solve(
        self, root: nodes.Value, *, anchor: str, minimum_sample: int
    ) -> dict[nodes.Value, Solved]:
        """Work out the parts of a resolved formula that can be.

        Args:
            minimum_sample: weeks that rest on fewer cases are left out of an ``over(...)``.
        """
        return {
            part: self._over(part, anchor, minimum_sample)
            if isinstance(part, nodes.Over)
            else self._peers(part, anchor)
            for part in measurable(root, by=self.by, places=self.places)
        }

    def _over(self, part: nodes.Over, anchor: str, minimum_sample: int) -> Solved:
        wanted = set(self.groups)
        tables = {
            table_of(measure, anchor, grain=part.grain) for measure in measures_in(part.operand)
        }
        found = {key for table in tables for key in self.tables[table].index if key[0] in wanted}
        rows = sorted(found)
        return solve_series(
            part,
            self._frame(part, anchor, rows),
            owners=[owner for owner, _ in rows],
            groups=self.groups,
            minimum_sample=minimum_sample,
        )

    def _peers(self, part: nodes.Peers, anchor: str) -> Solved:
        membership = self.places.membership
        places = sorted(membership.places(), key=str)
        rows = [self.places.row_of(person, group[1]) for person, group in places]  # type: ignore[index, arg-type]
        return solve_peers(
            part,
            self._frame(part, anchor, rows),
            places=places,
            membership=membership,
            people=self.groups,
        )

    def held_against(
        self, part: nodes.Peers, *, anchor: str, person: int
    ) -> list[peers.HeldAgainst]:
        """What the average of somebody's peers is made of, those not counted among them."""
        membership = self.places.membership
        pairs = [(one, group) for one, groups in membership.days.items() for group in groups]
        places = sorted(pairs, key=str)
        rows = [self.places.row_of(one, group[1]) for one, group in places]
        return peers.held_against(
            part,
            self._frame(part, anchor, rows),
            places=places,
            membership=membership,
            person=person,
        )

    def _frame(self, part: Part, anchor: str, rows: Sequence[Hashable]) -> pd.DataFrame:
        """The measures of a part, one row for each of these groups."""
        grain, by_shift = _kind_of(part, self.places)
        columns = {}
        for measure in measures_in(part.operand):
            table = table_of(measure, anchor, grain=grain, by_shift=by_shift)
            found = frames.align(self.tables[table], {measure.key: measure}, rows)
            columns[measure.key] = found[measure.key]
        return pd.DataFrame(columns, index=range(len(rows)), dtype=object)
