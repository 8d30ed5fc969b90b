"""A table and a mapping to typed rows, and a problem for every cell that could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from kpi.intake.fields import DAY_OF, Spec, spec_of
from kpi.intake.mapping.model import FieldMapping, KindMapping
from kpi.intake.parsing import moments, numbers, words
from kpi.intake.parsing.moments import Clock
from kpi.intake.parsing.numbers import merge_codes
from kpi.intake.reading.table import LINE, PROBLEM_SCHEMA, problems

# Fields that may lie ahead of now, in days.
_AHEAD = {"due_at": 3_660, ("figures", "date"): 366}
_VALUE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Parsed:
    """Rows of one kind.

    ``frame``: ``LINE``, ``day`` (Date) and one typed column per mapped field. ``problems``
    (``PROBLEM_SCHEMA``): cells that could not be read; their values are null in ``frame``.
    ``notes`` counts what was taken with a doubt: ``time_twice``, moments in an hour that the
    clock shows twice; ``customer_lost``, customers whose number a spreadsheet destroyed.
    """

    frame: pl.DataFrame
    problems: pl.DataFrame
    notes: Counter[str]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One field of every row: the text it came from, its values, what is wrong with them."""

    text: pl.Series
    value: pl.Series
    codes: pl.Series
    note: str = ""
    noted: int = 0


def parse_rows(
    rows: pl.DataFrame, mapping: KindMapping, clock: Clock, *, empty: tuple[str, ...] = ()
) -> Parsed:
    """Read the fields of one kind from rows of text.

    Args:
        rows: text columns of a file and ``LINE``.
        empty: values that mean nothing in every column.
    """
    values: dict[str, pl.Series] = {LINE: rows[LINE]}
    found, notes = [problems()], Counter[str]()
    for name, field in mapping.fields.items():
        spec = spec_of(mapping.kind, name)
        if spec is None:
            raise ValueError(f"{mapping.kind} have no field {name}.")
        cell = _read_cell(rows, spec, field, clock, (mapping.kind, empty))
        values[name] = cell.value
        found.append(_cell_problems(rows[LINE], cell, _column_name(field), masked=name))
        notes[cell.note] += cell.noted
    frame = pl.DataFrame(values)
    frame = frame.with_columns(_days(frame, mapping.kind, clock))
    return Parsed(frame, pl.concat(found), +notes)


def _read_cell(
    rows: pl.DataFrame,
    spec: Spec,
    field: FieldMapping,
    clock: Clock,
    context: tuple[str, tuple[str, ...]],
) -> _Cell:
    kind, empty = context
    if field.difference:
        return _read_difference(rows, spec, field, clock)
    text = words.cell_text(rows, field, empty)
    mapped, codes = (text, None) if field.values is None else words.map_values(text, field)
    cell = _READERS[spec.type](mapped, spec, field, clock, kind)
    codes = cell.codes if codes is None else merge_codes(codes, cell.codes)
    if spec.is_required:
        missing = numbers.flag_codes(_filled(text), cell.value.is_null(), "missing")
        codes = merge_codes(codes, missing)
    return _Cell(text, cell.value, codes, cell.note, cell.noted)


def _filled(text: pl.Series) -> pl.Series:
    """The same with empty text for missing cells, so that a code can stand there."""
    return text.fill_null("")


def _read_difference(rows: pl.DataFrame, spec: Spec, field: FieldMapping, clock: Clock) -> _Cell:
    """Seconds from one moment to another, over changes of the clock as they really were."""
    ends = [replace(field, columns=(name,), difference=None) for name in field.difference or ()]
    texts = [words.cell_text(rows, end, ()) for end in ends]
    start, start_codes, _ = moments.read_moments(texts[0], field.formats, clock)
    end, end_codes, _ = moments.read_moments(texts[1], field.formats, clock)
    seconds = (end - start).dt.total_seconds()
    text = pl.select(pl.concat_str(texts, separator=" – ", ignore_nulls=True)).to_series()
    ranges = numbers.out_of_range(
        _filled(text), seconds, spec.lowest, spec.highest, ("end_before_start", "too_long")
    )
    codes = merge_codes(merge_codes(start_codes, end_codes), ranges)
    return _Cell(text, seconds.set(codes.is_not_null(), None), codes)


def _read_seconds(
    text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str
) -> _Cell:
    value, codes = numbers.read_seconds(text, field.reading or "seconds")
    return _in_range(text, value, codes, spec, ("negative", "too_long"))


