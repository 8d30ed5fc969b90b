"""The empty list of people to start from, as CSV or XLSX, in the language of the page."""

from __future__ import annotations

import csv
import io

import xlsxwriter
from django.utils.translation import get_language

from agents.roster.entries import COLUMNS, has_chinese
from agents.roster.reading import Line

_EXAMPLES = (
    ("1001", "Lin Xiaomei", "林晓梅", "lin@example.org", "Phone A", "Phone agent", "Early"),
    ("1002", "Daniel Okafor", "", "okafor@example.org", "Phone A", "Phone agent", "Late"),
)
_ENDS = (("2026-01-01", "", "phone:4011"), ("2026-01-01", "2026-07-01", ""))


def template_rows() -> list[list[str]]:
    """Heading and two examples."""
    examples = [[*row, *ends] for row, ends in zip(_EXAMPLES, _ENDS, strict=True)]
    return [heading(), *examples]


def heading() -> list[str]:
    """The headings in the language of the page; both languages are recognised."""
    if not (get_language() or "").startswith("zh"):
        return list(COLUMNS)
    return [next(word for word in words if has_chinese(word)) for words in COLUMNS.values()]


def as_csv(rows: list[list[str]]) -> bytes:
    """CSV with a byte-order mark, by which spreadsheets know that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    """A workbook with every cell as text, so that no staff number loses its zeros."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        as_text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(rows[0]) - 1, 18, as_text)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell, as_text)
    return content.getvalue()


def as_text(lines: list[Line]) -> str:
    """Lines as CSV with their numbers kept: what stands between them is empty."""
    cells = {line.number: line.cells for line in lines}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for number in range(1, max(cells) + 1):
        writer.writerow(cells.get(number, [""]))
    return text.getvalue()
