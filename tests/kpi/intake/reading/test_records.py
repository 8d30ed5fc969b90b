import pytest

from kpi.intake.reading.records import read_records
from kpi.intake.reading.table import LINE, FileOptions, FileRefused, Request


def read(text, *, by_line=False, records=None):
    return read_records(text.encode(), Request(FileOptions(records=records)), by_line=by_line)


def test_nested_names_are_joined_and_lines_are_physical():
    table = read('[{"id": 1, "stats": {"at": "x"}, "tags": ["a", "b"]},\n {"id": 2, "ok": true}]')

    assert table.columns == ("id", "stats.at", "tags", "ok")
    assert table.frame.select("id", "stats.at", "tags", "ok", LINE).rows() == [
        ("1", "x", "a, b", None, 1),
        ("2", None, None, "true", 2),
    ]


def test_a_path_gives_the_inner_records_with_what_they_lie_in():
    people = '{"purpose": "agent"},\n{"purpose": "acd"}'
    text = f'{{"conversations": [{{"id": "c1", "participants": [\n{people}]}}]}}'

    table = read(text, records="conversations[].participants[]")

    assert table.frame.select(
        "conversations.id", "conversations.participants.purpose", LINE
    ).rows() == [("c1", "agent", 2), ("c1", "acd", 3)]


def test_names_and_values_become_columns():
    table = read(
        '[{"metrics": [{"name": "tTalk", "value": 374561}, {"name": "tHeld", "value": 7}]}]'
    )

    assert table.frame.select("metrics.tTalk", "metrics.tHeld").rows() == [("374561", "7")]


def test_a_missing_step_of_the_path_is_named():
    with pytest.raises(FileRefused) as refused:
        read('{"items": []}', records="conversations[]")

    assert refused.value.code == "json_path"
    assert refused.value.details["missing"] == "conversations"
    assert refused.value.details["found"] == "items"


def test_numbers_stay_as_they_are_written():
    table = read('{"a": 1e999, "b": NaN, "c": 0.30, "d": 12345678901234567890}\n', by_line=True)

    assert table.frame.select("a", "b", "c", "d").rows() == [
        ("1e999", "NaN", "0.30", "12345678901234567890")
    ]


@pytest.mark.parametrize(
    ("text", "by_line", "code"),
    [
        ('{"a": 1}\n\n{"a": 2\n', True, "json"),
        ("[" * 100_000, False, "json_deep"),
        ("[1, 2]", False, "json_object"),
        ("[]", False, "header_only"),
    ],
)
def test_what_is_no_list_of_records_is_refused(text, by_line, code):
    with pytest.raises(FileRefused) as refused:
        read(text, by_line=by_line)

    assert refused.value.code == code


def test_broken_json_is_refused_with_its_line():
    with pytest.raises(FileRefused) as refused:
        read('{"a": 1}\n\n{"a": 2\n', by_line=True)

    assert refused.value.details["line"] == 3


def test_text_that_is_no_json_is_refused_with_its_place_and_none_of_the_parsers_words():
    with pytest.raises(FileRefused) as caught:
        read('[{"id": 1}\n {"id": 2}]')

    assert caught.value.code == "json"
    assert caught.value.details == {"line": 2, "column": 2}
