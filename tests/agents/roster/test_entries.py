"""Lines of a list of people as entries."""

from datetime import date

import pytest

from agents.roster.entries import parse_date, read_entries
from agents.roster.reading import Line, Unreadable

HEADING = ["staff number", "name", "team", "position", "from", "until", "aliases", "e-mail"]


def entries_of(*rows, heading=HEADING):
    lines = [Line(1, list(heading))]
    return read_entries(lines + [Line(n, list(row)) for n, row in enumerate(rows, start=2)])


def test_line_becomes_an_entry():
    read = entries_of(["1001", "Lin", "Alpha", "Agent", "2026-03-01", "2026-04-01", "", ""])

    [entry] = read.entries
    assert (entry.line, entry.code, entry.team) == (2, "1001", "Alpha")
    assert (entry.starts_on, entry.ends_on) == (date(2026, 3, 1), date(2026, 4, 1))
    assert read.problems == []


def test_chinese_headings_are_recognised_and_a_chinese_name_is_both():
    read = entries_of(
        ["40122", "林晓梅", "甲组", "坐席", "2026年3月1日"],
        heading=["工号", "姓名", "班组", "岗位", "开始日期"],
    )

    [entry] = read.entries
    assert (entry.name, entry.name_zh) == ("林晓梅", "林晓梅")


def test_short_line_lacks_what_stands_at_its_end():
    read = entries_of(["1001", "Lin", "Alpha"])

    assert [(one.line, one.column) for one in read.problems] == [(2, "position"), (2, "from")]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (4, "2026-02-30", "is no date such as 2026-10-05"),
        (4, "1026-02-03", "is too far away to be meant"),
        (5, "2026-03-01", "is not after “from”"),
        (7, "not an address", "is no e-mail address"),
        (1, "x" * 121, "is longer than 120 characters"),
        (0, "", "is missing"),
    ],
)
def test_wrong_cell_is_a_problem_with_its_line(place, value, message):
    row = ["1001", "Lin", "Alpha", "Agent", "2026-03-01", "", "", ""]
    row[place] = value

    read = entries_of(row)

    assert [(one.line, one.message) for one in read.problems] == [(2, message)]
    assert read.entries == []


def test_aliases_name_their_source_or_hold_for_all():
    read = entries_of(["1", "Lin", "Alpha", "Agent", "2026-03-01", "", "phone:4011; lin.xm；", ""])

    assert read.entries[0].aliases == (("phone", "4011"), ("", "lin.xm"))


def test_missing_column_is_named():
    with pytest.raises(Unreadable, match="The heading lacks: position"):
        entries_of(["1", "Lin", "Alpha", "2026-03-01"], heading=["工号", "name", "team", "from"])


@pytest.mark.parametrize("text", ["2026-03-01", "2026/3/1", "2026.03.01", "2026年3月1日"])
def test_date_is_read_in_every_usual_way(text):
    assert parse_date(text) == date(2026, 3, 1)
