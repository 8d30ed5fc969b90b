"""Every shipped scheme as a house may sharpen it: a veto, and an item that fatal errors empty."""

from copy import deepcopy

import pytest

from appraisal.scoring.documents import list_shipped_documents
from appraisal.services import schemes
from tests.factories import NOW
from tests.golden import (
    test_s1,
    test_s2,
    test_s3,
    test_s4,
    test_s5,
    test_s6,
    test_s7,
    test_s8,
    test_s9,
    test_s10,
    test_s11,
    test_s12,
)
from tests.golden.centre import (
    assert_cards,
    card_of,
    columns,
    compute,
    october,
    open_cycle,
    part,
)

# Reviews with a fatal error of all, on a form of its own. From a quarter of them on the grade is
# at most Qualified: Hal and Lou stand on that edge, Gil is below it. From a half of them on one
# item gives nothing: Ida stands on that edge, Jan below it. Ann's two are too few to go by, Kim has
# none.
FATAL = """
                  ann  gil  hal  ida  jan      kim  lou
reviews           2/2  1/5  1/4  2/4  3/7      0/0  1/4
veto     insufficient 0.00 0.00 0.00 0.00  no_data 0.00
"""
VETO = {
    "code": "veto",
    "name": {"en": "Fatal errors", "zh": "致命差错"},
    "kpi": "fatal_rate",
    "weight": 0,
    "rule": {"type": "veto", "at": "0.25", "grade": "qualified"},
}
EMPTIES = {"kpi": "fatal_rate", "at_least": "0.5", "effect": ["zero"]}
CYCLES = {test_s9: "2026-Q4"}


def sharpened(number: int, item: str):
    """The shipped scheme with a veto, and with a condition on one of its items."""
    document = deepcopy(list_shipped_documents()[number - 1])
    items = document["items"]
    next(one for one in items if one["code"] == item).setdefault("conditions", []).append(EMPTIES)
    items.append(VETO | {"group": document["groups"][0]["code"]})
    return document


# What is as in the case of the scheme is not told again: a veto takes no points, and Hal, Good by
# the total, is Qualified. Ida's item, her total without it, her grade.
@pytest.mark.parametrize(
    ("number", "golden", "item", "total", "grade"),
    [
        (1, test_s1, "satisfied", "77.00", "qualified"),  # 80.00 - 3.00
        (2, test_s2, "calls", "30.00", "unqualified"),  # 80.00 - 50.00
        (3, test_s3, "service_standard", "65.00", "qualified"),  # 80.00 - 15.00
        (4, test_s4, "service_standard", "63.00", "qualified"),  # 80.00 - 17.00
        (5, test_s5, "own_quality", "75.00", "qualified"),  # 80.00 - 5.00
        (6, test_s6, "reviews", "66.87", "qualified"),  # 80.00 - 13.13
        (7, test_s7, "review_errors", "70.00", "qualified"),  # 80.00 - 10.00
        (8, test_s8, "improvement", "65.00", "qualified"),  # 80.00 - 15.00
        (9, test_s9, "record_accuracy", "65.73", "qualified"),  # 80.02 - 14.29
        (10, test_s10, "satisfaction", "76.50", "qualified"),  # 80.00 - 3.50
        (11, test_s11, "resolution", "65.00", "qualified"),  # 80.00 - 15.00
        (12, test_s12, "resolution", "70.00", "qualified"),  # 80.00 - 10.00
    ],
    ids=[f"s{number}" for number in range(1, 13)],
)
def test_veto_limits_the_grade_and_a_condition_empties_an_item(
    library, number, golden, item, total, grade
):
    schemes.add_version(sharpened(number, item), now=NOW)
    people, centre = columns(FATAL), golden.build()
    for code, facts in people.items():
        fatal, reviews = part(facts["reviews"])
        centre.add("reviews", code, october(20), fatal, form="fatal", fatal=True)
        centre.add("reviews", code, october(20), reviews - fatal, form="fatal", fatal=False)
    centre.store()
    cycle = open_cycle(CYCLES.get(golden, "2026-10"))
    if hasattr(golden, "rate_all"):
        golden.rate_all(centre, cycle)

    run = compute(cycle)

    expected = {
        code: golden.CARDS[code] | {"veto": facts["veto"]} for code, facts in people.items()
    }
    expected["hal"]["grade"] = "qualified"
    expected["ida"] |= {item: "0.00", "total": total, "grade": grade}
    assert_cards(run, expected)
    assert [code for code in people if card_of(run, code).capped] == ["hal"]
