"""Statements and plans as the pages tell them."""

from decimal import Decimal

import pytest
from django.utils import translation

from appraisal.models import PayLine
from appraisal.pay.documents import list_shipped_plans
from appraisal.pay.plan import parse_plan
from appraisal.pay.words import Speaker
from appraisal.web.pages import pay as pages
from tests.pay import SET


@pytest.fixture
def plan():
    values = {code: Decimal(value) for code, value in SET.items()}
    return parse_plan(list_shipped_plans()[0]).with_values(values)


def stored(line, amount, *parts, state="counted", quantity=0):
    return PayLine(
        line=line,
        state=state,
        quantity=Decimal(quantity),
        amount=None if amount is None else Decimal(amount),
        detail={"parts": list(parts)},
    )


def groups_of(plan, *lines):
    speaker = Speaker(plan, translation.get_language(), lambda _kind, code: code)
    groups = pages.statement_groups(speaker, lines)
    return {group.code: group for group in groups}


def test_lines_stand_by_kind_with_their_sum(plan):
    groups = groups_of(
        plan,
        stored("calls", "4.00", "20", "0", quantity=20),
        stored("sales", None, state="no_data"),
        stored("leave", "-50.00", "1", quantity=1),
    )

    assert {code: group.total for code, group in groups.items()} == {
        "pay": "4.00",
        "deduction": "-50.00",
    }
    calls, sales = groups["pay"].lines
    assert (calls.amount, calls.words) == ("4.00", "20 calls: 20 × 0.20 = 4.00.")
    assert (sales.amount, sales.state) == ("", "no data")


def test_notice_says_whether_it_applies(plan):
    (training,) = groups_of(plan, stored("training", "0.00", "0.3", "12", quantity=1))[
        "notice"
    ].lines

    assert training.amount == "applies"
    assert not training.is_money


def test_line_without_stars_is_headed_by_that_and_not_by_missing_data(plan):
    groups = groups_of(
        plan,
        stored("stars", None, state="no_data"),
        stored("bonus", None, state="no_data"),
        stored("calls", "4.00", "20", "0", quantity=20),
    )

    (stars,), (calls, bonus) = groups["allowance"].lines, groups["pay"].lines
    assert (stars.state, bonus.state, calls.state) == ("No stars", "No grade", "")
    assert (stars.is_money, calls.is_money) == (False, True)


def test_what_lifts_the_net_to_zero_is_a_line(plan):
    groups = groups_of(
        plan, stored("calls", "4.00", "20", "0", quantity=20), stored("floor", "46.00")
    )

    assert [line.name for line in groups["pay"].lines] == ["Calls", "Lifted to zero"]
    assert groups["pay"].total == "50.00"


def test_figures_carry_their_unit(plan):
    values = {row.code: row.value for row in pages.parameter_rows(plan)}

    assert values["call_rate"] == "0.20 CNY"
    assert values["utilisation_from"] == "70%"
    assert values["break_middle"] == "30 min"


def test_names_come_from_the_record_else_from_the_shipped_words(cast):
    label = pages.labels()

    assert label("shift", "early") == "Early"
    assert label("position", "key_accounts") == "key accounts"
    assert label("grade", "good") == "Good"
    assert (label("stars", "1"), label("stars", "5"), label("stars", "")) == (
        "1 star", "5 stars", "No stars",
    )  # fmt: skip


def test_place_that_nobody_made_yet_is_called_as_the_plan_means_it():
    with translation.override("en"):
        assert pages.place_names(["Agent", "key_accounts"]) == ["Agent", "key accounts"]
    with translation.override("zh-hans"):
        assert pages.place_names(["home_broadband"]) == ["家庭宽带专岗"]
