"""Floor supervisors: 50 points of the field, scaled to 100, so that every weight counts twice."""

import pytest

from tests.golden.centre import (
    Centre,
    assert_cards,
    card_of,
    columns,
    compute,
    october,
    open_centre,
    open_cycle,
    part,
)

# Everybody leads a team of their own with one agent. Fay has no call plan.
FACTS = """
               ann     bob     cat     dan     eve     fay
calls          100      85      84      99     120      90
plan           100     100     100     100     100       -
business   100/100  85/100  84/100 170/200 250/200  95/100
errors           0       1       5       6       2       0
proposals        5       1       0       6       2       3
satisfied    19/20   37/50    7/10     9/9   17/20   10/10
"""

# Volumes: 30 x completion, nothing below 85%, all of it from 100% on. An error takes 2 of 10,
# a proposal earns 2. satisfaction: Eve 20 x 0.11/0.21 = 10.4762
# Dan has 9 ratings, too few. Nobody else in the group may receive, so the 20 go over both
# volumes: 40 x 0.99 = 39.60 and 40 x 0.85 = 34.00
# Fay: the 30 of the calls go to the business volume: 60 x 0.95 = 57.00
POINTS = """
                      ann       bob         cat          dan    eve       fay
call_volume         30.00     25.50        0.00        39.60  30.00   no_data
business_volume     30.00     25.50        0.00        34.00  30.00     57.00
review_errors       10.00      8.00        0.00         0.00   6.00     10.00
improvement         10.00      2.00        0.00        10.00   4.00      6.00
satisfaction        20.00      0.00        0.00 insufficient  10.48     20.00
total              100.00     61.00        0.00        83.60  80.48     93.00
grade           excellent qualified unqualified         good   good excellent
"""


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in columns(FACTS).items():
        centre.person(code, "floor_supervisor", team=f"hall-{code}")
        centre.person(f"{code}-agent", "trainee", team=f"hall-{code}")
        centre.lead(code, f"hall-{code}")
        _write(centre, code, facts)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    member = f"{code}-agent"
    centre.calls(member, october(5), int(facts["calls"]))
    centre.surveys(member, october(6), *part(facts["satisfied"]))
    if facts["plan"] != "-":
        centre.figure("call_plan", facts["plan"], code=code)
    centre.figure("business", *facts["business"].split("/"), code=code)
    centre.events(
        code, october(7), qa_error=facts["errors"], adopted_idea=facts["proposals"]
    )  # fmt: skip


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, POINTS)


def test_weights_are_scaled_from_50_to_100(run):
    weights = [str(line.weight) for line in card_of(run, "ann").lines.order_by("order")]

    assert weights == ["30.000000", "30.000000", "10.000000", "10.000000", "20.000000"]
