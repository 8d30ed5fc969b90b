"""What the values of a column look like: dates of which format, durations, numbers, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from kpi.intake.parsing import moments, numbers
from kpi.intake.parsing.moments import Clock
from kpi.intake.parsing.words import read_flags

_DATES: Final = (
    "iso",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%d-%b-%Y",
    "%Y%m%d",
    "%y%m%d",
    "%m/%d/%y",
    "%d/%m/%y",
)
_TIMES: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H时%M分%S秒", "%H%M%S")
_WHOLE: Final = ("epoch", "epoch_ms", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S%z")
_MOST_WORDS: Final = 30
_EPOCH_S: Final = (631_152_000, 4_102_444_800)  # 1990 to 2100
# A few bad rows do not hide what a column is: they are rejected one by one when it is imported.
_ENOUGH: Final = 0.9


@dataclass(frozen=True, slots=True)
class Look:
    """A column's sample and what it can be read as."""

    name: str
    sample: pl.Series
    filled: int
    distinct: int
    words: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no row of the sample has a value."""
        return self.sample.is_empty()


def look_at(frame: pl.DataFrame, name: str, sampled: int) -> Look:
    """Look at a column: its words in all rows, its formats in the first filled ones."""
    filled = frame[name].drop_nulls()
    distinct = filled.n_unique()
    words = filled.unique().sort().to_list() if distinct <= _MOST_WORDS else []
    return Look(name, filled.head(sampled), len(filled), distinct, tuple(words))


def moment_formats(text: pl.Series, clock: Clock) -> list[str]:
    """Formats in which the most values of a sample are dates with or without a time.

    The first is the best; ``%m/%d/%Y`` and ``%d/%m/%Y`` may both be there. None where even the
    best reads too few.
    """
    if text.is_empty():
        return []
    timed = [f"{day} {time}" for day in _DATES if day != "iso" for time in _TIMES]
    candidates = (*_DATES, *timed, *_WHOLE)
    reads = {pattern: _count_read(text, pattern, clock) for pattern in candidates}
    most = max(reads.values())
    if most < _ENOUGH * len(text):
        return []
    return [pattern for pattern in candidates if reads[pattern] == most]


def joined_formats(dates: pl.Series, times: pl.Series, clock: Clock) -> list[str]:
    """Formats of a date and a time joined by a blank."""
    days = [pattern for pattern in moment_formats(dates, clock) if pattern in _DATES]
    days = ["%Y-%m-%d" if pattern == "iso" else pattern for pattern in days]
    clocks = [pattern for pattern in _TIMES if _is_time(times, pattern)]
    return [f"{day} {time}" for day in days for time in clocks[:1]]


def is_clock_time(text: pl.Series) -> bool:
    """Whether every value of a sample is a time of day."""
    return not text.is_empty() and any(_is_time(text, pattern) for pattern in _TIMES[:4])


def _is_time(text: pl.Series, pattern: str) -> bool:
    if text.is_empty():
        return False
    dated = "2000-01-01 " + text
    read = dated.str.strptime(pl.Datetime("us"), f"%Y-%m-%d {pattern}", strict=False)
    return read.null_count() == 0


def _count_read(text: pl.Series, pattern: str, clock: Clock) -> int:
    if pattern.startswith("epoch") and not _is_epoch(text, pattern):
        return 0
    first, last = clock.bounds
    return int(_moments(text, pattern, clock).is_between(first, last).sum())


def _moments(text: pl.Series, pattern: str, clock: Clock) -> pl.Series:
    """Moments of one format as if its clock were UTC; a plain pattern without the long way."""
    if "%" in pattern and "%z" not in pattern:
        naive = text.str.strptime(pl.Datetime("us"), pattern, strict=False)
        return naive.dt.replace_time_zone("UTC")
    return moments.read_moments(text, (pattern,), replace(clock, zone="UTC"))[0]


def _is_epoch(text: pl.Series, pattern: str) -> bool:
    value = text.cast(pl.Float64, strict=False)
    if value.null_count():
        return False
    factor = 1 if pattern == "epoch" else 1_000
    return bool(value.is_between(_EPOCH_S[0] * factor, _EPOCH_S[1] * factor).all())


def duration_reading(text: pl.Series, header: str) -> str | None:
    """How a column of durations is to be read, by its values and the words of its name."""
    if text.is_empty():
        return "seconds"
    for reading in ("seconds", "hms"):
        if _is_enough(numbers.read_seconds(text, reading)[1]):
            return _unit_of(text, header) if reading == "seconds" else reading
    return None


def _unit_of(text: pl.Series, header: str) -> str:
    words = set(header.split())
    if words & {"ms", "milliseconds", "millis", "毫秒"} or header.startswith("metrics t "):
        return "milliseconds"
    if words & {"min", "mins", "minutes", "分钟"} or "分钟" in header:
        return "minutes"
    if words & {"hours", "hrs", "小时"} or "小时" in header:
        return "hours"
    value = text.cast(pl.Float64, strict=False)
    fractions = text.str.contains(".", literal=True)
    below_a_day = bool((value < 1).fill_null(value=False).all())
    return "excel_time" if below_a_day and fractions.any() else "seconds"


def is_number(text: pl.Series) -> bool:
    """Whether the values of a sample are numbers of the one grammar, but for a few."""
    return not text.is_empty() and _is_enough(numbers.read_decimals(text)[1])


def is_flag(text: pl.Series) -> bool:
    """Whether the values of a sample are yes or no, but for a few."""
    return not text.is_empty() and _is_enough(read_flags(text)[1])


def _is_enough(codes: pl.Series) -> bool:
    """Whether hardly any value has a code that says what is wrong with it."""
    return codes.null_count() >= _ENOUGH * len(codes)


def meanings(look: Look, known: Mapping[str, str]) -> dict[str, str | None] | None:
    """What each word of a column means; None where hardly any is known."""
    if not look.words:
        return None
    found: dict[str, str | None] = {word: known.get(word.lower()) for word in look.words}
    explained = sum(meaning is not None for meaning in found.values())
    return found if 2 * explained >= len(found) else None
