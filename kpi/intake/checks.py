"""What becomes of each row: left out, rejected with a reason, a duplicate, or good."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from kpi.intake.fields import DAY_OF
from kpi.intake.limits import SCALE_RANGES
from kpi.intake.mapping.model import FileMapping, KindMapping
from kpi.intake.parsing.fields import parse_rows
from kpi.intake.parsing.moments import Clock
from kpi.intake.parsing.words import condition_mask
from kpi.intake.reading.table import LINE, PROBLEM_SCHEMA, Table, problems

TOTAL_ROW: Final = "total row"
NO_SECOND: Final = "no_second"
MAIN_ROW: Final = "main_row"
_TOTAL_WORDS: Final = (
    "合计",
    "总计",
    "小计",
    "总共",
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub total",
    "sum",
)
_ORDERS: Final = {
    "tickets": ("created_at", "solved_at"),
    "surveys": ("sent_at", "answered_at"),
}


@dataclass(frozen=True, slots=True)
class SortedRows:
    """The rows of one kind, each in exactly one place.

    ``good``: typed rows to be stored. ``problems``: what is wrong with the rejected ones.
    ``left_out``: ``line`` and ``reason``. ``duplicate``: repeated inside the file.
    """

    rows: int
    good: pl.DataFrame
    problems: pl.DataFrame
    left_out: pl.DataFrame
    duplicate: int
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def rejected(self) -> int:
        """How many rows have a problem, whatever the number of problems."""
        return self.problems["line"].n_unique()


def sort_rows(
    table: Table, mapping: FileMapping, clock: Clock
) -> tuple[SortedRows, SortedRows | None]:
    """Sort a file's rows, for its own kind and for the second one where it has one."""
    left_out = _left_out(table, mapping)
    faults = table.faults.filter(~pl.col("line").is_in(left_out["line"].implode()))
    aside = pl.concat([left_out["line"], faults["line"].unique()])
    rows = table.frame.filter(~pl.col(LINE).is_in(aside.implode()))
    main = _sort(rows, mapping.main, clock, mapping.empty)
    main = _with(main, table.rows, faults, left_out)
    if mapping.also is None:
        return main, None
    return main, _sort_second(rows, mapping, clock, main)


def _with(found: SortedRows, rows: int, faults: pl.DataFrame, left_out: pl.DataFrame) -> SortedRows:
    every = pl.concat([faults, found.problems])
    return SortedRows(rows, found.good, every, left_out, found.duplicate, found.notes)


def _sort(
    rows: pl.DataFrame, mapping: KindMapping, clock: Clock, empty: tuple[str, ...]
) -> SortedRows:
    parsed = parse_rows(rows, mapping, clock, empty=empty)
    wrong = pl.concat([parsed.problems, check_rows(parsed.frame, mapping)])
    sound = parsed.frame.filter(~pl.col(LINE).is_in(wrong["line"].unique().implode()))
    good, conflicts = _one_per_key(sound, mapping)
    wrong = pl.concat([wrong, conflicts])
    duplicate = sound.height - good.height - conflicts["line"].n_unique()
    return SortedRows(rows.height, good, wrong, no_reasons(), duplicate, parsed.notes)


def _sort_second(
    rows: pl.DataFrame, mapping: FileMapping, clock: Clock, main: SortedRows
) -> SortedRows:
    """Rows of the second kind: where the first was left out or rejected, so is this one."""
    second = mapping.also
    if second is None:
        raise ValueError("There is no second kind in this mapping.")
    holds = condition_mask(rows, second.when) if second.when else None
    held = rows if holds is None else rows.filter(holds)
    bad = main.problems["line"].unique()
    found = _sort(held.filter(~pl.col(LINE).is_in(bad.implode())), second, clock, mapping.empty)
    without = rows.filter(~pl.col(LINE).is_in(pl.concat([held[LINE], bad]).implode()))
    left_out = pl.concat([main.left_out, reasons_for(without[LINE], NO_SECOND)])
    faults = problems((line, "", MAIN_ROW, "") for line in bad)
    return _with(found, main.rows, faults, left_out)


def no_reasons() -> pl.DataFrame:
    """No rows left out."""
    return pl.DataFrame(schema={"line": pl.UInt32, "reason": pl.String})


def reasons_for(lines: pl.Series, reason: str) -> pl.DataFrame:
    """These lines, left out for one reason."""
    return pl.DataFrame({"line": lines.cast(pl.UInt32)}).with_columns(
        pl.lit(reason).alias("reason")
    )


