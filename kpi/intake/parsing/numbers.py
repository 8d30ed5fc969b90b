"""The one grammar of numbers and durations. See docs/import-mapping.md, "Numbers".

Digits 0-9, an optional ``-`` in front, an optional ``.`` with digits after it, and commas only
as in 1,234. Everything else is no number, whatever a programming language would make of it.
Functions take a text series (null is missing) and give values and codes (null is fine).
"""

from __future__ import annotations

from typing import Final

import polars as pl

_NUMBER: Final = r"^-?(?:[0-9]{1,26}|[0-9]{1,3}(?:,[0-9]{3}){1,7})(?:\.[0-9]{1,20})?$"
_HMS: Final = r"^(-?)([0-9]{1,5}):([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]{1,9})?)$"
_MS: Final = r"^(-?)([0-9]{1,5}):([0-5]?[0-9](?:\.[0-9]{1,9})?)$"
_SECONDS_IN: Final = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0, "hours": 3600.0}
_DECIMAL: Final = pl.Decimal(38, 10)

Values = tuple[pl.Series, pl.Series]


def flag_codes(text: pl.Series, bad: pl.Series, code: str) -> pl.Series:
    """The code where a filled cell is bad, null elsewhere."""
    return (
        pl.DataFrame({"bad": bad & text.is_not_null()})
        .select(pl.when(pl.col("bad")).then(pl.lit(code)))
        .to_series()
    )


def read_decimals(text: pl.Series, reading: str = "") -> Values:
    """Exact numbers; ``percent`` allows a % sign behind, ``share`` is taken times 100."""
    if reading == "percent":
        text = text.str.strip_suffix("%").str.strip_chars_end(" ")
    fits = text.str.contains(_NUMBER)
    number = text.set(~fits, None).str.replace_all(",", "", literal=True)
    value = number.cast(_DECIMAL, strict=False)
    if reading == "share":
        value = (value * 100).cast(_DECIMAL)
    return value, flag_codes(text, value.is_null(), "number")


def read_whole(text: pl.Series) -> Values:
    """Whole numbers; 3.0 is one, 3.5 is none."""
    value, codes = read_decimals(text)
    whole = value.cast(pl.Int64, strict=False)
    broken = (whole.cast(_DECIMAL, strict=False) != value).fill_null(value=False)
    return whole, merge_codes(codes, flag_codes(text, broken, "whole_number"))


def read_seconds(text: pl.Series, reading: str = "seconds") -> Values:
    """Durations as whole seconds, halves rounded up."""
    if reading == "hms":
        return _read_clock(text)
    if reading == "excel_time":
        return _read_excel_time(text)
    fits = text.str.contains(_NUMBER)
    number = text.set(~fits, None).str.replace_all(",", "", literal=True)
    value = number.cast(pl.Int64, strict=False) if reading == "seconds" else None
    if value is None or value.null_count() > number.null_count():
        seconds = number.cast(pl.Float64, strict=False) * _SECONDS_IN[reading or "seconds"]
        value = _rounded(seconds)
    return value, flag_codes(text, value.is_null(), "duration")


def _rounded(seconds: pl.Series) -> pl.Series:
    """Whole seconds; nine decimals first, so that 0.00145 days is not a hair below its half."""
    return (seconds.round(6) + 0.5).floor().cast(pl.Int64, strict=False)


def _read_clock(text: pl.Series) -> Values:
    frame = pl.DataFrame({"text": text})
    groups = frame.select(
        pl.col("text").str.extract_groups(_HMS).alias("hms"),
        pl.col("text").str.extract_groups(_MS).alias("ms"),
    )
    hms, ms = groups["hms"].struct.unnest(), groups["ms"].struct.unnest()
    long = _seconds_of(hms["2"], hms["3"], hms["4"])
    short = _seconds_of(None, ms["2"], ms["3"])
    value = _rounded(long.zip_with(long.is_not_null(), short))
    signs = hms["1"].zip_with(hms["1"].is_not_null(), ms["1"])
    negative = (signs == "-").fill_null(value=False)
    value = value.zip_with(~negative, -value)
    return value, flag_codes(text, value.is_null(), "duration_clock")


def _seconds_of(hours: pl.Series | None, minutes: pl.Series, seconds: pl.Series) -> pl.Series:
    total = minutes.cast(pl.Float64) * 60 + seconds.cast(pl.Float64)
    return total if hours is None else total + hours.cast(pl.Float64) * 3600


def _read_excel_time(text: pl.Series) -> Values:
    """Fractions of a day; a cell that the workbook already shows as h:mm:ss is read as that."""
    clock, _ = _read_clock(text)
    fits = text.str.contains(_NUMBER)
    days = text.set(~fits, None).cast(pl.Float64, strict=False)
    value = clock.zip_with(clock.is_not_null(), _rounded(days * 86_400))
    return value, flag_codes(text, value.is_null(), "duration")


def out_of_range(
    text: pl.Series, value: pl.Series, low: int | None, high: int | None, codes: tuple[str, str]
) -> pl.Series:
    """The first code where a value is below ``low``, the second where it is above ``high``."""
    below = flag_codes(text, value < low, codes[0]) if low is not None else None
    above = flag_codes(text, value > high, codes[1]) if high is not None else None
    return merge_codes(below, above) if below is not None or above is not None else no_codes(text)


def merge_codes(first: pl.Series | None, second: pl.Series | None) -> pl.Series:
    """The first of two codes that is set."""
    if first is None or second is None:
        left = first if first is not None else second
        if left is None:
            raise ValueError("There is nothing to merge.")
        return left
    return first.zip_with(first.is_not_null(), second)


def no_codes(text: pl.Series) -> pl.Series:
    """No code for any cell."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(text))
