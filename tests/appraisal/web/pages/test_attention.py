from decimal import Decimal

import pytest

from appraisal.scoring.scheme import parse_scheme
from appraisal.selectors.board import BoardCard, Named
from appraisal.selectors.board_lines import BoardLine, Kpi
from appraisal.web.pages.attention import people, who_needs_attention, without_grade
from tests.shipped import shipped_document

S2 = parse_scheme(shipped_document("s2_call_centre_agent"))


def card(pk, *totals, grade="good", state="graded", lines=()):
    """Somebody with these totals, oldest first."""
    known = [None if total is None else Decimal(str(total)) for total in totals]
    return BoardCard(
        pk=pk,
        agent_id=pk,
        name=f"P{pk}",
        name_zh="",
        scheme_version_id=1,
        state=state,
        provisional=False,
        capped=False,
        total=known[-1],
        covered=Decimal(65),
        grade=grade,
        rank=None,
        position=Named("agent", "Agent", ""),
        shift=None,
        totals=known,
        lines={line.item: line for line in lines},
    )


def line(item, points, full=10, *, state="scored"):
    share = None if points is None else Decimal(points) / full
    kpi = Kpi(1, "share", "higher", 10, "agent")
    return BoardLine(item, state, Decimal("0.5"), 20, share, points, Decimal(full), kpi)


def reasons(*cards):
    names = {one.pk: one.name for one in cards}
    return {one.name: one.reasons for one in who_needs_attention(list(cards), {1: S2}, names)}


@pytest.mark.parametrize(
    ("totals", "grade", "told"),
    [
        ((70, 72, 70.5), "qualified", None),
        ((90, 85, 82), "good", "falling for 2 periods: 90.0, 85.0, now 82.0"),
        ((82.5, 82.4, 82.3), "good", None),
        ((89, 85), "good", "down 4.0 to 85.0"),
        ((79, 79.5), "qualified", "0.50 short of Good"),
        ((65, 62), "qualified", "2.00 points above Unqualified"),
        ((55, 58), "unqualified", "Unqualified"),
        ((None, 85), "good", None),
        ((None,), "", None),
    ],
)
def test_reason_follows_from_the_totals(totals, grade, told):
    found = reasons(card(1, *totals, grade=grade))

    assert found.get("P1", [None])[0] == told


def test_gravest_comes_first():
    low = card(1, 60, 50, grade="unqualified")
    near = card(2, 78, 79.5, grade="qualified")

    assert list(reasons(near, low)) == ["P1", "P2"]


def test_item_that_lost_most_is_told_where_it_matters():
    lines = [line("satisfaction", 4), line("service_standard", 1), line("exam", None)]

    (told,) = reasons(card(1, 60, 50, grade="unqualified", lines=lines)).values()

    assert told[-1] == "Service standard 50.0% loses 9.0 of 10 points"


def test_item_whose_fall_cost_most_is_told_before_it():
    """Service standard fell from 88 to 67: from 0.8 of its points to 0.2."""
    fallen = BoardLine(
        item="service_standard",
        state="scored",
        value=Decimal(67),
        sample=8,
        share=Decimal("0.2"),
        points=Decimal(2),
        effective_weight=Decimal(10),
        kpi=Kpi(1, "points", "higher", 3, "agent"),
        before=Decimal(88),
    )

    lines = [line("satisfaction", 1), fallen]
    (told,) = reasons(card(1, 60, 50, grade="unqualified", lines=lines)).values()

    assert told[-1] == "Service standard 88 to 67, 6.0 points fewer"


def test_missing_data_and_missing_grades_are_told():
    waiting = [line("exam", None, state="awaited"), line("calls", None, state="not_measurable")]
    cards = [card(1, 80, lines=waiting), card(2, 81), card(3, None, grade="", state="no_grade")]

    told = without_grade(cards, {1: S2}, {1: "Ana", 2: "Ben", 3: "Cai"})

    assert told == [
        ("Training and exam awaited", "Ana"),
        ("Calls per shift not measurable", "Ana"),
        ("Cai", "too little to grade, 65% of the weight is measured, 70% needed"),
    ]


@pytest.mark.parametrize(
    ("names", "everybody", "told"),
    [
        (["Ana", "Ben"], 5, "Ana, Ben"),
        (["a", "b", "c", "d", "e"], 9, "5 people"),
        (["Ana", "Ben"], 2, "everybody"),
        (["Ana"], 1, "Ana"),
    ],
)
def test_few_are_named_and_many_counted(names, everybody, told):
    assert people(names, everybody) == told
