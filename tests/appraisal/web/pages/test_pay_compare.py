"""What differs between two versions of a pay plan."""

from copy import deepcopy

import pytest

from appraisal.pay.documents import list_shipped_plans
from appraisal.pay.plan import parse_plan
from appraisal.web.pages.pay_compare import differences
from tests.pay import PIECE_RATE


def label(_kind, code):
    return code


@pytest.fixture
def shipped():
    return deepcopy(next(one for one in list_shipped_plans() if one["code"] == PIECE_RATE))


def told(before, after):
    found = differences(parse_plan(before), parse_plan(after), label=label)
    return [(one.where, one.kind, one.what, one.before, one.after) for one in found]


def line_of(document, code):
    return next(one for one in document["lines"] if one["code"] == code)


def test_same_plan_differs_in_nothing(shipped):
    assert told(shipped, deepcopy(shipped)) == []


def test_every_figure_that_differs_is_told_before_and_after(shipped):
    after = deepcopy(shipped)
    after["parameters"][0]["value"] = "0.25"
    after["parameters"][1]["value"] = 800

    assert told(shipped, after) == [
        ("A call within the quota", "changed", "Figure", "0.20 CNY", "0.25 CNY"),
        ("Quota of calls a month", "changed", "Figure", "not set", "800"),
    ]


def test_lines_that_come_go_and_change_are_told(shipped):
    after = deepcopy(shipped)
    after["lines"] = [one for one in after["lines"] if one["code"] != "sales"]
    after["parameters"] = [one for one in after["parameters"] if one["code"] != "sale_rate"]
    line_of(after, "overtime")["per"] = 1800
    line_of(after, "calls")["name"]["en"] = "Calls answered"
    new = {
        "code": "meals", "group": "allowance", "name": {"en": "Meals", "zh": "餐补"},
        "noun": {"en": "hour|hours", "zh": "小时"}, "type": "pieces",
        "formula": "sum(shifts.overtime_s)", "rate": "overtime_rate", "per": 3600,
    }  # fmt: skip
    after["lines"].append(new)

    found = told(shipped, after)

    assert [(where, kind, what) for where, kind, what, _before, _after in found] == [
        ("A sale", "removed", "Figure"),
        ("Sales", "removed", "Earned"),
        ("Calls answered", "changed", "Name"),
        ("Urgent overtime", "changed", "per"),
        ("Meals", "added", "Allowances"),
    ]


def test_field_that_no_words_tell_is_told_as_it_is_written(shipped):
    after = deepcopy(shipped)
    line_of(after, "calls")["formula"] = "count(contacts, where=answered and talk_s > 5)"

    found = told(shipped, after)

    assert [row[0] for row in found] == ["Calls"]
    assert "talk_s" in found[0][4] or found[0][3] != found[0][4]


def test_order_and_the_whole_are_told(shipped):
    after = deepcopy(shipped)
    after["lines"][0], after["lines"][1] = after["lines"][1], after["lines"][0]
    after["name"]["en"] = "Piece rates"

    found = told(shipped, after)

    assert [(row[0], row[2]) for row in found] == [
        ("About the plan", "Name in English"),
        ("Lines", "Order"),
    ]
