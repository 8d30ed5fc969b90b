"""Import of people by file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from agents.models import Agent, Team

LIST = (
    "staff number,name,Chinese name,team,position,shift,from,until,aliases\n"
    "1001,Lin Xiaomei,林晓梅,Gamma,Agent,Early,2026-03-01,,phone:4011\n"
    "1002,Daniel Okafor,,Alpha,Agent,,2026-03-01,,\n"
)


def upload(cast, content, name="people.csv", who="hana"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return cast.client(who).post("/people/import/", {"file": file})


def test_check_shows_what_would_happen_and_stores_nothing(cast):
    answer = upload(cast, LIST)

    plan = answer.context["plan"]
    assert answer.status_code == 200
    assert (plan.new_people, plan.new_teams) == (["1001", "1002"], ["Gamma"])
    assert not Agent.objects.filter(code="1001").exists()


def test_confirmed_list_is_filed(cast):
    text = upload(cast, LIST).context["text"]

    answer = cast.client("hana").post("/people/import/file/", {"text": text}, follow=True)

    assert "2 new people filed, 0 known." in answer.content.decode()
    assert Agent.objects.get(code="1001").assignments.get().team == Team.objects.get(code="gamma")


def test_problems_are_shown_with_line_and_column_and_nothing_is_filed(cast):
    answer = upload(cast, LIST + "\n1003,Bad Date,,Alpha,Agent,,2026-13-01,,\n")

    [problem] = answer.context["problems"]
    assert answer.status_code == 422
    assert (problem.line, problem.column, problem.value) == (5, "from", "2026-13-01")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty."),
        (b"\n\n", "is empty."),
        (b"a,b\n1,2\n", "The heading lacks: staff number"),
        (LIST.split("\n")[0].encode(), "The file has a heading but nobody in it."),
        (b"\x00\x01\x02\x00", "This is not a CSV or Excel (.xlsx) file."),
        (b"PK\x03\x04broken", "This is not an Excel (.xlsx) file, or it is damaged."),
        (b'staff number,name\n"1001,Lin', "A quotation mark may be missing."),
        (b"\xff\xff\xff", "The letters cannot be read."),
        (LIST.replace("Chinese name", "name").encode(), "Two columns both mean"),
    ],
)
def test_file_that_is_no_list_is_refused_in_words(cast, content, words):
    answer = upload(cast, content)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_list_that_was_tampered_with_between_check_and_filing_is_refused(cast):
    answer = cast.client("hana").post(
        "/people/import/file/", {"text": LIST.replace("2026-03-01", "soon")}, follow=True
    )

    assert "The list has problems. Nothing was filed." in answer.content.decode()
    assert not Agent.objects.filter(code="1001").exists()


def test_nothing_to_file_is_refused(cast):
    answer = cast.client("hana").post("/people/import/file/", {}, follow=True)

    assert "is empty." in answer.content.decode()


@pytest.mark.parametrize("name", ["sam", "mona", "ana", "ada"])
def test_only_hr_imports_people(cast, name):
    client = cast.client(name)

    assert client.get("/people/import/").status_code == 404
    assert client.post("/people/import/file/", {"text": LIST}).status_code == 404
    assert client.get("/people/import/template.csv").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_template_can_be_imported_as_it_is(cast, language):
    client = cast.client("hana")
    template = client.get("/people/import/template.csv", headers={"Accept-Language": language})

    answer = upload(cast, template.content)

    assert answer.context["plan"].new_people == ["1001", "1002"]
    assert answer.context["plan"].problems == []


def test_workbook_template_keeps_staff_numbers_as_text(cast, tmp_path):
    content = cast.client("hana").get("/people/import/template.xlsx").content
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

    assert rows[1][0] == "1001"
    assert upload(cast, content, name="people.xlsx").context["plan"].problems == []


def test_template_of_another_kind_does_not_exist(cast):
    assert cast.client("hana").get("/people/import/template.pdf").status_code == 404
