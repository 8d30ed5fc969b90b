"""Score people by a scheme: lines, totals, grades and ranks, exact to the hundredth."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from appraisal.scoring.beside import Beside, judge_conditions
from appraisal.scoring.fixed import (
    LIMIT,
    POINT,
    Ints,
    fits,
    half_up,
    half_up_fixed,
    multiply,
    reduce,
    widen,
)
from appraisal.scoring.grid import Grid, Whole, build_grid
from appraisal.scoring.rules.events import Veto
from appraisal.scoring.rules.steps import Levels
from appraisal.scoring.scheme import Scheme
from appraisal.scoring.verdicts import Standings, conclude
from appraisal.scoring.weights import Cover, Flags, Spread, measure_cover, spread_weights

WEIGHT_SCALE = 10**6
LINE_COLUMNS = (
    "agent_id",
    "item",
    "order",
    "state",
    "reason",
    "value",
    "sample",
    "target",
    "weight",
    "effective_weight",
    "points",
    "share",
    "level",
    "conditions",
)
CARD_COLUMNS = (
    "agent_id",
    "scheme",
    "position",
    "total",
    "covered",
    "state",
    "provisional",
    "grade",
    "capped",
    "by_guideline",
    "stars",
    "rank",
    "ranked_among",
)
LINE_STATES = (
    "scored",
    "insufficient",
    "no_data",
    "awaited",
    "not_applicable",
    "not_available",
    "not_measurable",
)
"""How a line stands, by the index of its value's state in ``grid.STATES``."""
REASONS = (None, "small", *LINE_STATES[2:])


@dataclass(frozen=True, slots=True)
class Scored:
    """The scorecards of a scheme and their lines, sorted by agent and by order."""

    cards: pd.DataFrame
    lines: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Standing:
    """Which lines are scored, and which count: a missing line that gives zero counts too."""

    scored: Flags
    counts: Flags
    applies: Flags


@dataclass(frozen=True, slots=True)
class Points:
    """Points in hundredths, exact shares, and the step reached; shape (agents, items)."""

    points: Whole
    shares: Whole
    steps: Whole


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a scheme makes of its people's figures, before any points.

    ``stated`` is what the scheme says of each line's weight, before anything moved: of a total
    of 100, numerators and denominators of shape (agents, items), or (1, items) for all alike.
    """

    scheme: Scheme
    grid: Grid
    standing: Standing
    spread: Spread
    beside: Beside
    stated: tuple[Ints, Ints]


@dataclass(frozen=True, slots=True)
class Result:
    """A sheet with its points, before it is put into frames."""

    sheet: Sheet
    points: Points


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of each person come to, before anything follows from it.

    All of shape (agents,). ``total`` is in hundredths, where ``gives``; ``lowest`` is the index
    of the best grade that caps and vetoes leave, 0 for any.
    """

    agents: Whole
    positions: npt.NDArray[Any]
    present: Flags
    total: Whole
    gives: Flags
    cover: Cover
    unassigned: Flags
    lowest: Whole
    starless: Flags
    awaited: Flags


def score(scheme: Scheme, values: pd.DataFrame, people: pd.DataFrame) -> Scored:
    """Score everybody in ``people``.

    Args:
        values: one row per agent and item: ``agent_id`` (int64), ``item`` (code), ``state``
            (one of ``grid.STATES``), ``value`` (Int64, fixed point of nine places),
            ``sample`` (Int64, rows), and optionally ``target`` (Int64, fixed point), which
            replaces the rule's own, or is the peers' average. ``item`` is the key of a source
            (``Scheme.sources``), so an item's conditions are read too. Order is irrelevant.
            Rows of other agents or items are left aside; a line without a row has no data.
            Not modified.
        people: ``agent_id`` (int64), ``position`` (str), ``present`` (bool: reached the
            minimum presence, so may be ranked). Not modified.

    Returns:
        Columns ``CARD_COLUMNS`` and ``LINE_COLUMNS``. ``total``, ``points`` and
        ``effective_weight`` are whole hundredths, ``covered`` basis points, ``weight``
        millionths of a point, ``share`` fixed point. ``points`` and ``share`` are missing
        where a line gives none, ``total`` where no line gives any, ``stars`` where none are
        given. ``conditions`` is the text of what an item's conditions came to
        (``beside.tell_all``), missing where it has none.

    Raises:
        BadFrame: a column is absent, a line stands twice, or a state is not known.

    Source: docs/schemes.md.
    """
    result = award(lay_out(scheme, values, people))
    return Scored(cards=build_cards(scheme, add_up(result)), lines=build_lines(result))


def lay_out(scheme: Scheme, values: pd.DataFrame, people: pd.DataFrame) -> Sheet:
    """Judge the lines and spread their weights; the frames are those of :func:`score`."""
    grid = build_grid(scheme, values, people)
    standing = judge_lines(scheme, grid)
    receives = standing.scored & is_receiver(scheme)
    return Sheet(
        scheme=scheme,
        grid=grid,
        standing=standing,
        spread=spread_weights(scheme, counts=standing.counts, receives=receives),
        beside=judge_conditions(scheme, values, grid.agents),
        stated=state_weights(scheme),
    )


