import pytest

from kpi.formula import nodes
from kpi.formula.compiler import compile_formula
from kpi.formula.explain import (
    Evidence,
    evidence,
    explain,
    explain_parts,
    numerator_and_denominator,
)

SERVICE_LEVEL = (
    'count(contacts, where=direction == "in" and answered and wait_s <= 30)'
    ' / count(contacts, where=direction == "in")'
)
PER_SHIFT = "count(contacts) / imported(shifts, count(shifts), distinct(contacts.day))"


@pytest.mark.parametrize(
    ("formula", "english", "chinese"),
    [
        (
            SERVICE_LEVEL,
            "Share of contacts (direction inbound) that meet: answered, waiting time at most 30 s",
            "联络（方向为呼入）中满足“已接听、等待时长不超过 30 秒”的占比",
        ),
        (
            "avg(contacts.talk_s, where=answered)",
            "Mean talk time of contacts (answered)",
            "联络（已接听）的平均通话时长",
        ),
        (
            "max(shifts.wrap_up_s + shifts.not_ready_s)",
            "Highest (wrap-up time + not-ready time) of shifts",
            "班次记录的最高（整理时长 + 未就绪时长）",
        ),
        (
            'centre(count(tickets, where=kind in ("complaint", "fault") and not upheld))',
            "Number of the whole centre's tickets (kind complaint or fault, not upheld)",
            "全中心的工单（类型为投诉或故障、投诉成立为否）数量",
        ),
        (
            "1000 * count(tickets, where=upheld) / count(contacts)",
            "1,000 × number of tickets (upheld) ÷ number of contacts",
            "1,000 × 工单（投诉成立）数量 ÷ 联络数量",
        ),
        (
            "count(contacts, where=resolved) / count(contacts, where=resolved is not None)",
            "Share of contacts (resolved recorded) that meet: resolved",
            "联络（已解决有记录）中满足“已解决”的占比",
        ),
        (
            "count(contacts, where=not resolved and wait_s < 9)"
            " / count(contacts, where=resolved is not None and (wait_s is not None or answered))",
            "Share of contacts (resolved recorded, (waiting time recorded or answered)) "
            "that meet: not resolved, waiting time under 9 s",
            "联络（已解决有记录、（等待时长有记录或已接听））"
            "中满足“未解决、等待时长小于 9 秒”的占比",
        ),
        (
            "count(contacts, where=wait_s is None) / count(contacts, where=wait_s is not None)",
            "Number of contacts (waiting time not recorded) "
            "÷ number of contacts (waiting time recorded)",
            "联络（等待时长无记录）数量 ÷ 联络（等待时长有记录）数量",
        ),
        (
            "count(contacts) / count(contacts)",
            "Share of contacts",
            "联络的占比",
        ),
        (
            PER_SHIFT,
            "Number of contacts ÷ (number of shifts (where shifts were not imported: "
            "number of different values of day in contacts))",
            "联络数量 ÷ （班次记录数量（未导入班次记录时：联络中不同日期的数量））",
        ),
        (
            "stdev(over(week, avg(surveys.score)))",
            "Standard deviation over the weeks of the period: mean score of survey answers",
            "按周计算后取标准差：满意度评价的平均评分",
        ),
        (
            "sqrt(least(1, count(contacts) / count(shifts)))",
            "The square root of (the smaller of 1 and (number of contacts ÷ number of shifts))",
            "（1与（联络数量 ÷ 班次记录数量）中的较小者）的平方根",
        ),
        (
            "percentile(contacts.wait_s, 90)",
            "90th percentile of waiting time of contacts",
            "联络的等待时长第90百分位数",
        ),
        ("-count(contacts)", "−number of contacts", "−联络数量"),
        ('rating("teamwork")', "The rating teamwork", "评分项 teamwork"),
        ('score_of("reports")', "The scores of one's reports", "绩效得分（reports）"),
        (
            "peers(count(contacts))",
            "Peer average of number of contacts",
            "同岗同班次平均：联络数量",
        ),
        (
            "count(tickets, where=solved_day < period_end)",
            "Number of tickets (day solved before the end of the period)",
            "工单（解决日期早于期末次日）数量",
        ),
    ],
)
def test_formula_is_said_in_words(formula, english, chinese):
    compiled = compile_formula(formula)

    assert explain(compiled, "en") == english
    assert explain(compiled, "zh-hans") == chinese


def test_decided_branch_is_told_alone():
    formula = compile_formula(PER_SHIFT)

    said = explain(formula, "en", imported=frozenset({"contacts"}))

    assert said == "Number of contacts ÷ number of different values of day in contacts"


def test_numerator_and_denominator_are_formulas():
    above, below = numerator_and_denominator(compile_formula("least(1, " + SERVICE_LEVEL + ")"))

    assert above == 'count(contacts, where=direction == "in" and answered and wait_s <= 30)'
    assert below == 'count(contacts, where=direction == "in")'


def test_numerator_and_denominator_are_said_in_words():
    average = compile_formula("avg(contacts.talk_s)")

    assert explain_parts(average, "en") == (
        "total talk time of contacts",
        "number of contacts (talk time recorded)",
    )
    assert explain_parts(compile_formula("count(contacts)"), "en") == ("number of contacts", None)


def test_rows_that_count_are_told_for_either_side_of_the_line():
    (entry,) = evidence(compile_formula("count(contacts, where=answered) / count(contacts)"))

    assert entry == Evidence(
        "contacts", "own", nodes.FieldRef("contacts", "answered"), nodes.Literal(value=True)
    )


def test_rows_of_two_facts_are_told_apart():
    tickets, contacts = evidence(
        compile_formula("1000 * count(tickets, where=upheld) / centre(count(contacts))")
    )

    assert tickets == Evidence("tickets", "own", nodes.FieldRef("tickets", "upheld"), None)
    assert contacts == Evidence("contacts", "centre", None, nodes.Literal(value=True))


def test_rows_of_an_average_are_those_with_a_value():
    (entry,) = evidence(compile_formula("avg(contacts.talk_s)"))

    with_value = nodes.IsNone(nodes.FieldRef("contacts", "talk_s"), negated=True)
    assert entry == Evidence("contacts", "own", with_value, with_value)


def test_rows_that_either_measure_counts_are_told():
    (entry,) = evidence(
        compile_formula("count(contacts, where=answered) + count(contacts, where=resolved)")
    )

    answered, resolved = (nodes.FieldRef("contacts", name) for name in ("answered", "resolved"))
    assert entry.counts == nodes.BoolOp("or", (answered, resolved))
    assert entry.base is None


def test_one_minus_a_share_tells_the_rows_of_the_share():
    (entry,) = evidence(compile_formula("1 - count(contacts, where=abandoned) / count(contacts)"))

    assert entry.counts == nodes.FieldRef("contacts", "abandoned")


def test_rating_rests_on_no_rows():
    assert evidence(compile_formula('rating("teamwork")')) == ()
