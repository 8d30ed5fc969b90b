"""A piece-rate pay plan: a month of twelve people, every line worked out by hand to the cent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from appraisal.pay.documents import list_shipped_plans
from appraisal.pay.plan import dump_plan, parse_plan
from appraisal.services import pay, schemes
from kpi.models import FACT_MODELS
from tests.factories import NOW, add_user
from tests.golden.centre import (
    beside,
    compute,
    far_zone,
    october,
    open_centre,
    open_cycle,
    part,
)
from tests.pay import SET, put_to_use

# One item, the exam: its score is the total, so grade and stars are seen at once.
SCHEME = {
    "code": "exam_alone",
    "name": {"en": "Exam alone", "zh": "仅考试"},
    "positions": ["agent", "key_accounts", "home_broadband"],
    "cycles": ["month"],
    "groups": [{"code": "all", "name": {"en": "All", "zh": "全部"}}],
    "items": [
        {
            "code": "exam",
            "group": "all",
            "name": {"en": "Exam", "zh": "考试"},
            "kpi": "exam_result",
            "weight": 100,
            "rule": {"type": "share", "of": 100},
        }
    ],
    "grades": [
        {"code": "excellent", "name": {"en": "Excellent", "zh": "优秀"}, "from": 90},
        {"code": "good", "name": {"en": "Good", "zh": "良好"}, "from": 80},
        {"code": "qualified", "name": {"en": "Qualified", "zh": "合格"}, "from": 60},
        {"code": "unqualified", "name": {"en": "Unqualified", "zh": "不合格"}, "from": 0},
    ],
    "stars": [
        {"from": 95, "stars": 5},
        {"from": 90, "stars": 4},
        {"from": 80, "stars": 3},
        {"from": 70, "stars": 2},
        {"from": 60, "stars": 1},
    ],
}

# calls: answered calls x seconds after each, day by day; sales: calls with one sale of those that
# say anything about sales; ratings: bad of all; worked: handling of logged-in seconds;
# late, early: minutes, shift by shift; breaks: seconds, shift by shift; overtime in seconds.
FACTS = """
            ann        bob            cat            dan        eve        fay        gus
post        agent      key_accounts   home_broadband agent      agent      agent      agent
shift       early      early          middle         office     night      early      early
hired       2019-10-31 2019-11-01     2026-01-01     2026-01-01 2026-01-01 2026-01-01 2026-01-01
exam        90         89.99          80             60         59.99      -          -
calls       1000x15    99x16,1x17     2x17;2x15      20x16      100x10     100x10     -
sales       249/1000   25/100         -              5/20       0/100      25/100     -
ratings     0/0        10/34          0/0            0/0        9/34       10/35      0/0
worked      6999/10000 7000/10000     9000/9000      9000/9000  7000/10000 9000/9000  -
late        4          5              7,0            1,1,1,0    2,2,5      0          -
early       0          0              0,3            0,0,0,4    0,0,0      0          -
breaks      900        901            1800,1860      1320,0,0,0 900,0,0    0          -
overtime    5400       3              0              0          0          0          -
"""

# As Fay but for these rows, and so on both sides of the quota and of the other grades and stars.
# Hal came to the key accounts from another post on the 16th: the exam taken there (10 points) is
# not of this scheme, the calls are paid all the same. Ida was on protected leave for a day.
EDGES = """
            hal          ida     jan    kim    lou
post        key_accounts .       .      .      .
exam        95           79.99   70     69.99  94.99
calls       800x16       801x10  .      .      .
sales       200/800      200/800 .      .      .
ratings     0/0          0/0     .      .      .
"""

# calls:     Ann 800 x 0.20 + 200 x 0.30; Bob 100 x 0.20; Cat 4 x 0.20
# sales:     249 x 2.50; 25 x 2.50; Cat's calls say nothing about sales; 5 x 2.50
# overtime:  5400 s = 1.5 h x 6; 3 s = 3/3600 h x 6 = 0.005, half up
# bonus:     90 is Excellent, 89.99 Good, 80 Good, 60 Qualified, 59.99 Unqualified (0)
# seniority: Ann's seventh year ends on the last day: 70, limited to 65; Bob's a day later: 6 x 10
# stars:     90 four, 89.99 three, 80 three, 60 one, below 60 none
# attendance: Dan is late three times and leaves early once: four; Eve is late three times;
#            Gus worked no shift
# late:      4 min x 1; 5 min are long: 5 x 2; 7 x 2; 3 x 1 min; 2 + 2 + 5 x 2
# early:     3 x 1; 4 x 1
# breaks:    901 s are 1 s over 15 min: 0.5/60 = 0.0083; 1860 s are 1 min over 30; Dan's office
#            shift has no limit for the whole of it, his two breaks of 10 and 12 min have one each:
#            2 min over; of three breaks of 4 min on another day the third is over: (2 + 4) x 0.5
# after-call: Bob's 1601/100 = 16.01; Cat's first day 17, her month 64/4 = 16.00; Dan's 16.00
# utilisation: 69.99% costs 100, 70.00% nothing
# penetration: 24.9% costs 30, 25.0% nothing, nothing sold 30
# training:  Bob 34 of 100 rated, 10 bad: to attend; Eve 9 bad; Fay 35 of 100; nobody pays
PAY = """
                     ann     bob     cat     dan     eve     fay     gus
