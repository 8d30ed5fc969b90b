from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from appraisal.scoring.fixed import SCALE, to_fixed
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import parse_rule


def make_rule(weight=5, **document):
    problems = []
    rule = parse_rule(Reader(document, "rule", problems), weight=Decimal(weight))
    assert not problems, problems
    return rule


def problems_of(weight=5, **document):
    problems = []
    parse_rule(Reader(document, "rule", problems), weight=Decimal(weight))
    return [str(problem) for problem in problems]


def shares(rule, *values):
    found = rule.share(np.array([to_fixed(Decimal(value)) for value in values], dtype=np.int64))
    pairs = zip(found.numerators.tolist(), found.denominators.tolist(), strict=True)
    return [Fraction(*pair) for pair in pairs]


def test_deduction_takes_its_points_per_event_and_never_more_than_the_item():
    rule = make_rule(type="deduction", points=2)

    assert shares(rule, 0, 1, "1.5", 2, 3, 100) == [
        *(1, Fraction(3, 5), Fraction(2, 5), Fraction(1, 5)),
        *(0, 0),
    ]


def test_weights_of_nine_places_are_exact():
    weight, points = "10.123456789", "0.920314254"

    earned = shares(make_rule(weight, type="bonus", points=points), 3)
    left = shares(make_rule(weight, type="deduction", points=points), 3)

    assert earned == [Fraction(2_760_942_762, 10_123_456_789)]
    assert left == [1 - earned[0]]


def test_deduction_stops_at_its_floor():
    rule = make_rule(type="deduction", points=1, floor=2)

    assert shares(rule, 2, 3, 9) == [Fraction(3, 5), Fraction(2, 5), Fraction(2, 5)]


def test_deduction_empties_the_item_from_a_number_of_events_on():
    rule = make_rule(type="deduction", points=1, floor=2, zero_at=4)

    assert shares(rule, 3, 4) == [Fraction(2, 5), 0]


def test_deduction_with_many_places_stays_exact():
    rule = make_rule(weight="6.666666667", type="deduction", points="0.333333333")

    each = Fraction(333333333, 6666666667)
    assert shares(rule, 7) == [1 - 7 * each]


def test_bonus_earns_its_points_per_event_up_to_the_item():
    rule = make_rule(weight=3, type="bonus", points=1)

    assert shares(rule, -1, 0, 1, 3, 9) == [0, 0, Fraction(1, 3), 1, 1]


@pytest.mark.parametrize("kind", ["deduction", "bonus"])
def test_event_must_be_worth_something(kind):
    found = problems_of(type=kind, points=0)

    assert found == ["rule.points: must be more than 0: the points of one event"]


def test_veto_gives_no_points_and_breaks_from_its_number_on():
    rule = make_rule(weight=0, type="veto", at=2, grade="qualified")

    assert shares(rule, 0, 5) == [0, 0]
    assert rule.is_broken(np.array([SCALE, 2 * SCALE])).tolist() == [False, True]


def test_veto_has_no_weight():
    found = problems_of(weight=5, type="veto", at=1, grade="good")

    assert found == ["rule: a veto caps the grade and has no weight: set the weight to 0"]


@pytest.mark.parametrize(
    ("wanted", "events"), [("1", [0]), ("0.8", [1]), ("0.7", [1]), ("0.2", [3])]
)
def test_deduction_offers_the_events_that_leave_enough(wanted, events):
    rule = make_rule(type="deduction", points=1, zero_at=4)

    assert rule.candidates(Fraction(4), Fraction(wanted)) == events


@pytest.mark.parametrize(("wanted", "events"), [("0.2", [1]), ("0.3", [2]), ("1.1", [])])
def test_bonus_offers_the_events_that_earn_enough(wanted, events):
    rule = make_rule(type="bonus", points=1)

    assert rule.candidates(Fraction(0), Fraction(wanted)) == events


@pytest.mark.parametrize(
    "document",
    [
        {"type": "deduction", "points": 1},
        {"type": "deduction", "points": 2, "floor": 1, "zero_at": 5},
        {"type": "bonus", "points": "0.5"},
    ],
)
def test_document_is_written_back_identically(document):
    assert make_rule(**document).dump() == document


def test_bonus_asks_for_the_events_that_fill_the_item():
    assert make_rule(type="bonus", points=2).aim().low == 3


def test_deduction_that_empties_the_item_at_a_half_event_offers_the_whole_ones_before_it():
    rule = make_rule(type="deduction", points=1, zero_at="2.5")

    assert rule.candidates(Fraction(4), Fraction("0.2")) == [2]
