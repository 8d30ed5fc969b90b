"""The shipped schemes against points worked out by hand."""

import pytest

from appraisal.scoring.scheme import parse_scheme

S2_ITEMS = [
    *("calls", "handle_time", "answer_rate", "service_standard", "exam", "satisfaction"),
    *("rules_kept", "hygiene", "suggestions", "praise"),
]
S2_FULL = dict(zip(S2_ITEMS, (58, 240, 0.95, 95, 100, 0.95, 0, 0, 3, 5), strict=True))

# values in the order of S2_ITEMS, points by hand, total, grade
S2_CASES = {
    "everything exactly at its target": (
        ("58", "240", "0.95", "95", "100", "0.95", 0, 0, 3, 5),
        (5000, 1000, 500, 1000, 500, 500, 500, 200, 300, 500),
        (10000, "excellent"),
    ),
    # 50 x 53.65/58, 10 x 168/180, 5 x 134/150, 10 x 27.5/35, 5 x 136/210
    "an ordinary month": (
        ("53.65", "312", "0.934", "87.5", "84", "0.876", 1, 0, 1, 3),
        (4625, 933, 447, 786, 420, 324, 400, 200, 100, 300),
        (8535, "good"),
    ),
    "everything exactly at its worst": (
        (0, "120", "0.80", "60", 0, "0.74", 5, 2, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, "unqualified"),
    ),
    "beyond every target, with many events": (
        ("60", "300", "0.96", "100", "100", "1", 6, 3, 9, 6),
        (5000, 1000, 500, 1000, 500, 500, 0, 0, 300, 500),
        (9300, "excellent"),
    ),
    "half of everything": (
        ("29", "480", "0.875", "77.5", "50", "0.845", 2, 1, 2, 2),
        (2500, 0, 250, 500, 250, 250, 300, 100, 200, 200),
        (4550, "unqualified"),
    ),
    # 50 x 57.99/58 = 49.9914, 10 x 119/120 = 9.9167
    "a hair beside the targets": (
        ("57.99", "239", "0.95", "95", "100", "0.95", 0, 0, 3, 5),
        (4999, 992, 500, 1000, 500, 500, 500, 200, 300, 500),
        (9991, "excellent"),
    ),
    # 10 x 179/180 = 9.9444; the exam is 2.005, rounded half up
    "below every foot": (
        ("34.8", "301", "0.7999", "59.9", "40.1", "0.7399", 0, 0, 3, 5),
        (3000, 994, 0, 0, 201, 0, 500, 200, 300, 500),
        (5695, "unqualified"),
    ),
}


@pytest.mark.parametrize("name", S2_CASES)
def test_s2_gives_the_points_worked_out_by_hand(name, s2, score):
    values, points, (total, grade) = S2_CASES[name]

    scored = score(s2, {1: dict(zip(S2_ITEMS, values, strict=True))})

    assert scored.lines["points"].tolist() == list(points)
    assert scored.cards[["total", "grade", "covered"]].values.tolist() == [[total, grade, 10000]]


@pytest.mark.parametrize(
    ("calls", "total", "grade"),
    [
        ("46.4", 9000, "excellent"),
        ("46.3884", 8999, "good"),
        ("34.8", 8000, "good"),
        ("34.7884", 7999, "qualified"),
        ("11.6", 6000, "qualified"),
        ("11.5884", 5999, "unqualified"),
    ],
)
def test_s2_grades_change_exactly_at_their_totals(calls, total, grade, s2, score):
    scored = score(s2, {1: S2_FULL | {"calls": calls}})

    assert scored.cards.loc[0, ["total", "grade"]].tolist() == [total, grade]


def test_s2_on_calls_alone_covers_65_percent_and_gives_no_grade(s2, score):
    calls = {"calls": "58", "handle_time": "312", "answer_rate": "0.934"}
    others = dict.fromkeys(S2_ITEMS[3:], "awaited")

    scored = score(s2, {1: calls | others})

    # 50, 10 and 5 of 65 become 76.92, 15.38 and 7.69 of 100
    assert scored.lines["effective_weight"].tolist() == [7692, 1538, 769, *[0] * 7]
    assert scored.lines["points"].dropna().tolist() == [7692, 1436, 687]
    card = scored.cards.loc[0]
    assert (card["total"], card["covered"], card["state"]) == (9815, 6500, "no_grade")
    assert card["grade"] is None
    assert card["provisional"]


