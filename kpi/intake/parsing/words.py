"""Cells to texts: which columns, which values mean nothing, what a value stands for."""

from __future__ import annotations

from typing import Final

import polars as pl

from kpi.intake.mapping.model import Condition, FieldMapping
from kpi.intake.parsing.numbers import flag_codes, no_codes

Meaning = str | bool | None

_YES: Final = ("true", "yes", "y", "1", "t", "是")
_NO: Final = ("false", "no", "n", "0", "f", "否")
SCIENTIFIC: Final = r"^-?[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+$"


def condition_mask(frame: pl.DataFrame, condition: Condition) -> pl.Series:
    """Which rows a condition holds for; an empty cell is none of the values."""
    cell = frame[condition.column]
    if condition.about_filling:
        found = cell.is_null()
    else:
        wanted = [value.lower() for value in condition.values]
        found = cell.str.to_lowercase().is_in(wanted).fill_null(value=False)
    return ~found if condition.negated else found


def cell_text(frame: pl.DataFrame, mapping: FieldMapping, empty: tuple[str, ...]) -> pl.Series:
    """The text of a field for each row, before it is read as anything; null is missing."""
    if mapping.constant is not None:
        text = pl.Series([mapping.constant]).new_from_index(0, frame.height)
    elif len(mapping.columns) == 1:
        text = _without(frame[mapping.columns[0]], (*empty, *mapping.empty))
    else:
        parts = [_without(frame[name], (*empty, *mapping.empty)) for name in mapping.columns]
        text = pl.select(pl.concat_str(parts, separator=mapping.join)).to_series()
    if mapping.when is not None:
        text = text.set(~condition_mask(frame, mapping.when), None)
    return text


def _without(text: pl.Series, meaningless: tuple[str, ...]) -> pl.Series:
    if not meaningless:
        return text
    words = [word.lower() for word in meaningless]
    return text.set(text.str.to_lowercase().is_in(words).fill_null(value=False), None)


def map_values(text: pl.Series, mapping: FieldMapping) -> tuple[pl.Series, pl.Series]:
    """What each value stands for, as text (true and false in these words), and codes."""
    meanings = {key.lower(): _as_text(value) for key, value in (mapping.values or {}).items()}
    lowered = text.str.to_lowercase()
    known = lowered.is_in(list(meanings)).fill_null(value=False)
    value = lowered.replace_strict(meanings, default=None, return_dtype=pl.String)
    if not mapping.has_otherwise:
        return value, flag_codes(text, ~known, "unknown_value")
    other = pl.Series([_as_text(mapping.otherwise)], dtype=pl.String).new_from_index(0, len(text))
    value = value.zip_with(known | text.is_null(), other)
    return value, no_codes(text)


def _as_text(value: Meaning) -> str | None:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def read_flags(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Yes and no in the usual words, true and false among them."""
    lowered = text.str.to_lowercase()
    yes, no = lowered.is_in(list(_YES)), lowered.is_in(list(_NO))
    value = yes.set((~yes & ~no), None)
    return value, flag_codes(text, value.is_null(), "yes_or_no")


def read_codes(text: pl.Series, choices: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
    """One of a closed set of words, in any case."""
    value = text.str.to_lowercase()
    known = value.is_in(list(choices)).fill_null(value=False)
    return value.set(~known, None), flag_codes(text, ~known, "unknown_value")
