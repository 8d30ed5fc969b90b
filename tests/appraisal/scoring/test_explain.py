from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.scoring.explain import explain_line, lift_text, rule_label
from appraisal.scoring.lifts import list_lifts
from appraisal.scoring.scheme import parse_scheme


def words(item, line, unit, language="en", **more):
    told = explain_line(item, line, unit, language, **more)
    return " ".join((*told.sentences, told.next_step)).strip()


S2_WORDS = {
    "calls": (
        "count",
        "The value is 53.7, from 20 shifts. "
        "The target is 58; 53.7 comes to 92.5% of it: 46.25 of 50 points. "
        "At 54.9 the item would give 47.33 points, 1.08 more.",
    ),
    "handle_time": (
        "s",
        "The value is 312 s, from 1,073 shifts. "
        "Between 240 s and 300 s the item gives everything; from there it falls evenly to "
        "nothing at 120 s and 480 s. 312 s lies 12 s above the range: 9.33 of 10 points. "
        "At 300 s the item would give 10 points, 0.67 more.",
    ),
    "exam": (
        "points",
        "The value is 84, from 1 shifts. 84 of 100 gives 84.0% of the item: 4.20 of 5 points. "
        "At 100 the item would give 5 points, 0.80 more.",
    ),
    "satisfaction": (
        "share",
        "198 of 226 shifts count: 87.6%. "
        "The item gives nothing at 74% and everything at 95%, evenly in between. "
        "87.6% is 64.8% of the way: 3.24 of 5 points. "
        "10 more of 226 shifts would give 4.29 points, 1.05 more.",
    ),
    "rules_kept": (
        "count",
        "One event takes 1 off and leaves 4 of 5 points. "
        "Without an event the item would give 5 points, 1 more.",
    ),
    "hygiene": ("count", "Nothing was recorded, so nothing is taken off: 2 of 2 points."),
    "suggestions": (
        "count",
        "One event earns 1 of 3 points. With 2 events the item would give 2 points, 1 more.",
    ),
}


@pytest.mark.parametrize("code", S2_WORDS)
def test_line_is_told_in_english(code, s2, s2_lines):
    line = next(line for line in s2_lines if line.item == code)
    unit, expected = S2_WORDS[code]

    assert words(s2.item(code), line, unit, noun="shifts") == expected


S2_CHINESE = {
    "calls": (
        "count",
        "实际值为 53.7，依据 20 个班次。 目标为 58，53.7 完成了 92.5%，"
        "得 46.25 分（满分 50 分）。 升至 54.9，可得 47.33 分，增加 1.08 分。",
    ),
    "handle_time": (
        "s",
        "实际值为 312 秒，依据 1,073 个班次。 在 240 秒至 300 秒之间得满分，向两侧按比例递减，"
        "到 120 秒或 480 秒不得分。 312 秒比上限多 12 秒，得 9.33 分（满分 10 分）。 "
        "降至 300 秒，可得 10 分，增加 0.67 分。",
    ),
    "praise": (
        "count",
        "共 3 次，每次得 1 分，得 3 分（满分 5 分）。 4 次可得 4 分，增加 1 分。",
    ),
}


@pytest.mark.parametrize("code", S2_CHINESE)
def test_line_is_told_in_chinese(code, s2, s2_lines):
    line = next(line for line in s2_lines if line.item == code)
    unit, expected = S2_CHINESE[code]

    assert words(s2.item(code), line, unit, "zh-hans", noun="个班次") == expected


@pytest.mark.parametrize(
    ("value", "points", "expected"),
    [
        (
            "90000",
            "0",
            "The value is 25 h. Over 24 h the item gives no points. "
            "This is below the level Qualified.",
        ),
        (
            "50000",
            "11.43",
            "The value is 13.9 h. Up to 24 h, but over 12 h, the item gives 11.43 of 14.29 "
            "points. This is the level Qualified.",
        ),
        (
            "100",
            "14.29",
            "The value is 100 s. Up to 12 h the item gives 14.29 of 14.29 points. "
            "This is the level Excellent.",
        ),
    ],
)
def test_level_is_told_with_the_step_it_stands_on(value, points, expected, s9, make_line):
    line = make_line("response_time", value, "14.285714", points, effective_weight="14.29")

    told = explain_line(s9.item("response_time"), line, "s", "en")

    scaled = "The weights of the scheme are scaled to 100, so the item counts 14.29 points."
    assert " ".join(told.sentences) == f"{expected} {scaled}"


