import csv
import io

from django.utils import translation
from python_calamine import CalamineWorkbook

from agents.roster import template
from agents.roster.entries import COLUMNS
from agents.roster.reading import Line


def test_heading_is_that_of_the_page_s_language():
    assert template.heading() == list(COLUMNS)

    with translation.override("zh-hans"):
        chinese = template.heading()

    assert len(chinese) == len(COLUMNS)
    assert all(word in words for word, words in zip(chinese, COLUMNS.values(), strict=True))


def test_every_row_has_a_cell_for_every_column():
    assert {len(row) for row in template.template_rows()} == {len(COLUMNS)}


def test_csv_is_marked_as_utf_8_and_reads_back():
    rows = template.template_rows()

    content = template.as_csv(rows)

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == rows


def test_workbook_keeps_the_zeros_of_a_staff_number():
    rows = [["code"], ["0012"]]

    book = CalamineWorkbook.from_filelike(io.BytesIO(template.as_xlsx(rows)))

    assert book.get_sheet_by_index(0).to_python() == rows


def test_lines_keep_their_numbers():
    text = template.as_text([Line(2, ["1001", "Lin"]), Line(4, ["1002", "Okafor"])])

    assert text.splitlines() == ['""', "1001,Lin", '""', "1002,Okafor"]
