"""What a changed scheme would have given: before and after, set side by side. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from appraisal.scoring.scheme import Scheme

NO_GRADE = ""
"""Stands for no grade where grades are counted."""

BEFORE_COLUMNS = ("agent_id", "total", "grade", "rank")
COLUMNS = (
    "agent_id", "scheme", "before", "after", "change", "grade_before", "grade_after", "rank_before",
    "rank_after", "moved",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One row for everybody, and the points of every item.

    Attributes:
        people: columns ``COLUMNS``; ``scheme`` is the code of the one that decides; totals and
            changes in whole hundredths, missing where there is no total; a grade that is not given
            is ``NO_GRADE``; ``moved`` says by how many grades somebody rises (above 0) or falls, 0
            where either is missing or unknown.
        points: ``agent_id``, ``item``, ``points`` (Int64, hundredths) by the changed scheme.
    """

    people: pd.DataFrame
    points: pd.DataFrame

    def of(self, agents: Collection[int]) -> Outcome:
        """The outcome for these people alone."""
        people, points = (
            frame[frame["agent_id"].isin(agents)].reset_index(drop=True)
            for frame in (self.people, self.points)
        )
        return Outcome(people, points)


@dataclass(frozen=True)
class Tally:
    """An outcome in figures: means in hundredths, how many rise, fall, and change their grade."""

    people: int
    mean_before: int | None
    mean_after: int | None
    rises: int
    falls: int
    largest: int
    grade_up: int
    grade_down: int
    counts: dict[tuple[str, str], int]
    """How many went from one grade to another, none included."""


def compare(
    scheme: Scheme, cards: pd.DataFrame, lines: Sequence[pd.DataFrame], before: pd.DataFrame
) -> Outcome:
    """Set what a scheme gives people beside what they had.

    Args:
        scheme: the one that decides.
        cards, lines: as :func:`appraisal.scoring.parts.score_parts` gives them; lines of several
            parts one after the other.
        before: columns ``BEFORE_COLUMNS``: total (Int64, hundredths), grade (code or ""), rank
            (Int64); who has no row had nothing.

    Returns:
        One row for each of ``cards``, by agent id.
    """
    after = cards[["agent_id", "total", "grade", "rank"]]
    both = after.merge(before, on="agent_id", how="left", suffixes=("_after", "_before"))
    points = [one[["agent_id", "item", "points"]] for one in lines]
    return Outcome(_table(scheme, both), pd.concat(points, ignore_index=True))


def leave_out(scheme: Scheme, before: pd.DataFrame) -> Outcome:
    """What becomes of people whom no scheme would appraise: they have nothing after."""
    names = {name: f"{name}_before" for name in ("total", "grade", "rank")}
    both = before.rename(columns=names).assign(
        total_after=pd.array([pd.NA] * len(before), dtype="Int64"),
        grade_after=NO_GRADE,
        rank_after=pd.array([pd.NA] * len(before), dtype="Int64"),
    )
    points = pd.DataFrame({"agent_id": [], "item": [], "points": []}).astype(
        {"agent_id": "int64", "item": object, "points": "Int64"}
    )
    return Outcome(_table(scheme, both), points)


def join(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcomes of several schemes, each with people of its own, as one."""
    people = pd.concat([one.people for one in outcomes])
    points = pd.concat([one.points for one in outcomes], ignore_index=True)
    return Outcome(people.sort_values("agent_id", ignore_index=True), points)


def _table(scheme: Scheme, both: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "agent_id": both["agent_id"],
            "scheme": scheme.code,
            "before": both["total_before"].astype("Int64"),
            "after": both["total_after"].astype("Int64"),
            "grade_before": both["grade_before"].fillna(NO_GRADE).astype(object),
            "grade_after": both["grade_after"].fillna(NO_GRADE).astype(object),
            "rank_before": both["rank_before"].astype("Int64"),
            "rank_after": both["rank_after"].astype("Int64"),
        }
    )
    table["change"] = table["after"] - table["before"]
    table["moved"] = _moved(scheme, table)
    return table[list(COLUMNS)]


def _moved(scheme: Scheme, table: pd.DataFrame) -> np.ndarray:
    codes = pd.Index([grade.code for grade in scheme.grades])
    places = [codes.get_indexer(pd.Index(table[name])) for name in ("grade_before", "grade_after")]
    known = (places[0] >= 0) & (places[1] >= 0)
    return np.where(known, places[0] - places[1], 0)


def tally(people: pd.DataFrame) -> Tally:
    """Sum an outcome up, or a part of its people."""
    both = people.dropna(subset=["before", "after"])
    change = both["change"].astype("int64")
    pairs = Counter(zip(people["grade_before"], people["grade_after"], strict=True))
    return Tally(
        people=len(people),
        mean_before=_mean(people["before"]),
        mean_after=_mean(people["after"]),
        rises=int((change > 0).sum()),
        falls=int((change < 0).sum()),
        largest=int(change.abs().max()) if len(change) else 0,
        grade_up=int((people["moved"] > 0).sum()),
        grade_down=int((people["moved"] < 0).sum()),
        counts=dict(pairs),
    )


def _mean(totals: pd.Series) -> int | None:
    """The mean of whole numbers, rounded half up; nothing of nothing."""
    given = [int(total) for total in totals.dropna()]
    return (2 * sum(given) + len(given)) // (2 * len(given)) if given else None


def reasons(
    outcome: Outcome, before: pd.DataFrame, agents: Sequence[int], *, most: int = 2
) -> dict[int, list[tuple[str, int]]]:
    """Which items move somebody's total most, greatest first.

    Args:
        before: ``agent_id``, ``item``, ``points`` (Int64, hundredths) as they were.
        agents: whose reasons are wanted.
    Returns:
        Agent id to items with the change of their points in hundredths; an item that gives
        nothing on one side counts as 0 there.
    """
    sides = [one[one["agent_id"].isin(agents)] for one in (outcome.points, before)]
    keyed = [one.set_index(["agent_id", "item"])["points"].fillna(0) for one in sides]
    change = keyed[0].sub(keyed[1], fill_value=0)
    change = change[change != 0]
    found: dict[int, list[tuple[str, int]]] = {}
    for agent, item, points in change.reset_index().itertuples(index=False, name=None):
        found.setdefault(int(agent), []).append((str(item), int(points)))
    return {
        agent: sorted(moved, key=lambda one: (-abs(one[1]), one[0]))[:most]
        for agent, moved in found.items()
    }
