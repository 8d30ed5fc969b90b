"""Floor supervisors: 50 points of the field, scaled to 100, so that every weight counts twice."""

from datetime import date

import pytest

from tests.golden.centre import (
    LONG_AGO,
    Centre,
    assert_cards,
    beside,
    card_of,
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

# As Ann but for these rows, and so on both sides of every grade. Gil's agent moved to Hal's hall
# on the 16th: what she took before (40 calls) is Gil's, the 30 since are Hal's. Jan came from
# another position on the 16th; neither her own errors and figures before nor her team's calls
# count. Ida and Kim were on leave, with and without protection: no item asks for it.
EDGES = """
                   gil        hal     ida        jan    kim        lou
calls               40         70       .          .      .          .
plan                40          .       .          .      .          .
business             .  2999/3000       .  2999/3000      .  2999/3000
errors               5          5       .          .      5          5
proposals            .          .       .          .      0          0
satisfied            .          .   37/50      37/50  37/50      37/50
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

# 30 x 2999/3000 = 29.99. Hal 70 + 30 calls of 100
EDGE_POINTS = """
                      gil    hal    ida       jan       kim         lou
business_volume         .  29.99      .     29.99         .       29.99
review_errors        0.00   0.00      .         .      0.00        0.00
improvement             .      .      .         .      0.00        0.00
satisfaction            .      .   0.00      0.00      0.00        0.00
total               90.00  89.99  80.00     79.99     60.00       59.99
grade           excellent   good   good qualified qualified unqualified
"""

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        came = code == "jan"
        centre.person(code, "trainee" if came else "floor_supervisor", team=f"hall-{code}")
        centre.person(f"{code}-agent", "trainee", team=f"hall-{code}")
        if came:
            centre.move(code, october(16), position="floor_supervisor")
        centre.lead(code, f"hall-{code}", since=october(16) if came else LONG_AGO)
        _write(centre, code, facts, october(20 if came else 5))
    centre.move("gil-agent", october(16), team="hall-hal")
    centre.calls("gil-agent", october(20), 30)
    _write_before_jan_came(centre)
    centre.off("ida", october(21))
    centre.off("kim", october(21), protected=False)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str], day: date) -> None:
    member = f"{code}-agent"
    centre.calls(member, day, int(facts["calls"]))
    centre.surveys(member, day, *part(facts["satisfied"]))
    if facts["plan"] != "-":
        centre.figure("call_plan", facts["plan"], code=code, day=day)
    centre.figure("business", *facts["business"].split("/"), code=code, day=day)
    centre.events(code, day, qa_error=facts["errors"], adopted_idea=facts["proposals"])


def _write_before_jan_came(centre: Centre) -> None:
    before = october(15)
    centre.calls("jan-agent", before, 20)
    centre.surveys("jan-agent", before, 50, 50)
    centre.figure("business", "0", "3000", code="jan", day=before)
    centre.events("jan", before, qa_error=4)


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_weights_are_scaled_from_50_to_100(run):
    weights = [str(line.weight) for line in card_of(run, "ann").lines.order_by("order")]

    assert weights == ["30.000000", "30.000000", "10.000000", "10.000000", "20.000000"]
