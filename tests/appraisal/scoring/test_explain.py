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
    assert in_chinese == "由 87.6% 升至 89.8%：226 份评价中再多 5 份。"
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


def share_item(s2_document, rule=None):
    s2_document["items"][0]["rule"] = rule or {"type": "linear", "worst": 0, "best": 1}
    return parse_scheme(s2_document).items[0]


def share_line(make_line, value, points, numerator, denominator, sample):
    return make_line(
        *("calls", value, "50", points),
        numerator=numerator,
        denominator=denominator,
        sample=sample,
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "506 h 30 min of 520 h: 97.4%. The item gives nothing at 0% and everything at 100%, "
            "evenly in between. 97.4% is 97.4% of the way: 48.70 of 50 points. "
            "At 99.4% the item would give 49.70 points, 1 more.",
        ),
        (
            "zh-hans",
            "520 小时中占 506 小时 30 分钟，即 97.4%。 0% 不得分，100% 得满分，中间按比例计分。 "
            "97.4% 相当于全程的 97.4%，得 48.70 分（满分 50 分）。 "
            "升至 99.4%，可得 49.70 分，增加 1 分。",
        ),
    ],
)
def test_ratio_of_time_is_told_in_hours_and_moved_as_a_whole(
    language, told, s2_document, make_line
):
    # 1,823,400 s are 506.5 h and 1,872,000 s are 520 h; 506.5 / 520 = 0.974038, of 50: 48.70.
    # 49.70 - 0.005 of 50 is 0.9939, seen as 99.4%: 49.70.
    line = share_line(make_line, "0.974038462", "48.70", "1823400", "1872000", 66)

    assert words(share_item(s2_document), line, "share", language, noun="班次", basis="s") == told


@pytest.mark.parametrize(
    ("basis", "language", "told"),
    [
        ("plan", "en", ("7 of 8 planned: 87.5%.", "1 more of 8 planned would give 50 points")),
        ("plan", "zh-hans", ("计划 8，实际 7，即 87.5%。", "计划 8，实际再多 1，可得 50 分")),
        ("given", "en", ("7 of 8: 87.5%.", "1 more of 8 would give 50 points")),
        ("given", "zh-hans", ("8 中占 7，即 87.5%。", "8 中再多 1，可得 50 分")),
        ("other", "en", ("The value is 87.5%, from 1 figure.", "At 89.5% the item would give")),
        ("other", "zh-hans", ("实际值为 87.5%，依据 1 figure。", "升至 89.5%，可得 44.75 分")),
    ],
)
def test_given_figure_is_told_by_what_it_is_of(basis, language, told, s2_document, make_line):
    # 7/8 of 50: 43.75; a full point more needs 44.745/50 = 0.8949, which only the eighth gives.
    line = share_line(make_line, "0.875", "43.75", "7", "8", 1)

    said = words(share_item(s2_document), line, "share", language, noun="figure", basis=basis)

    assert said.startswith(told[0])
    assert told[1] in said


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "9 of 8 planned: 112.5%."), ("zh-hans", "计划 8，实际 9，即 112.5%。")],
)
def test_plan_that_is_passed_is_told_by_the_plan(language, told, s2_document, make_line):
    line = share_line(make_line, "1.125", "50", "9", "8", 1)

    said = words(share_item(s2_document), line, "share", language, noun="figure", basis="plan")

    assert said.startswith(told)


def test_figure_given_as_a_whole_is_not_told_as_one_of_one(s2_document, make_line):
    line = share_line(make_line, "1", "50", "1", "1", 1)

    told = words(share_item(s2_document), line, "share", noun="figure", basis="plan")

    assert told.startswith("The value is 100.0%, from 1 figure.")