calls             220.00   20.00    0.80    4.00   20.00   20.00    0.00
sales             622.50   62.50 no_data   12.50    0.00   62.50    0.00
overtime            9.00    0.01    0.00    0.00    0.00    0.00    0.00
bonus             300.00  200.00  200.00  100.00    0.00 no_data no_data
seniority          65.00   60.00    0.00    0.00    0.00    0.00    0.00
stars              40.00   30.00   30.00   10.00 no_data no_data no_data
post                   -  100.00   50.00       -       -       -       -
attendance        200.00  200.00  200.00    0.00  200.00  200.00    0.00
late               -4.00  -10.00  -14.00   -3.00  -14.00    0.00    0.00
early               0.00    0.00   -3.00   -4.00    0.00    0.00    0.00
lapse_main          0.00    0.00 -100.00    0.00    0.00    0.00    0.00
lapse_secondary     0.00    0.00  -40.00    0.00    0.00    0.00    0.00
breaks              0.00   -0.01   -0.50    0.00    0.00    0.00    0.00
breaks_office       0.00    0.00    0.00   -3.00    0.00    0.00    0.00
after_call_days     0.00   -5.00   -5.00    0.00    0.00    0.00 no_data
after_call_month    0.00  -50.00    0.00    0.00    0.00    0.00 no_data
utilisation      -100.00    0.00    0.00    0.00    0.00    0.00 no_data
leave               0.00    0.00    0.00  -50.00    0.00    0.00    0.00
complaint_service   0.00    0.00    0.00 -100.00    0.00    0.00    0.00
complaint_repeat    0.00    0.00    0.00 -100.00    0.00    0.00    0.00
complaint_ordinary  0.00    0.00    0.00  -50.00    0.00    0.00    0.00
work_errors         0.00    0.00    0.00  -15.00    0.00    0.00    0.00
service_errors      0.00    0.00    0.00  -20.00    0.00    0.00    0.00
penetration       -30.00    0.00 no_data    0.00  -30.00    0.00 no_data
training            0.00    0.00    0.00    0.00    0.00    0.00    0.00
net              1322.50  607.50  318.30 -218.50  176.00  282.50    0.00
"""

# calls: 800 x 0.20, and one more at 0.30; sales 200 x 2.50; 79.99 is Qualified, 95 has five
# stars, 94.99 four, 70 two, 69.99 one; attendance 200.00 each
EDGE_PAY = """
                hal    ida    jan    kim    lou
calls        160.00 160.30      .      .      .
sales        500.00 500.00      .      .      .
bonus        300.00 100.00 100.00 100.00 300.00
stars         50.00  20.00  20.00  10.00  40.00
post         100.00      .      .      .      .
net         1310.00 980.30 402.50 392.50 622.50
"""
PEOPLE = beside(FACTS, EDGES, like="fay")


def build(mark=""):
    """The centre of the table, with the slips of Cat and Dan."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        hired = date.fromisoformat(facts["hired"])
        post = "agent" if code == "hal" else facts["post"]
        centre.person(code, post, shift=facts["shift"], since=hired)
        if facts["exam"] != "-":
            centre.add("trainings", code, october(20), kind="knowledge", score=facts["exam"])
        add_calls(centre, code, facts)
        add_shifts(centre, code, facts)
        bad, rated = part(facts["ratings"])
        centre.add("surveys", code, october(3), bad, scale="1-5", score=2)
        centre.add("surveys", code, october(3), rated - bad, scale="1-5", score=3)
    centre.add("trainings", "hal", october(6), kind="knowledge", score=10)
    centre.move("hal", october(16), position="key_accounts")
    centre.off("ida", october(21))
    add_slips(centre)
    return centre


def add_slips(centre):
    centre.add("events", "cat", october(9), kind="off_post", severity="main")
    centre.add("events", "cat", october(9), kind="handover", severity="secondary", quantity=2)
    centre.add("events", "dan", october(9), kind="break", quantity=10)
    centre.add("events", "dan", october(9), kind="break", quantity=12)
    centre.add("events", "dan", october(12), 3, kind="break", quantity=4)
    centre.events("dan", october(9), work_error=3, service_error=2, leave_unasked=1)
    complaint = {"kind": "complaint", "upheld": True, "reopened": False}
    centre.add("tickets", "dan", october(10), **complaint | {"topic": "service"})
    centre.add("tickets", "dan", october(10), **complaint | {"topic": "bill", "reopened": True})
    centre.add("tickets", "dan", october(10), **complaint | {"topic": "bill", "upheld": False})


