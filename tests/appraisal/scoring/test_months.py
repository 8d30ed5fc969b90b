from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from appraisal.scoring import cards
from appraisal.scoring.documents import list_shipped_documents
from appraisal.scoring.months import (
    is_made_of_months,
    is_month,
    month_scheme,
    scheme_of_lines,
)
from appraisal.scoring.scheme import parse_scheme

MONTHS = ["2026-07", "2026-08", "2026-09"]


def made_of_months(**changes):
    document = next(
        one for one in list_shipped_documents() if one["code"] == "s2_call_centre_agent"
    )
    scheme = parse_scheme(document | {"cycles": ["quarter"], "roll_up": "months"} | changes)
    return month_scheme(scheme, MONTHS)


def scored(scheme, *totals):
    """Score one person by totals in hundredths, or by the state of a month without one."""
    rows = [
        (7, month, "measured", total * 10**7, None)
        if isinstance(total, int)
        else (7, month, total, None, None)
        for month, total in zip(MONTHS, totals, strict=True)
    ]
    values = pd.DataFrame(rows, columns=["agent_id", "item", "state", "value", "sample"])
    values = values.astype({"value": "Int64", "sample": "Int64"})
    people = pd.DataFrame({"agent_id": [7], "position": ["agent"], "present": [True]})
    found = cards.score(scheme, values, people)
    return found.cards.iloc[0], found.lines


def test_quarter_is_the_mean_of_its_months_rounded_line_by_line():
    card, lines = scored(made_of_months(), 8535, 7901, 9000)

    # A third each: 28.45, 26.3366.. and 30.
    assert lines["points"].tolist() == [2845, 2634, 3000]
    assert lines["effective_weight"].tolist() == [3333, 3333, 3333]
    assert (card["total"], card["grade"]) == (8479, "good")


def test_weights_of_months_are_shared_out_over_those_present():
    scheme = made_of_months(month_weights=[1, 1, 2])

    card, lines = scored(scheme, "not_applicable", 8000, 9000)

    # 100 x 1/3 and 100 x 2/3 of what the months gave: 26.67 and 60.
    assert lines["state"].tolist() == ["not_applicable", "scored", "scored"]
    assert lines["points"].tolist()[1:] == [2667, 6000]
    assert (card["total"], card["covered"]) == (8667, 10_000)


def test_month_that_is_awaited_leaves_the_card_provisional_and_below_the_cover():
    card, _lines = scored(made_of_months(), "awaited", "awaited", 9000)

    assert card["provisional"]
    assert (card["total"], card["state"]) == (9000, "no_grade")
    assert card["grade"] is None


def test_total_a_little_over_100_stays_as_it_is():
    card, lines = scored(made_of_months(), 10_003, 10_003, 10_003)

    # 33.3433.. each.
    assert lines["points"].tolist() == [3334] * 3
    assert card["total"] == 10_002


@pytest.mark.parametrize(
    ("roll_up", "kind", "expected"),
    [
        ("months", "quarter", True),
        ("months", "year", True),
        ("months", "month", False),
        ("facts", "quarter", False),
    ],
)
def test_only_long_cycles_are_made_of_months(roll_up, kind, expected):
    document = next(iter(list_shipped_documents()))
    changed = document | {"cycles": ["month", "quarter"], "roll_up": roll_up}

    assert is_made_of_months(parse_scheme(changed), kind) is expected


def test_weights_must_be_as_many_as_months():
    too_few = replace(made_of_months(), month_weights=(Decimal(1), Decimal(2)))

    with pytest.raises(ValueError, match="zip"):
        month_scheme(too_few, MONTHS)


def test_scheme_of_lines_that_are_months_has_months_for_items():
    document = next(iter(list_shipped_documents()))
    rolled = parse_scheme(document | {"cycles": ["month", "quarter"], "roll_up": "months"})

    of_quarter = scheme_of_lines(rolled, reversed(MONTHS))

    assert [item.code for item in of_quarter.items] == MONTHS
    assert scheme_of_lines(rolled, [item.code for item in rolled.items]) == rolled
    assert scheme_of_lines(parse_scheme(document), MONTHS) == parse_scheme(document)


@pytest.mark.parametrize(
    ("code", "expected"), [("2026-07", True), ("calls", False), ("2026", False)]
)
def test_code_of_a_month_is_known(code, expected):
    assert is_month(code) is expected


def test_months_are_named_in_both_languages():
    names = [item.name for item in made_of_months().items]

    assert [name.en for name in names] == ["July 2026", "August 2026", "September 2026"]
    assert names[0].zh == "2026年7月"


def test_quarter_of_the_handbook_comes_out():
    scheme = made_of_months(month_weights=[1, 1, 2])

    card, lines = scored(scheme, 8000, 9000, 8500)
    without, left = scored(scheme, 8000, "no_data", 8500)

    # 25 x 0.80, 25 x 0.90, 50 x 0.85; then 33.33 x 0.80 and 66.67 x 0.85.
    assert (lines["points"].tolist(), card["total"]) == ([2000, 2250, 4250], 8500)
    assert (left["points"].dropna().tolist(), without["total"]) == ([2667, 5667], 8334)
