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

from appraisal.digest import CARD_EXTRAS, CARD_FIELDS, LINE_EXTRAS, LINE_FIELDS
from appraisal.models import Cycle, Rating, Run, Scorecard, ScorecardLine
from appraisal.results import CARD_PLACES, LINE_PLACES, Results, as_decimal_text
from appraisal.scoring.beside import dump_told
from appraisal.seats import Seat

CARDS = (
    "id", "run_id", "agent_id", "scheme_version_id", "team_id", "position_id", "shift_id",
    "days_present", "state", "provisional", "capped", "by_guideline", "stars", "total", "covered",
    "grade", "rank", "ranked_among",
)  # fmt: skip
LINES = (
    "scorecard_id", "item", "order", "kpi_version_id", "state", "value", "numerator",
    "denominator", "sample", "weight", "effective_weight", "share", "points", "target", "level",
    "conditions",
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


def store_scorecards(run: Run, seats: Sequence[Seat], results: Results) -> None:
    """Replace the scorecards of a run, inside the caller's transaction, by two COPYs."""
    ScorecardLine.objects.filter(scorecard__run=run)._raw_delete("default")
    Scorecard.objects.filter(run=run)._raw_delete("default")
    ids = pl.Series("id", _reserve_ids(len(results.cards)), dtype=pl.Int64)
    numbered = results.cards.with_columns(ids, pl.lit(run.pk).alias("run_id"))
    cards = numbered.join(_places(seats), on="agent_id")
    lines = results.lines.join(
        cards.select("agent_id", scorecard_id="id"), on="agent_id", maintain_order="left"
    )
    _copy(Scorecard._meta.db_table, CARDS, _written(cards, CARD_PLACES, "grade"))
    _copy(ScorecardLine._meta.db_table, LINES, _written(lines, LINE_PLACES, "level"))


def _places(seats: Sequence[Seat]) -> pl.DataFrame:
    names = ("agent_id", "team_id", "position_id", "shift_id", "days_present")
    rows = [[getattr(seat, name) for name in names] for seat in seats]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")


def _written(rows: pl.DataFrame, places: Mapping[str, int], code: str) -> pl.DataFrame:
    """Decimals as text; no grade and no level is an empty code."""
    decimals = [as_decimal_text(column, digits) for column, digits in places.items()]
    return rows.with_columns(*decimals, pl.col(code).fill_null(""))


def read_scorecards(run: Run) -> Results:
    """The stored cards and lines of a run. Queries: 2."""
    card_fields, line_fields = CARD_FIELDS + CARD_EXTRAS, LINE_FIELDS + LINE_EXTRAS
    card_names = ["position_code" if name == "position" else name for name in card_fields]
    cards = run.scorecards.annotate(
        scheme=F("scheme_version__scheme__code"), position_code=F("position__code")
    ).values_list(*card_names)
    lines = (
        ScorecardLine.objects.filter(scorecard__run=run)
        .annotate(agent_id=F("scorecard__agent_id"))
        .values_list(*line_fields)
    )
    return Results(
        _read(cards, card_fields, CARD_PLACES, "grade"),
        _read(lines, line_fields, LINE_PLACES, "level"),
    )


def _read(
    rows: Iterable[Sequence[Any]], names: Sequence[str], places: Mapping[str, int], code: str
) -> pl.DataFrame:
    """Decimals as whole numbers of their last place; an empty code as none.

    Conditions come as the text that was digested: the database orders JSON in its own way.
    """
    columns = dict.fromkeys(names, ()) | dict(zip(names, zip(*rows, strict=True), strict=False))
    for name, digits in places.items():
        columns[name] = tuple(
            None if value is None else int(value.scaleb(digits)) for value in columns[name]
        )
    if "conditions" in columns:
        columns["conditions"] = tuple(
            None if told is None else dump_told(told) for told in columns["conditions"]
        )
    table = pl.DataFrame({name: pl.Series(name, values) for name, values in columns.items()})
    return table.with_columns(pl.col(code).cast(pl.String).replace("", None))


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
