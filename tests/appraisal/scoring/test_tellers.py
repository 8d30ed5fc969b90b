"""What is said of peers, conditions, points taken off and months."""

from decimal import Decimal

import pytest

from appraisal.scoring.changes import is_emptied
from appraisal.scoring.explain import (
    condition_rule,
    explain_line,
    explain_month,
    rule_label,
)
from appraisal.scoring.lifts import list_lifts
from appraisal.scoring.pictures import picture
from appraisal.scoring.scheme import parse_scheme
from appraisal.scoring.terms import Condition
from appraisal.scoring.told import read_conditions

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
    "bands": [{"at": 0, "points": 3}, {"at": 21600, "points": "2.4"}],
}
AHEAD = {
    "type": "peers",
    "better": "higher",
    "bands": [{"at": -2, "points": 3}, {"at": -1, "points": 2}, {"at": 1, "points": 1}],
}
PAUSES = {
    "type": "bands",
    "better": "lower",
    "bands": [{"at": 23000, "points": 3}, {"at": 27600, "points": 2}],
}
MET = {
    "kpi": "longest_pause",
    "side": "above",
    "threshold": "1800",
    "effect": ["zero", "no_stars"],
    "value": "1860",
    "met": True,
}
NAMES = {"longest_pause": ("The longest pause in a shift", "s")}


def item_of(rule, weight=3, **more):
    entry = {"code": "line", "group": "g", "name": {"en": "Line", "zh": "行"}, "kpi": "line"}
    document = {
        "code": "made",
        "name": {"en": "Made", "zh": "示例"},
        "positions": ["agent"],
        "cycles": ["month"],
        "groups": [{"code": "g", "name": {"en": "g", "zh": "g"}}],
        "items": [
            {**entry, "weight": weight, "rule": rule, **more},
            {**entry, "code": "rest", "weight": 100 - weight, "rule": {"type": "share"}},
        ],
        "grades": [
            {"code": "good", "name": {"en": "Good", "zh": "良好"}, "from": 98},
            {"code": "rest", "name": {"en": "Rest", "zh": "其他"}, "from": 0},
        ],
        "stars": [{"from": 60, "stars": 1}],
    }
    return parse_scheme(document)


@pytest.mark.parametrize(
    ("rule", "value", "points", "unit", "expected"),
    [
        (
            *(CALL_LENGTH, "95.5", "3", "s"),
            "The average of the peers is 100 s; 96 s is 5 s below it. "
            "At the average or better the item gives 3 of 3 points.",
        ),
        (
            *(CALL_LENGTH, "103", "2.5", "s"),
            "The average of the peers is 100 s; 103 s is 3 s above it. "
            "Worse than the average by up to 5 s, the item gives 2.50 of 3 points. "
            "At 100 s the item would give 3 points, 0.50 more.",
        ),
        (
            *(CALL_LENGTH, "110", "2", "s"),
            "The average of the peers is 100 s; 110 s is 10 s above it. "
            "Worse than the average by more than 5 s and up to 10 s, "
            "the item gives 2 of 3 points. "
            "At 105 s the item would give 2.50 points, 0.50 more.",
        ),
        (
            *(CALL_LENGTH, "120", "0", "s"),
            "The average of the peers is 100 s; 120 s is 20 s above it. "
            "Worse than the average by more than 15 s the item gives no points. "
            "At 115 s the item would give 1 point, 1 more.",
        ),
        (
            *(CALL_LENGTH, "100", "3", "s"),
            "The value is exactly the average of the peers, 100 s. "
            "At the average or better the item gives 3 of 3 points.",
        ),
        (
            *(CALL_LENGTH, "100.000000001", "2.5", "s"),
            "the value is just above it. Worse than the average by up to 5 s,",
        ),
        (
            *(AHEAD, "102.5", "3", "count"),
            "From 2 better than the average on the item gives 3 of 3 points.",
        ),
        (
            *(AHEAD, "101.5", "2", "count"),
            "Less than 2 better than the average the item gives 2 of 3 points.",
        ),
        (
            *(AHEAD, "90", "0", "count"),
            "Worse than the average by more than 1 the item gives no points.",
        ),
    ],
)
def test_peers_are_told_by_the_distance_from_their_average(
    rule, value, points, unit, expected, make_line
):
    item = item_of(rule).items[0]
    line = make_line("line", value, "3", points, target="100")

    told = explain_line(item, line, unit, "en")

    assert expected in " ".join((*told.sentences, told.next_step)).strip()


