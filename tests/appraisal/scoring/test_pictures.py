from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.scoring.pictures import MINI, mini_picture, picture
from appraisal.scoring.reading import Reader
from appraisal.scoring.rules.registry import parse_rule


def corners(drawn):
    return [
        tuple((str(point.value.normalize()), str(point.points)) for point in piece)
        for piece in drawn.pieces
    ]


def test_steps_are_drawn_as_treads_with_the_next_one_marked(s9):
    drawn = picture(s9.item("satisfaction").rule, Decimal("14.29"), Decimal("0.87"), unit="share")

    assert corners(drawn) == [
        (("0.8375", "0.00"), ("0.85", "0.00")),
        (("0.85", "11.43"), ("0.9", "11.43")),
        (("0.9", "14.29"), ("0.9125", "14.29")),
    ]
    assert drawn.stepped
    assert [str(tick.normalize()) for tick in drawn.value_ticks] == ["0.85", "0.9"]
    assert [str(point) for point in drawn.point_ticks] == ["0.00", "11.43", "14.29"]
    assert (str(drawn.here.points), str(drawn.next_step.points)) == ("11.43", "14.29")


def test_range_is_drawn_as_a_trapezium(s2):
    drawn = picture(s2.item("handle_time").rule, Decimal(10), Decimal(312), unit="s")

    assert [float(tick) for tick in drawn.value_ticks] == [120, 240, 300, 480]
    assert (drawn.here.points, drawn.next_step.value) == (Decimal("9.33"), 300)


def test_picture_is_widened_to_hold_the_value(s2):
    low = picture(s2.item("handle_time").rule, Decimal(10), Decimal(20))
    high = picture(s2.item("handle_time").rule, Decimal(10), Decimal(900))

    assert (low.low, high.high) == (20, 900)


@pytest.mark.parametrize(
    ("rule", "high"),
    [
        # the best band begins at 100%, and the budget is used up at 110%: both must be seen
        ({"type": "bands", "bands": [{"at": 1, "share": 1}, {"at": "0.8", "share": 0}]}, "1.05"),
        ({"type": "linear", "worst": "1.1", "best": 1}, "1.125"),
    ],
)
def test_share_of_a_plan_is_drawn_beyond_the_whole(rule, high):
    parsed = parse_rule(Reader(rule, "rule", []), weight=Decimal(10))

    assert picture(parsed, Decimal(10), unit="share").high == Decimal(high)


def test_share_is_not_drawn_beyond_everything(s2):
    drawn = picture(s2.item("satisfaction").rule, Decimal(5), unit="share")

    assert drawn.high == 1
    assert drawn.here is None


def test_target_of_ones_own_moves_the_picture(s2):
    drawn = picture(s2.item("calls").rule, Decimal(50), Decimal(40), target=Decimal(40))

    assert drawn.here.points == 50
    assert drawn.next_step is None


@pytest.mark.parametrize("code", ["calls", "handle_time", "exam", "rules_kept", "praise"])
def test_mini_picture_runs_across_its_box(code, s2):
    line = mini_picture(s2.item(code).rule)

    assert (line[0][0], line[-1][0]) == (0, MINI)
    assert {height for _, height in line} >= {0, MINI}


def test_mini_picture_of_a_falling_level_steps_down(s9):
    assert mini_picture(s9.item("response_time").rule) == (
        *((0, 1000), (167, 1000), (167, 800)),
        *((833, 800), (833, 0), (1000, 0)),
    )


def test_points_of_an_exact_weight_are_those_of_the_line(s2):
    drawn = picture(s2.item("calls").rule, Fraction(5000, 65), Decimal("53.65"))

    # 5000/65 x 53.65/58 = 71.1538
    assert (str(drawn.top), str(drawn.here.points)) == ("76.92", "71.15")
