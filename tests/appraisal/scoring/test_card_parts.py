from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.scoring import card_parts
from appraisal.scoring.card_parts import Part
from appraisal.scoring.reading import Text
from tests.appraisal.scoring.test_parts import item, scheme, veto

DESK, KEY = Text("Desk", "柜台"), Text("Key accounts", "大客户")


@pytest.fixture
def parts():
    """Twenty days at the desk, ten with key accounts."""
    desk = scheme(item("calls", 60), item("exam", 40))
    key = scheme(item("talk"), veto("c"), grades=(("a", 90), ("b", 70), ("c", 0)))
    return [Part(desk, 20, None, DESK), Part(key, 10, 7, KEY)]


@pytest.fixture
def lines(make_line):
    return [
        make_line("calls", "80", "40", "32"),
        make_line("exam", "50", "26.67", "13.33"),
        make_line("talk--7", "90", "33.33", "30"),
        make_line("breach--7", "0", "0", "0"),
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("calls", ("calls", None)), ("calls--7", ("calls", 7)), ("a--b--12", ("a--b", 12)),
     ("calls--", ("calls--", None)), ("calls-7", ("calls-7", None))],
)  # fmt: skip
def test_code_of_a_line_tells_item_and_position(key, expected):
    assert card_parts.split_key(key) == expected
    assert card_parts.line_key(*expected) == key


def test_weights_are_those_of_the_days(parts, lines):
    assert card_parts.exact_weights(parts, lines) == {
        "calls": Fraction(40), "exam": Fraction(80, 3), "talk--7": Fraction(100, 3),
        "breach--7": Fraction(0),
    }  # fmt: skip


def test_weights_of_a_part_without_points_go_to_the_others(parts, lines, make_line):
    lines[2] = make_line("talk--7", None, "33.33", None, state="no_data")

    found = card_parts.exact_weights(parts, lines)

    assert (found["calls"], found["exam"], found["talk--7"]) == (60, 40, 0)


def test_veto_alone_gives_no_points(parts, lines, make_line):
    lines[2] = make_line("talk--7", None, "33.33", None, state="awaited")

    assert [part.gives_points(lines) for part in parts] == [True, False]


def test_grade_knows_the_limits_of_every_part(parts):
    values = {"calls": Decimal(100), "talk--7": Decimal(100), "breach--7": Decimal(0)}

    free = card_parts.grade_of(parts, Decimal(95), values)
    limited = card_parts.grade_of(parts, Decimal(95), values | {"breach--7": Decimal(1)})

    assert (free, limited) == (0, 2)


def test_all_lines_find_their_item_in_one_scheme(parts, lines):
    merged = card_parts.scheme_of_parts(parts)

    names = [merged.item(line.item).name.en for line in lines]
    assert names == ["calls", "exam", "talk (Key accounts)", "breach (Key accounts)"]
    assert merged.item("talk--7").name.zh == "talk（大客户）"
    assert merged.item("talk--7").group == "work--7"
    assert merged.item("breach--7").rule.grade == "poor"
    assert [grade.code for grade in merged.grades] == ["good", "fair", "poor"]


def test_part_knows_its_lines_and_their_items(parts, lines):
    assert [[part.holds(line) for line in lines] for part in parts] == [
        [True, True, False, False], [False, False, True, True],
    ]  # fmt: skip
    assert parts[1].item_of(lines[2]).code == "talk"
