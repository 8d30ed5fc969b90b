"""XLSX: looked over in the zip first, then read by a child process that may die alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import polars as pl

from kpi.intake.limits import Limits
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

_MB = 1_000_000
_Row = tuple[int, list[str]]


def is_workbook(path: Path) -> bool:
    """Whether a zip holds the parts of an XLSX workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def read_workbook(path: Path, request: Request) -> Table:
    """Read one sheet: the one the mapping names, else the first that is not hidden.

    Raises:
        FileRefused: too large in any direction, damaged, encrypted, no such sheet.
    """
    limits = request.limits
    if path.stat().st_size > limits.workbook_bytes:
        raise FileRefused("too_large", most=limits.workbook_bytes // _MB)
    _check_directory(path, limits)
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        answer = _ask_child(path, Path(folder), request)
        rows = _read_rows(Path(folder) / "rows.jsonl")
    return _table(rows, answer, request)


def _check_directory(path: Path, limits: Limits) -> None:
    """Refuse by what the zip says of itself; the child counts again while it unpacks."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused("workbook_damaged") from error
    if len(entries) > limits.workbook_entries:
        raise FileRefused("workbook_entries", count=len(entries))
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise FileRefused("workbook_unpacked", most=limits.unpacked_bytes // _MB)
    if any(entry.filename.endswith("vbaProject.bin") for entry in entries):
        raise FileRefused("workbook_macros")


def _ask_child(path: Path, folder: Path, request: Request) -> dict[str, Any]:
    """Have the child process read the sheet; a child that dies takes nothing with it.

    A plain subprocess: a worker of Celery may not have children of multiprocessing.
    """
    limits = request.limits
    order = {
        "path": str(path),
        "rows": str(folder / "rows.jsonl"),
        "sheet": request.options.sheet,
        "unpacked_bytes": limits.unpacked_bytes,
        "most_rows": limits.workbook_rows,
        "most_columns": limits.workbook_columns,
        "memory_bytes": limits.child_memory_bytes,
        "seconds": limits.child_seconds,
    }
    command = [sys.executable, "-m", "kpi.intake.reading.workbook_child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, fixed words
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=limits.child_seconds + 10,
            check=False,
            cwd=Path(__file__).resolve().parents[3],
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("workbook_limits") from error
    if done.returncode != 0:
        raise FileRefused("workbook_limits" if done.returncode < 0 else "workbook_damaged")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        raise FileRefused(answer["refused"], **answer.get("details", {}))
    return answer


def _read_rows(path: Path) -> list[_Row]:
    with path.open(encoding="utf-8") as file:
        return [(line, cells) for line, cells in map(json.loads, file)]


def _table(rows: list[_Row], answer: dict[str, Any], request: Request) -> Table:
    names, rows, first_line = _header(rows, request)
    lines = pl.Series(LINE, [line for line, _ in rows], dtype=pl.UInt32)
    texts = {
        name: pl.Series(
            [cells[at] if at < len(cells) else "" for _, cells in rows], dtype=pl.String
        )
        for at, name in enumerate(names)
    }
    faults = _faults(rows, answer["marks"], names, first_line)
    frame = clean_cells(pl.DataFrame(texts).with_columns(lines), names, faults["line"])
    if frame.is_empty():
        raise FileRefused("header_only")
    return Table(
        names,
        frame,
        pl.concat([faults, control_faults(frame, names)]),
        "xlsx",
        sheet=answer["sheet"],
        sheets=tuple(answer["sheets"]),
        hidden_sheets=tuple(answer["hidden"]),
    )


def _header(rows: list[_Row], request: Request) -> tuple[tuple[str, ...], list[_Row], int]:
    """The names of the columns, the rows below them, and the line these begin on."""
    options = request.options
    rows = [row for row in rows if row[0] >= (options.header or 1)]
    if options.columns:
        return options.columns, rows, options.header or 1
    filled = [row for row in rows if any(cell.strip() for cell in row[1])]
    if not filled:
        raise FileRefused("empty_file")
    several = [row for row in filled if sum(bool(cell.strip()) for cell in row[1]) > 1]
    line, cells = filled[0] if options.header else (several or filled)[0]
    names = checked_names(cells, line=line, most=request.limits.workbook_columns)
    return names, [row for row in rows if row[0] > line], line + 1


def _faults(
    rows: list[_Row], marks: list[list[Any]], names: tuple[str, ...], first_line: int
) -> pl.DataFrame:
    """Cells with an error or a formula without a value, and rows wider than the header."""
    width = len(names)
    found = [
        (line, names[column], code, value)
        for line, column, code, value in marks
        if line >= first_line and column < width
    ]
    found += [
        (line, "", "columns", str(len(cells)))
        for line, cells in rows
        if any(cell.strip() for cell in cells[width:])
    ]
    return problems(found)
