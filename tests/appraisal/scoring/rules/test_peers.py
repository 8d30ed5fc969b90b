from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import parse_rule

CALL_LENGTH = {
    "type": "peers",
    "better": "lower",
    "bands": [
        {"at": 0, "points": 3},
        {"at": 5, "points": "2.5"},
        {"at": 10, "points": 2},
        {"at": 15, "points": 1},
    ],
}
WORKING_TIME = {
    "type": "peers",
    "better": "higher",
    "bands": [
        {"at": 0, "points": 1},
        {"at": 21600, "points": "0.8"},
        {"at": 43200, "points": "0.5"},
        {"at": 64800, "points": "0.3"},
    ],
}


def make_rule(document, weight):
    problems = []
    rule = parse_rule(Reader(document, "rule", problems), weight=Decimal(weight))
    assert not problems, problems
    return rule


def points_of(rule, pairs, weight):
    values, averages = (
        np.array([to_fixed(Decimal(figure)) for figure in figures], dtype=np.int64)
        for figures in zip(*pairs, strict=True)
    )
    found = rule.share(values, averages)
    shares = zip(found.numerators.tolist(), found.denominators.tolist(), strict=True)
    return [Fraction(*share) * weight for share in shares]


def test_call_length_is_banded_by_the_seconds_over_the_average():
    rule = make_rule(CALL_LENGTH, 3)
    pairs = [
        ("80", "100"),
        ("100", "100"),
        ("100.000000001", "100"),
        ("105", "100"),
        ("110", "100"),
        ("115", "100"),
        ("115.000000001", "100"),
    ]

    points = points_of(rule, pairs, 3)

    assert points == [3, 3, Fraction(5, 2), Fraction(5, 2), 2, 1, 0]


def test_working_time_is_banded_by_the_hours_short_of_the_average():
    rule = make_rule(WORKING_TIME, 1)
    pairs = [
        ("580000", "576000"),
        ("576000", "576000"),
        ("554400", "576000"),
        ("554399", "576000"),
        ("532800", "576000"),
        ("511200", "576000"),
        ("511199", "576000"),
    ]

    points = points_of(rule, pairs, 1)

    assert [str(round(float(point), 1)) for point in points] == [
        *("1.0", "1.0", "0.8", "0.5", "0.5", "0.3", "0.0")
    ]


def test_difference_is_taken_before_anything_is_rounded_for_showing():
    rule = make_rule(CALL_LENGTH, 3)

    points = points_of(rule, [("105.333333333", "100.333333333"), ("105.4", "100.39")], 3)

    assert points == [Fraction(5, 2), 2]


def test_average_turns_the_rule_into_bands_of_values():
    bands = make_rule(WORKING_TIME, 1).aimed_at(Decimal("100000.5"))

    assert [step.at for step in bands.steps] == [
        Decimal("100000.5"),
        Decimal("78400.5"),
        Decimal("56800.5"),
        Decimal("35200.5"),
    ]
    assert bands.better == "higher"


@given(
    st.sampled_from([CALL_LENGTH, WORKING_TIME]),
    st.decimals(0, 10**6, places=9),
    st.decimals(0, 10**6, places=9),
)
def test_aimed_rule_gives_what_the_average_gives(document, value, average):
    rule = make_rule(document, 3)

    aimed = rule.aimed_at(average).share_of(Fraction(value))

    assert points_of(rule, [(value, average)], 1) == [aimed]


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(0, 10**6), st.integers(0, 10**6))
def test_moving_everybody_and_the_average_alike_changes_nothing(values, average, shift):
    rule = make_rule(CALL_LENGTH, 3)

    here = points_of(rule, [(value, average) for value in values], 3)
    there = points_of(rule, [(value + shift, average + shift) for value in values], 3)

    assert here == there


def test_picture_without_an_average_lies_around_zero():
    pieces = make_rule(CALL_LENGTH, 3).segments()

    assert pieces[0].from_value == Fraction(-15, 4)
    assert [(piece.to_value, piece.to_share * 3) for piece in pieces] == [
        (0, 3),
        (5, Fraction(5, 2)),
        (10, 2),
        (15, 1),
        (Fraction(75, 4), 0),
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"better": None}, "rule.better: must be one of higher, lower"),
        ({"bands": []}, "rule.bands: must be a list with at least one entry"),
        (
            {"bands": [{"at": 5, "points": 3}, {"at": 0, "points": 1}]},
            "rule.bands[1].at: must ascend: write the best band first",
        ),
        (
            {"bands": [{"at": 0, "points": 4}]},
            "rule.bands[0].points: must be from 0 to the item's weight, 3",
        ),
    ],
)
def test_faulty_parameter_is_named(change, problem):
    problems = []

    parse_rule(Reader(CALL_LENGTH | change, "rule", problems), weight=Decimal(3))

    assert [str(found) for found in problems] == [problem]


@pytest.mark.parametrize("document", [CALL_LENGTH, WORKING_TIME])
def test_rule_is_written_back_identically(document):
    assert make_rule(document, 3).dump() == document
