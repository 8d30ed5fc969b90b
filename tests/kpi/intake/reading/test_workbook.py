import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from kpi.intake.limits import Limits
from kpi.intake.reading.opening import read_table
from kpi.intake.reading.table import LINE, FileOptions, FileRefused, Request

HEADER = ["call", "started", "talk", "score"]


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "calls.xlsx"

    def write(fill, *, options=None, edit=None):
        workbook = xlsxwriter.Workbook(str(path), options or {})
        formats = {
            "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "time": workbook.add_format({"num_format": "hh:mm:ss"}),
            "long": workbook.add_format({"num_format": "[h]:mm:ss"}),
        }
        sheet = workbook.add_worksheet("Calls")
        sheet.write_row(0, 0, HEADER)
        fill(workbook, sheet, formats)
        workbook.close()
        if edit:
            change_sheet(path, edit)
        return path

    return write


def change_sheet(path, edit):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = edit(parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def read(path, *, limits=None, **options):
    request = Request(FileOptions(**options), limits or Limits())
    return read_table(path, name=path.name, request=request)


def one_row(_workbook, sheet, formats):
    sheet.write(1, 0, 4711)
    sheet.write_datetime(
        1,
        1,
        datetime(2026, 3, 1, 8, 5, 9),  # noqa: DTZ001 - a cell has no zone
        formats["moment"],
    )
    sheet.write_number(1, 2, 0.00145, formats["time"])
    sheet.write_number(1, 3, 1.2, formats["long"])


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_dates_times_and_durations_become_text_in_both_date_systems(book, options):
    table = read(book(one_row, options=options))

    assert table.frame.select(*HEADER, LINE).rows() == [
        ("4711", "2026-03-01 08:05:09", "0:02:05.280000", "28:48:00", 2)
    ]


def test_a_cell_in_the_last_row_and_column_is_refused_by_name(book):
    def fill(workbook, sheet, formats):
        one_row(workbook, sheet, formats)
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(FileRefused) as refused:
        read(book(fill))

    assert refused.value.code == "workbook_cell"
    assert refused.value.details["cell"] == "XFD1048576"


def test_a_formula_without_a_stored_value_is_a_fault_of_its_row(book):
    row = b'<row r="3"><c r="A3"><v>12</v></c><c r="C3"><f>SUM(A1)</f></c></row></sheetData>'
    path = book(one_row, edit=lambda xml: xml.replace(b"</sheetData>", row))

    table = read(path)

    assert table.faults.rows() == [(3, "talk", "formula_without_value", "")]
    assert table.rows == 2


def test_an_error_cell_is_a_fault_of_its_row(book):
    def fill(workbook, sheet, formats):
        one_row(workbook, sheet, formats)
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")

    assert read(book(fill)).faults.rows() == [(2, "score", "error_cell", "#DIV/0!")]


def test_the_first_shown_sheet_is_read_and_hidden_ones_are_named(book):
    def fill(workbook, sheet, formats):
        one_row(workbook, sheet, formats)
        workbook.add_worksheet("Old").hide()

    table = read(book(fill))

    assert table.sheet == "Calls"
    assert table.hidden_sheets == ("Old",)


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(book):
    with pytest.raises(FileRefused) as refused:
        read(book(one_row), sheet="May")

    assert refused.value.code == "workbook_sheet"
    assert refused.value.details["sheets"] == "Calls"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(workbook_bytes=1_000), "too_large"),
        (Limits(unpacked_bytes=1_000), "workbook_unpacked"),
        (Limits(workbook_entries=3), "workbook_entries"),
        (Limits(workbook_rows=0), "too_many_rows"),
        (Limits(workbook_columns=2), "workbook_cell"),
    ],
)
def test_every_limit_refuses(book, limits, code):
    if code == "workbook_cell":
        path = book(lambda _w, sheet, _f: sheet.write(1, 30, "x"))
    else:
        path = book(one_row)

    with pytest.raises(FileRefused) as refused:
        read(path, limits=limits)

    assert refused.value.code == code


def test_a_document_type_is_refused(book):
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet '
    path = book(one_row, edit=lambda xml: xml.replace(b"<worksheet ", bomb, 1))

    with pytest.raises(FileRefused) as refused:
        read(path)

    assert refused.value.code == "workbook_damaged"


def test_a_number_too_long_for_a_spreadsheet_shows_that_it_lost_digits(book):
    table = read(book(lambda _w, sheet, _f: sheet.write(1, 0, 1.23e18)))

    assert table.frame["call"].to_list() == ["1.23e+18"]