def add_calls(centre, code, facts):
    if facts["calls"] == "-":
        return
    sold, asked = (0, 0) if facts["sales"] == "-" else part(facts["sales"])
    number = 0
    for day, calls in enumerate(facts["calls"].split(";"), start=1):
        for entry in calls.split(","):
            count, seconds = entry.split("x")
            for _ in range(int(count)):
                sales = None if number >= asked else int(number < sold)
                centre.calls(code, october(day), 1, after_call_s=int(seconds), sales=sales)
                number += 1


def add_shifts(centre, code, facts):
    if facts["worked"] == "-":
        return
    handling, logged_in = part(facts["worked"])
    shifts = zip(*(facts[name].split(",") for name in ("late", "early", "breaks")), strict=True)
    for day, (late, early, pause) in enumerate(shifts, start=1):
        centre.work(
            code, october(day), handling_s=handling, logged_in_s=logged_in, break_s=int(pause),
            late_min=int(late), early_min=int(early),
            overtime_s=int(facts["overtime"]) if day == 1 else 0,
        )  # fmt: skip


@pytest.fixture
def rules(library):
    schemes.add_version(SCHEME, now=NOW.replace(year=2027))
    put_to_use(add_user("hr-13", "hr"), add_user("manager-13", "manager"))


def propose():
    build().store()
    return pay.compute_pay(run=compute(open_cycle()), asked_by=None, now=NOW)


def pay_of(statement):
    """A stored statement as a column of the table."""
    lines = {
        line.line: str(line.amount)
        if line.amount is not None
        else {"not_applicable": "-"}.get(line.state, line.state)
        for line in statement.lines.order_by("order")
    }
    return lines | {"net": str(statement.net)}


def test_every_line_is_the_one_worked_out_by_hand(rules):
    proposal = propose()

    statements = proposal.statements.select_related("agent")
    computed = {one.agent.code: pay_of(one) for one in statements}
    assert computed == beside(PAY, EDGE_PAY, like="fay")


def test_lines_add_up_to_the_net(rules):
    for statement in propose().statements.all():
        amounts = [line.amount for line in statement.lines.all() if line.amount is not None]
        assert statement.net == sum(amounts, Decimal(0))


def test_who_is_to_attend_training_is_named_without_money(rules):
    lines = propose().statements.values_list("agent__code", "lines__line", "lines__quantity")

    assert [code for code, line, met in lines if line == "training" and met] == ["bob"]


def test_seven_years_are_limited_and_say_what_they_would_be(rules):
    line = propose().statements.get(agent__code="ann").lines.get(line="seniority")

    assert (str(line.amount), line.detail["full"]) == ("65.00", "70.00")


def test_shuffled_rows_and_another_zone_give_the_same_digest(rules):
    centre, cycle = build(), open_cycle()
    digests = set()
    for seed in (None, 1, 2):
        for facts in FACT_MODELS.values():
            facts._default_manager.all().delete()
        centre.store(seed=seed)
        run = compute(cycle)
        digests.add(pay.compute_pay(run=run, asked_by=None, now=NOW).digest)
    with far_zone():
        digests.add(pay.compute_pay(run=run, asked_by=None, now=NOW).digest)

    assert len(digests) == 1


@pytest.mark.django_db(transaction=True)
def test_four_at_once_work_out_what_one_works_out(rules):
    proposal = propose()

    def again(_number):
        try:
            return pay.verify_pay(proposal).recomputed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as crowd:
        assert list(crowd.map(again, range(4))) == [proposal.digest] * 4


def test_proposal_comes_out_the_same_again(rules):
    proposal = propose()

    verdict = pay.verify_pay(proposal)

    assert verdict.recomputed == verdict.stored == proposal.digest


def test_what_was_never_imported_is_awaited_and_costs_nobody(rules):
    centre = open_centre()
    centre.person("ann", "agent")
    centre.calls("ann", october(1), 10, after_call_s=20, sales=0)
    centre.store()

    proposal = pay.compute_pay(run=compute(open_cycle()), asked_by=None, now=NOW)

    statement = proposal.statements.get()
    awaited = set(statement.lines.filter(state="awaited").values_list("line", flat=True))
    assert {"overtime", "attendance", "late", "breaks", "breaks_office", "work_errors"} <= awaited
    assert statement.provisional
    # 10 calls x 0.20, no sale: 0; one day and the month over 16 s: 55; penetration 0%: 30
    assert str(statement.net) == "-83.00"


def test_plan_reads_back_what_it_writes():
    for document in list_shipped_plans():
        plan = parse_plan(document)
        assert parse_plan(dump_plan(plan)) == plan


def test_shipped_plan_says_which_figures_are_missing():
    plan = parse_plan(list_shipped_plans()[0])

    required = set(SET) - {"seniority_limit"}
    assert {one.code for one in plan.missing} == required
