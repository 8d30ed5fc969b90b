"""Rules in words, each kind of them."""

from decimal import Decimal

import pytest

from appraisal.scoring.scheme import parse_scheme
from appraisal.web.pages.rules import cap_words, group_rows, rule_words


def scheme_with(rule, *, weight=20, **item):
    entry = {
        "code": "one",
        "group": "all",
        "name": {"en": "One", "zh": "一"},
        "kpi": "some_kpi",
        "weight": weight,
        "rule": rule,
        **item,
    }
    return parse_scheme(
        {
            "code": "s",
            "name": {"en": "S", "zh": "方"},
            "positions": ["agent"],
            "cycles": ["month"],
            "groups": [{"code": "all", "name": {"en": "All", "zh": "全"}}],
            "items": [entry, entry | {"code": "two", "weight": 80}],
            "grades": [
                {"code": "good", "name": {"en": "Good", "zh": "良"}, "from": 60},
                {"code": "poor", "name": {"en": "Poor", "zh": "差"}, "from": 0},
            ],
        }
    )


@pytest.mark.parametrize(
    ("rule", "unit", "words"),
    [
        (
            {"type": "linear", "worst": "0.74", "best": "0.95"},
            "share",
            ["Nothing at 74%, all 20 points at 95%, evenly in between."],
        ),
        (
            {"type": "proportional", "target": 58, "cap": "0.9", "floor": "0.5"},
            "number",
            [
                "All 20 points at 58, in proportion below.",
                "The item gives at most 90% of its points.",
                "Below 50% of the target there are no points.",
            ],
        ),
        (
            {"type": "proportional", "target": 60, "better": "lower"},
            "s",
            ["All 20 points up to 60 s, half at twice as much."],
        ),
        (
            {"type": "range", "zero_low": 120, "low": 240, "high": 300, "zero_high": 480},
            "s",
            [
                "All 20 points between 240 s and 300 s, falling evenly to nothing at"
                " 120 s and 480 s."
            ],
        ),
        (
            {"type": "share", "of": 100},
            "points",
            ["The value counts as a share of 100; that gives all 20 points."],
        ),
        (
            {"type": "deduction", "points": 2},
            "count",
            ["20 points to begin with; each event takes 2 off."],
        ),
        (
            {"type": "bonus", "points": 1},
            "count",
            ["Each event earns 1, at most 20 in all."],
        ),
    ],
)
def test_a_rule_is_told_in_sentences(rule, unit, words):
    scheme = scheme_with(rule)

    assert rule_words(scheme.items[0], unit, Decimal(20)) == words


def test_an_item_that_counts_nothing_without_data_says_so():
    scheme = scheme_with({"type": "share", "of": 1}, missing="zero")

    words = rule_words(scheme.items[0], "share", Decimal(20))

    assert words[-1] == "Without data the item gives 0 points."


def test_groups_add_up_to_a_hundred():
    groups = group_rows(scheme_with({"type": "share", "of": 1}), {})

    assert [group.weight for group in groups] == [Decimal(100)]
    assert [row.weight for row in groups[0].items] == [Decimal(20), Decimal(80)]
    assert cap_words(scheme_with({"type": "share", "of": 1})) == []


@pytest.mark.parametrize(
    ("rule", "unit", "words"),
    [
        (
            {"type": "linear", "worst": 0, "best": 1},
            "share",
            ["Nothing at 0%, the 1 point at 100%, evenly in between."],
        ),
        (
            {"type": "proportional", "target": 60, "better": "lower"},
            "s",
            ["The 1 point up to 60 s, half at twice as much."],
        ),
        (
            {"type": "deduction", "points": 1},
            "count",
            ["1 point to begin with; each event takes 1 off."],
        ),
        (
            {"type": "bands", "bands": [{"at": 80, "points": 1}, {"at": 60, "points": "0.5"}]},
            "number",
            ["From 80 on: 1 point.", "From 60 on: 0.50 points.", "Otherwise nothing."],
        ),
        (
            {
                "type": "peers",
                "better": "higher",
                "bands": [{"at": 0, "points": 1}, {"at": 2, "points": "0.8"}],
            },
            "number",
            [
                "Held against the average of the peers: same position, same shift.",
                "At the average or better: 1 point.",
                "Up to 2 worse: 0.80 points.",
                "Otherwise nothing.",
            ],
        ),
    ],
)
def test_one_point_is_told_in_the_singular(rule, unit, words):
    scheme = scheme_with(rule, weight=1)

    assert rule_words(scheme.items[0], unit, Decimal(1)) == words
