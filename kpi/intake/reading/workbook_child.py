"""The child process that reads one sheet of a workbook, under limits of memory and time.

It takes its order as JSON on standard input, writes one JSON list per row to a file, and
answers with JSON on standard output. Run as ``python -m kpi.intake.reading.workbook_child``.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from kpi.intake.reading.workbook_scan import Refused, scan_sheet, sheet_part

_WHOLE_DIGITS: Final = 1e15


def main() -> None:
    """Do what the order says and answer; what is wrong with the file is part of the answer."""
    order = json.load(sys.stdin)
    _limit(order["memory_bytes"], order["seconds"])
    try:
        answer = read_sheet(order)
    except Refused as refused:
        answer = {"refused": refused.code, "details": refused.details}
    json.dump(answer, sys.stdout)


def _limit(memory_bytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # a system without such limits still has the parent's time limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_sheet(order: dict[str, Any]) -> dict[str, Any]:
    """Scan the sheet's XML, then read its cells.

    Raises:
        Refused: the workbook cannot be read within its limits.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    with zipfile.ZipFile(order["path"]) as archive:
        parts = sheet_part(archive, order["sheet"], order["unpacked_bytes"])
        marks = scan_sheet(archive, parts.path, order["most_rows"], order["most_columns"])
    try:
        book = CalamineWorkbook.from_path(order["path"])
        hidden = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible != SheetVisibleEnum.Visible
        ]
        sheet = book.get_sheet_by_name(parts.name)
        marked = {mark[0] for mark in marks}
        _write_rows(Path(order["rows"]), sheet.to_python(skip_empty_area=False), marked)
    except CalamineError as error:
        raise Refused("workbook_damaged") from error
    return {"sheet": parts.name, "sheets": list(book.sheet_names), "hidden": hidden, "marks": marks}


def _write_rows(path: Path, rows: list[list[Any]], marked: set[int]) -> None:
    """Rows with anything in them, those of marked cells too, which read as empty."""
    with path.open("w", encoding="utf-8") as file:
        for line, row in enumerate(rows, 1):
            cells = [cell_text(cell) for cell in row]
            if line in marked or any(cells):
                file.write(json.dumps([line, cells], ensure_ascii=False) + "\n")


def cell_text(value: Any) -> str:
    """A cell as text: dates in ISO form, durations as h:mm:ss, whole numbers without a point."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\x00", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _WHOLE_DIGITS
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, time):
        midnight = datetime.combine(date.min, time())
        return _clock(datetime.combine(date.min, value) - midnight)
    if isinstance(value, timedelta):
        return _clock(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _clock(duration: timedelta) -> str:
    sign = "-" if duration < timedelta() else ""
    seconds, parts = divmod(abs(duration), timedelta(seconds=1))
    fraction = f".{parts.microseconds:06}" if parts.microseconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


if __name__ == "__main__":
    main()
