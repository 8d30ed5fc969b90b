import csv
import zipfile
from decimal import Decimal

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from agents.models import Agent
from appraisal.models import Scorecard
from appraisal.services import exports, publication
from tests.factories import NOW

PAYLOADS = [
    "=1+1", "+1", "-1", "@x", "\t=1+1", "\r=1+1", "\n=1+1", "=HYPERLINK(\"http://x\")",
    "＝1+1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A1",
]  # fmt: skip
HARMLESS = ["Ana", "a=1", "1+1", "李安娜", "O'Neill", "{=1}", "<b>Ana</b>"]


@pytest.fixture
def run(october, compute):
    return compute(october)


def read_workbook(path):
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def as_dicts(table):
    heading, *rows = table
    return [dict(zip(heading, row, strict=True)) for row in rows]


def row_of(table, code, item=None):
    return next(
        row
        for row in as_dicts(table)
        if row["Staff number"] == code and item in {None, row.get("Item")}
    )


def test_workbook_has_a_row_for_each_agent_and_all_lines(run, tmp_path):
    written = exports.export_results(run, tmp_path / "october.xlsx")

    sheets = read_workbook(tmp_path / "october.xlsx")
    assert written == 3
    assert list(sheets) == ["Agents", "Lines"]
    assert [row["Staff number"] for row in as_dicts(sheets["Agents"])] == ["ana", "ben", "bo"]
    assert len(as_dicts(sheets["Lines"])) == 30


def test_numbers_are_numbers(run, tmp_path):
    Scorecard.objects.filter(run=run, agent__code="ben").update(total=Decimal("-3.25"))
    exports.export_results(run, tmp_path / "october.xlsx")

    sheets = read_workbook(tmp_path / "october.xlsx")
    ben = row_of(sheets["Agents"], "ben")
    calls = row_of(sheets["Lines"], "ana", "calls")
    assert (ben["Total"], ben["Weight covered, %"], ben["Days present"]) == (-3.25, 65, 31)
    assert (calls["Value"], calls["Numerator"], calls["Denominator"]) == (58, 116, 2)
    assert (calls["Weight"], calls["Sample"], calls["KPI version"]) == (50, 2, 1)


def test_what_is_missing_is_an_empty_cell_and_no_zero(run, tmp_path):
    exports.export_results(run, tmp_path / "october.xlsx")
    exports.export_results(run, tmp_path / "october.csv")

    sheets = read_workbook(tmp_path / "october.xlsx")
    exam = row_of(sheets["Lines"], "ana", "exam")
    assert (exam["Value"], exam["Points"], exam["State"]) == ("", "", "awaited")
    assert row_of(sheets["Agents"], "ana")["Rank"] == ""
    lines = read_csv(tmp_path / "october-lines.csv")
    assert row_of(lines, "ana", "exam")["Points"] == ""


def test_csv_is_two_files_that_spreadsheets_take_for_utf_8(run, tmp_path):
    Scorecard.objects.filter(run=run, agent__code="ben").update(total=Decimal("-3.25"))
    Agent.objects.filter(code="ana").update(name_zh="李安娜")

    exports.export_results(run, tmp_path / "october.csv")

    assert (tmp_path / "october.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    agents = read_csv(tmp_path / "october.csv")
    assert row_of(agents, "ana")["Chinese name"] == "李安娜"
    assert row_of(agents, "ben")["Total"] == "-3.25"
    lines = read_csv(tmp_path / "october-lines.csv")
    assert row_of(lines, "ana", "calls")["Value"] == "58.000000000"


def test_both_formats_say_the_same(run, tmp_path):
    exports.export_results(run, tmp_path / "october.xlsx")
    exports.export_results(run, tmp_path / "october.csv")

    def plain(cell):
        try:
            return float(cell)
        except ValueError:
            return cell

    def same(table):
        return [[plain(cell) for cell in row] for row in table]

    sheets = read_workbook(tmp_path / "october.xlsx")
    assert same(read_csv(tmp_path / "october.csv")) == same(sheets["Agents"])
    assert same(read_csv(tmp_path / "october-lines.csv")) == same(sheets["Lines"])


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(payload):
    assert exports.safe_text(payload) == f"'{payload}"


@pytest.mark.parametrize("text", [*HARMLESS, ""])
def test_harmless_text_stays_as_it_is(text):
    assert exports.safe_text(text) == text


def test_no_cell_of_either_format_is_a_formula(cast, run, tmp_path):
    names = {}
    for user, payload in zip((cast.ana, cast.ben, cast.bo), ("=1+1", "@x", "＝1+1"), strict=True):
        Agent.objects.filter(pk=user.agent_id).update(name=payload, name_zh="+1")
        names[user.username] = payload

    exports.export_results(run, tmp_path / "october.xlsx")
    exports.export_results(run, tmp_path / "october.csv")

    sheets = read_workbook(tmp_path / "october.xlsx")
    for code, payload in names.items():
        for table in (sheets["Agents"], sheets["Lines"], read_csv(tmp_path / "october.csv")):
            assert row_of(table, code)["Name"] == f"'{payload}"
    with zipfile.ZipFile(tmp_path / "october.xlsx") as parts:
        texts = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in text or b"<f " in text for text in texts)


def test_language_is_that_of_who_asks(run, tmp_path):
    with translation.override("zh-hans"):
        exports.export_results(run, tmp_path / "october.xlsx")

    agents, lines = read_workbook(tmp_path / "october.xlsx").values()
    assert "Staff number" not in agents[0]
    assert {"甲组", "坐席", "早班", "呼叫中心坐席考核"} <= set(agents[1])
    assert "每班通话量" in lines[1]


def test_only_the_cards_asked_for_are_written(cast, run, tmp_path):
    own = Scorecard.objects.filter(team=cast.alpha)

    assert exports.export_results(run, tmp_path / "alpha.csv", cards=own) == 2

    lines = as_dicts(read_csv(tmp_path / "alpha-lines.csv"))
    assert {row["Staff number"] for row in lines} == {"ana", "ben"}


def test_published_run_is_given_out_and_a_newer_one_as_a_draft(cast, october, run):
    with pytest.raises(exports.NothingToExport, match="not published"):
        exports.result_run(october, draft=False)
    assert exports.result_run(october, draft=True) == run

    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    october.refresh_from_db()

    assert exports.result_run(october, draft=False) == run


def test_nothing_computed_is_nothing_to_export(october):
    with pytest.raises(exports.NothingToExport, match="not computed"):
        exports.result_run(october, draft=True)


def test_run_without_cards_gives_headings_alone(october, tmp_path):
    empty = october.runs.create(number=1)

    assert exports.export_results(empty, tmp_path / "october.xlsx") == 0

    sheets = read_workbook(tmp_path / "october.xlsx")
    assert [len(table) for table in sheets.values()] == [1, 1]


def test_other_ending_writes_nothing(run, tmp_path):
    with pytest.raises(exports.UnknownFormat):
        exports.export_results(run, tmp_path / "october.ods")

    assert list(tmp_path.iterdir()) == []