def award(sheet: Sheet) -> Result:
    """Give the points of all lines, and take those that a condition empties."""
    points = award_points(sheet.scheme, sheet.grid, sheet.standing, sheet.spread)
    take_points(points, sheet.standing.scored & sheet.beside.empties)
    return Result(sheet, points)


def state_weights(scheme: Scheme) -> tuple[Ints, Ints]:
    """Give the weights of a total of 100 as the scheme states them, shape (1, items)."""
    weights = [scheme.weight_of(item) for item in scheme.items]
    sides = ([one.numerator for one in weights], [one.denominator for one in weights])
    kinds = (np.int64 if max(side, default=0) < LIMIT else object for side in sides)
    tops, bottoms = (np.array([side], dtype=kind) for side, kind in zip(sides, kinds, strict=True))
    return tops, bottoms


def is_receiver(scheme: Scheme) -> Flags:
    """Say which items may be given the weight of others, shape (items,)."""
    return np.array([item.role == "scored" for item in scheme.items], dtype=bool)


def has_weight(scheme: Scheme) -> Flags:
    """Say which items can give points, shape (items,): a veto cannot."""
    return np.array([item.weight > 0 for item in scheme.items], dtype=bool)


def judge_lines(scheme: Scheme, grid: Grid) -> Standing:
    """Say which lines are scored, and which count as covered."""
    scored = grid.is_state("measured")
    zero = np.array([item.missing == "zero" for item in scheme.items], dtype=bool)
    counts = scored | (grid.is_state("no_data") & zero)
    return Standing(scored=scored, counts=counts, applies=~grid.is_state("not_applicable"))


def award_points(scheme: Scheme, grid: Grid, standing: Standing, spread: Spread) -> Points:
    """Give the points of all lines, item by item.

    Lines that are not scored are computed along and then left with nothing.
    """
    given = (standing.scored, grid.values.numbers, grid.targets.numbers)
    by_item = [np.ascontiguousarray(one.T) for one in (*given, *spread.weights())]
    awarded = Points(*(np.zeros(grid.states.shape[::-1], dtype=np.int64).T for _ in range(3)))
    for at, item in enumerate(scheme.items):
        scored, numbers, targets, *weights = (one[at] for one in by_item)
        values = widen(numbers)
        shares = item.rule.share(values, widen(targets))
        awarded.points[:, at] = line_points(weights, shares) * scored
        awarded.shares[:, at] = half_up_fixed(*shares) * scored
        if isinstance(item.rule, Levels):
            awarded.steps[:, at] = item.rule.reached(values) * scored
    return awarded


def take_points(points: Points, emptied: Flags) -> None:
    """Leave lines that a condition empties with nothing; the step reached stays."""
    points.points[emptied] = 0
    points.shares[emptied] = 0


def line_points(weights: Sequence[Ints], shares: Sequence[Ints]) -> Whole:
    """Give weight x share in hundredths, rounded half up once."""
    if not (fits(weights[0], shares[0], 2 * POINT) and fits(weights[1], shares[1], 2)):
        shares = reduce(shares[0], shares[1])
    tops = multiply(multiply(weights[0], shares[0]), POINT)
    return half_up(tops, multiply(weights[1], shares[1]))


def build_lines(result: Result) -> pd.DataFrame:
    """Put the arrays into one row per agent and item."""
    sheet = result.sheet
    scheme, grid, spread = sheet.scheme, sheet.grid, sheet.spread
    agents, items = grid.states.shape
    tops, bottoms = sheet.stated
    weights = half_up(multiply(tops, WEIGHT_SCALE).ravel(), bottoms.ravel()).reshape(tops.shape)
    codes = np.array([item.code for item in scheme.items], dtype=object)
    columns = {
        "agent_id": np.repeat(grid.agents, items),
        "item": words(np.tile(codes, agents)),
        "order": np.tile(np.arange(items, dtype=np.int64), agents),
        "state": words(np.array(LINE_STATES, dtype=object)[grid.states]),
        "reason": words(np.array(REASONS, dtype=object)[grid.states]),
        "value": nullable(grid.values.numbers, grid.values.given),
        "sample": nullable(grid.samples.numbers, grid.samples.given),
        "target": nullable(grid.targets.numbers, grid.targets.given),
        "weight": np.broadcast_to(weights, (agents, items)).ravel(),
        "effective_weight": half_up(
            multiply(spread.numerators, POINT).ravel(), spread.denominators.ravel()
        ),
        "points": nullable(result.points.points, sheet.standing.counts),
        "share": nullable(result.points.shares, sheet.standing.counts),
        "level": words(name_levels(result)),
        "conditions": words(sheet.beside.told),
    }
    return pd.DataFrame({name: columns[name] for name in LINE_COLUMNS}, copy=False)