@pytest.mark.parametrize(
    ("rule", "value", "points", "unit", "expected"),
    [
        (
            {"type": "bands", "bands": [{"at": "0.9", "points": 50}, {"at": "0.8", "points": 30}]},
            *("0.85", "30", "share"),
            "From 80% up to, but not including, 90% the item gives 30 of 50 points.",
        ),
        (
            {"type": "bands", "bands": [{"at": "0.9", "points": 50}]},
            *("0.95", "50", "share"),
            "From 90% on the item gives 50 of 50 points.",
        ),
        (
            {"type": "bands", "bands": [{"at": "0.9", "points": 50}]},
            *("0.5", "0", "share"),
            "Below 90% the item gives no points.",
        ),
        ({"type": "linear", "worst": 60, "best": 95}, "99", "50", "points", "95 is reached"),
        ({"type": "linear", "worst": 60, "best": 95}, "50", "0", "points", "not go beyond 60"),
        (
            {"type": "proportional", "target": 100, "floor": "0.85"},
            *("80", "0", "count"),
            "The target is 100; below 85.0% of it the item gives no points.",
        ),
        (
            {"type": "proportional", "target": 100},
            *("100", "50", "count"),
            "The target of 100 is reached: 50 of 50 points.",
        ),
        (
            {"type": "range", "zero_low": 1, "low": 2, "high": 3, "zero_high": 4},
            *("2.5", "50", "number"),
            "2.5 lies inside: 50 of 50 points.",
        ),
        (
            {"type": "range", "zero_low": 1, "low": 2, "high": 3, "zero_high": 4},
            *("1.5", "25", "number"),
            "1.5 lies 0.5 below the range: 25 of 50 points.",
        ),
        ({"type": "share"}, "0.8", "40", "share", "The item gives 40 of 50 points."),
        (
            {"type": "deduction", "points": 10, "zero_at": 3},
            *("3", "0", "count"),
            "From 3 events on the item gives no points; there were 3.",
        ),
        (
            {"type": "deduction", "points": 10},
            *("2", "30", "count"),
            "Each event takes 10 off: 2 events leave 30 of 50 points.",
        ),
        (
            {"type": "bonus", "points": 10},
            *("0", "0", "count"),
            "Nothing was recorded; each event would earn 10 of 50 points.",
        ),
    ],
)
def test_rule_is_told_with_the_points_it_gave(
    rule, value, points, unit, expected, s2_document, make_line
):
    s2_document["items"][0]["rule"] = rule
    item = parse_scheme(s2_document).items[0]

    told = explain_line(item, make_line("calls", value, "50", points), unit, "en")

    assert expected in " ".join(told.sentences)


@pytest.mark.parametrize(("value", "expected"), [("0", "was not reached"), ("1", "is limited")])
def test_veto_is_told_without_points(value, expected, s2_document, make_line):
    rule = {"type": "veto", "at": 1, "grade": "good"}
    s2_document["items"][0] |= {"weight": 0, "rule": rule}
    item = parse_scheme(s2_document).items[0]

    told = explain_line(item, make_line("calls", value, "0", "0"), "count", "en")

    assert expected in told.sentences[-1]
    assert told.next_step == ""


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("no_data", "There is nothing to measure"),
        ("awaited", "has not come in yet"),
        ("not_applicable", "does not apply here"),
        ("not_available", "cannot be computed here"),
        ("not_measurable", "No source gives what this KPI needs"),
        ("insufficient", "14 cases: too few to judge, so"),
    ],
)
def test_line_without_points_says_why(state, expected, s2, make_line):
    line = make_line("exam", None, "5", None, state=state, sample=14)

    told = explain_line(s2.item("exam"), line, "points", "en")

    assert expected in told.sentences[0]
    assert told.lost is None


