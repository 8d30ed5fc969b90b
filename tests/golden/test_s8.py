"""Managers: plans, budget, the whole centre's figures, and the scorecards of their staff."""

import pytest

from tests.golden.centre import (
    LONG_AGO,
    Centre,
    assert_cards,
    beside,
    compute,
    line_of,
    october,
    open_centre,
    open_cycle,
)

# Plans as done/planned, the budget as spent/budget; call_plan for the 60 calls of the centre.
# The centre itself stands on its best ends; test_centre_figures holds it against the others.
# Each manager leads a team of property staff of whom only the economic indicator (95 of 100)
# and praise (5) are measured: staff lists the one in percent and the other in points.
FACTS = """
                 ann      bob      cat      dan      eve      fay
business     100/100   80/100    0/100  120/100        -   95/100
budget       100/100  105/100  110/100   90/100  111/100  102/100
research       10/10     5/10     0/10    12/10     7/10        -
improvement    10/10     9/10     0/10    10/10     6/10    10/10
call_plan         60       80      600       50       60      120
feedback       10/10     8/10     0/10    10/10     9/10    10/10
staff     80+5,100+5 40+5,60+5     0+0        -     79+5     75+4
"""

# As Ann but for these rows, and so on both sides of every grade. One of Gil's staff moved to Kim on
# the 16th and counts with Kim alone: she has 100, Kim's other one 80 exactly. Jan came from another
# position on the 16th and leads since: her plans of before do not count. Ida and Kim were on leave,
# with and without protection: no item asks for it.
EDGES = """
              gil        hal    ida        jan     kim        lou
business        .  1999/2000  0/100      0/100   0/100      0/100
budget          .          .      .          . 110/100    110/100
research        .          .      .  1499/1500       .  1499/1500
feedback     0/10       0/10      .          .    0/10       0/10
staff         0+0        0+0   80+4       80+4    80+4       80+4
"""

# satisfaction of the centre 19/20, one-call resolution 51/60, transfers 3/60: in full
# budget: full to 100%, nothing at 110%. Ann's staff have 81 and 100, Bob's 43 and 62: 52.5/80;
#   Cat's 0; Eve's 80.05; Fay's 75.25: 5 x 75.25/80 = 4.7031
# Dan leads nobody: the 5 of the staff go over 95: 20 is 21.0526, 15 is 15.7895, 10 is 10.5263
# Eve has no business plan: its 20 go over the 45 left: x 65/45; 21.6667 x 0.7
# Fay has no research plan: x 65/50: 26 x 0.95, 19.5 x 0.8, 19.5
POINTS = """
                  ann       bob         cat            dan         eve      fay
business_plan   20.00     16.00        0.00    21.05     no_data    24.70
budget          15.00      7.50        0.00    15.79        0.00    15.60
research        15.00      7.50        0.00    15.79       15.17  no_data
improvement     15.00     13.50        0.00    15.79       13.00    19.50
satisfaction    10.00     10.00       10.00    10.53       10.00    10.00
call_volume      5.00      3.75        0.50     5.26        5.00     2.50
feedback         5.00      4.00        0.00     5.26        4.50     5.00
first_contact    5.00      5.00        5.00     5.26        5.00     5.00
transfers        5.00      5.00        5.00     5.26        5.00     5.00
staff_score      5.00      3.28        0.00 not_applicable        5.00     4.70
total          100.00     75.53       20.50    99.99       62.67    92.00
grade       excellent qualified unqualified excellent  qualified excellent
"""

# 20 x 1999/2000 = 19.99; 15 x 1499/1500 = 14.99
EDGE_POINTS = """
                   gil    hal    ida       jan       kim         lou
business_plan        .  19.99   0.00      0.00      0.00        0.00
budget               .      .      .         .      0.00        0.00
research             .      .      .     14.99         .       14.99
feedback          0.00   0.00      .         .      0.00        0.00
staff_score       0.00   0.00      .         .         .           .
total            90.00  89.99  80.00     79.99     60.00       59.99
grade        excellent   good   good qualified qualified unqualified
"""
FIGURES = {
    "business": "business",
    "budget": "budget",
    "research": "customer_research",
    "improvement": "process_improvement",
    "feedback": "customer_feedback",
}

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table; one trainee takes its calls."""
    centre = open_centre(mark)
    centre.person("zoe", "trainee")
    day = october(2)
    centre.calls("zoe", day, 51, resolved_first=True, transferred=False)
    centre.calls("zoe", day, 6, resolved_first=False, transferred=False)
    centre.calls("zoe", day, 3, resolved_first=False, transferred=True)
    centre.surveys("zoe", day, 19, 20)
    for code, facts in PEOPLE.items():
        came = code == "jan"
        centre.person(code, "trainee" if came else "manager", team=f"house-{code}")
        if came:
            centre.figure("customer_research", "0", "1500", code=code, day=october(15))
            centre.move(code, october(16), position="manager")
        centre.lead(code, f"house-{code}", since=october(16) if came else LONG_AGO)
        _write(centre, code, facts)
    _write_staff(centre, "gil", "gil-kim", "100+5")
    centre.move("gil-kim", october(16), team="house-kim")
    centre.off("ida", october(21))
    centre.off("kim", october(21), protected=False)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    day = october(20)
    centre.figure("call_plan", facts["call_plan"], code=code, day=day)
    for row, figure in FIGURES.items():
        if facts[row] != "-":
            centre.figure(figure, *facts[row].split("/"), code=code, day=day)
    staff = [] if facts["staff"] == "-" else facts["staff"].split(",")
    for number, told in enumerate(staff):
        _write_staff(centre, code, f"{code}-staff-{number}", told)


def _write_staff(centre: Centre, leader: str, member: str, told: str) -> None:
    percent, praise = told.split("+")
    centre.person(member, "property_agent", team=f"house-{leader}")
    centre.figure("economic", percent, "100", code=member)
    centre.events(member, october(3), praise=praise)


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_score_of_the_staff_leaves_the_managers_own_out(run):
    values = {code: str(line_of(run, code, "staff_score").value) for code in ("ann", "bob")}

    assert values == {"ann": "90.500000000", "bob": "52.500000000"}