def test_shares_lie_percentage_points_apart(make_line):
    rule = {"type": "peers", "better": "higher", "bands": [{"at": 0, "points": 3},
            {"at": "0.025", "points": 2}]}  # fmt: skip
    line = make_line("line", "0.876106195", "3", "2", target="0.891234567")

    english, chinese = (
        explain_line(item_of(rule).items[0], line, "share", language).sentences
        for language in ("en", "zh-hans")
    )

    assert english[1:] == (
        "The average of the peers is 89.1%; 87.6% is 1.5 pp below it.",
        "Worse than the average by up to 2.5 pp, the item gives 2 of 3 points.",
    )
    assert chinese[1] == "同岗同班平均值为 89.1%，87.6% 比平均值低 1.5 个百分点。"


def test_peers_are_told_in_chinese(make_line):
    item = item_of(WORKING_TIME).items[0]
    line = make_line("line", "568800", "3", "2.4", target="576000")

    told = explain_line(item, line, "s", "zh-hans")

    assert told.sentences[1:] == (
        "同岗同班平均值为 160 小时，158 小时比平均值低 2 小时。",
        "比平均值差 6 小时以内的，本项得 2.40 分（满分 3 分）。",
    )
    assert told.next_step == "升至 160 小时，可得 3 分，增加 0.60 分。"


def test_too_few_peers_are_told_as_such(make_line):
    line = make_line("line", "100", "3", None, state="not_applicable")

    told = explain_line(item_of(CALL_LENGTH).items[0], line, "s", "en")

    assert told.sentences[0].startswith("There are too few peers for an average")


def test_rule_against_peers_is_named_and_drawn_around_their_average():
    rule = item_of(CALL_LENGTH).items[0].rule

    around_zero = picture(rule, Decimal(3), unit="s")
    aimed = picture(rule, Decimal(3), Decimal(103), unit="s", target=Decimal(100))

    assert rule_label(rule, "s", "en") == "against the peers’ average"
    assert [int(tick) for tick in around_zero.value_ticks] == [0, 5, 10, 15]
    assert around_zero.low < 0
    assert [int(tick) for tick in aimed.value_ticks] == [100, 105, 110, 115]
    assert (str(aimed.here.points), int(aimed.next_step.value)) == ("2.50", 100)


def emptied(make_line, **more):
    condition = {"kpi": "longest_pause", "above": 1800, "effect": ["zero", "no_stars"]}
    scheme = item_of(PAUSES, conditions=[condition])
    line = make_line("line", "25000", "3", "0", conditions=[MET | more])
    return scheme, line


def test_condition_that_empties_an_item_is_told_with_what_it_would_have_given(make_line):
    scheme, line = emptied(make_line)
    conditions = read_conditions(line.conditions, NAMES, {"longest_pause": "12 October"})

    told = explain_line(scheme.items[0], line, "s", "en", conditions=conditions)

    assert told.sentences == (
        "The value is 6 h 56 min 40 s.",
        "The longest pause in a shift came to 1,860 s on 12 October; over 1,800 s the item gives "
        "no points, and no stars are given for the period.",
    )
    assert told.next_step == "Without that the item would give 2 of 3 points."
    assert (told.lost, told.change) == (3, None)


def test_condition_is_told_in_chinese(make_line):
    scheme, line = emptied(make_line)
    conditions = read_conditions(
        line.conditions, {"longest_pause": ("单班最长小休", "s")}, {"longest_pause": "10月12日"}
    )

    told = explain_line(scheme.items[0], line, "s", "zh-hans", conditions=conditions)

    assert told.sentences[1] == (
        "单班最长小休在10月12日为 1,860 秒，超过 1,800 秒，本项得 0 分，本期也不评星。"
    )
    assert told.next_step == "若无此情况，本项可得 2 分（满分 3 分）。"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"met": False, "value": "1200"},
            "The longest pause in a shift came to 1,200 s; over 1,800 s the item would give no "
            "points, and there would be no stars.",
        ),
        (
            {"met": None, "value": None},
            "The longest pause in a shift is not known for this period, so it changes nothing.",
        ),
        (
            {"effect": ["no_stars"]},
            "The longest pause in a shift came to 1,860 s; over 1,800 s no stars are given. "
            "The points stay.",
        ),
    ],
)
def test_condition_that_leaves_the_points_is_told_behind_them(change, expected, make_line):
    scheme, line = emptied(make_line, **change)
    line.points = Decimal(2)
    conditions = read_conditions(line.conditions, NAMES)

    told = explain_line(scheme.items[0], line, "s", "en", conditions=conditions)

    assert told.sentences[-1] == expected
    assert "the item gives 2 of 3 points" in told.sentences[1]
    assert told.next_step != ""


