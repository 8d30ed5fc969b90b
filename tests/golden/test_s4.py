"""Team leaders by weights: what their teams did in the days they led them, and ratings."""

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

# answer rate of the centre: 300 of 320 = 0.9375: 5 x 0.1375/0.15 = 4.5833
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
RATED = ("dispatch", "response", "tasks", "teamwork")


def build(mark: str = "") -> Centre:
    """The centre of the table; 20 calls are lost."""
    centre = open_centre(mark)
    for code, facts in columns(FACTS).items():
        centre.person(code, "team_leader", team=f"hall-{code}")
        centre.person(f"{code}-agent", "trainee", team=f"hall-{code}")
        if code == "fay":
            centre.lead("fay", "hall-fay", since=october(16))
        else:
            centre.lead(code, f"hall-{code}")
        _write(centre, code, facts)
    centre.work("fay-agent", october(5))
    centre.calls("fay-agent", october(5), 17, talk_s=600)
    centre.add("reviews", "fay-agent", october(5), 3, form="service", score=60)
    centre.surveys("fay-agent", october(5), 0, 10)
    centre.calls(None, october(5), 20)
    return centre


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
    centre.rate_from(cycle, FACTS, *RATED)


@pytest.fixture
def run(library):
    centre = build()
    centre.store()
    cycle = open_cycle()
    rate_all(centre, cycle)
    return compute(cycle)


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, POINTS)


def test_two_fifths_without_data_give_no_grade(run):
    card = card_of(run, "eve")

    assert (str(card.covered), card.provisional) == ("60.00", True)
