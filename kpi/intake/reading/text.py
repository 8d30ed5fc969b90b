"""CSV, TSV and other delimited text to a table of text with physical line numbers."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from kpi.intake.reading.encoding import decode
from kpi.intake.reading.headers import checked_names
from kpi.intake.reading.table import (
    LINE,
    FileRefused,
    Request,
    Table,
    clean_cells,
    control_faults,
    problems,
)

DELIMITERS: Final = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_HEAD_LINES: Final = 30
_Rows = tuple[pl.DataFrame, pl.DataFrame]
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_text(data: bytes, request: Request) -> Table:
    """Read delimited text.

    Raises:
        FileRefused: with line and place; nothing of the file is used then.
    """
    options, limits = request.options, request.limits
    _check_line_lengths(data, limits.line_bytes)
    text, encoding = decode(data, options.encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = "\n".join(text[: 4 * limits.line_bytes].split("\n", _HEAD_LINES)[:_HEAD_LINES])
    if not head.strip():
        raise FileRefused("empty_file")
    delimiter = options.delimiter or _sniff_delimiter(head)
    columns, first_line = _header(head, delimiter, request)
    body = _after_line(text, first_line - 1)
    frame, ragged = _read_rows(body, delimiter, columns, first_line)
    frame = clean_cells(frame, columns, ragged["line"])
    if frame.is_empty():
        raise FileRefused("header_only" if len(columns) > 1 else "binary")
    faults = [ragged, control_faults(frame, columns)] if _CONTROL.search(text) else [ragged]
    return Table(columns, frame, pl.concat(faults), "csv", encoding=encoding, delimiter=delimiter)


def _check_line_lengths(data: bytes, most: int) -> None:
    """Refuse a huge line before anything is split at its delimiters."""
    start, number = 0, 1
    while len(data) - start > most:
        window = data[start : start + most + 1]
        at = max(window.rfind(b"\n"), window.rfind(b"\r"))
        if at < 0:
            raise FileRefused("line_too_long", line=number, most=most)
        number += window.count(b"\n", 0, at + 1) or window.count(b"\r", 0, at + 1)
        start += at + 1


def _sniff_delimiter(head: str) -> str:
    """The delimiter that cuts the most lines of the head into equally many cells."""
    scores: dict[str, tuple[bool, int, int]] = {}
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(cells) for _, cells in _head_records(head, delimiter))
        except FileRefused:
            continue
        width, lines = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        scores[delimiter] = (width > 1, lines, width)
    return max(scores, key=lambda delimiter: scores[delimiter], default=",")


def _head_records(head: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """First line and cells of each record at the head of a file, blank lines left out."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, skipinitialspace=True)
    found, start = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused("cell_too_long", line=start) from error
    return found or [(1, [""])]


def _header(head: str, delimiter: str, request: Request) -> tuple[tuple[str, ...], int]:
    """The names of the columns and the physical line on which the rows begin."""
    options, most = request.options, request.limits.text_columns
    if options.columns:
        return options.columns, options.header or 1
    records = _head_records(head, delimiter)
    if options.header:
        records = [record for record in records if record[0] >= options.header]
    if not records:
        raise FileRefused("header_absent", line=options.header)
    at = 0 if options.header else _header_place([cells for _, cells in records])
    line, cells = records[at]
    names = checked_names(cells, line=line, most=most)
    return names, line + 1 + sum(cell.count("\n") for cell in cells)


def _header_place(records: list[list[str]]) -> int:
    """The first record with several cells filled, or simply the first; a title is passed over."""
    for place, cells in enumerate(records):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            return place
    return 0


def _after_line(text: str, count: int) -> str:
    at = 0
    for _ in range(count):
        newline = text.find("\n", at)
        if newline < 0:
            return ""
        at = newline + 1
    return text[at:]


def _read_rows(body: str, delimiter: str, columns: tuple[str, ...], first_line: int) -> _Rows:
    """Cells and ragged rows, by the fastest reader that is sure to be right."""
    text = pl.Series("text", [body]).str.split("\n").explode()
    lines = pl.DataFrame({"text": text}).with_row_index(LINE, offset=first_line)
    lines = lines.filter(pl.col("text").str.strip_chars(f" {delimiter}") != "")
    if '"' not in body:
        return _read_plain(lines, delimiter, columns)
    if lines["text"].str.contains(_clean_line(delimiter)).all():
        return _read_clean(lines, delimiter, columns)
    return _read_quoted(body, delimiter, columns, first_line)


def _read_plain(lines: pl.DataFrame, delimiter: str, columns: tuple[str, ...]) -> _Rows:
    """Rows of a text without quotes: every physical line is a record."""
    lines = _without_empty_cells_at_the_end(lines, delimiter, len(columns))
    cuts = pl.col("text").str.count_matches(delimiter, literal=True)
    ragged = lines.filter(cuts != len(columns) - 1)
    cells = lines["text"].str.split_exact(delimiter, len(columns) - 1).struct.unnest()
    cells.columns = list(columns)
    return cells.with_columns(lines[LINE]), _ragged(
        (row[LINE], row["text"].count(delimiter) + 1) for row in ragged.iter_rows(named=True)
    )


