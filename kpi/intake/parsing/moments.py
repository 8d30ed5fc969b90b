"""Dates and times: formats as the mapping names them, clocks of a zone, days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import polars as pl

from kpi.intake.parsing.numbers import flag_codes, merge_codes

_UTC: Final = pl.Datetime("us", "UTC")
_NAIVE: Final = pl.Datetime("us")
_ISO: Final = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]+([0-9]{2}:[0-9]{2})(?::([0-9]{2})"
    r"(?:[.,]([0-9]{1,6})[0-9]*)?)?\s?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
_LEAP_SECOND: Final = r"[0-9]:60(?:$|[^0-9])"
_EXCEL_DAY_ZERO_S: Final = -2_209_161_600  # 1899-12-30 in seconds of the Unix clock
_SIMPLE: Final = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Clock:
    """How clocks of a file are understood: its zone, the zone of days, the dates allowed."""

    zone: str
    day_zone: str
    earliest: date
    now: datetime

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first and the last moment that a fact may have."""
        first = datetime.combine(self.earliest, time(), UTC)
        return first, self.now + timedelta(days=1)


def read_moments(
    text: pl.Series, formats: tuple[str, ...], clock: Clock
) -> tuple[pl.Series, pl.Series, int]:
    """Moments in UTC, codes, and how many stood in the hour that a clock shows twice.

    Args:
        formats: tried one after the other; a cell is what the first fitting one makes of it.
    """
    value = pl.Series([None], dtype=_UTC).new_from_index(0, len(text))
    gap = pl.Series([False]).new_from_index(0, len(text))
    twice = 0
    leap = text.str.contains(_LEAP_SECOND).fill_null(value=False)
    for pattern in formats or ("iso",):
        todo = text.set(value.is_not_null() | leap, None)
        if todo.null_count() == len(todo):
            break
        naive, aware = _read_one(todo, pattern)
        local, gaps, folds = localise(naive, clock.zone)
        value = value.zip_with(value.is_not_null(), aware)
        value = value.zip_with(value.is_not_null(), local)
        gap, twice = gap | gaps, twice + folds
    codes = merge_codes(
        flag_codes(text, gap & value.is_null(), "time_gap"),
        flag_codes(text, value.is_null(), "date_format"),
    )
    return value, codes, twice


def _read_one(text: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    """Clock times without a zone, and moments where the text says its zone."""
    no_naive = pl.Series([None], dtype=_NAIVE).new_from_index(0, len(text))
    no_aware = pl.Series([None], dtype=_UTC).new_from_index(0, len(text))
    if pattern == "iso":
        return _read_iso(text, no_aware)
    if pattern in {"epoch", "epoch_ms"}:
        return no_naive, _read_epoch(text, 1_000_000 if pattern == "epoch" else 1_000)
    if pattern == "excel":
        return _read_excel(text), no_aware
    if "%z" in pattern:
        return no_naive, text.str.strptime(_UTC, pattern, strict=False)
    return text.str.strptime(_NAIVE, pattern, strict=False), no_aware


def _read_iso(text: pl.Series, no_aware: pl.Series) -> tuple[pl.Series, pl.Series]:
    naive = text.str.strptime(_NAIVE, _SIMPLE, strict=False)
    if naive.null_count() == text.null_count():
        return naive, no_aware
    groups = text.str.extract_groups(_ISO).struct.unnest()
    clock = groups.select(
        pl.concat_str(
            pl.col("1"),
            pl.lit(" "),
            pl.col("2").fill_null("00:00"),
            pl.lit(":"),
            pl.col("3").fill_null("00"),
            pl.lit("."),
            pl.col("4").fill_null("0").str.pad_end(6, "0"),
        )
    ).to_series()
    naive = clock.str.strptime(_NAIVE, "%Y-%m-%d %H:%M:%S%.f", strict=False)
    offset = groups["5"].replace({"Z": "+0000", "UTC": "+0000"}).str.replace(":", "", literal=True)
    minutes = offset.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + offset.str.slice(
        3, 2
    ).cast(pl.Int64, strict=False)
    minutes = minutes.zip_with(~(offset.str.starts_with("-").fill_null(value=False)), -minutes)
    shifted = naive.cast(pl.Int64) - minutes * 60_000_000
    return naive.set(offset.is_not_null(), None), shifted.cast(_UTC)


def _read_epoch(text: pl.Series, factor: int) -> pl.Series:
    fits = text.str.contains(r"^[0-9]{1,14}(?:\.[0-9]{1,9})?$")
    number = text.set(~fits, None).cast(pl.Float64, strict=False)
    return (number * factor).round(0).cast(pl.Int64, strict=False).cast(_UTC)


def _read_excel(text: pl.Series) -> pl.Series:
    fits = text.str.contains(r"^[0-9]{1,7}(?:\.[0-9]{1,15})?$")
    days = text.set(~fits, None).cast(pl.Float64, strict=False)
    seconds = (days * 86_400).round(0).cast(pl.Int64, strict=False) + _EXCEL_DAY_ZERO_S
    return (seconds * 1_000_000).cast(_NAIVE)


def localise(naive: pl.Series, zone: str) -> tuple[pl.Series, pl.Series, int]:
    """Clock times of a zone as moments.

    A time in the hour that the clock shows twice is its first one; a time in the hour that
    the clock leaves out is none.

    Returns:
        Moments in UTC, which ones lay in a gap, and how many were ambiguous.
    """
    sure = naive.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
    if sure.null_count() == naive.null_count():
        gap = pl.Series([False]).new_from_index(0, len(naive))
        return sure.dt.convert_time_zone("UTC"), gap, 0
    found = naive.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    gap = found.is_null() & naive.is_not_null()
    return found.dt.convert_time_zone("UTC"), gap, sure.null_count() - found.null_count()


def read_dates(
    text: pl.Series, formats: tuple[str, ...], clock: Clock
) -> tuple[pl.Series, pl.Series]:
    """Dates as they are written; a time behind the date is dropped, with its zone.

    A moment without a written date, such as an epoch, has the date of the file's clocks.
    """
    value = pl.Series([None], dtype=pl.Date).new_from_index(0, len(text))
    for pattern in formats or ("iso",):
        todo = text.set(value.is_not_null(), None)
        naive, aware = _read_one(todo, pattern)
        if pattern == "iso":
            dated = (
                todo.set(aware.is_null(), None)
                .str.slice(0, 10)
                .str.to_date("%Y-%m-%d", strict=False)
            )
        else:
            dated = local_day(aware, clock.zone)
        value = value.zip_with(value.is_not_null(), naive.dt.date())
        value = value.zip_with(value.is_not_null(), dated)
    return value, flag_codes(text, value.is_null(), "date_format")


def outside(text: pl.Series, value: pl.Series, clock: Clock, *, may_be_ahead: int) -> pl.Series:
    """The code where a moment or date lies before the first day allowed or in the future.

    Args:
        may_be_ahead: days that it may lie ahead of now.
    """
    first, last = clock.bounds
    last += timedelta(days=may_be_ahead)
    if value.dtype == pl.Date:
        before, after = value < first.date(), value > last.date()
    else:
        before, after = value < first, value > last
    return merge_codes(
        flag_codes(text, before, "date_too_early"), flag_codes(text, after, "date_in_future")
    )


def local_day(moments: pl.Series, zone: str) -> pl.Series:
    """The date of each moment in a zone."""
    return moments.dt.convert_time_zone(zone).dt.date()
