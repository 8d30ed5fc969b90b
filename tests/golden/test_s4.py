"""Team leaders by weights: what their teams did in the days they led them, and ratings."""

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

# Figures of the one agent of each team, in one shift; events and ratings of the leader. Fay
# leads from the 16th on: what her agent did before (17 calls of 600 s, three reviews of 60,
# ten bad ratings) is not hers. Nobody rated Eve.
FACTS = """
               ann     bob     cat     dan     eve     fay
calls           58      29      20      60      58      58
handle_s       240     312     480     120     300     301
reviews       95x3  87.5x3    60x3       -    99x2    95x3
exam           100      84       0     100      50     100
good         19/20   17/20   37/50   20/20     9/9   10/10
breach           0       1       3       4       0       0
hygiene          0       1       2       3       0       0
dispatch       100      80       0      90       -     100
response       100      50       0   80,90       -     100
tasks          100      75       0      60       -     100
teamwork       100      90       0     100       -     100
suggestions      5       1       0       6       2       0
"""

# As Ann but for these rows, and so on both sides of every grade. Kim's agent was in Ida's hall
# until the 15th: her shift of 30 calls there, of 120 s, is Ida's. Jan came from another position
# on the 16th and leads since; her exam before and her team's 600 s do not count. Hal's agent took a
# day of leave, which is no shift; Gil was on protected leave.
EDGES = """
               gil     hal     ida     jan     kim     lou
calls           60      60      90      60      60      60
handle_s         .       .     120     120     480     480
reviews          .       .       .       .    60x3    60x3
exam           8.4     8.2     8.4     8.2     8.4     8.2
good             .       .       .       .   37/50   37/50
response         .       .       0       0       .       .
suggestions      0       0       .       .       .       .
"""

# answer rate of the centre: 300 + 420 + 15 of 784 = 0.9375: 5 x 0.1375/0.15 = 4.5833
# Bob: 17 x 27.5/35 = 13.3571; 8 x 11/21 = 4.1905. Cat: 30 x 20/58 = 10.3448
# Dan has no review: its 17 go to the exam 11.5385 and the ratings of callers 18.4615
# Eve: 2 reviews and 9 ratings are too few: the exam weighs 30; the 15 of management go over
#   75: x 1.2: 36, 12, 6 x 0.91667 = 5.50, 36 x 0.5. Only 60% are covered
# Fay: 10 x 179/180
POINTS = """
                      ann       bob         cat       dan          eve       fay
calls               30.00     15.00       10.34     30.00        36.00     30.00
handle_time         10.00      9.33        0.00      0.00        12.00      9.94
answer_rate          4.58      4.58        4.58      4.58         5.50      4.58
service_standard    17.00     13.36        0.00   no_data insufficient     17.00
exam                 5.00      4.20        0.00     11.54        18.00      5.00
satisfaction         8.00      4.19        0.00     18.46 insufficient      8.00
rules_kept           3.00      2.00        0.00      0.00         3.00      3.00
hygiene              2.00      1.00        0.00      0.00         2.00      2.00
dispatch             4.00      3.20        0.00      3.60      awaited      4.00
response             5.00      2.50        0.00      4.25      awaited      5.00
tasks                3.00      2.25        0.00      1.80      awaited      3.00
teamwork             3.00      2.70        0.00      3.00      awaited      3.00
suggestions          5.00      1.00        0.00      5.00         2.00      0.00
total               99.58     65.31       14.92     82.23        78.50     94.52
grade           excellent qualified unqualified      good         none excellent
"""

# calls: (90 + 30)/2 of Ida's, 60 of the others'. exam: 5 x 0.084 = 0.42, 5 x 0.082 = 0.41
EDGE_POINTS = """
                       gil    hal    ida       jan       kim         lou
handle_time              .      .   0.00      0.00      0.00        0.00
service_standard         .      .      .         .      0.00        0.00
exam                  0.42   0.41   0.42      0.41      0.42        0.41
satisfaction             .      .      .         .      0.00        0.00
response                 .      .   0.00      0.00         .           .
suggestions           0.00   0.00      .         .         .           .
total                90.00  89.99  80.00     79.99     60.00       59.99
grade            excellent   good   good qualified qualified unqualified
"""
RATED = ("dispatch", "response", "tasks", "teamwork")

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table; 49 calls are lost."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        centre.person(code, "trainee" if code == "jan" else "team_leader", team=f"hall-{code}")
        home = "hall-ida" if code == "kim" else f"hall-{code}"
        centre.person(f"{code}-agent", "trainee", team=home)
        since = october(16) if code in ("fay", "jan") else LONG_AGO
        centre.lead(code, f"hall-{code}", since=since)
        if code in ("jan", "kim"):
            _move(centre, code)
        _write(centre, code, facts)
    centre.off("hal-agent", october(21), protected=False)
    centre.off("gil", october(21))
    centre.work("fay-agent", october(5))
    centre.calls("fay-agent", october(5), 17, talk_s=600)
    centre.add("reviews", "fay-agent", october(5), 3, form="service", score=60)
    centre.surveys("fay-agent", october(5), 0, 10)
    centre.calls(None, october(5), 49)
    return centre


def _move(centre: Centre, code: str) -> None:
    """What was until the 15th, and the move."""
    if code == "jan":
        centre.add("trainings", "jan", october(15), kind="knowledge", score=100)
        centre.work("jan-agent", october(15))
        centre.calls("jan-agent", october(15), 15, talk_s=600)
        centre.move("jan", october(16), position="team_leader")
    else:
        centre.work("kim-agent", october(15))
        centre.calls("kim-agent", october(15), 30, talk_s=120)
        centre.move("kim-agent", october(16), team="hall-kim")


def _write(centre: Centre, code: str, facts: dict[str, str]) -> None:
    member, day = f"{code}-agent", october(20)
    centre.work(member, day)
    centre.calls(member, day, int(facts["calls"]), talk_s=int(facts["handle_s"]))
    if facts["reviews"] != "-":
        score, count = facts["reviews"].split("x")
        centre.add("reviews", member, day, int(count), form="service", score=score)
    centre.surveys(member, day, *part(facts["good"]))
    centre.add("trainings", code, day, kind="knowledge", score=facts["exam"])
    centre.events(
        code, day, breach=facts["breach"], hygiene=facts["hygiene"],
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


def test_two_fifths_without_data_give_no_grade(run):
    card = card_of(run, "eve")

    assert (str(card.covered), card.provisional) == ("60.00", True)
