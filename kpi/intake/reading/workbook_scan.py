"""A workbook's XML looked over before anything parses it: sizes, places of cells, formulas.

A spreadsheet of 1.4 KB with a cell in the last row and column takes a parser many seconds or
its life; a formula without a stored value reads as an empty cell. Both are found here.
"""

from __future__ import annotations

import re
import zipfile
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, XMLParser

_CHUNK = 1 << 20
_F: Final = rb"<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b")
_FAR_CELL: Final = re.compile(rb'\br="(?:[A-Z]{2,3}[0-9]{1,7}|[A-Z][0-9]{5,7})"')
_ERROR_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:' + _F + rb")?\s*(?:<(?:\w+:)?v>([^<]*)<)?"
)
_EMPTY_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*"
    + _F
    + rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_DTD: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Refused(Exception):
    """The workbook cannot be taken; ``code`` and ``details`` say why."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Part(NamedTuple):
    """A sheet: its name and where its XML lies in the zip."""

    name: str
    path: str


def sheet_part(archive: zipfile.ZipFile, wanted: str | None, most_bytes: int) -> Part:
    """The sheet asked for, else the first that is shown.

    Raises:
        Refused: damaged, encrypted, more bytes than allowed, no such sheet.
    """
    _count_bytes(archive, most_bytes)
    book = _xml(archive, "xl/workbook.xml")
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    shown = [sheet for sheet in sheets if sheet.get("state", "visible") == "visible"]
    if wanted is not None:
        shown = [sheet for sheet in sheets if sheet.get("name") == wanted]
        if not shown:
            names = ", ".join(sheet.get("name", "") for sheet in sheets)
            raise Refused("workbook_sheet", sheet=wanted, sheets=names)
    for sheet in shown:
        target = targets.get(sheet.get(_RELATION) or sheet.get(_RELATION_STRICT) or "", "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in path and path in archive.namelist():
            return Part(sheet.get("name", ""), path)
    raise Refused("workbook_no_sheet")


def _count_bytes(archive: zipfile.ZipFile, most: int) -> None:
    """Unpack everything once, counting: the sizes in a zip's directory can lie."""
    total = 0
    for entry in archive.infolist():
        try:
            with archive.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    total += len(chunk)
                    if total > most:
                        raise Refused("workbook_unpacked", most=most // 1_000_000)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
            raise Refused("workbook_damaged") from error


def _read(archive: zipfile.ZipFile, path: str) -> bytes:
    try:
        data = archive.read(path)
    except KeyError as error:
        raise Refused("workbook_damaged") from error
    if _DTD.search(data):
        raise Refused("workbook_damaged")
    return data


def _xml(archive: zipfile.ZipFile, path: str) -> Element:
    parser = XMLParser()  # noqa: S314 - a document type was refused before
    try:
        parser.feed(_read(archive, path))
        return parser.close()
    except ParseError as error:
        raise Refused("workbook_damaged") from error


def scan_sheet(
    archive: zipfile.ZipFile, path: str, most_rows: int, most_columns: int
) -> list[list[Any]]:
    """Look over a sheet's XML.

    Returns:
        Row, column (from 0), code and value of every cell that shows an error, or whose
        formula has no stored value.

    Raises:
        Refused: a cell or row beyond the limits.
    """
    data = _read(archive, path)
    _check_places(data, most_rows, most_columns)
    marks = [_mark(cell, "error_cell", cell[2] or b"") for cell in _ERROR_CELL.finditer(data)]
    marks += [
        _mark(cell, "formula_without_value", b"")
        for cell in _EMPTY_FORMULA.finditer(data)
        if b't="str"' not in cell[1] and b't="e"' not in cell[1]
    ]
    return [mark for mark in marks if mark]


def _check_places(data: bytes, most_rows: int, most_columns: int) -> None:
    if sum(1 for _ in _ROW.finditer(data)) > most_rows + 1:
        raise Refused("too_many_rows", most=most_rows)
    for cell in _FAR_CELL.finditer(data):
        letters, line = _REFERENCE.fullmatch(cell[0][3:-1].decode()).groups()  # type: ignore[union-attr]
        if _column(letters) >= most_columns or int(line) > most_rows + 1:
            place = f"{letters}{line}"
            raise Refused("workbook_cell", cell=place, rows=most_rows, columns=most_columns)


def _mark(cell: re.Match[bytes], code: str, value: bytes) -> list[Any] | None:
    found = _PLACE.search(cell[1])
    if found is None:
        return None
    return [int(found[2]), _column(found[1].decode()), code, value.decode("utf-8", "replace")]


def _column(letters: str) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