def test_condition_that_takes_the_stars_is_told_even_without_a_value(make_line):
    scheme, _line = emptied(make_line)
    line = make_line("line", None, "3", None, state="no_data", conditions=[MET])

    told = explain_line(scheme.items[0], line, "s", "en", conditions=read_conditions([MET], NAMES))

    assert told.sentences[0].startswith("There is nothing to measure")
    assert "over 1,800 s the item gives no points" in told.sentences[1]


def test_unknown_kpi_is_called_by_its_code():
    assert read_conditions([MET], {})[0].name == "longest_pause"


def test_emptied_line_offers_no_lift(make_line):
    scheme, line = emptied(make_line)
    rest = make_line("rest", "1", "97", "97")
    units = {"line": "s", "rest": "share"}

    assert is_emptied(line)
    assert list_lifts(scheme, [line, rest], Decimal(97), units=units) == []
    line.conditions = None
    assert [lift.item for lift in list_lifts(scheme, [line, rest], Decimal(97), units=units)] == [
        "line"
    ]


@pytest.mark.parametrize(
    ("value", "points", "expected"),
    [
        (
            *("3.5", "6.5"),
            "3.5 points are taken off and leave 6.50 of 10 points. "
            "With 2 points taken off the item would give 8 points, 1.50 more.",
        ),
        (
            *("1", "9"),
            "One point is taken off and leaves 9 of 10 points. "
            "With nothing taken off the item would give 10 points, 1 more.",
        ),
        ("0", "10", "Nothing was recorded, so nothing is taken off: 10 of 10 points."),
    ],
)
def test_points_taken_off_are_told_as_points(value, points, expected, make_line):
    item = item_of({"type": "deduction", "points": 1}, weight=10).items[0]

    told = explain_line(item, make_line("line", value, "10", points), "points", "en")

    assert " ".join((*told.sentences, told.next_step)).strip() == expected


def test_month_of_a_longer_card_is_told_by_its_total(make_line):
    line = make_line("2026-10", "85.35", "33.333333", "28.45", effective_weight="33.33")

    english, chinese = explain_month(line, "en"), explain_month(line, "zh-hans")

    assert english.sentences == (
        "The total of the month was 85.35. The month counts for 33.33 of 100 points, "
        "so it gives 28.45.",
    )
    assert english.next_step == "One point more in the month would give 0.33 more here."
    assert chinese.sentences == ("当月总分为 85.35，在 100 分中占 33.33 分，折合 28.45 分。",)
    assert english.lost == Decimal("4.88")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("no_data", "The month has no total, so it is left out and the others count the more."),
        ("awaited", "The month has not been computed yet, so the total is provisional."),
        ("not_applicable", "There was no scorecard in that month, so it is left out"),
    ],
)
def test_month_without_points_says_why(state, expected, make_line):
    told = explain_month(make_line("2026-10", None, "33.333333", None, state=state), "en")

    assert told.sentences[0].startswith(expected)
    assert (told.next_step, told.lost) == ("", None)


def test_month_that_takes_over_from_others_says_so(make_line):
    line = make_line("2026-10", "80", "33.333333", "40", effective_weight="50")

    assert "because months without a total are left out" in explain_month(line, "en").sentences[1]


def test_condition_of_a_scheme_is_told_as_a_rule():
    condition = Condition("very_late", "at_least", Decimal(1), ("zero",))

    assert condition_rule(condition, "Very late arrivals", "count", "en") == (
        "Very late arrivals: from 1 on the item gives no points."
    )
    assert condition_rule(condition, "严重迟到次数", "count", "zh-hans") == (
        "严重迟到次数达到 1 时，本项得 0 分。"
    )
