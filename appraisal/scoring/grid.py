"""Turn the long frame of values into arrays of agents by items."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.scheme import Scheme
from appraisal.scoring.weights import Flags

STATES = (
    "measured",
    "small",
    "no_data",
    "awaited",
    "not_applicable",
    "not_available",
    "not_measurable",
)
VALUE_COLUMNS = ("agent_id", "item", "state", "value", "sample")
PEOPLE_COLUMNS = ("agent_id", "position", "present")

SPARSE = 100
"""Agent ids spread wider than this many times their number are searched, not looked up."""

Whole = npt.NDArray[np.int64]


class BadFrame(ValueError):
    """A frame lacks a column, repeats a line or has a state that is not known."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One number for each agent and item, and where it is given; shape (agents, items)."""

    numbers: Whole
    given: Flags


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything known about a scheme's lines; agents ascend, items stand as in the scheme."""

    agents: Whole
    positions: npt.NDArray[Any]
    present: Flags
    states: npt.NDArray[np.int8]
    values: Figures
    samples: Figures
    targets: Figures

    def is_state(self, state: str) -> Flags:
        """Say which lines have a state, shape (agents, items)."""
        return self.states == STATES.index(state)


def build_grid(scheme: Scheme, values: pd.DataFrame, people: pd.DataFrame) -> Grid:
    """Arrange the frames; a line without a row has the state ``no_data``.

    Args:
        values: long frame as ``cards.score`` describes it.
        people: those who get a card.

    Raises:
        BadFrame: nothing is computed.
    """
    require_columns(values, VALUE_COLUMNS, "values")
    require_columns(people, PEOPLE_COLUMNS, "people")
    people = people.sort_values("agent_id", kind="stable")
    agents = people["agent_id"].to_numpy(dtype=np.int64)
    if (np.diff(agents) == 0).any():
        raise BadFrame("people has the same agent twice.")
    rows, lines = locate([item.code for item in scheme.items], values, agents)
    shape = (len(agents), len(scheme.items))
    states = np.full(shape, STATES.index("no_data"), dtype=np.int8)
    states.reshape(-1)[lines] = state_codes(rows)
    targets = place_targets(scheme, rows, lines, shape)
    needs_target = np.array([item.rule.needs_target for item in scheme.items], dtype=bool)
    lacks_target = (states == 0) & needs_target & ~targets.given
    states[lacks_target] = STATES.index("not_applicable")
    return Grid(
        agents=agents,
        positions=people["position"].to_numpy(dtype=object),
        present=people["present"].to_numpy(dtype=bool),
        states=states,
        values=place(rows["value"], lines, shape),
        samples=place(rows["sample"], lines, shape),
        targets=targets,
    )


def require_columns(frame: pd.DataFrame, columns: tuple[str, ...], name: str) -> None:
    """Refuse a frame without the columns that are read."""
    if missing := [column for column in columns if column not in frame.columns]:
        raise BadFrame(f"{name} needs the columns {', '.join(missing)}.")


def locate(codes: Sequence[str], values: pd.DataFrame, agents: Whole) -> tuple[pd.DataFrame, Whole]:
    """Keep the rows of these people and codes, and say which place each of them has."""
    columns = places_in(codes, values["item"])
    rows = places_of(values["agent_id"].to_numpy(dtype=np.int64), agents)
    known = (columns >= 0) & (rows >= 0)
    lines = rows * len(codes) + columns
    lines = lines if known.all() else lines[known]
    if len(lines) and (np.bincount(lines) > 1).any():
        raise BadFrame("values has the same agent and item twice.")
    return (values if known.all() else values[known]), lines


def places_of(keys: Whole, agents: Whole) -> Whole:
    """Say which of the ascending agents each key is, -1 for none."""
    if not len(agents) or not len(keys):
        return np.full(keys.shape, -1)
    low, span = int(agents[0]), int(agents[-1] - agents[0]) + 1
    if span > SPARSE * len(agents):
        places = np.minimum(np.searchsorted(agents, keys), len(agents) - 1)
        return np.where(agents[places] == keys, places, -1)
    table = np.full(span, -1)
    table[agents - low] = np.arange(len(agents))
    offsets = keys - low
    inside = (offsets >= 0) & (offsets < span)
    return np.where(inside, table[np.where(inside, offsets, 0)], -1)


def places_in(words: Sequence[str], column: pd.Series) -> Whole:
    """Say which of the words each entry is, -1 for none; a categorical is looked up once."""
    index = pd.Index(words)
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return index.get_indexer(pd.Index(column))
    places = np.append(index.get_indexer(column.cat.categories), -1)
    return places[column.cat.codes]


def state_codes(rows: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Give the states as numbers; a measured row without a value has no data."""
    codes = places_in(STATES, rows["state"])
    if (codes < 0).any():
        unknown = rows["state"].iloc[int(np.argmin(codes))]
        raise BadFrame(f"values has the state {unknown!r}, which is not known.")
    empty = (codes == 0) & rows["value"].isna().to_numpy()
    codes[empty] = STATES.index("no_data")
    return codes.astype(np.int8)


def place(column: pd.Series, lines: Whole, shape: tuple[int, int]) -> Figures:
    """Put a column of whole numbers, some of them missing, at its lines."""
    figures = Figures(np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool))
    given = column.notna().to_numpy()
    if given.all():
        numbers = column.to_numpy(dtype=np.int64)
    elif given.any():
        numbers = column.to_numpy(dtype=np.int64, na_value=0)
    else:
        return figures
    figures.numbers.reshape(-1)[lines] = numbers
    figures.given.reshape(-1)[lines] = given
    return figures


def place_targets(
    scheme: Scheme, rows: pd.DataFrame, lines: Whole, shape: tuple[int, int]
) -> Figures:
    """Give each line its own target, else the item's, else the rule's."""
    columns = np.arange(len(scheme.items))
    own = [item.target if item.target is not None else item.rule.anchor() for item in scheme.items]
    given = np.array([target is not None for target in own])
    numbers = np.array([0 if target is None else to_fixed(target) for target in own])
    targets = Figures(np.tile(numbers, (shape[0], 1)), np.tile(given, (shape[0], 1)))
    if "target" in rows.columns and len(columns):
        override = place(rows["target"], lines, shape)
        targets.numbers[override.given] = override.numbers[override.given]
        targets.given[override.given] = True
    return targets
