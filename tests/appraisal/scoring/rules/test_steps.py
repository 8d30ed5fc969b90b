from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import parse_rule


def make_rule(weight=15, **document):
    problems = []
    rule = parse_rule(Reader(document, "rule", problems), weight=Decimal(weight))
    assert not problems, problems
    return rule


def problems_of(weight=15, **document):
    problems = []
    parse_rule(Reader(document, "rule", problems), weight=Decimal(weight))
    return [str(problem) for problem in problems]


def shares(rule, *values):
    fixed = np.array([to_fixed(Decimal(value)) for value in values], dtype=np.int64)
    found = rule.share(fixed)
    pairs = zip(found.numerators.tolist(), found.denominators.tolist(), strict=True)
    return [Fraction(*pair) for pair in pairs]


RISING = [
    {"at": "0.95", "points": 15},
    {"at": "0.92", "points": 13},
    {"at": "0.88", "points": 11},
]


def test_bands_give_the_points_of_the_first_that_holds():
    rule = make_rule(type="bands", bands=RISING)

    found = shares(rule, "1", "0.95", "0.949999999", "0.92", "0.88", "0.879999999", "-1")

    full, second, third = Fraction(1), Fraction(13, 15), Fraction(11, 15)
    assert found == [full, full, second, second, third, 0, 0]


def test_bands_with_lower_better_include_their_upper_end():
    bands = [{"at": 23000, "share": 1}, {"at": 27600, "share": "0.5"}]
    rule = make_rule(type="bands", better="lower", bands=bands)

    found = shares(rule, 0, 23000, "23000.000000001", 27600, 27601)

    assert found == [1, 1, Fraction(1, 2), Fraction(1, 2), 0]


def test_bands_offer_the_better_thresholds_nearest_first():
    rule = make_rule(type="bands", bands=RISING)

    found = rule.candidates(Fraction("0.9"), Fraction(1))

    assert found == [Fraction("0.92"), Fraction("0.95")]


def test_bands_must_run_from_the_best_to_the_worst():
    found = problems_of(type="bands", bands=[*RISING[:1], {"at": "0.96", "points": 15}])

    assert found == ["rule.bands[1].at: must descend: write the best band first"]


def test_bands_must_not_give_more_than_a_better_one():
    found = problems_of(type="bands", bands=[{"at": 2, "points": 1}, {"at": 1, "points": 2}])

    assert found == ["rule.bands[1]: must not give more than the better band before it"]


def test_bands_must_not_give_more_points_than_the_item_weighs():
    found = problems_of(weight=10, type="bands", bands=RISING[:1])

    assert found == ["rule.bands[0].points: must be from 0 to the item's weight, 10"]


def test_points_that_do_not_descend_are_named_whatever_the_weight():
    found = problems_of(
        weight=0, type="bands", bands=[{"at": 2, "points": 1}, {"at": 1, "points": 2}]
    )

    assert found == ["rule.bands[1]: must not give more than the better band before it"]


def test_a_faulty_step_is_not_held_against_its_neighbours():
    bands = [{"at": "many", "points": 99}, {"at": 1, "points": 4}, {"at": "few", "points": 3}]

    found = problems_of(weight=5, type="bands", bands=bands)

    assert found == [
        "rule.bands[0].at: must be a number with at most nine decimal places",
        "rule.bands[0].points: must be from 0 to the item's weight, 5",
        "rule.bands[2].at: must be a number with at most nine decimal places",
    ]


LEVELS = [
    {"code": "excellent", "at": "0.9", "share": 1},
    {"code": "qualified", "at": "0.85", "share": "0.8"},
]


def test_levels_give_their_share_and_their_code():
    rule = make_rule(type="levels", better="higher", levels=LEVELS)

    assert shares(rule, "0.9", "0.899999999", "0.85", "0.849999999") == [
        *(1, Fraction(4, 5), Fraction(4, 5)),
        0,
    ]
    assert [rule.step_at(to_fixed(Decimal(v))) for v in ("0.9", "0.85", "0.8")] == [0, 1, 2]
    assert rule.level_codes() == ("excellent", "qualified")


def test_levels_must_not_share_a_code():
    found = problems_of(type="levels", levels=[LEVELS[0], {**LEVELS[1], "code": "excellent"}])

    assert found == ["rule.levels: has the same code twice"]


@pytest.mark.parametrize(
    "document",
    [
        {"type": "bands", "better": "higher", "bands": RISING},
        {"type": "bands", "better": "lower", "bands": [{"at": 5, "share": "0.25"}]},
        {"type": "levels", "better": "higher", "levels": LEVELS},
        {
            "type": "levels",
            "better": "higher",
            "levels": [{"code": "gold", "name": {"en": "Gold", "zh": "金"}, "at": 1, "share": 1}],
        },
    ],
)
def test_document_is_written_back_identically(document):
    assert make_rule(**document).dump() == document


def test_span_runs_from_the_first_step_to_the_last():
    assert make_rule(type="bands", bands=RISING).span() == Fraction("0.07")


def test_span_of_a_single_step_is_its_threshold():
    assert make_rule(type="bands", bands=[{"at": 4, "share": 1}]).span() == 4
