from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring.changes import points_at
from appraisal.scoring.pictures import height
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import RULES, parse_rule


def test_rule_types_are_a_closed_set():
    assert sorted(RULES) == [
        *("bands", "bonus", "deduction", "levels", "linear"),
        *("peers", "proportional", "range", "share", "veto"),
    ]


def test_unknown_type_is_answered_with_those_that_exist():
    problems = []

    rule = parse_rule(Reader({"type": "curve"}, "rule", problems), weight=Decimal(1))

    assert rule is None
    assert str(problems[0]).startswith("rule.type: must be one of bands, levels, peers, linear")


def test_misspelt_parameter_is_named():
    problems = []
    document = {"type": "linear", "worst": 1, "best": 2, "bets": 3}

    parse_rule(Reader(document, "rule", problems), weight=Decimal(1))

    assert [str(problem) for problem in problems] == [
        "rule.bets: is not known here; check the spelling"
    ]


BANDS = {"type": "bands", "bands": [{"at": "0.95", "points": 10}, {"at": "0.90", "points": 7}]}
LEVELS = {
    "type": "levels",
    "levels": [
        {"code": "excellent", "at": "0.9", "share": 1},
        {"code": "qualified", "at": "0.85", "share": "0.8"},
    ],
}
RANGE = {"type": "range", "zero_low": 120, "low": 240, "high": 300, "zero_high": 480}


@pytest.mark.parametrize(
    ("document", "value", "points"),
    [
        (BANDS, "0.92", "7.00"),
        (BANDS, "0.899", "0.00"),
        (LEVELS, "0.87", "8.00"),
        ({"type": "linear", "worst": 60, "best": 95}, "87.5", "7.86"),
        ({"type": "linear", "worst": 5, "best": 0}, "2", "6.00"),
        ({"type": "proportional", "target": 58}, "53.65", "9.25"),
        ({"type": "proportional", "target": 30, "better": "lower"}, "60", "5.00"),
        (RANGE, "312", "9.33"),
        ({"type": "share", "of": 100}, "84", "8.40"),
        ({"type": "deduction", "points": 1}, "3", "7.00"),
        ({"type": "deduction", "points": 1}, "12", "0.00"),
        ({"type": "bonus", "points": 1}, "3", "3.00"),
        ({"type": "bonus", "points": 1}, "12", "10.00"),
    ],
)
def test_handbook_example_of_ten_points_comes_out(document, value, points):
    problems = []
    rule = parse_rule(Reader(document, "rule", problems), weight=Decimal(10))

    assert not problems
    assert str(points_at(rule, Decimal(value), Fraction(10))) == points


def rule_of(document):
    return parse_rule(Reader(document, "rule", []), weight=Decimal(5))


DRAWN = [
    BANDS | {"bands": [{"at": 9, "points": 5}, {"at": 7, "points": 2}]},
    BANDS | {"better": "lower", "bands": [{"at": 3, "points": 5}, {"at": 7, "points": 2}]},
    LEVELS,
    {"type": "linear", "worst": 60, "best": 95},
    {"type": "linear", "worst": 5, "best": 0},
    {"type": "proportional", "target": 58},
    {"type": "proportional", "target": 58, "cap": "0.9"},
    {"type": "proportional", "target": 58, "floor": "0.85"},
    RANGE,
    {"type": "share", "of": 100},
    {"type": "deduction", "points": 1},
    {"type": "deduction", "points": 1, "floor": 2},
    {"type": "deduction", "points": 1, "zero_at": 3},
    {"type": "deduction", "points": 1, "zero_at": 9},
    {"type": "bonus", "points": 2},
    {"type": "peers", "better": "lower", "bands": [{"at": 0, "points": 5}, {"at": 7, "points": 2}]},
    {"type": "peers", "better": "higher", "bands": [{"at": 6, "points": 3}]},
]


@given(st.sampled_from(DRAWN), st.data(), st.fractions(0, 1, max_denominator=1000))
def test_picture_and_points_agree_inside_every_piece(document, data, way):
    rule = rule_of(document)
    piece = data.draw(st.sampled_from(rule.segments()))
    value = piece.from_value + (piece.to_value - piece.from_value) * (way * 98 + 1) / 100

    difference = height(piece, value) - rule.share_of(value)

    assert abs(difference) < Fraction(1, 10**6)


@pytest.mark.parametrize("document", DRAWN)
def test_picture_runs_on_in_ascending_values(document):
    pieces = rule_of(document).segments()

    assert all(piece.from_value < piece.to_value for piece in pieces)
    assert all(a.to_value == b.from_value for a, b in pairwise(pieces))


def test_curve_of_target_over_value_is_drawn_through_its_true_points():
    rule = rule_of({"type": "proportional", "target": 30, "better": "lower", "floor": "0.5"})

    pieces = rule.segments()

    assert all(piece.to_share == rule.share_of(piece.to_value) for piece in pieces[:-2])
    assert (pieces[-2].to_value, pieces[-1].to_share) == (60, 0)


@pytest.mark.parametrize(
    ("document", "target", "aim"),
    [
        ({"type": "linear", "worst": 60, "best": 95}, "80", (80, None)),
        ({"type": "linear", "worst": 60, "best": 95}, "50", (95, None)),
        ({"type": "linear", "worst": 5, "best": 0}, "1", (None, 1)),
        ({"type": "proportional", "target": 58, "better": "lower"}, "40", (None, 40)),
        ({"type": "proportional", "target": 58}, "0", (58, None)),
        ({"type": "share", "of": 100}, "120", (120, None)),
        ({"type": "deduction", "points": 1}, "3", (None, 0)),
        (RANGE, "250", (240, 300)),
        (LEVELS, "0.5", (Decimal("0.9"), None)),
        ({"type": "bonus", "points": 2}, None, (3, None)),
    ],
)
def test_target_of_ones_own_moves_only_rules_that_have_one(document, target, aim):
    rule = rule_of(document)

    moved = rule.aimed_at(None if target is None else Decimal(target))

    assert moved.aim() == aim
