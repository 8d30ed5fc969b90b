from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.intake.checks import sort_rows
from kpi.intake.mapping.reading import read_mapping
from kpi.intake.parsing.moments import Clock
from kpi.intake.reading.table import LINE, Request
from kpi.intake.reading.text import read_text

CLOCK = Clock("UTC", "UTC", date(1990, 1, 1), datetime(2026, 2, 1, tzinfo=UTC))
CALLS = read_mapping("""
kind: contacts
fields:
  external_id: call
  started_at: at
  agent: agent
  wait_s: wait
  answered: answered
  abandoned: lost
leave_out: [{column: agent, is: [TEST], reason: test call}]
also:
  kind: surveys
  when: {column: rating, filled: true}
  fields: {answered_at: at, score: rating, scale: {constant: 1-5}}
""")
HEADER = "call,at,agent,wait,answered,lost,rating\n"
GOOD = "1,2026-01-05 08:00:00,ana,10,Y,N,5\n"


def sort(text, mapping=CALLS):
    return sort_rows(read_text((HEADER + text).encode(), Request()), mapping, CLOCK)


def verdicts(rows):
    return [(line, code) for line, _, code, _ in rows.problems.sort("line").rows()]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",2026-01-05 08:00:00,ana,10,Y,N,\n", "missing"),
        ("2,,ana,10,Y,N,\n", "missing"),
        ("2,2026-01-05 08:00:00,ana,-10,Y,N,\n", "negative"),
        ("2,2026-01-05 08:00:00,ana,90000,Y,N,\n", "too_long"),
        ("2,2026-01-05 08:00:00,ana,NaN,Y,N,\n", "duration"),
        ("2,2026-01-05 08:00:00,ana,inf,Y,N,\n", "duration"),
        ("2,2027-01-05 08:00:00,ana,10,Y,N,\n", "date_in_future"),
        ("2,0001-01-01 00:00:00,ana,10,Y,N,\n", "date_too_early"),
        ("2,2026-02-30 00:00:00,ana,10,Y,N,\n", "date_format"),
        ("1.23E+18,2026-01-05 08:00:00,ana,10,Y,N,\n", "scientific_id"),
        ("2,2026-01-05 08:00:00,ana,10,perhaps,N,\n", "yes_or_no"),
        ("2,2026-01-05 08:00:00,ana,10,Y,Y,\n", "contradiction"),
        ("2,2026-01-05 08:00:00,ana,10,Y\n", "columns"),
        ("2,2026-01-05 08:00:00,a\x00na,10,Y,N,\n", "control_character"),
    ],
)
def test_a_bad_row_is_rejected_with_its_code_and_the_others_are_taken(row, code):
    main, _ = sort(GOOD + row)

    assert verdicts(main) == [(3, code)]
    assert main.good[LINE].to_list() == [2]


def test_an_optional_empty_cell_is_missing_and_never_zero():
    main, _ = sort("1,2026-01-05 08:00:00,ana,,,,\n")

    assert main.good.select("wait_s", "answered").rows() == [(None, None)]


def test_the_same_row_twice_is_a_duplicate():
    main, _ = sort(GOOD + GOOD)

    assert (main.good.height, main.duplicate, main.rejected) == (1, 1, 0)


def test_the_same_number_with_other_content_rejects_both():
    main, _ = sort(GOOD + GOOD.replace(",10,", ",11,"))

    assert verdicts(main) == [(2, "conflict"), (3, "conflict")]
    assert main.good.is_empty()


@pytest.mark.parametrize("word", ["Total", "合计", "TOTAL:", "小计", "总计"])
def test_a_total_row_is_left_out(word):
    main, _ = sort(GOOD + f"{word},,,10,,,\n")

    assert main.left_out.rows() == [(3, "total row")]
    assert main.rejected == 0


def test_rows_that_the_mapping_leaves_out_keep_its_reason():
    main, second = sort(GOOD + "2,,TEST,x,,,4\n")

    assert main.left_out.rows() == [(3, "test call")]
    assert second.left_out.rows() == [(3, "test call")]


def test_the_second_kind_is_sorted_by_itself():
    text = (
        GOOD
        + GOOD.replace("1,", "2,", 1).replace(",5\n", ",9\n")
        + GOOD.replace("1,", "3,", 1).replace(",5\n", ",\n")
    )

    main, second = sort(text)

    assert main.good.height == 3
    assert second.good.select("external_id", "contact", "agent").rows() == [("1", "1", "ana")]
    assert verdicts(second) == [(3, "off_scale")]
    assert second.left_out.rows() == [(4, "no_second")]


def test_a_rejected_row_takes_its_second_kind_with_it():
    main, second = sort(GOOD.replace(",10,", ",-1,"))

    assert verdicts(main) == [(2, "negative")]
    assert verdicts(second) == [(2, "main_row")]


CELLS = st.sampled_from(
    ["", "1", "2", "x", "-5", "TEST", "Total", "Y", "N", "ana", "NaN", "1e9", "2026-01-05 08:00:00"]
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=20))
def test_every_row_is_accounted_for_once(table):
    text = HEADER + GOOD + "".join(",".join(row) + "\n" for row in table)
    read = read_text(text.encode(), Request())

    for rows in sort_rows(read, CALLS, CLOCK):
        placed = rows.good.height + rows.rejected + rows.left_out.height + rows.duplicate
        assert placed == read.rows == rows.rows


FIGURES = """
kind: figures
fields:
  external_id: id
  date: {column: date, format: "%Y-%m-%d"}
  figure: figure
"""


def test_figure_is_given_as_a_value_or_by_both_of_its_sides():
    mapping = read_mapping(FIGURES + "  value: value\n  numerator: above\n  denominator: below\n")
    text = (
        "id,date,figure,value,above,below\n"
        "1,2026-01-05,budget,0.96,,\n"
        "2,2026-01-05,budget,,96,100\n"
        "3,2026-01-05,budget,,96,\n"
        "4,2026-01-05,budget,,,\n"
    )

    found, _second = sort_rows(read_text(text.encode(), Request()), mapping, CLOCK)

    assert verdicts(found) == [(4, "missing"), (5, "missing")]
    assert found.good["external_id"].to_list() == ["1", "2"]


def test_figure_without_its_value_needs_columns_for_both_sides():
    mapping = read_mapping(FIGURES + "  numerator: above\n")

    found, _second = sort_rows(
        read_text(b"id,date,figure,above\n1,2026-01-05,budget,96\n", Request()), mapping, CLOCK
    )

    assert verdicts(found) == [(2, "missing")]
