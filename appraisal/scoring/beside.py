"""Conditions applied: whose items they empty, whose stars they take, and what was met."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from appraisal.scoring.fixed import from_fixed
from appraisal.scoring.grid import STATES, Whole, locate, place, state_codes
from appraisal.scoring.scheme import Item, Scheme
from appraisal.scoring.terms import Condition
from appraisal.scoring.weights import Flags


@dataclass(frozen=True, slots=True)
class Beside:
    """What the conditions of a scheme came to.

    ``empties`` and ``told`` have shape (agents, items): whether the item gives nothing, and its
    conditions as text (``None`` without any). ``starless`` and ``awaited`` have shape (agents,).
    """

    empties: Flags
    told: npt.NDArray[Any]
    starless: Flags
    awaited: Flags


def judge_conditions(scheme: Scheme, values: pd.DataFrame, agents: Whole) -> Beside:
    """Hold the figures beside the items against their conditions.

    One without a measured figure is not met; it is told as unknown.

    Args:
        values: long frame as ``cards.score`` describes it; the rows of condition keys are read.
    """
    shape = (len(agents), len(scheme.items))
    found = Beside(
        empties=np.zeros(shape, dtype=bool),
        told=np.full(shape, None, dtype=object),
        starless=np.zeros(shape[0], dtype=bool),
        awaited=np.zeros(shape[0], dtype=bool),
    )
    for at, item in enumerate(scheme.items):
        if item.conditions:
            judge_item(found, at, item, figures_of(item, values, agents))
    return found


def figures_of(item: Item, values: pd.DataFrame, agents: Whole) -> tuple[Whole, Whole]:
    """Give states and values of an item's conditions, shape (agents, conditions)."""
    keys = [item.condition_key(at) for at in range(len(item.conditions))]
    rows, places = locate(keys, values, agents)
    states = np.full((len(agents), len(keys)), STATES.index("no_data"), dtype=np.int64)
    states.flat[places] = state_codes(rows)
    return states, place(rows["value"], places, states.shape).numbers


def judge_item(found: Beside, at: int, item: Item, figures: tuple[Whole, Whole]) -> None:
    """Enter what the conditions of one item do."""
    states, values = figures
    known = states == STATES.index("measured")
    for column, condition in enumerate(item.conditions):
        met = known[:, column] & condition.is_met(values[:, column])
        if "zero" in condition.effects:
            found.empties[:, at] |= met
        if "no_stars" in condition.effects:
            np.logical_or(found.starless, met, out=found.starless)
    awaited = (states == STATES.index("awaited")).any(axis=1)
    np.logical_or(found.awaited, awaited, out=found.awaited)
    found.told[:, at] = tell_all(item.conditions, known, values)


def tell_all(conditions: Sequence[Condition], known: Flags, values: Whole) -> npt.NDArray[Any]:
    """Write the conditions of an item for each person; equal figures are written once."""
    figures = np.hstack([known.astype(np.int64), np.where(known, values, 0)])
    distinct, which = np.unique(figures, axis=0, return_inverse=True)
    width = len(conditions)
    texts = [
        dump_told([tell(one, row[at], row[width + at]) for at, one in enumerate(conditions)])
        for row in distinct.tolist()
    ]
    return np.array(texts, dtype=object)[which.ravel()]


def tell(condition: Condition, is_known: int, value: int) -> dict[str, Any]:
    """Write one condition: what it asks, what was found (``None`` if unknown), whether met."""
    figure = format(from_fixed(value).normalize(), "f") if is_known else None
    met = bool(condition.is_met(np.array([value]))[0]) if is_known else None
    asked = {
        "kpi": condition.kpi,
        "side": condition.side,
        "threshold": format(condition.threshold.normalize(), "f"),
        "effect": list(condition.effects),
    }
    return asked | {"value": figure, "met": met}


def dump_told(told: list[dict[str, Any]]) -> str:
    """Write conditions as text in the one way that is stored and digested."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
