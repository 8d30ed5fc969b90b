"""Score 10,000 agents on 20 items against bare numpy, and store them against plain COPY.

The bare version takes the same columns as whole numbers and does the same arithmetic to the same
hundredths: shares, weight of missing lines shared out, points, totals, cover, grades, ranks. Plain
COPY writes text that was made before into the same tables.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks._centre import machine, scratch_database, set_up_django, side_by_side
from benchmarks.compute_month import add_kpis

SCALE = 10**9
GROUPS = 5
RULES: list[dict[str, Any]] = [
    {"type": "linear", "worst": 0, "best": 100},
    {"type": "proportional", "target": 80},
    {"type": "range", "zero_low": 0, "low": 40, "high": 60, "zero_high": 100},
    {
        "type": "bands",
        "better": "higher",
        "bands": [{"at": 90, "share": 1}, {"at": 70, "share": "0.8"}, {"at": 50, "share": "0.5"}],
    },
]
"""One after the other over the items, so that each stands five times among twenty."""


@dataclass(frozen=True)
class Month:
    """One entry a line, item by item: agent and item by their place, value, whether it is there.

    Values are whole numbers of nine places.
    """

    agents: int
    items: int
    agent: np.ndarray[Any, Any]
    item: np.ndarray[Any, Any]
    value: np.ndarray[Any, Any]
    given: np.ndarray[Any, Any]


def scheme_document(items: int) -> dict[str, Any]:
    """A scheme of equal weights in five groups."""
    name = {"en": "Benchmark", "zh": "基准"}
    grades = (("excellent", 90), ("good", 80), ("qualified", 60), ("unqualified", 0))
    return {
        "code": "bench",
        "name": name,
        "positions": ["bench"],
        "cycles": ["month"],
        "groups": [{"code": f"g{at}", "name": name} for at in range(GROUPS)],
        "items": [
            {
                "code": f"i{at}",
                "group": f"g{at % GROUPS}",
                "name": name,
                "kpi": f"i{at}",
                "weight": 5,
                "rule": RULES[at % len(RULES)],
            }
            for at in range(items)
        ],
        "grades": [{"code": code, "name": name, "from": at} for code, at in grades],
        "minimum_cover": 0,
    }


def make_month(agents: int, items: int) -> Month:
    """Values from 0 to 100 with nine places; one line in fifty is missing."""
    random = np.random.default_rng(20261022)
    return Month(
        agents,
        items,
        agent=np.tile(np.arange(agents), items),
        item=np.repeat(np.arange(items), agents),
        value=random.integers(0, 100 * SCALE, agents * items),
        given=random.random(agents * items) >= 0.02,
    )


def frame_of(month: Month) -> pd.DataFrame:
    """The month as the long frame that ``cards.score`` reads."""
    codes = [f"i{at}" for at in range(month.items)]
    missing = ~month.given
    return pd.DataFrame(
        {
            "agent_id": month.agent + 1,
            "item": pd.Categorical.from_codes(month.item, codes),
            "state": pd.Categorical.from_codes(missing * 1, ["measured", "no_data"]),
            "value": pd.arrays.IntegerArray(month.value, missing),
            "sample": pd.arrays.IntegerArray(np.full(missing.shape, 100), missing),
        }
    )


def people_of(agents: int) -> pd.DataFrame:
    """Everybody in one position, all present."""
    return pd.DataFrame(
        {"agent_id": np.arange(1, agents + 1), "position": "bench", "present": True}
    )


def bare_shares(values: np.ndarray[Any, Any], kind: int) -> tuple[Any, int]:
    """Shares of one item as numerators over one denominator."""
    if kind == 0:
        return np.clip(values, 0, 100 * SCALE), 100 * SCALE
    if kind == 1:
        return np.clip(values, 0, 80 * SCALE), 80 * SCALE
    if kind == 2:
        return np.clip(np.minimum(values, 100 * SCALE - values), 0, 40 * SCALE), 40 * SCALE
    steps = np.array([50, 70, 90]) * SCALE
    return np.array([0, 5, 8, 10])[np.searchsorted(steps, values, side="right")], 10


def bare(month: Month) -> tuple[Any, ...]:
    """The figures of cards and lines with numpy alone: whole numbers of their last place."""
    agents, items = month.agents, month.items
    values = np.zeros((agents, items), dtype=np.int64)
    given = np.zeros((agents, items), dtype=bool)
    values[month.agent, month.item], given[month.agent, month.item] = month.value, month.given
    group = np.arange(items) % GROUPS
    held = np.stack([given[:, group == at].sum(axis=1) for at in range(GROUPS)], axis=1)
    size = np.bincount(group)
    grown = np.where(held > 0, size, 0)
    full = grown.sum(axis=1)
    # Weight 5 of 100, times group / held, times all / kept: hundredths over a whole number.
    tops = 500 * grown[:, group] * size.sum()
    bottoms = np.maximum(held[:, group] * full[:, None], 1)
    points, shares = np.zeros((2, agents, items), dtype=np.int64)
    for at in range(items):
        share, whole = bare_shares(values[:, at], at % len(RULES))
        top, bottom = tops[:, at], bottoms[:, at] * whole
        points[:, at] = (2 * share * top + bottom) // (2 * bottom)
        shares[:, at] = (share / whole * SCALE + 0.5).astype(np.int64)
    points[~given] = shares[~given] = 0
    weights = np.where(given, (2 * tops + bottoms) // (2 * bottoms), 0)
    covered = (2 * given.sum(axis=1) * 10_000 + items) // (2 * items)
    totals = points.sum(axis=1)
    grades = 3 - np.searchsorted(np.array([6000, 8000, 9000]), totals, side="right")
    order = np.argsort(-totals, kind="stable")
    ranks = np.empty(agents, dtype=np.int64)
    ranks[order] = np.searchsorted(-totals[order], -totals[order], side="left") + 1
    return points, totals, ranks, shares, weights, covered, grades


def check_equal(scored: Any, found: tuple[Any, ...]) -> None:
    """Stop where both ways do not give the same figures."""
    points, totals, ranks, *_more = found
    ours = scored.lines["points"].fillna(0).to_numpy(dtype=np.int64).reshape(points.shape)
    same = (
        (ours == points).all()
        and (scored.cards["total"].to_numpy(dtype=np.int64) == totals).all()
        and (scored.cards["rank"].to_numpy(dtype=np.int64) == ranks).all()
    )
    if not same:
        raise SystemExit("Both ways must give the same points, totals and ranks.")


def both_ways(agents: int, items: int) -> tuple[Callable[[], Any], Callable[[], tuple[Any, ...]]]:
    """The same month, scored by the product and by numpy alone."""
    from appraisal.scoring import cards
    from appraisal.scoring.scheme import parse_scheme

    scheme = parse_scheme(scheme_document(items))
    month = make_month(agents, items)
    values, people = frame_of(month), people_of(agents)
    return lambda: cards.score(scheme, values, people), lambda: bare(month)


def main() -> None:
    """Score and store, each against the plain way."""
    parser = argparse.ArgumentParser(prog="scoring", description=__doc__)
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    set_up_django()
    ours, plain = both_ways(options.agents, options.items)
    scored = ours()
    check_equal(scored, plain())
    print(f"{options.agents:,} agents, {options.items} items")
    names = ("scored: values in, scorecards out", "bare numpy")
    side_by_side(names, ours, plain, options.rounds)
    with scratch_database():
        print(machine())
        store(scored, options.agents, options.rounds)


def store(scored: Any, agents: int, rounds: int) -> None:
    """Time storing the scorecards against COPY of ready text into the same tables."""
    from appraisal import frames

    run, seats, results = make_run(scored, agents)
    texts = ready_texts(run, seats, results)

    def ours() -> None:
        frames.store_scorecards(run, seats, results)

    def plain() -> None:
        clear(run)
        for table, columns, text in texts:
            copy(table, columns, text)

    clear(run)
    names = ("stored: 2 tables through the product", "plain COPY of ready text")
    side_by_side(names, ours, plain, rounds)


def clear(run: Any) -> None:
    """Remove the scorecards of the run, as storing does before it writes."""
    from appraisal.models import Scorecard, ScorecardLine

    ScorecardLine.objects.filter(scorecard__run=run)._raw_delete("default")
    Scorecard.objects.filter(run=run)._raw_delete("default")


def copy(table: str, columns: tuple[str, ...], text: str) -> None:
    """Plain COPY from memory."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({quoted(columns)}) FROM STDIN WITH (FORMAT csv)", io.StringIO(text)
        )