def _left_out(table: Table, mapping: FileMapping) -> pl.DataFrame:
    """Total rows, then what the mapping leaves out; the first reason of a row counts."""
    totals = table.frame.filter(_is_total(table, mapping))
    found = [reasons_for(totals[LINE], TOTAL_ROW)]
    for rule in mapping.leave_out:
        lines = table.frame.filter(condition_mask(table.frame, rule.condition))[LINE]
        found.append(reasons_for(lines, rule.reason))
    return pl.concat([no_reasons(), *found]).unique("line", keep="first", maintain_order=True)


def _is_total(table: Table, mapping: FileMapping) -> pl.Expr:
    """A row whose first filled cell says so, and that has no other key than that cell."""
    first = pl.coalesce(pl.col(name) for name in table.columns)
    says = first.str.to_lowercase().str.strip_chars(":： ").is_in(list(_TOTAL_WORDS))
    keys = mapping.main.fields["external_id"].columns
    keyless = pl.any_horizontal(
        *(pl.col(name).is_null() | (pl.col(name) == first) for name in keys), pl.lit(not keys)
    )
    return (says & keyless).fill_null(value=False)


def check_rows(frame: pl.DataFrame, mapping: KindMapping) -> pl.DataFrame:
    """What is wrong between the values of a row, each fine by itself."""
    found = [problems(), _no_day(frame, mapping)]
    if mapping.kind in _ORDERS:
        found.append(_wrong_order(frame, *_ORDERS[mapping.kind]))
    if {"answered", "abandoned"} <= set(frame.columns):
        both = frame.filter(pl.col("answered") & pl.col("abandoned"))
        found.append(_problem(both, "abandoned", "contradiction"))
    if mapping.kind == "trainings" and {"score", "kind"} <= set(frame.columns):
        beyond = frame.filter((pl.col("kind") != "typing") & (pl.col("score") > 100))
        found.append(_problem(beyond, "score", "out_of_range", "score"))
    if mapping.kind == "figures":
        found.append(_no_figure(frame))
    if {"score", "scale"} <= set(frame.columns):
        found += [
            _off_scale(frame, scale, low, high) for scale, (low, high) in SCALE_RANGES.items()
        ]
    return pl.concat(found)


def _problem(rows: pl.DataFrame, column: str, code: str, value: str | None = None) -> pl.DataFrame:
    shown = pl.col(value).cast(pl.String) if value else pl.lit("")
    return rows.select(
        pl.col(LINE).alias("line"),
        pl.lit(column).alias("column"),
        pl.lit(code).alias("code"),
        shown.fill_null("").alias("value"),
    ).cast(PROBLEM_SCHEMA)


def _no_day(frame: pl.DataFrame, mapping: KindMapping) -> pl.DataFrame:
    """Rows without a day, where several fields may give it and none is required alone."""
    anchors = DAY_OF[mapping.kind]
    if len(anchors) == 1:
        return problems()
    return _problem(frame.filter(pl.col("day").is_null()), " / ".join(anchors), "missing")


def _no_figure(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures that say nothing: neither the value itself nor both of its sides."""
    given = {
        name: pl.col(name).is_not_null() if name in frame.columns else pl.lit(value=False)
        for name in ("value", "numerator", "denominator")
    }
    says = given["value"] | (given["numerator"] & given["denominator"])
    return _problem(frame.filter(~says), "value", "missing")


def _wrong_order(frame: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    if not {start, end} <= set(frame.columns):
        return problems()
    return _problem(frame.filter(pl.col(end) < pl.col(start)), end, "end_before_start", end)


def _off_scale(frame: pl.DataFrame, scale: str, low: int, high: int) -> pl.DataFrame:
    off = (pl.col("score") < low) | (pl.col("score") > high)
    return _problem(frame.filter((pl.col("scale") == scale) & off), "score", "off_scale", "score")


def _one_per_key(frame: pl.DataFrame, mapping: KindMapping) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per key, and the rows whose key stands for different contents."""
    repeated = frame["external_id"].is_duplicated()
    if not repeated.any():
        return frame, problems()
    contents = [name for name in frame.columns if name != LINE]
    doubles = frame.filter(repeated).with_columns(
        pl.struct(contents).n_unique().over("external_id").alias("contents")
    )
    conflicting = doubles.filter(pl.col("contents") > 1)
    column = " + ".join(mapping.fields["external_id"].columns)
    kept = frame.filter(~pl.col(LINE).is_in(conflicting[LINE].implode()))
    return (
        kept.unique("external_id", keep="first", maintain_order=True),
        _problem(conflicting, column, "conflict", "external_id"),
    )
