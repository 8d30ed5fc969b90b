from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.scoring.changes import exact_weights, list_changes, rule_for


def test_weights_of_a_stored_card_are_found_again_exactly(s2, s2_lines):
    for line in s2_lines[3:]:
        line.state = "awaited"

    weights = exact_weights(s2, s2_lines)

    assert weights["calls"] == Fraction(5000, 65)
    assert weights["praise"] == 0
    assert sum(weights.values()) == 100


def test_next_changes_of_levels_are_all_better_levels(s9, make_line):
    item = s9.item("response_time")
    line = make_line("response_time", "90000", "14.285714", "0")

    changes = list_changes(item.rule, line, weight=Fraction(100, 7), points=Decimal(1), unit="s")

    assert [(str(change.to_value), str(change.points)) for change in changes] == [
        ("86400.000000000", "11.43"),
        ("43200.000000000", "14.29"),
    ]


def test_rows_that_are_not_there_are_not_promised(s2, make_line):
    item = s2.item("satisfaction")
    line = make_line("satisfaction", "0.9", "5", "3.81", numerator="9", denominator="10")

    changes = list_changes(item.rule, line, weight=Fraction(5), points=Decimal(5), unit="share")

    # one more of ten is all of them: 100%
    assert [(change.more_rows, change.points) for change in changes] == [(1, Decimal("5.00"))]


def test_points_that_round_up_to_those_wanted_are_enough(s2, make_line):
    item = s2.item("satisfaction")
    line = make_line("satisfaction", "0.8", "5", "1.43", numerator="800", denominator="1000")

    [change] = list_changes(
        item.rule, line, weight=Fraction(5), points=Decimal("1.93"), unit="share"
    )

    # 821 of 1,000: 5 x 8.1 / 21 = 1.9286, shown and counted as 1.93
    assert (change.more_rows, change.points) == (21, Decimal("1.93"))


def test_full_item_has_nothing_to_gain(s2, make_line):
    item = s2.item("satisfaction")
    line = make_line("satisfaction", "1", "5", "5", numerator="10", denominator="10")

    assert not list_changes(item.rule, line, weight=Fraction(5), points=Decimal(5), unit="share")


def test_line_without_a_value_has_no_change(s2, make_line):
    line = make_line("exam", None, "5", None, state="no_data")

    changes = list_changes(
        s2.item("exam").rule, line, weight=Fraction(5), points=Decimal(5), unit="points"
    )

    assert changes == []


@pytest.mark.parametrize(("target", "expected"), [(None, "58"), ("40", "40")])
def test_target_of_the_line_replaces_the_rules(target, expected, s2, make_line):
    more = {} if target is None else {"target": target}
    line = make_line("calls", "30", "50", "25.86", **more)

    assert rule_for(s2.item("calls"), line).aim().low == Decimal(expected)
