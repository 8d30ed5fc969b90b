"""Managers: plans, budget, the whole centre's figures, and the scorecards of their staff."""

import pytest

from tests.golden.centre import (
    Centre,
    assert_cards,
    columns,
    compute,
    line_of,
    october,
    open_centre,
    open_cycle,
)

# Plans as done/planned, the budget as spent/budget; call_plan for the 60 calls of the centre.
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

# satisfaction of the centre 17/20: 10 x 11/21 = 5.2381; one-call resolution 42/60: 5 x 0.1/0.25;
# transfers 9/60: 5 x 0.05/0.15 = 1.6667
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
satisfaction     5.24      5.24        5.24     5.51        5.24     5.24
call_volume      5.00      3.75        0.50     5.26        5.00     2.50
feedback         5.00      4.00        0.00     5.26        4.50     5.00
first_contact    2.00      2.00        2.00     2.11        2.00     2.00
transfers        1.67      1.67        1.67     1.75        1.67     1.67
staff_score      5.00      3.28        0.00 not_applicable        5.00     4.70
total           88.91     64.44        9.41    88.31       51.58    80.91
grade            good qualified unqualified     good unqualified     good
"""
FIGURES = {
    "business": "business",
    "budget": "budget",
    "research": "customer_research",
    "improvement": "process_improvement",
    "feedback": "customer_feedback",
}


def build(mark: str = "") -> Centre:
    """The centre of the table; one trainee takes its calls."""
    centre = open_centre(mark)
    centre.person("zoe", "trainee")
    day = october(2)
    centre.calls("zoe", day, 42, resolved_first=True, transferred=False)
    centre.calls("zoe", day, 9, resolved_first=False, transferred=False)
    centre.calls("zoe", day, 9, resolved_first=False, transferred=True)
    centre.surveys("zoe", day, 17, 20)
    for code, facts in columns(FACTS).items():
        centre.person(code, "manager", team=f"house-{code}")
        centre.lead(code, f"house-{code}")
        _write(centre, code, facts)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    centre.figure("call_plan", facts["call_plan"], code=code)
    for row, figure in FIGURES.items():
        if facts[row] != "-":
            centre.figure(figure, *facts[row].split("/"), code=code)
    staff = [] if facts["staff"] == "-" else facts["staff"].split(",")
    for number, told in enumerate(staff):
        percent, praise = told.split("+")
        member = f"{code}-staff-{number}"
        centre.person(member, "property_agent", team=f"house-{code}")
        centre.figure("economic", percent, "100", code=member)
        centre.events(member, october(3), praise=praise)


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, POINTS)


def test_score_of_the_staff_leaves_the_managers_own_out(run):
    values = {code: str(line_of(run, code, "staff_score").value) for code in ("ann", "bob")}

    assert values == {"ann": "90.500000000", "bob": "52.500000000"}
