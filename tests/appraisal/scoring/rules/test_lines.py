from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring.fixed import SCALE, to_fixed
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import parse_rule


def make_rule(**document):
    problems = []
    rule = parse_rule(Reader(document, "rule", problems), weight=Decimal(10))
    assert not problems, problems
    return rule


def problems_of(**document):
    problems = []
    parse_rule(Reader(document, "rule", problems), weight=Decimal(10))
    return [str(problem) for problem in problems]


def shares(rule, *values, targets=None):
    fixed = np.array([to_fixed(Decimal(value)) for value in values], dtype=np.int64)
    own = None
    if targets is not None:
        own = np.array([to_fixed(Decimal(target)) for target in targets], dtype=np.int64)
    found = rule.share(fixed, own)
    pairs = zip(found.numerators.tolist(), found.denominators.tolist(), strict=True)
    return [Fraction(*pair) for pair in pairs]


def test_linear_runs_evenly_from_worst_to_best():
    rule = make_rule(type="linear", worst="0.74", best="0.95")

    assert shares(rule, "0.5", "0.74", "0.845", "0.95", "1") == [0, 0, Fraction(1, 2), 1, 1]


def test_linear_runs_downwards_where_less_is_better():
    rule = make_rule(type="linear", worst=5, best=0)

    assert shares(rule, 6, 5, 2, 0, -1) == [0, 0, Fraction(3, 5), 1, 1]


def test_linear_takes_a_target_of_ones_own_as_best():
    rule = make_rule(type="linear", worst=60, best=95)

    assert shares(rule, 70, 70, targets=(80, 95)) == [Fraction(1, 2), Fraction(10, 35)]


def test_linear_with_a_target_no_better_than_worst_is_all_or_nothing():
    rule = make_rule(type="linear", worst=60, best=95)

    assert shares(rule, 49, 50, 70, targets=(50, 50, 80)) == [0, 1, Fraction(1, 2)]


def test_linear_needs_two_different_ends():
    assert problems_of(type="linear", worst=1, best=1) == ["rule.best: must differ from worst"]


def test_proportional_gives_the_share_of_the_target_reached():
    rule = make_rule(type="proportional", target=58)

    assert shares(rule, -1, 0, 29, 58, 90) == [0, 0, Fraction(1, 2), 1, 1]


def test_proportional_with_lower_better_gives_target_over_value():
    rule = make_rule(type="proportional", target=30, better="lower")

    assert shares(rule, 0, 30, 60, 120) == [1, 1, Fraction(1, 2), Fraction(1, 4)]


def test_proportional_gives_nothing_below_its_floor_and_something_at_it():
    rule = make_rule(type="proportional", target=100, floor="0.85")

    assert shares(rule, "84.999999999", 85, 100) == [0, Fraction(17, 20), 1]


def test_proportional_stops_at_its_cap():
    rule = make_rule(type="proportional", target=100, cap="0.9")

    assert shares(rule, 80, 90, 100) == [Fraction(4, 5), Fraction(9, 10), Fraction(9, 10)]


def test_proportional_asks_nothing_of_a_target_of_zero():
    rule = make_rule(type="proportional", target=100)

    assert shares(rule, 0, 5, targets=(0, 0)) == [1, 1]


@pytest.mark.parametrize("target", [0, -5])
def test_proportional_needs_a_target(target):
    found = problems_of(type="proportional", target=target)

    assert found == ["rule.target: must be more than 0"]


RANGE = {"type": "range", "zero_low": 120, "low": 240, "high": 300, "zero_high": 480}


def test_range_is_full_inside_and_falls_evenly_on_both_sides():
    rule = make_rule(**RANGE)

    found = shares(rule, 119, 120, 180, 240, 270, 300, 312, 390, 480, 500)

    half, slightly_long = Fraction(1, 2), Fraction(14, 15)
    assert found == [0, 0, half, 1, 1, 1, slightly_long, half, 0, 0]


def test_range_needs_ascending_corners():
    found = problems_of(**RANGE | {"low": 310})

    assert found == ["rule: needs zero_low < low <= high < zero_high"]


@pytest.mark.parametrize(
    "document", [RANGE | {"low": "x"}, {"type": "linear", "worst": "x", "best": 0}]
)
def test_corners_that_cannot_be_read_are_not_held_against_the_others(document):
    assert problems_of(**document) == [
        f"rule.{'low' if 'low' in document else 'worst'}: "
        "must be a number with at most nine decimal places"
    ]


@pytest.mark.parametrize(("value", "wanted", "end"), [(150, "0.5", 180), (400, "0.5", 390)])
def test_range_offers_a_value_on_the_same_side(value, wanted, end):
    rule = make_rule(**RANGE)

    assert rule.candidates(Fraction(value), Fraction(wanted)) == [end]


def test_share_is_the_value_itself():
    rule = make_rule(type="share")

    assert shares(rule, "-0.1", "0.42", "1.2") == [0, Fraction(21, 50), 1]


def test_share_of_a_hundred_takes_an_exam_in_points():
    rule = make_rule(type="share", of=100)

    assert shares(rule, "40.1") == [Fraction(401, 1000)]


@pytest.mark.parametrize(
    "document",
    [
        {"type": "linear", "worst": "0.8", "best": "0.95"},
        {"type": "proportional", "target": 58},
        {"type": "proportional", "target": 30, "better": "lower", "cap": "0.9", "floor": "0.5"},
        RANGE,
        {"type": "share"},
        {"type": "share", "of": 100},
    ],
)
def test_document_is_written_back_identically(document):
    assert make_rule(**document).dump() == document


RISING = [
    make_rule(type="linear", worst="0.74", best="0.95"),
    make_rule(type="proportional", target="0.9", floor="0.5"),
    make_rule(type="share"),
]
FALLING = [
    make_rule(type="linear", worst="0.9", best="0.1"),
    make_rule(type="proportional", target="0.3", better="lower", floor="0.5"),
]
fixed_shares = st.integers(-SCALE // 10, 12 * SCALE // 10).map(lambda n: Decimal(n).scaleb(-9))


@given(st.sampled_from(RISING), fixed_shares, fixed_shares)
def test_better_value_never_gives_less_where_more_is_better(rule, one, other):
    low, high = shares(rule, *sorted((one, other)))

    assert 0 <= low <= high <= 1


@given(st.sampled_from(FALLING), fixed_shares, fixed_shares)
def test_better_value_never_gives_less_where_less_is_better(rule, one, other):
    high, low = shares(rule, *sorted((one, other)))

    assert 0 <= low <= high <= 1


@given(st.sampled_from(RISING + FALLING), st.fractions(0, 1))
def test_candidate_gives_the_wanted_share(rule, wanted):
    for candidate in rule.candidates(Fraction(1, 2), wanted):
        exact = shares(rule, Decimal(candidate.numerator) / candidate.denominator)[0]

        assert abs(exact - max(wanted, Fraction(getattr(rule, "floor", 0)))) < Fraction(1, 10**7)
