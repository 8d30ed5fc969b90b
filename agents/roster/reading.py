"""Read a list of people, CSV or XLSX, into lines of text. No database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

MOST_BYTES = 5_000_000
MOST_LINES = 20_000
MOST_COLUMNS = 60
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(ValueError):
    """The file cannot be read as a list of people; the text says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One line of a file and its number there, counted from 1."""

    number: int
    cells: list[str]


def read_lines(name: str, content: bytes) -> list[Line]:
    """Read the lines that hold anything; the first one is the heading.

    Args:
        name: of the file; its ending decides between XLSX and text.

    Raises:
        Unreadable: too large, empty, of another kind, or damaged.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. A list of people is much smaller."))
    rows = _read_workbook(content) if content.startswith(b"PK") else _read_text(content)
    lines = []
    for number, cells in enumerate(rows, start=1):
        if number > MOST_LINES or len(cells) > MOST_COLUMNS:
            raise Unreadable(_("The file has more than 20,000 lines or 60 columns."))
        if any(cells):
            lines.append(Line(number, cells))
    if not lines:
        raise Unreadable(_("“%(name)s” is empty.") % {"name": name})
    return lines


def _read_text(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable(_("This is not a CSV or Excel (.xlsx) file."))
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield [cell.strip() for cell in cells]
    except csv.Error as error:
        message = _("Line %(line)s cannot be read: %(why)s. A quotation mark may be missing.")
        raise Unreadable(message % {"line": reader.line_num, "why": error}) from error


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF_16) else _ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The letters cannot be read. Save the file as CSV UTF-8 or as .xlsx."))


def _read_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        message = _("This is not an Excel (.xlsx) file, or it is damaged.")
        raise Unreadable(message) from error
    if sheet.height > MOST_LINES or sheet.width > MOST_COLUMNS:
        raise Unreadable(_("The file has more than 20,000 lines or 60 columns."))
    for row in sheet.to_python(skip_empty_area=False):
        yield [_written(cell) for cell in row]


def _written(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
