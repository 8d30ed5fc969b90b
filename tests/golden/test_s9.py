"""After-sales specialists: seven KPIs by level, in a quarter."""

from datetime import date
from decimal import Decimal

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

# Ann stands on every threshold of excellent, Bob on every one of qualified; Cat and Dan a hair
# below. Eve has 9 ratings, too few; nobody rated Fay's teamwork. Gus misses satisfaction alone.
FACTS = """
               ann    bob    cat     dan    eve    fay    gus
satisfied     9/10  17/20 89/100  84/100    9/9 92/100 84/100
solved       19/20  18/20 94/100  89/100  19/20 93/100  20/20
response_s   43200  86400  43201   86401   3600   3600  43200
callbacks     9/10   8/10 89/100  79/100   5/10   5/10  10/10
records      49/50  19/20  97/100 94/100  48/50  24/25  49/50
teamwork        90     80  89.99   79.99  80,90      -     95
given            1      1      2       0      1      3      1
"""

# As Ann but for these rows: the totals of seven levels that lie nearest to each grade, on either
# side. Jan came from another position on the 16th of October; what was hers there (ten bad
# ratings, twenty open tickets) is not here. Kim was on protected leave, Ida on leave.
EDGES = """
               gil    hal    ida    jan    kim    lou
satisfied    17/20  17/20  17/20  17/20  17/20 84/100
solved       18/20  18/20  18/20  18/20  18/20 89/100
response_s       .  86400      .      .  86400      .
callbacks     8/10   8/10      .   8/10 79/100 79/100
records          .      .      .      .  19/20      .
given            .      .      0      0      0      .
"""

# 100/7 = 14.2857 for excellent, 80% of it = 11.4286 for qualified, each rounded by itself.
# Eve: satisfaction's weight goes to the two others of its group, 150/7 = 21.4286 each.
# Fay: the weight of teamwork goes to the training, 200/7 = 28.5714.
POINTS = """
                  ann   bob   cat   dan          eve     fay   gus
satisfaction    14.29 11.43 11.43  0.00 insufficient   14.29  0.00
resolution      14.29 11.43 11.43  0.00        21.43   11.43 14.29
callback        14.29 11.43 11.43  0.00         0.00    0.00 14.29
response_time   14.29 11.43 11.43  0.00        14.29   14.29 14.29
record_accuracy 14.29 11.43 11.43  0.00        11.43   11.43 14.29
teamwork        14.29 11.43 11.43  0.00        11.43 awaited 14.29
training        14.29 14.29 14.29  0.00        14.29   28.57 14.29
total          100.03 82.87 82.87  0.00        72.87   80.01 85.74
grade       excellent  good  good unqualified qualified good  good
"""

# Gil 4 x 14.29 + 3 x 11.43, Hal 3 and 4; Ida 4 and 2, Jan 3 and 3; Kim 1 and 4, Lou 4 and none
EDGE_POINTS = """
                      gil    hal    ida       jan       kim         lou
satisfaction        11.43  11.43  11.43     11.43     11.43        0.00
resolution          11.43  11.43  11.43     11.43     11.43        0.00
callback            11.43  11.43      .     11.43      0.00        0.00
response_time           .  11.43      .         .     11.43           .
record_accuracy         .      .      .         .     11.43           .
training                .      .   0.00      0.00      0.00           .
total               91.45  88.59  80.02     77.16     60.01       57.16
grade           excellent   good   good qualified qualified unqualified
"""

PEOPLE, CARDS = beside(FACTS, EDGES), beside(POINTS, EDGE_POINTS)


def build(mark: str = "") -> Centre:
    """The centre of the table."""
    centre = open_centre(mark)
    for code, facts in PEOPLE.items():
        came = code == "jan"
        position = "trainee" if came else "after_sales_specialist"
        centre.person(code, position, team="after-sales")
        if came:
            centre.move(code, october(16), position="after_sales_specialist")
            centre.surveys(code, october(15), 0, 10, channel="email")
            centre.add("tickets", code, october(15), 20, kind="fault", solved=False)
        _write(centre, code, facts, october(20 if came else 5))
    centre.off("kim", october(21))
    centre.off("ida", october(21), protected=False)
    return centre


def _write(centre: Centre, code: str, facts: dict[str, str], day: date) -> None:
    centre.surveys(code, day, *part(facts["satisfied"]), channel="email")
    solved, tickets = part(facts["solved"])
    told = {"kind": "fault", "first_response_s": int(facts["response_s"])}
    centre.add("tickets", code, day, solved, solved=True, **told)
    centre.add("tickets", code, day, tickets - solved, solved=False, **told)
    done, due = part(facts["callbacks"])
    centre.events(code, day, callback_done=done, callback_due=due)
    right, checked = part(facts["records"])
    centre.add("reviews", code, day, right, form="record", score=Decimal(100))
    centre.add("reviews", code, day, checked - right, form="record", score=Decimal("99.5"))
    centre.add("trainings", code, day, int(facts["given"]), kind="given", passed=True)
    centre.add("trainings", code, day, kind="given", passed=False)


def rate_all(centre: Centre, cycle) -> None:
    """What colleagues gave."""
    centre.rate_from(cycle, PEOPLE, "teamwork")


@pytest.fixture
def run(library):
    centre = build()
    centre.store()
    cycle = open_cycle("2026-Q4")
    rate_all(centre, cycle)
    return compute(cycle)


def test_points_are_those_worked_out_by_hand(run):
    assert_cards(run, CARDS)


def test_each_kpi_shows_its_own_level(run):
    levels = dict(card_of(run, "eve").lines.values_list("item", "level"))

    assert levels == {
        "satisfaction": "",
        "resolution": "excellent",
        "callback": "",
        "response_time": "excellent",
        "record_accuracy": "qualified",
        "teamwork": "qualified",
        "training": "qualified",
    }


def test_card_waits_for_the_rating_that_is_not_in(run):
    provisional = {card.agent.code for card in run.scorecards.filter(provisional=True)}

    assert provisional == {"fay"}
