import pytest

from kpi.intake.naming import fields_by_name

SHIFTS = ["external_id", "agent", "date", "logged_in_s"]


def test_names_of_fields_say_what_the_rows_are():
    assert fields_by_name(SHIFTS) == ("shifts", dict(zip(SHIFTS, SHIFTS, strict=True)))


def test_labels_of_either_language_do_too():
    found = fields_by_name(["来源编号", "客服", "日期", "签入时长"])

    assert found == (
        "shifts",
        {"external_id": "来源编号", "agent": "客服", "date": "日期", "logged_in_s": "签入时长"},
    )


@pytest.mark.parametrize(
    "columns",
    [
        [*SHIFTS, "remarks"],
        ["external_id", "date", "logged_in_s"],
        ["external_id", "agent", "logged_in_s"],
        [*SHIFTS, "Logged-in time"],
        ["external_id", "agent", "reviewed_at", "item:"],
    ],
    ids=["unknown column", "no agent", "no day", "one field twice", "criterion without a code"],
)
def test_anything_else_is_left_to_guessing(columns):
    assert fields_by_name(columns) is None


def test_columns_of_several_kinds_need_to_be_told():
    columns = ["external_id", "agent", "date", "kind"]

    assert fields_by_name(columns) is None
    assert fields_by_name(columns, "events")[0] == "events"


def test_criteria_belong_to_reviews():
    found = fields_by_name(["external_id", "agent", "reviewed_at", "item:voice"])

    assert found[0] == "reviews"
    assert found[1]["item:voice"] == "item:voice"