def test_cases_are_counted_in_chinese_without_praising_them(s2_document, make_line):
    # 1,659 / 35,238 = 4.708%; 20 - 4.708 = 15.292 of 20: 76.46% of 50 points: 38.23.
    rule = {"type": "linear", "worst": "0.2", "best": 0}
    line = share_line(make_line, "0.047079857", "38.23", "1659", "35238", 35238)

    told = words(share_item(s2_document, rule), line, "share", "zh-hans", noun="次联络")

    # 39.225/50 of 0.2 leaves 0.0431 x 35,238 = 1,518.76 transfers: 141 fewer.
    assert told.startswith("35,238 次联络中有 1,659 次计入，即 4.7%。")
    assert "35,238 次联络中减少 141 次，可得 39.23 分" in told


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_value_just_short_of_its_threshold_is_not_rounded_onto_it(language, s2_document, make_line):
    # 4.496 of 4.5: 99.91% of the way, 49.96 of 50 points.
    item = share_item(s2_document, {"type": "linear", "worst": 0, "best": "4.5"})
    line = make_line("calls", "4.496", "50", "49.96")

    told = words(item, line, "number", language)

    shown = {
        "en": ("4.496 is 99.9% of the way: 49.96 of 50", "At 4.5 the item would give 50 points"),
        "zh-hans": ("4.496 相当于全程的 99.9%", "升至 4.5，可得 50 分"),
    }
    assert all(part in told for part in shown[language])


def test_way_just_short_of_the_whole_is_not_told_as_the_whole(s2_document, make_line):
    # 89.97 / 90 = 0.99967
    item = share_item(s2_document, {"type": "linear", "worst": 0, "best": 90})

    told = words(item, make_line("calls", "89.97", "50", "49.98"), "points")

    assert "89.97 is 99.97% of the way" in told


def test_share_just_short_of_all_is_not_told_as_all(s2_document, make_line):
    # 1,699,020 s are 471 h 57 min, 180 s short of 472 h: 0.999894; 0.999894 x 50 = 49.99
    line = share_line(make_line, "0.999894068", "49.99", "1699020", "1699200", 66)

    told = words(share_item(s2_document), line, "share", noun="shifts", basis="s")

    assert told.startswith("471 h 57 min of 472 h: 99.99%.")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("The value is 4 h 54 min.", "Up to 6 h 23 min 20 s the item gives 50 of 50")),
        ("zh-hans", ("实际值为 4 小时 54 分钟。", "不超过 6 小时 23 分 20 秒的，本项得 50 分")),
    ],
)
def test_long_time_is_told_as_its_limits_are(language, told, s2_document, make_line):
    # 17,640 s = 4 h 54 min; 23,000 s = 6 x 3,600 + 23 x 60 + 20
    rule = {"type": "bands", "better": "lower", "bands": [{"at": 23000, "points": 50}]}
    item = share_item(s2_document, rule)

    said = words(item, make_line("calls", "17640", "50", "50"), "s", language)

    assert all(part in said for part in told)


def test_lift_of_a_ratio_of_time_names_no_rows(s2, s2_lines):
    units = {"satisfaction": "share"}
    (lift,) = [
        one
        for one in list_lifts(
            s2, s2_lines, Decimal("79.5"), units=units, not_by_rows=["satisfaction"]
        )
        if one.item == "satisfaction"
    ]

    # By rows it takes 203 of 226, 89.8%; by what can be seen 89.6%, the next tenth that does.
    assert lift.more_rows is None
    assert lift_text(lift, "share", "en", basis="s").startswith("87.6% to 89.")


def test_lift_of_a_plan_is_told_by_the_plan(s2, s2_lines):
    lifts = {
        lift.item: lift
        for lift in list_lifts(s2, s2_lines, Decimal("79.5"), units={"satisfaction": "share"})
    }
    lift = lifts["satisfaction"]

    english = lift_text(lift, "share", "en", basis="plan")
    chinese = lift_text(lift, "share", "zh-hans", basis="plan")

    assert english == "87.6% to 89.8%: 5 more of 226 planned."
    assert chinese == "由 87.6% 升至 89.8%：计划 226，实际再多 5。"