def test_s2_small_sample_gives_its_weight_to_its_group(s2, score):
    scored = score(s2, {1: S2_FULL | {"satisfaction": "small", "exam": "80"}})

    # 5 go to service standard and exam as 10 : 5, so 13.33 and 6.67; 80% of that is 5.33
    lines = scored.lines.set_index("item")
    assert lines.loc["service_standard", ["effective_weight", "points"]].tolist() == [1333, 1333]
    assert lines.loc["exam", ["effective_weight", "points"]].tolist() == [667, 533]
    assert lines.loc["satisfaction", ["state", "reason"]].tolist() == ["insufficient", "small"]
    assert scored.cards.loc[0, ["total", "covered", "grade"]].tolist() == [9866, 9500, "excellent"]


def test_s2_weight_of_a_group_without_receivers_goes_over_all(s2, score):
    scored = score(s2, {1: S2_FULL | {"suggestions": "awaited", "praise": "awaited"}})

    # 8 over the 85 of the items that may receive: each x 93/85; discipline keeps 5 and 2
    points = [5471, 1094, 547, 1094, 547, 547, 500, 200]
    assert scored.lines["points"].dropna().tolist() == points
    assert scored.cards.loc[0, ["total", "covered", "provisional"]].tolist() == [10000, 9200, True]


def test_s2_not_applicable_leaves_the_cover_whole(s2, score):
    scored = score(s2, {1: S2_FULL | {"answer_rate": "not_applicable"}})

    assert scored.lines.set_index("item").loc["handle_time", "points"] == 1500
    assert scored.cards.loc[0, ["total", "covered", "provisional"]].tolist() == [
        10000,
        10000,
        False,
    ]


S9_ITEMS = [
    *("satisfaction", "resolution", "callback", "response_time", "record_accuracy"),
    *("teamwork", "training"),
]
S9_EXCELLENT = ("0.90", "0.95", "0.90", "43200", "0.98", "0.90", 1)
S9_QUALIFIED = ("0.85", "0.90", "0.80", "86400", "0.95", "0.80", 1)
S9_CASES = {
    # 100/7 = 14.2857 each, rounded once per line
    "every threshold of excellent": (S9_EXCELLENT, (1429,) * 7, (10003, "excellent")),
    # 80% of 100/7 = 11.4286
    "every threshold of qualified": (S9_QUALIFIED, (*(1143,) * 6, 1429), (8287, "good")),
    "a hair below excellent": (
        ("0.8999", "0.9499", "0.8999", "43201", "0.9799", "0.8999", 2),
        (*(1143,) * 6, 1429),
        (8287, "good"),
    ),
    "a hair below qualified": (
        ("0.8499", "0.8999", "0.7999", "86401", "0.9499", "0.7999", 0),
        (0,) * 7,
        (0, "unqualified"),
    ),
    "one below qualified": (
        ("0.8499", *S9_EXCELLENT[1:]),
        (0, *(1429,) * 6),
        (8574, "good"),
    ),
    "no training given": ((*S9_QUALIFIED[:6], 0), (*(1143,) * 6, 0), (6858, "qualified")),
    "mixed": (
        ("0.92", "0.93", "0.5", "3600", "0.96", "0.95", 3),
        (1429, 1143, 0, 1429, 1143, 1429, 1429),
        (8002, "good"),
    ),
}


@pytest.mark.parametrize("name", S9_CASES)
def test_s9_gives_the_points_worked_out_by_hand(name, s9, score):
    values, points, (total, grade) = S9_CASES[name]

    scored = score(s9, {1: dict(zip(S9_ITEMS, values, strict=True))})

    assert scored.lines["points"].tolist() == list(points)
    assert scored.cards.loc[0, ["total", "grade"]].tolist() == [total, grade]


def test_s9_shows_the_level_of_each_kpi(s9, score):
    values = dict(zip(S9_ITEMS, ("0.92", "0.93", "0.5", "small", "0.96", "0.95", 0), strict=True))

    scored = score(s9, {1: values})

    levels = ["excellent", "qualified", None, None, "qualified", "excellent", None]
    assert scored.lines["level"].tolist() == levels


def test_s9_one_kpi_below_qualified_keeps_the_grade_at_good(s9_document, score):
    s9_document["grades"][0]["from"] = 85
    values = dict(zip(S9_ITEMS, ("0.8499", *S9_EXCELLENT[1:]), strict=True))

    scored = score(parse_scheme(s9_document), {1: values})

    assert scored.cards.loc[0, ["total", "grade", "capped"]].tolist() == [8574, "good", True]


def test_s9_without_the_rating_is_provisional(s9, score):
    values = dict(zip(S9_ITEMS, S9_EXCELLENT, strict=True)) | {"teamwork": "awaited"}

    scored = score(s9, {1: values})

    # the training takes the weight of the rating: 200/7
    assert scored.lines["points"].dropna().tolist() == [*[1429] * 5, 2857]
    # 600/7 = 85.7143% covered
    assert scored.cards.loc[0, ["covered", "provisional"]].tolist() == [8571, True]
