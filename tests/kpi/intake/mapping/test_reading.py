import pytest

from kpi.intake.mapping.reading import BadMapping, check_columns, read_mapping
from kpi.intake.mapping.writing import write_mapping
from kpi.intake.recognising import MAPPINGS

WHOLE = """
kind: contacts
source: phone
zone: Asia/Shanghai
file: {delimiter: tab, header: 2}
empty: ["NULL"]
fields:
  external_id: {columns: [line, call], join: "-"}
  started_at: {columns: [date, time], format: "%y%m%d %H:%M:%S"}
  agent: {column: server, empty: [NONE]}
  talk_s: {difference: [connected, ended], format: iso, when: {column: result, is: [OK]}}
  answered: {column: result, values: {OK: true, Yes: true, LOST: false}, otherwise: null}
  direction: {constant: in}
leave_out:
  - {column: result, is: [TEST], reason: test call}
also:
  kind: surveys
  when: {column: rating, filled: true}
  fields:
    answered_at: {columns: [date, time], format: "%y%m%d %H:%M:%S"}
    score: rating
agents: {unknown: create, position: agent, team: north, from: first day}
queues: {loans: north}
"""


def problems(text):
    with pytest.raises(BadMapping) as bad:
        read_mapping(text)
    return [(problem.line, problem.message) for problem in bad.value.problems]


def test_everything_a_mapping_can_say_is_read():
    mapping = read_mapping(WHOLE)

    assert mapping.main.kind == "contacts"
    assert mapping.main.fields["external_id"].columns == ("line", "call")
    assert mapping.main.fields["talk_s"].difference == ("connected", "ended")
    assert mapping.main.fields["answered"].values == {"OK": True, "Yes": True, "LOST": False}
    assert mapping.file.delimiter == "\t"
    assert mapping.leave_out[0].reason == "test call"
    assert mapping.agents.unknown == "create"
    assert mapping.queues == {"loans": "north"}


def test_a_second_kind_takes_its_number_agent_and_link_from_the_first():
    second = read_mapping(WHOLE).also

    assert second.fields["contact"] == second.fields["external_id"]
    assert second.fields["external_id"].columns == ("line", "call")
    assert second.fields["agent"].columns == ("server",)


def test_writing_a_mapping_and_reading_it_gives_it_again():
    mapping = read_mapping(WHOLE)

    assert read_mapping(write_mapping(mapping)) == mapping


def test_a_mapping_corrects_only_where_it_says_so():
    mapping = read_mapping(WHOLE + "corrects: true\n")

    assert mapping.corrects
    assert not read_mapping(WHOLE).corrects
    assert read_mapping(write_mapping(mapping)) == mapping


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_mapping_is_sound(path):
    mapping = read_mapping(path.read_text(encoding="utf-8"))

    assert read_mapping(write_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("kind: contact\nfields: {}\n", 1, "contacts"),
        ("kind: contacts\n", 1, "fields"),
        ("kind: contacts\nfields:\n  external_id: a\n", 3, "started_at"),
        ("kind: contacts\nfeilds: {}\n", 2, "fields"),
        ("kind: [\n", 2, "expected"),
        ("kind: contacts\nkind: tickets\n", 2, "twice"),
        ("a: &x 1\nb: *x\n", 2, "References"),
        ("- a\n", 1, "keys and values"),
    ],
)
def test_a_problem_is_named_on_its_line(text, line, words):
    assert any(at == line and words in message for at, message in problems(text))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("wait_s: {column: a, as: secs}", "seconds"),
        ("wait: a", "wait_s"),
        ("talk_s: {difference: [a, b], format: YYYY}", "time format"),
        ("answered: {column: a, values: {Y: 1}}", "true, false or null"),
        ("channel: {constant: telephon}", "telephon"),
        ("topic: {column: a, columns: [b]}", "Give one of"),
        ("topic: {difference: [a, b]}", "duration"),
        ("talk_s: {column: a, when: {column: b}}", "A condition has one of"),
        ("topic: {column: a, format: iso}", "date or a time"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(field, words):
    text = f"kind: contacts\nfields:\n  external_id: a\n  started_at: b\n  {field}\n"

    assert any(at in {4, 5} and words in message for at, message in problems(text))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("zone: Mars/North", "time zone"),
        ("corrects: yes", "true, false"),
        ("source: a b", "letters"),
        ("agents: {unknown: create}", "position and team"),
        ("agents: {unknown: create, position: a, team: b, from: soon}", "first day"),
        ("agents: {unknown: create, position: a b, team: c}", "no code"),
        ("queues: {loans: north of here}", "no code"),
        ("leave_out: [{column: a, is: [b]}]", "reason"),
        ("also: {kind: contacts, fields: {external_id: a, started_at: b}}", "another kind"),
        ("file: {encoding: latin-1}", "latin-1"),
        ("file: {header: 0}", "from 1"),
    ],
)
def test_the_rest_of_a_mapping_is_checked_too(more, words):
    text = f"kind: contacts\nfields: {{external_id: a, started_at: b}}\n{more}\n"

    assert any(at == 3 and words in message for at, message in problems(text))


def test_columns_that_a_file_lacks_are_named_where_the_mapping_names_them():
    text = "kind: contacts\nfields:\n  external_id: call\n  started_at: begun\n"

    found = check_columns(read_mapping(text), ["call", "start"], text)

    assert [problem.line for problem in found] == [4]
    assert "begun" in found[0].message
    assert "call, start" in found[0].message