def quoted(columns: tuple[str, ...]) -> str:
    """The names of columns as SQL writes them."""
    return ", ".join(f'"{column}"' for column in columns)


def make_run(scored: Any, agents: int) -> tuple[Any, list[Any], Any]:
    """A run, the seats of its people, and the results as they are stored."""
    from datetime import UTC, date, datetime

    from agents.models import Agent, Position, Team
    from agents.periods import month
    from appraisal.models import Run, SchemeVersion
    from appraisal.results import Results, table_of
    from appraisal.scoring.cards import CARD_COLUMNS, LINE_COLUMNS
    from appraisal.seats import Seat
    from appraisal.services import cycles
    from appraisal.services.schemes import add_version

    now = datetime(2026, 11, 3, tzinfo=UTC)
    team = Team.objects.create(code="bench", name_en="Bench")
    position = Position.objects.create(code="bench", name_en="Bench")
    document = scheme_document(20)
    add_kpis({item["kpi"]: "count(contacts)" for item in document["items"]})
    add_version(document, now=now)
    version = SchemeVersion.objects.get(scheme__code="bench")
    people = Agent.objects.bulk_create(
        Agent(code=f"b{n}", name=f"B{n}", hired_on=date(2026, 1, 1)) for n in range(agents)
    )
    ids = pl.DataFrame({"agent_id": range(1, agents + 1), "pk": [one.pk for one in people]})
    cycle = cycles.open_cycle(period=month(2026, 10), opened_by=None, now=now)
    run = Run.objects.create(cycle=cycle, number=1)
    cards = table_of({name: scored.cards[name] for name in CARD_COLUMNS}).with_columns(
        pl.lit(version.pk).alias("scheme_version_id")
    )
    lines = table_of({name: scored.lines[name] for name in LINE_COLUMNS if name != "reason"})
    empty = [pl.lit(None, dtype=pl.Int64).alias(name) for name in
             ("numerator", "denominator", "kpi_version_id")]  # fmt: skip
    tables = [
        table.join(ids, on="agent_id", maintain_order="left")
        .drop("agent_id")
        .rename({"pk": "agent_id"})
        for table in (cards, lines.with_columns(empty))
    ]
    seats = [
        Seat(
            agent_id=one.pk,
            position="bench",
            scheme_version_id=version.pk,
            team_id=team.pk,
            position_id=position.pk,
            shift_id=None,
            days_present=31,
        )
        for one in people
    ]
    return run, seats, Results(*tables)


def ready_texts(run: Any, seats: list[Any], results: Any) -> list[tuple[str, tuple[str, ...], str]]:
    """What the database gives out of the stored tables: plain COPY writes exactly that."""
    from django.db import connection

    from appraisal import frames
    from appraisal.models import Scorecard, ScorecardLine

    frames.store_scorecards(run, seats, results)
    texts = []
    for model, columns in ((Scorecard, frames.CARDS), (ScorecardLine, frames.LINES)):
        text, table = io.StringIO(), model._meta.db_table
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY {table} ({quoted(columns)}) TO STDOUT WITH (FORMAT csv)", text
            )
        texts.append((table, columns, text.getvalue()))
    return texts


if __name__ == "__main__":
    main()
