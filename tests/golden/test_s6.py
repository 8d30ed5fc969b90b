"""Quality reviewers by weights that add up to 99: each counts 100/99 of what is written."""

import pytest

from tests.golden.centre import (
    Centre,
    assert_cards,
    beside,
    card_of,
    compute,
    line_of,
    october,
    open_centre,
    open_cycle,
    part,
)

# late and early: minutes on each of five shifts of 480. Dan is rated by nobody. Eve's review
# figure is missing, she took half a day off, and came 60 minutes late on a protected day, her
# sixth. Fay's coaching figure is missing, and the fifth of her shifts was a day of leave.
FACTS = """
                ann     bob     cat     dan     eve     fay
reviews     100/100  80/100   0/100 110/100       -   50/80
coaching      10/10    5/10     1/3   12/10     3/4       -
late_min          0      24      96       0       0       0
early_min         0       0       0       0       0       0
submission    20/20   19/20    0/20   10/10   19/20     8/8
tasks           4/4     3/4     1/4     4/4     2/4     5/5
breach            0       1      11      10       2       0
support         100      80       0       -      90     100
organising      100      50       0       -      80     100
response        100      75       0       -      70     100
teamwork        100      90       0       -   80,90     100
suggestions       5       1       0       6       2       0
"""

# As Ann but for these rows, and so on both sides of every grade; some minutes are told shift by
# shift. Jan came from another position on the 16th: her 45 minutes and her unmet plan of coaching
# there do not count here.
EDGES = """
                 gil       hal       ida       jan           kim         lou
reviews            .         .         .         .         0/100       0/100
late_min           .         .         .         .  10,30,9,0,0  31,0,0,0,0
submission  987/1000  986/1000  997/1000  996/1000      817/1000    816/1000
breach             .         .        10        10            10          10
"""

# Weights x 100/99: 13 is 13.1313, 10 is 10.1010, 6 is 6.0606, 5 is 5.0505, 4 is 4.0404
# answer rate of the centre 35/40 = 0.875, half: 5.0505
# satisfaction 17/20: 10.1010 x 11/21 = 5.2910
# adherence: Bob lost 5 x 24 of 2,400 minutes, 95% exactly; Cat 5 x 96, 80% exactly
# attendance: Bob 5 x 2 of 5; Cat came more than 30 minutes late, so 0;
#   Dan 10 minutes late (-2) and 9 early (-1): 2 x 1.0101; Eve 4.5 x 1.0101 = 4.5455; Fay 4 x 1.0101
# Dan: the 13 of the ratings go over operations and work, which weigh 66: x 79/66 more
#   10 is 12.0906, half of it 6.0453, 11/21 of it 6.3332; 13: 15.7178; 4: 4.8362; 6: 7.2544
# Eve: the 13 of the reviews go to the 33 of the others of the group: x 46/33; 10 is 14.0802
#   13: 18.3043 x 3/4 = 13.7282; 14.0802 x 0.95 = 13.3762; 6: 8.4481 x 1/2 = 4.2241
# Fay: 4 shifts are too few for adherence; 13 + 4 go to the 29 left: x 46/29; 10 is 16.0223
#   13: 20.8290 x 0.625 = 13.0181; 6: 9.6134
POINTS = """
                      ann       bob         cat       dan       eve          fay
answer_rate          5.05      5.05        5.05      6.05      5.05         5.05
satisfaction         5.29      5.29        5.29      6.33      5.29         5.29
reviews             13.13     10.51        0.00     15.72   no_data        13.02
coaching            13.13      6.57        4.38     15.72     13.73      no_data
adherence            4.04      4.04        0.00      4.84      5.63 insufficient
submission          10.10      9.60        0.00     12.09     13.38        16.02
tasks                6.06      4.55        1.52      7.25      4.22         9.61
rules_kept          10.10      9.09        0.00      0.00      8.08        10.10
attendance           5.05      0.00        0.00      2.02      4.55         4.04
support              4.04      3.23        0.00   awaited      3.64         4.04
organising           3.03      1.52        0.00   awaited      2.42         3.03
response             3.03      2.27        0.00   awaited      2.12         3.03
teamwork             3.03      2.73        0.00   awaited      2.58         3.03
suggestions          5.05      1.01        0.00      5.05      2.02         0.00
total               90.13     65.46       16.24     75.07     72.71        76.26
grade           excellent qualified unqualified qualified qualified    qualified
"""

