"""Property-service staff: what is measured, then the ratings of two levels, 60 to 40."""

from datetime import date

import pytest

from tests.golden.centre import (
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

# Dan still waits for the next level, Eve for both. Fay changed team on the 16th: her requests
# were solved in one team and in the other.
FACTS = """
                   ann      bob      cat      dan      eve      fay
attitude        4.5x10  3.75x10    3x10      5x9   4.5x10     4x10
contacts           100      400      200       99      100      100
complaints           0        1        1        0        0        0
praise               5        2        0        6        1        3
solved           38/40    34/40    30/40    20/20    38/40    36/40
time_s           86400   172800   864000    43200    86400    86401
outcome          4.5x5   3.75x5     3x5       5x5    4.2x5      5x4
economic       100/100   80/100    0/100   90/100  100/100  120/100
direct_superior    100       80        0       90        -       70
next_level         100       50        0        -        -    60,80
"""

# As Ann but for these rows, and so on both sides of every grade. Jan came from another position
# on the 16th; her complaint, praise and economic figure there are not counted here. Kim was on
# protected leave, Ida on leave: no item asks for it.
EDGES = """
                    gil        hal    ida        jan    kim        lou
attitude           3x10       3x10   3x10     2.9x10   3x10     2.9x10
outcome               .          .    3x5      2.9x5      .          .
economic              .  1499/1500      .  1499/1500      .  1499/1500
direct_superior       .          .      .          .      0          0
next_level            .          .      .          .      0          0
"""

# attitude and outcome: from 3 nothing to 4.5 everything; Fay 10 x 1/1.5 = 6.6667
# complaints per 1,000: Bob 2.5, half; Cat 5, nothing. time: 86400 / value
# Dan: 9 surveys and 99 contacts are too few, and praise may not receive; the 12 of the next level
#   go to the direct superior, 30; the 20 go over 75: x 95/75; 10 is 12.6667, 15 is 19, 30 is 38.
#   5 + 30 + 15 + 18 = 68% covered: no grade
# Eve: the 30 of the ratings go over 65: x 95/65; 10 is 14.6154, 15 is 21.9231; x 0.8 = 11.6923.
#   70% covered, just enough
# Fay: 4 outcomes are too few: 15 each for resolution (x 0.75) and time (x 86400/86401)
POINTS = """
                      ann         bob         cat          dan       eve          fay
attitude            10.00        5.00        0.00 insufficient     14.62         6.67
complaints          10.00        5.00        0.00 insufficient     14.62        10.00
praise               5.00        2.00        0.00         5.00      1.00         3.00
resolution          10.00        5.00        0.00        12.67     14.62        11.25
resolution_time     10.00        5.00        1.00        12.67     14.62        15.00
outcome             10.00        5.00        0.00        12.67     11.69 insufficient
economic            15.00       12.00        0.00        17.10     21.92        15.00
direct_superior     18.00       14.40        0.00        34.20   awaited        12.60
next_level          12.00        6.00        0.00      awaited   awaited         8.40
total              100.00       59.40        1.00        94.31     93.09        81.92
grade           excellent unqualified unqualified         none excellent         good
"""

# 15 x 1499/1500 = 14.99; below 3 is no less than nothing
EDGE_POINTS = """
                      gil    hal    ida       jan       kim         lou
attitude             0.00   0.00   0.00      0.00      0.00        0.00
outcome                 .      .   0.00      0.00         .           .
economic                .  14.99      .     14.99         .       14.99
direct_superior         .      .      .         .      0.00        0.00
next_level              .      .      .         .      0.00        0.00
total               90.00  89.99  80.00     79.99     60.00       59.99
grade           excellent   good   good qualified qualified unqualified
"""

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        came = code == "jan"
        centre.person(code, "trainee" if came else "property_agent", team="estate")
        if came:
            _write_elsewhere(centre, code, october(15))
            centre.move(code, october(16), position="property_agent")
        if code == "fay":
            centre.move("fay", october(16), team="estate-south")
        _write(centre, code, facts, october(18 if came else 5))
    centre.off("kim", october(21))
    centre.off("ida", october(21), protected=False)
    return centre


def _write_elsewhere(centre: Centre, code: str, day: date) -> None:
    centre.add("tickets", code, day, kind="complaint", solved=True, upheld=True)
    centre.events(code, day, praise=9)
    centre.figure("economic", "0", "1500", code=code, day=day)


def _write(centre: Centre, code: str, facts: dict[str, str], day: date) -> None:
    value, count = facts["attitude"].split("x")
    centre.add("surveys", code, day, int(count), scale="1-5", attitude=value)
    centre.calls(code, day, int(facts["contacts"]))
    centre.events(code, day, praise=facts["praise"])
    centre.figure("economic", *facts["economic"].split("/"), code=code, day=day)
    _tickets(centre, code, facts, day)


def _tickets(centre: Centre, code: str, facts: dict[str, str], day: date) -> None:
    """Solved and open requests; the upheld complaint and the scored ones are among the solved."""
    solved, tickets = part(facts["solved"])
    score, scored = facts["outcome"].split("x")
    told = {"kind": "request", "solved": True, "resolution_s": int(facts["time_s"])}
    told["solved_day"] = october(22)
    upheld, later = int(facts["complaints"]), october(20)
    centre.add("tickets", code, day, upheld, **told | {"kind": "complaint", "upheld": True})
    centre.add("tickets", code, day, int(scored), **told, outcome_score=score)
    centre.add("tickets", code, later, solved - upheld - int(scored), **told)
    centre.add("tickets", code, later, tickets - solved, kind="request", solved=False)


def rate_all(centre: Centre, cycle) -> None:
    """What superiors gave."""
    centre.rate_from(cycle, PEOPLE, "direct_superior", "next_level")


@pytest.fixture
def run(library):
    centre = build()
    centre.store()
    cycle = open_cycle()
    rate_all(centre, cycle)
    return compute(cycle)


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_without_the_next_level_the_card_waits(run):
    waiting = {card.agent.code for card in run.scorecards.filter(provisional=True)}

    assert waiting == {"dan", "eve"}
    assert [str(card_of(run, code).covered) for code in ("dan", "eve")] == ["68.00", "70.00"]
