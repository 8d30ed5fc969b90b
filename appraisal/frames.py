"""The doors between scorecard tables and data frames: ratings in, results out."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
from django.db import connection
from django.db.models import F, Q

from appraisal.models import Cycle, Rating, Run, Scorecard, ScorecardLine
from appraisal.seats import Seat

CARDS = (
    "id", "run_id", "agent_id", "scheme_version_id", "team_id", "position_id", "shift_id",
    "days_present", "state", "provisional", "capped", "total", "covered", "grade", "rank",
    "ranked_among",
)  # fmt: skip
LINES = (
    "scorecard_id", "item", "order", "kpi_version_id", "state", "value", "numerator",
    "denominator", "sample", "weight", "effective_weight", "share", "points", "target", "level",
)  # fmt: skip


def ratings_given(cycle: Cycle, watermark: int) -> dict[str, pd.DataFrame]:
    """What people entered in a cycle, as ``rating(...)`` reads it.

    Returns:
        "rating:code" to a frame indexed by agent id with ``numerator`` (sum of the percents as
        shares), ``denominator`` and ``sample`` (how many rated).
    Queries: 1.
    """
    open_then = Q(valid_until__isnull=True) | Q(valid_until__gt=watermark)
    given = Rating.objects.filter(open_then, cycle=cycle, valid_from__lte=watermark)
    sums: dict[str, dict[int, tuple[Decimal, int]]] = {}
    for item, agent_id, percent in given.values_list("item", "agent_id", "percent"):
        total, count = sums.setdefault(item, {}).get(agent_id, (Decimal(0), 0))
        sums[item][agent_id] = total + percent / 100, count + 1
    return {f"rating:{item}": _rating_frame(by_agent) for item, by_agent in sums.items()}


def _rating_frame(by_agent: Mapping[int, tuple[Decimal, int]]) -> pd.DataFrame:
    rows = [(total, count, count) for total, count in by_agent.values()]
    columns = ["numerator", "denominator", "sample"]
    return pd.DataFrame(rows, index=pd.Index(list(by_agent)), columns=columns, dtype=object)


def store_scorecards(
    run: Run, seats: Sequence[Seat], cards: pd.DataFrame, lines: pd.DataFrame
) -> None:
    """Replace the scorecards of a run, inside the caller's transaction, by two COPYs.

    Args:
        cards, lines: as :class:`appraisal.services.computing.Outcome` holds them.
    """
    ScorecardLine.objects.filter(scorecard__run=run)._raw_delete("default")
    Scorecard.objects.filter(run=run)._raw_delete("default")
    if cards.empty:
        return
    ids = dict(zip(cards["agent_id"], _reserve_ids(len(cards)), strict=True))
    _copy(Scorecard._meta.db_table, CARDS, _card_rows(run, seats, cards, ids))
    _copy(ScorecardLine._meta.db_table, LINES, _line_rows(lines, ids))


def read_scorecards(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The stored cards and lines of a run, in the units of a digest. Queries: 2."""
    cards = run.scorecards.annotate(
        scheme=F("scheme_version__scheme__code"), position_code=F("position__code")
    ).values(
        "agent_id", "scheme", "position_code", "total", "covered", "state", "provisional", "grade",
        "capped", "rank", "ranked_among",
    )  # fmt: skip
    lines = (
        ScorecardLine.objects.filter(scorecard__run=run)
        .annotate(agent_id=F("scorecard__agent_id"))
        .values(
            "agent_id", "item", "order", "state", "value", "numerator", "denominator", "sample",
            "target", "weight", "effective_weight", "points", "share", "level",
        )
    )  # fmt: skip
    return (
        _unscaled(cards, {"total": 2, "covered": 2}).rename(columns={"position_code": "position"}),
        _unscaled(
            lines,
            {"value": 9, "target": 9, "weight": 6, "effective_weight": 2, "points": 2, "share": 9},
        ),
    )


def _unscaled(rows: Iterable[Mapping[str, Any]], places: Mapping[str, int]) -> pd.DataFrame:
    """Decimals as whole numbers of their last place; an empty code as none."""
    frame = pd.DataFrame(list(rows), dtype=object)
    for column, digits in places.items():
        frame[column] = [
            None if value is None else int(value.scaleb(digits)) for value in frame[column]
        ]
    return frame.replace({"": None})


def _card_rows(
    run: Run, seats: Sequence[Seat], cards: pd.DataFrame, ids: Mapping[int, int]
) -> pl.DataFrame:
    seat_of = {seat.agent_id: seat for seat in seats}
    placed = [seat_of[agent_id] for agent_id in cards["agent_id"]]
    columns = {
        "id": [ids[agent_id] for agent_id in cards["agent_id"]],
        "run_id": [run.pk] * len(cards),
        "agent_id": cards["agent_id"].tolist(),
        "scheme_version_id": cards["scheme_version_id"].tolist(),
        "team_id": [seat.team_id for seat in placed],
        "position_id": [seat.position_id for seat in placed],
        "shift_id": [seat.shift_id for seat in placed],
        "days_present": [seat.days_present for seat in placed],
        "state": cards["state"].tolist(),
        "provisional": cards["provisional"].tolist(),
        "capped": cards["capped"].tolist(),
        "total": _fixed(cards["total"], 2),
        "covered": _fixed(cards["covered"], 2),
        "grade": [grade or "" for grade in cards["grade"]],
        "rank": _whole(cards["rank"]),
        "ranked_among": _whole(cards["ranked_among"]),
    }
    return pl.DataFrame(columns, strict=False)


def _line_rows(lines: pd.DataFrame, ids: Mapping[int, int]) -> pl.DataFrame:
    columns = {
        "scorecard_id": lines["agent_id"].map(ids).tolist(),
        "item": lines["item"].tolist(),
        "order": lines["order"].tolist(),
        "kpi_version_id": _whole(lines["kpi_version_id"]),
        "state": lines["state"].tolist(),
        "value": _fixed(lines["value"], 9),
        "numerator": _decimal(lines["numerator"]),
        "denominator": _decimal(lines["denominator"]),
        "sample": _whole(lines["sample"]),
        "weight": _fixed(lines["weight"], 6),
        "effective_weight": _fixed(lines["effective_weight"], 2),
        "share": _fixed(lines["share"], 9),
        "points": _fixed(lines["points"], 2),
        "target": _fixed(lines["target"], 9),
        "level": [level or "" for level in lines["level"]],
    }
    return pl.DataFrame(columns, strict=False)


def _whole(column: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in column]


def _decimal(column: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else f"{value:f}" for value in column]


def _fixed(column: pd.Series, places: int) -> list[str | None]:
    """Whole numbers of the last place as the text of a decimal, exactly."""
    return [
        None if pd.isna(value) else f"{Decimal(int(value)).scaleb(-places):f}" for value in column
    ]


def _reserve_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Scorecard._meta.db_table, count],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def _copy(table: str, columns: Sequence[str], rows: pl.DataFrame) -> None:
    text = io.StringIO(
        rows.select(columns).write_csv(include_header=False, quote_style="necessary")
    )
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    target = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {target} ({names}) FROM STDIN WITH (FORMAT csv)", text)