def test_small_sample_says_how_many_are_needed(s2, make_line):
    line = make_line("exam", "80", "5", None, state="insufficient", sample=14)

    told = explain_line(
        s2.item("exam"), line, "points", "zh-hans", noun="份评价", minimum_sample=20
    )

    assert told.sentences[0].startswith("仅有 14 份评价，至少需要 20，样本过少。")


def test_zero_of_the_scheme_is_told_as_such(s2_document, make_line):
    s2_document["items"][4]["missing"] = "zero"
    item = parse_scheme(s2_document).item("exam")

    told = explain_line(item, make_line("exam", None, "5", "0", state="no_data"), "points", "en")

    assert told.sentences == (
        "There is nothing to measure in this period, and the scheme gives 0 points then.",
    )


def test_weight_taken_over_is_told(s2, make_line):
    line = make_line("calls", "58", "50", "76.92", effective_weight="76.92")

    told = explain_line(s2.item("calls"), line, "count", "en", weight=Fraction(5000, 65))

    assert told.sentences[-1] == (
        "The item counts 76.92 points instead of 50, "
        "because the weight of items without a score was shared out."
    )
    assert told.lost == 0


def test_lift_is_told_by_rows_where_it_has_any(s2, s2_lines):
    units = {"satisfaction": "share", "service_standard": "points", "handle_time": "s"}
    lifts = {lift.item: lift for lift in list_lifts(s2, s2_lines, Decimal("79.5"), units=units)}

    by_rows = lift_text(lifts["satisfaction"], "share", "en", noun="answers")
    in_chinese = lift_text(lifts["satisfaction"], "share", "zh-hans", noun="份评价")
    plain = lift_text(lifts["service_standard"], "points", "en")
    downwards = lift_text(lifts["handle_time"], "s", "zh-hans")

    assert by_rows == "87.6% to 89.8%: 5 more of 226 answers."
    assert in_chinese == "由 87.6% 升至 89.8%：226 份评价中再多 5 个达标。"
    assert plain == "87.5 to 89.3."
    assert downwards == "由 312 秒降至 303 秒。"


@pytest.mark.parametrize(
    ("code", "unit", "english", "chinese"),
    [
        ("calls", "count", "in proportion to 58", "按目标 58 的比例"),
        ("handle_time", "s", "240 s to 300 s", "240 秒至 300 秒"),
        ("answer_rate", "share", "linear 80% to 95%", "线性 80% 至 95%"),
        ("exam", "points", "share of 100", "按 100 的比例"),
        ("rules_kept", "count", "1 off each", "每次扣 1 分"),
        ("praise", "count", "1 for each", "每次加 1 分"),
    ],
)
def test_rule_is_named_in_a_few_words(code, unit, english, chinese, s2):
    rule = s2.item(code).rule

    assert (rule_label(rule, unit, "en"), rule_label(rule, unit, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "This position counts 12 of 31 days, so the item counts 1.94 points instead of 5."),
        ("zh-hans", "本岗位占 31 天中的 12 天，因此本项为 1.94 分，而不是 5 分。"),
    ],
)
def test_line_of_a_part_says_what_its_days_leave(language, expected, s2, make_line):
    # 5 x 12/31 = 1.935484; 84% of it
    line = make_line("exam", "84", "1.935484", "1.63", effective_weight="1.94", sample=1)

    told = explain_line(s2.item("exam"), line, "points", language, days=(12, 31))

    assert told.sentences[-1] == expected


def test_weight_that_moved_in_a_part_is_told_after_its_days(s2, make_line):
    line = make_line("exam", "84", "1.935484", "3.25", effective_weight="3.87", sample=1)

    told = explain_line(s2.item("exam"), line, "points", "en", days=(12, 31))

    assert told.sentences[-2:] == (
        "This position counts 12 of 31 days, so the item counts 1.94 points instead of 5.",
        "The item counts 3.87 points instead of 1.94, because the weight of items without a score "
        "was shared out.",
    )


def test_part_that_is_alone_says_nothing_of_days(s2, make_line):
    line = make_line("exam", "84", "5", "4.20", sample=1)

    whole = explain_line(s2.item("exam"), line, "points", "en", days=(21, 21))

    assert whole == explain_line(s2.item("exam"), line, "points", "en")
