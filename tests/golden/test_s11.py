"""E-commerce agents: service, efficiency and quality monitoring, with a balance of the two."""

import pytest

from tests.golden.centre import (
    Centre,
    assert_cards,
    beside,
    compute,
    october,
    open_centre,
    open_cycle,
    pairs,
    part,
)

# Fay took calls in another position until the 15th; they are not hers here. She was on
# protected leave for one of her shifts.
FACTS = """
                ann     bob     cat     dan     eve     fay
shifts            2       3      12       8       1       2
contacts        120     120     120     400      60     116
resolved        114     102      90     380      57     116
handle_s        240     312     480     120     300     390
response_s       60      80     600     120      30      60
satisfied     19/20   17/20   37/50     9/9   10/10   10/10
reviews          95      76       0       -     100      95
errors            0     0.3     0.6       1       0       0
complaints        0       0       1       1       0       0
refunds       19/20   17/20   15/20     4/4   20/20     5/5
"""

# As Ann but for these rows, and so on both sides of every grade. One upheld complaint or one
# error in 200 contacts are 5 per 1,000 exactly. Of Hal's, Jan's and Lou's replies one took 72 s.
EDGES = """
                gil      hal     ida      jan     kim      lou
contacts        200      200     200      200     200      200
resolved        190      190     190      190     190      190
handle_s          .        .       .        .     480      480
response_s        .  60+72x1       .  60+72x1       .  60+72x1
errors            .        .       .        .       1        1
complaints        1        1       1        1       1        1
refunds           .        .   15/20    15/20   15/20    15/20
"""

# Bob: 15 x 11/21 = 7.8571; 15 x 0.1/0.2; 60/80; 40 a shift: 400/58 = 6.8966; 10 x 168/180
#   balance: the root of 40/58 x 76/95 is 0.742781; 0.3 errors in 120 are 2.5 per 1,000; 0.1/0.2
# Cat stands at every worst: 60/600; 10 a shift: 100/58 = 1.7241; 0.6 in 120 are 5 per 1,000
# Dan: 9 ratings are too few: 15 go to resolution 24 and response 16; no review, so no balance:
#   10 go to volume 15 x 50/58 = 12.9310 and handle time 15; 4 refunds are too few: 10 go to
#   errors and complaints, 15 x 2.5/5 each. 65% are covered: no grade
# Eve: 60 contacts are too few for complaints: 10 go to errors and refunds, 15 each
# Fay: 10 x (480-390)/180
POINTS = """
                      ann       bob         cat          dan          eve       fay
satisfaction        15.00      7.86        0.00 insufficient        15.00     15.00
resolution          15.00      7.50        0.00        24.00        15.00     15.00
response_time       10.00      7.50        1.00         8.00        10.00     10.00
volume              10.00      6.90        1.72        12.93        10.00     10.00
handle_time         10.00      9.33        0.00         0.00        10.00      5.00
balance             10.00      7.43        0.00      no_data        10.00     10.00
errors              10.00      5.00        0.00         7.50        15.00     10.00
complaints          10.00     10.00        0.00         7.50 insufficient     10.00
refunds             10.00      5.00        0.00 insufficient        15.00     10.00
total              100.00     66.52        2.72        59.93       100.00     95.00
grade           excellent qualified unqualified         none    excellent excellent
"""

# (199 x 60 + 72)/200 = 60.06 s: 10 x 60/60.06 = 9.9900
EDGE_POINTS = """
                      gil    hal    ida       jan       kim         lou
response_time           .   9.99      .      9.99         .        9.99
handle_time             .      .      .         .      0.00        0.00
errors                  .      .      .         .      0.00        0.00
complaints           0.00   0.00   0.00      0.00      0.00        0.00
refunds                 .      .   0.00      0.00      0.00        0.00
total               90.00  89.99  80.00     79.99     60.00       59.99
grade           excellent   good   good qualified qualified unqualified
"""

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        centre.person(code, "trainee" if code == "fay" else "ecommerce_agent", team="shop")
        if code == "fay":
            centre.move("fay", october(16), position="ecommerce_agent")
            centre.work("fay", october(14))
            centre.calls("fay", october(14), 40, talk_s=30)
            centre.off("fay", october(30))
        _write(centre, code, facts)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    for day in range(17, 17 + int(facts["shifts"])):
        centre.work(code, october(day))
    told = {"channel": "chat", "talk_s": int(facts["handle_s"])}
    for number, reply in enumerate(pairs(facts["response_s"], int(facts["contacts"]))):
        resolved = number < int(facts["resolved"])
        centre.calls(code, october(17), 1, resolved=resolved, first_response_s=reply, **told)
    centre.surveys(code, october(18), *part(facts["satisfied"]), channel="chat")
    if facts["reviews"] != "-":
        centre.add("reviews", code, october(18), 3, form="service", score=facts["reviews"])
    centre.events(code, october(19), work_error=facts["errors"])
    upheld = int(facts["complaints"])
    centre.add("tickets", code, october(19), upheld, kind="complaint", upheld=True)
    right, refunds = part(facts["refunds"])
    centre.add("tickets", code, october(19), right, kind="refund", solved=True, sla_met=True)
    late = refunds - right
    centre.add("tickets", code, october(19), late, kind="return", solved=True, sla_met=False)


@pytest.fixture
def run(library):
    build().store()
    return compute(open_cycle())


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)