def words(array: npt.NDArray[Any]) -> pd.Series:
    """Give codes as plain text, with ``None`` and not NaN where there is none; not copied."""
    return pd.Series(array.ravel(), dtype=object, copy=False)


def nullable(numbers: Whole, given: Flags) -> pd.api.extensions.ExtensionArray:
    """Give whole numbers with gaps."""
    return pd.arrays.IntegerArray(numbers.ravel(), ~given.ravel())


def name_levels(result: Result) -> npt.NDArray[Any]:
    """Give the code of the level each line reached, ``None`` without one."""
    steps = result.points.steps
    levels = np.full(steps.shape, None, dtype=object)
    for at, item in enumerate(result.sheet.scheme.items):
        if isinstance(item.rule, Levels):
            names = np.array([*item.rule.level_codes(), None], dtype=object)
            scored = result.sheet.standing.scored[:, at]
            levels[scored, at] = names[steps[scored, at]]
    return levels


def add_up(result: Result) -> Sums:
    """Add the lines of each person up."""
    sheet = result.sheet
    scheme, grid, standing = sheet.scheme, sheet.grid, sheet.standing
    return Sums(
        agents=grid.agents,
        positions=grid.positions,
        present=grid.present,
        total=result.points.points.sum(axis=1),
        gives=np.asarray((standing.counts & has_weight(scheme)).any(axis=1), dtype=bool),
        cover=measure_cover(scheme, counts=standing.counts, applies=standing.applies),
        unassigned=sheet.spread.unassigned,
        lowest=limit_grades(result),
        starless=sheet.beside.starless,
        awaited=np.asarray(grid.is_state("awaited").any(axis=1) | sheet.beside.awaited),
    )


def build_cards(scheme: Scheme, sums: Sums) -> pd.DataFrame:
    """Say what follows from the totals, by the scheme that decides."""
    cover = sums.cover
    people = Standings(
        positions=sums.positions,
        totals=sums.total,
        enough=cover.reaches(Fraction(scheme.minimum_cover)) & ~sums.unassigned,
        present=sums.present,
        lowest=sums.lowest,
        starless=sums.starless,
    )
    columns = {
        "agent_id": sums.agents,
        "scheme": words(np.full(sums.agents.shape, scheme.code, dtype=object)),
        "position": words(sums.positions),
        "total": nullable(sums.total, sums.gives),
        "covered": half_up(multiply(cover.scored, 10_000), np.maximum(cover.counted, 1)),
        "provisional": sums.awaited,
        **verdict_columns(scheme, people),
    }
    return pd.DataFrame({name: columns[name] for name in CARD_COLUMNS}, copy=False)


def verdict_columns(scheme: Scheme, people: Standings) -> dict[str, Any]:
    """Give the columns of a card that follow from its total."""
    found = conclude(scheme, people)
    states = np.where(people.enough, np.where(found.ranked, "graded", "not_ranked"), "no_grade")
    codes = np.array([*(grade.code for grade in scheme.grades), None], dtype=object)
    return {
        "state": words(states),
        "grade": words(codes[found.grades]),
        "capped": found.capped,
        "by_guideline": found.by_guideline,
        "stars": nullable(found.stars, found.stars > 0),
        "rank": nullable(found.rank, found.ranked),
        "ranked_among": nullable(found.ranked_among, found.ranked),
    }


def limit_grades(result: Result) -> Whole:
    """Give the index of the best grade that caps and vetoes leave each card, 0 for any."""
    sheet, scheme = result.sheet, result.sheet.scheme
    lowest = np.zeros(len(sheet.grid.agents), dtype=np.int64)
    for cap in scheme.grade_caps:
        broken = count_below(result, cap.below) >= cap.count
        lowest = lower_grade(lowest, broken, scheme.grade_index(cap.grade))
    for at, item in enumerate(scheme.items):
        if isinstance(item.rule, Veto):
            values = sheet.grid.values.numbers[:, at]
            broken = sheet.standing.scored[:, at] & item.rule.is_broken(values)
            lowest = lower_grade(lowest, broken, scheme.grade_index(item.rule.grade))
    return lowest


def lower_grade(grades: Whole, broken: Flags, highest: int) -> Whole:
    """Let nobody for whom a condition is broken have a better grade than ``highest``."""
    return np.where(broken, np.maximum(grades, highest), grades)


def count_below(result: Result, level: str) -> Whole:
    """Count the scored lines that did not reach a level they have, per agent."""
    steps, scored = result.points.steps, result.sheet.standing.scored
    count = np.zeros(len(steps), dtype=np.int64)
    for at, item in enumerate(result.sheet.scheme.items):
        codes = item.rule.level_codes() if isinstance(item.rule, Levels) else ()
        if level in codes:
            count += scored[:, at] & (steps[:, at] > codes.index(level))
    return count