# submission, 10.1010 each time: x 0.987 = 9.9697, x 0.986 = 9.9596, x 0.997 = 10.0707, x 0.996 =
#   10.0606, x 0.817 = 8.2525, x 0.816 = 8.2424
# Kim is late by 10 to 30 minutes twice (-4) and by less once (-1): nothing is left of 5, and 49
#   of 2,400 minutes leave the adherence above 95%. Lou's 31 minutes take the item at once
EDGE_POINTS = """
                      gil    hal    ida       jan       kim         lou
reviews                 .      .      .         .      0.00        0.00
submission           9.97   9.96  10.07     10.06      8.25        8.24
rules_kept              .      .   0.00      0.00      0.00        0.00
attendance              .      .      .         .      0.00        0.00
total               90.00  89.99  80.00     79.99     60.00       59.99
grade           excellent   good   good qualified qualified unqualified
"""
RATED = ("support", "organising", "response", "teamwork")

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table; one trainee answers its calls."""
    centre = open_centre(mark)
    centre.person("zoe", "trainee")
    centre.calls("zoe", october(1), 35)
    centre.calls(None, october(1), 5)
    centre.surveys("zoe", october(1), 17, 20)
    for code, facts in PEOPLE.items():
        centre.person(code, "trainee" if code == "jan" else "qa_reviewer", team="quality")
        if code == "jan":
            centre.work(code, october(15), late_min=45)
            centre.figure("coaching", "0", "10", code=code, day=october(15))
            centre.move(code, october(16), position="qa_reviewer")
        _write_shifts(centre, code, facts, since=16 if code == "jan" else 1)
        _write(centre, code, facts)
    return centre


def _write_shifts(centre: Centre, code: str, facts: dict[str, str], *, since: int) -> None:
    late, early = facts["late_min"].split(","), int(facts["early_min"])
    for day in range(1, 6):
        told = {"late_min": int(late[(day - 1) % len(late)]), "early_min": early}
        if (code, day) == ("dan", 1):
            told = {"late_min": 10, "early_min": 9}
        if (code, day) == ("eve", 1):
            told["leave_days"] = "0.5"
        if (code, day) == ("fay", 5):
            told |= {"leave_days": 1, "logged_in_s": 0}
        centre.work(code, october(since - 1 + day), **told)
    if code == "eve":
        centre.work(code, october(6), late_min=60, protected=True)


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    day = october(21)
    figures = {"reviews": "qa_workload", "coaching": "coaching", "submission": "data_submission"}
    for row, figure in figures.items():
        if facts[row] != "-":
            centre.figure(figure, *facts[row].split("/"), code=code, day=day)
    done, given = part(facts["tasks"])
    centre.events(
        code, day, task_done=done, task=given, breach=facts["breach"],
        adopted_idea=facts["suggestions"],
    )  # fmt: skip


def rate_all(centre: Centre, cycle) -> None:
    """What superiors gave."""
    centre.rate_from(cycle, PEOPLE, *RATED)


@pytest.fixture
def run(library):
    centre = build()
    centre.store()
    cycle = open_cycle()
    rate_all(centre, cycle)
    return compute(cycle)


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_weights_are_scaled_exactly_and_rounded_once(run):
    assert str(line_of(run, "ann", "reviews").weight) == "13.131313"
    assert str(card_of(run, "dan").covered) == "86.87"
    assert card_of(run, "dan").provisional
