"""Lines in words, in both languages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from appraisal.pay.documents import list_shipped_plans
from appraisal.pay.phrases import PHRASES
from appraisal.pay.plan import parse_plan
from appraisal.pay.words import Entry, Speaker
from tests.pay import SET


def speaker(language="en", **values):
    shipped = parse_plan(list_shipped_plans()[0])
    given = {code: Decimal(value) for code, value in (SET | values).items()}
    return Speaker(shipped.with_values(given), language, lambda _kind, code: code)


def entry(amount, *parts, quantity=0, state="counted", full=""):
    return Entry(
        state,
        Decimal(str(quantity)),
        None if amount is None else Decimal(amount),
        list(parts),
        full,
    )


def said(code, told, language="en"):
    one = speaker(language)
    return " ".join(one.entry(one.plan.line(code), told))


def test_tiers_are_written_as_a_sum():
    told = entry("220.00", "800", "200", quantity=1000)

    assert said("calls", told) == "1,000 calls: 800 × 0.20 + 200 × 0.30 = 220.00."
    assert said("calls", told, "zh-hans") == "1,000 通：800 × 0.20 + 200 × 0.30 = 220.00。"


def test_one_is_not_many():
    assert said("leave", entry("-50.00", "1", quantity=1)) == "1 time: 1 × 50.00 = 50.00."
    assert said("leave", entry("0.00", "0")) == "None."


def test_lateness_names_the_minutes_and_the_step():
    told = entry("-14.00", "2", "4", "1", "5", quantity=3)

    assert said("late", told) == (
        "3 times late: 4 min × 1.00 + 5 min × 2.00 = 14.00. "
        "From 5 min on, the whole of that time: 2.00 for each min."
    )


def test_limit_that_bites_is_told():
    told = entry("65.00", "7", quantity=7, full="70.00")

    assert said("seniority", told) == (
        "7 years of service: 7 × 10.00 = 70.00. "
        "The line is limited to 65.00; without the limit it would be 70.00."
    )


def test_measured_figure_is_rounded_as_long_as_its_side_stays_clear():
    assert said("utilisation", entry("-100.00", "0.493053547", quantity=1)).startswith(
        "Utilisation: 49.3% (counts below 70%)."
    )
    assert said("utilisation", entry("-100.00", "0.699600001", quantity=1)).startswith(
        "Utilisation: 69.9600001% (counts below 70%)."
    )


def test_condition_shows_its_figure_and_threshold():
    assert said("utilisation", entry("-100.00", "0.6999", quantity=1)) == (
        "Utilisation: 69.99% (counts below 70%). So it comes to 100.00."
    )
    assert said("training", entry("0.00", "0.34", "10", quantity=1)) == (
        "Rating rate: 34% (counts below 35%); bad ratings: 10 (counts from 10 on). "
        "So it applies; no money."
    )


def test_chinese_keeps_a_space_between_a_figure_and_the_word_after_it():
    one = speaker("zh-hans")

    assert one.rule(one.plan.line("attendance")) == [
        "200.00；迟到早退次数达到 4 或实际出勤班次不超过 0 的取消。"
    ]
    assert one.rule(one.plan.line("after_call_days")) == ["平均话后时长超过 16 秒的，每天 5.00。"]


def test_award_says_what_loses_it():
    assert said("attendance", entry("0.00", "4", "20")) == (
        "Late or early leave: 4 (lost from 4 on); shifts worked: 20 (lost at no more than 0). "
        "So the 200.00 are lost."
    )


def test_days_and_breaks_are_counted():
    assert said("after_call_days", entry("-5.00", "2", quantity=1)) == (
        "Days with mean after-call time above 16 s: 1 of 2. 1 × 5.00 = 5.00."
    )
    assert said("breaks", entry("-0.50", "60", quantity=1)) == (
        "Times over the limit: 1; in all 1 min × 0.50 = 0.50."
    )
    assert said("breaks", entry("0.00", "0")) == "Nothing lies over the limit."


def test_missing_data_is_said_and_not_priced():
    told = entry(None, "", "0.1", state="awaited")

    assert "has not come in yet" in said("late", told)


@pytest.mark.parametrize(
    ("code", "has_stars", "english", "chinese"),
    [
        (
            "stars",
            False,
            "The scheme of this position gives no stars, so there is no amount.",
            "本岗位的考核方案不评星，不产生金额。",
        ),
        (
            "stars",
            True,
            "No stars were given, so there is no amount.",
            "本期未评星，不产生金额。",
        ),
        ("bonus", False, "There is no grade, so there is no amount.", "未定级，不产生金额。"),
        (
            "sales",
            False,
            "There is nothing to go by in this period, so there is no amount.",
            "本期没有依据，不产生金额。",
        ),
    ],
)
def test_line_without_stars_or_grade_says_that_there_are_none(code, has_stars, english, chinese):
    told = entry(None, state="no_data")
    said = [replace(speaker(language), has_stars=has_stars) for language in ("en", "zh-hans")]

    assert [one.entry(one.plan.line(code), told) for one in said] == [[english], [chinese]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_line_says_its_rule(language):
    one = speaker(language)

    for line in one.plan.lines:
        assert all(one.rule(line)), line.code


def test_open_figure_is_said_to_be_open():
    shipped = parse_plan(list_shipped_plans()[0])
    one = Speaker(shipped, "en", lambda _kind, code: code)

    assert one.rule(shipped.line("sales")) == ["(not set) for each sale."]


def test_every_sentence_is_in_both_languages_with_the_same_places():
    import string

    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    differing = {
        key: (english, chinese)
        for key, (english, chinese) in PHRASES.items()
        if not places(chinese) <= places(english) | {"count", "quantity", "noun"}
    }

    assert differing == {}


def test_a_quota_of_one_is_told_in_the_singular():
    one = speaker(call_quota=1)

    told = " ".join(one.rule(one.plan.line("calls")))

    assert told.startswith("Up to 1 call: ")
    assert "Beyond 1 call: " in told


def test_breaks_of_the_office_say_how_many_are_allowed():
    one = speaker()

    told = " ".join(one.rule(one.plan.line("breaks_office")))

    assert told.startswith("Allowed: office 10 min each, at most 2 a day.")
