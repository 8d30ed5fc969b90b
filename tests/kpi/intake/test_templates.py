import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from kpi.intake.shipped_templates import SHIPPED, TEMPLATES
from kpi.intake.templates import as_csv, as_xlsx, help_lines


@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.code)
def test_every_column_is_explained_in_both_languages(template):
    heading, *lines = help_lines(template)

    assert [line[0] for line in lines] == list(template.columns)
    assert all(all(line) for line in lines)
    assert len(heading) == len(lines[0]) == 6


def test_help_says_unit_codes_and_what_is_required():
    lines = {line[0]: line for line in help_lines(TEMPLATES["shifts"])}
    events = {line[0]: line for line in help_lines(TEMPLATES["events"])}

    assert lines["date"][5] == "yes 必填"
    assert lines["break_s"][3:] == [
        "whole seconds; or in the whole column hours:minutes:seconds, such as 0:03:20",
        "秒数（整数）；也可整列写成时:分:秒，如 0:03:20",
        "no 选填",
    ]
    assert "praise (praise)" in events["kind"][3]
    assert "adopted_idea（被采纳的建议）" in events["kind"][4]


def test_csv_starts_with_its_mark_and_the_names():
    content = as_csv(TEMPLATES["events"])

    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["external_id", "agent", "date", "kind"]
    assert len(rows) == 3


def test_workbook_explains_on_its_second_sheet():
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(TEMPLATES["events"])))

    assert book.sheet_names == ["events", "说明 Help"]
    rows = book.get_sheet_by_name("events").to_python()
    assert rows[1][:4] == ["E-1", "A1001", "2026-10-08", "praise"]
    assert book.get_sheet_by_name("说明 Help").to_python()[0][0] == "Column 列名"