def _clean_line(delimiter: str) -> str:
    """A line whose quotes open where a cell begins and close, on it, where the cell ends."""
    cell = f'(?:"(?:[^"]|"")*"|[^"{re.escape(delimiter)}]*)'
    return f"^{cell}(?:{re.escape(delimiter)}{cell})*$"


def _read_clean(lines: pl.DataFrame, delimiter: str, columns: tuple[str, ...]) -> _Rows:
    """Rows of a text whose every record is one clean line."""
    outside = pl.col("text").str.replace_all('"[^"]*"', "")
    even = outside.str.count_matches(delimiter, literal=True) == len(columns) - 1
    whole, odd = lines.filter(even), lines.filter(~even)
    frame, ragged = _read_one_by_one(odd, delimiter, columns)
    if whole.is_empty():
        return frame, ragged
    cells = pl.read_csv(
        "\n".join(whole["text"]).encode(),
        separator=delimiter,
        has_header=False,
        new_columns=list(columns),
        infer_schema=False,
    )
    rows = pl.concat([cells.with_columns(whole[LINE]), frame])
    return rows.sort(LINE) if frame.height else rows, ragged


def _read_one_by_one(lines: pl.DataFrame, delimiter: str, columns: tuple[str, ...]) -> _Rows:
    """Rows that have too many or too few cells; empty ones too many are none."""
    cells = csv.reader(lines["text"], delimiter=delimiter)
    return _rows_of(zip(lines[LINE].to_list(), cells, strict=True), columns)


def _without_empty_cells_at_the_end(
    lines: pl.DataFrame, delimiter: str, width: int
) -> pl.DataFrame:
    """Cut what is beyond the last column where that is only empty cells."""
    if lines["text"].str.count_matches(delimiter, literal=True).max() in (None, width - 1):
        return lines
    cut, cell = re.escape(delimiter), f"[^{re.escape(delimiter)}]*"
    pattern = f"^({cell}(?:{cut}{cell}){{{width - 1}}})[ {cut}]*$"
    return lines.with_columns(pl.col("text").str.replace(pattern, "${1}"))


def _read_quoted(body: str, delimiter: str, columns: tuple[str, ...], first_line: int) -> _Rows:
    """Rows of a text with quotes of any kind, where a record may run over several lines."""
    return _rows_of(_records(body, delimiter, first_line), columns)


def _rows_of(records: Iterable[tuple[int, list[str]]], columns: tuple[str, ...]) -> _Rows:
    width = len(columns)
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged: list[tuple[int, int]] = []
    for line, cells in records:
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width and any(cells):
            ragged.append((line, len(cells)))
        rows.append((cells + [""] * width)[:width])
        lines.append(line)
    by_column = zip(*rows, strict=True) if rows else [()] * width
    frame = pl.DataFrame(
        {
            name: pl.Series(cells, dtype=pl.String)
            for name, cells in zip(columns, by_column, strict=True)
        }
    )
    return frame.with_columns(pl.Series(LINE, lines, dtype=pl.UInt32)), _ragged(ragged)


def _records(body: str, delimiter: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """First physical line and cells of each record.

    Raises:
        FileRefused: a quote that is never closed, or closed in the middle of a cell.
    """
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    start = 1
    try:
        for cells in reader:
            yield start + first_line - 1, cells
            start = reader.line_num + 1
    except csv.Error as error:
        if "limit" in str(error):
            raise FileRefused("cell_too_long", line=start + first_line - 1) from error
        opened = start + _quote_opens_after(_after_line(body, start - 1), delimiter)
        raise FileRefused("quote", line=opened + first_line - 1) from error


def _quote_opens_after(text: str, delimiter: str) -> int:
    """How many lines below the start of a record its faulty quote opens."""
    opening, inside = 0, False
    pattern = re.compile(f'""|"|[\n{re.escape(delimiter)}]')
    lines, fresh, end = 0, True, 0
    for found in pattern.finditer(text):
        sign = found.group()
        fresh = fresh if text[end : found.start()].strip(" ") == "" else False
        end = found.end()
        if sign == "\n":
            lines += 1
        if inside and sign == '"':
            if not re.match(f" *(?:[\n{re.escape(delimiter)}]|$)", text[end : end + 80]):
                return opening
            inside, fresh = False, False
        elif not inside and sign == '"' and fresh:
            inside, opening = True, lines
        elif not inside:
            fresh = sign in ("\n", delimiter)
    return opening


def _ragged(rows: Iterable[tuple[int, int]]) -> pl.DataFrame:
    return problems((line, "", "columns", str(width)) for line, width in rows)
