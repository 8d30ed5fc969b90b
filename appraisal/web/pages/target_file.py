"""Targets of a cycle as a workbook, and back: what is wrong is told by its cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_rowcol_to_cell

from agents.roster.reading import Line
from appraisal.services.targets import Place
from appraisal.web.pages.target_grid import Column, Grid, Row, read

HEADINGS = ("level", "code", "name")
_FIRST = len(HEADINGS)


def write(grid: Grid) -> bytes:
    """The grid as a workbook; every cell is a text, so that no code loses its zeros."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Targets")[:31])
        plain = book.add_format({"num_format": "@"})
        strong = book.add_format({"num_format": "@", "bold": True})
        sheet.set_column(0, _FIRST + len(grid.columns), 18, plain)
        sheet.freeze_panes(1, _FIRST)
        titles = [*HEADINGS, *map(heading_of, grid.columns)]
        lines = [titles, *([row.level, row.code, row.label, *_values(row)] for row in grid.rows)]
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text, plain if number else strong)
    return content.getvalue()


def heading_of(column: Column) -> str:
    """Code, name and unit of an item; the code is what a file is read by."""
    unit = f", {column.unit_name}" if column.unit_name else ""
    return f"{column.item}: {column.name}{unit}"


def _values(row: Row) -> list[str]:
    return [cell.value for cell in row.cells]


class BadFile(Exception):
    """The file cannot be taken; ``problems`` says why, cell by cell."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


def read_file(
    lines: Sequence[Line], grid: Grid
) -> tuple[dict[Place, Decimal | None], dict[Place, str]]:
    """What a file asks for, and the cell of each.

    Rows and items that the file leaves out stay as they are; an empty cell takes a target away.

    Raises:
        BadFile: with everything that is wrong with it.
    """
    columns = _columns(lines[0], grid)
    problems: list[str] = []
    wanted: dict[Place, Decimal | None] = {}
    cells: dict[Place, str] = {}
    for line in lines[1:]:
        row = grid.row_of(*_key(line))
        if row is None:
            problems.append(_unknown(line))
            continue
        for at, column in columns.items():
            place, cell = Place(column.item, row.level, row.holder), _name(line.number, at)
            try:
                value = read(_text(line, at), column.unit)
            except ValueError as error:
                problems.append(f"{cell}: {error}")
                continue
            if place in wanted:
                problems.append(_("%(cell)s: this row stands twice in the file.") % {"cell": cell})
            wanted[place], cells[place] = value, cell
    if problems:
        raise BadFile(problems)
    return wanted, cells


def _columns(heading: Line, grid: Grid) -> dict[int, Column]:
    """The items that the columns behind the name are of.

    Raises:
        BadFile: another file than the one given out.
    """
    if [cell.lower() for cell in heading.cells[:_FIRST]] != list(HEADINGS):
        told = _("A1 to C1 must read level, code, name. Fill in the file that is given out here.")
        raise BadFile([told])
    known = {column.item: column for column in grid.columns}
    found: dict[int, Column] = {}
    problems = []
    for at, title in enumerate(heading.cells[_FIRST:], start=_FIRST):
        code = title.partition(":")[0].strip()
        if code in known and known[code] not in found.values():
            found[at] = known[code]
        elif title:
            text = _("%(cell)s: “%(title)s” is no item of this scheme that has targets.")
            problems.append(text % {"cell": _name(heading.number, at), "title": title[:60]})
    if problems:
        raise BadFile(problems)
    return found


def _key(line: Line) -> tuple[str, str]:
    return _text(line, 0).lower(), _text(line, 1)


def _unknown(line: Line) -> str:
    level, code = _key(line)
    text = _("%(cell)s: there is no %(level)s “%(code)s” in this scheme and cycle.")
    return text % {"cell": _name(line.number, 1), "level": level[:20] or "?", "code": code[:60]}


def _text(line: Line, at: int) -> str:
    return line.cells[at] if at < len(line.cells) else ""


def _name(line: int, at: int) -> str:
    """A cell as spreadsheets call it."""
    return str(xl_rowcol_to_cell(line - 1, at))


def by_cell(problems: Mapping[Place, str], cells: Mapping[Place, str]) -> list[str]:
    """What is wrong with targets of a file, at the cells they stand in."""
    return [f"{cells[place]}: {text}" for place, text in problems.items()]