def _read_number(
    text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str
) -> _Cell:
    if spec.type == "whole":
        value, codes = numbers.read_whole(text)
    else:
        value, codes = numbers.read_decimals(text, field.reading)
    return _in_range(text, value, codes, spec, ("out_of_range", "out_of_range"))


def _in_range(
    text: pl.Series, value: pl.Series, codes: pl.Series, spec: Spec, names: tuple[str, str]
) -> _Cell:
    ranges = numbers.out_of_range(text, value, spec.lowest, spec.highest, names)
    codes = merge_codes(codes, ranges)
    return _Cell(text, value.set(codes.is_not_null(), None), codes)


def _read_moment(
    text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str
) -> _Cell:
    value, codes, twice = moments.read_moments(text, field.formats, clock)
    ahead = _AHEAD.get(spec.name, 0)
    codes = merge_codes(codes, moments.outside(text, value, clock, may_be_ahead=ahead))
    return _Cell(text, value.set(codes.is_not_null(), None), codes, "time_twice", twice)


def _read_date(text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str) -> _Cell:
    value, codes = moments.read_dates(text, field.formats, clock)
    ahead = _AHEAD.get((kind, spec.name), 0)
    codes = merge_codes(codes, moments.outside(text, value, clock, may_be_ahead=ahead))
    return _Cell(text, value.set(codes.is_not_null(), None), codes)


def _read_flag(text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str) -> _Cell:
    if field.reading == "filled":
        return _Cell(text, text.is_not_null(), numbers.no_codes(text))
    return _Cell(text, *words.read_flags(text))


def _read_code(text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str) -> _Cell:
    return _Cell(text, *words.read_codes(text, spec.choices))


def _read_text(text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str) -> _Cell:
    codes = numbers.flag_codes(text, text.str.len_chars() > spec.longest, "text_too_long")
    if spec.name in {"external_id", "agent", "contact", "ticket"}:
        broken = numbers.flag_codes(text, text.str.contains(words.SCIENTIFIC), "scientific_id")
        codes = merge_codes(codes, broken)
    return _Cell(text, text.set(codes.is_not_null(), None), codes)


def _read_customer(
    text: pl.Series, spec: Spec, field: FieldMapping, clock: Clock, kind: str
) -> _Cell:
    """A customer's number; one that a spreadsheet wrote as 9.72E+11 is nobody's, so missing."""
    codes = numbers.flag_codes(text, text.str.len_chars() > spec.longest, "text_too_long")
    lost = text.str.contains(words.SCIENTIFIC).fill_null(value=False)
    value = text.set(codes.is_not_null() | lost, None)
    return _Cell(text, value, codes, "customer_lost", int(lost.sum()))


_READERS = {
    "seconds": _read_seconds,
    "whole": _read_number,
    "decimal": _read_number,
    "moment": _read_moment,
    "date": _read_date,
    "flag": _read_flag,
    "code": _read_code,
    "text": _read_text,
    "agent": _read_text,
    "customer": _read_customer,
}


def _column_name(field: FieldMapping) -> str:
    return " + ".join(field.columns or field.difference or ())


def _cell_problems(lines: pl.Series, cell: _Cell, column: str, *, masked: str) -> pl.DataFrame:
    if cell.codes.null_count() == len(cell.codes):
        return problems()
    found = pl.DataFrame({"line": lines, "code": cell.codes, "value": cell.text})
    found = found.filter(pl.col("code").is_not_null())
    shown = pl.col("value").fill_null("").str.head(_VALUE_CHARACTERS)
    if masked == "customer":
        shown = pl.concat_str(pl.lit("…"), shown.str.tail(4))
    return found.select("line", pl.lit(column).alias("column"), "code", shown.alias("value")).cast(
        PROBLEM_SCHEMA
    )


def _days(frame: pl.DataFrame, kind: str, clock: Clock) -> list[pl.Series]:
    """``day`` of each row, and ``solved_day`` of tickets."""
    anchors = [name for name in DAY_OF[kind] if name in frame.columns]
    day = _day(frame[anchors[0]], clock)
    for name in anchors[1:]:
        day = day.zip_with(day.is_not_null(), _day(frame[name], clock))
    days = [day.alias("day")]
    if "solved_at" in frame.columns:
        days.append(_day(frame["solved_at"], clock).alias("solved_day"))
    return days


def _day(values: pl.Series, clock: Clock) -> pl.Series:
    return values if values.dtype == pl.Date else moments.local_day(values, clock.day_zone)
