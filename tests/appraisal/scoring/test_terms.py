import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scoring.fixed import to_fixed
from appraisal.scoring.reading import SchemeError, dump_number
from appraisal.scoring.scheme import Source, dump_scheme, parse_scheme
from appraisal.scoring.terms import Condition
from tests.shipped import S2, shipped_document

PAUSE = {
    "kpi": "longest_pause_in_a_shift",
    "above": 1800,
    "effect": ["zero", "no_stars"],
}
STARS = [
    {"from": 95, "stars": 5},
    {"from": 90, "stars": 4},
    {"from": "79.5", "stars": 3},
]
PEERS = {"type": "peers", "better": "higher", "bands": [{"at": 0, "points": 1}]}


def shipped(**more):
    return shipped_document(S2) | more


def problems_of(document):
    with pytest.raises(SchemeError) as caught:
        parse_scheme(document)
    return [str(problem) for problem in caught.value.problems]


def with_item(**change):
    document = shipped(stars=STARS)
    document["items"][0] |= change
    return document


def test_items_and_conditions_are_the_sources_of_a_scheme():
    document = with_item(conditions=[PAUSE, PAUSE | {"kpi": "long_calls"}], rule=PEERS)
    document["items"] = document["items"][:2]
    document["items"][1] |= {"rating": "tone", "kpi": None}
    document["items"][1].pop("kpi")

    assert parse_scheme(document).sources() == (
        Source("calls", "calls_per_shift", "", needs_peers=True),
        Source("calls#1", "longest_pause_in_a_shift", "", needs_peers=False),
        Source("calls#2", "long_calls", "", needs_peers=False),
        Source("handle_time", "", "tone", needs_peers=False),
    )


@pytest.mark.parametrize(
    ("side", "met"),
    [
        ("above", [False, False, True]),
        ("at_least", [False, True, True]),
        ("below", [True, False, False]),
        ("at_most", [True, True, False]),
    ],
)
def test_condition_compares_exactly(side, met):
    condition = Condition("pause", side, Decimal(1800), ("zero",))
    values = [to_fixed(Decimal(figure)) for figure in ("1799.999999999", "1800", "1800.000000001")]

    assert condition.is_met(np.array(values)).tolist() == met


def test_scheme_without_terms_has_the_defaults():
    scheme = parse_scheme(shipped())

    assert (scheme.stars, scheme.roll_up, scheme.month_weights) == ((), "facts", ())
    assert (scheme.guideline, scheme.transfers) == (None, "longest")


weights = st.decimals("0.000000001", 1000, places=9).map(dump_number)
totals = st.integers(0, 10_000).map(lambda hundredths: dump_number(Decimal(hundredths) / 100))
starred = st.lists(totals, min_size=1, max_size=5, unique_by=str).map(
    lambda found: [
        {"from": total, "stars": 5 - at}
        for at, total in enumerate(sorted(found, key=lambda total: -Decimal(str(total))))
    ]
)
sides = st.sampled_from(["above", "at_least", "below", "at_most"])
effects = st.lists(st.sampled_from(["zero", "no_stars"]), min_size=1, max_size=2, unique=True)
conditions = st.builds(
    lambda kpi, side, threshold, effect: {"kpi": kpi, side: threshold, "effect": effect},
    st.sampled_from(["pause", "late"]),
    sides,
    weights,
    effects,
)
guidelines = st.fixed_dictionaries(
    {"grade": st.sampled_from(["excellent", "good"]), "at_most": st.sampled_from(["0.2", 0, 1])},
    optional={"minimum_people": st.integers(1, 9), "mode": st.just("enforced")},
)


@given(
    starred,
    st.lists(conditions, min_size=1, max_size=3),
    st.lists(weights, min_size=3, max_size=3),
    st.fixed_dictionaries({}, optional={"guideline": guidelines, "transfers": st.just("by_days")}),
)
def test_every_term_is_written_back_identically(stars, beside, months, more):
    document = shipped(stars=stars, **more)
    document |= {"cycles": ["month", "quarter"], "roll_up": "months", "month_weights": months}
    document["items"][0]["conditions"] = beside

    written = dump_scheme(parse_scheme(document))

    assert written == document
    assert parse_scheme(json.loads(json.dumps(written))) == parse_scheme(document)


def test_default_that_is_written_is_left_out_again():
    guideline = {"grade": "excellent", "at_most": "0.2", "minimum_people": 10, "mode": "advisory"}
    document = shipped(roll_up="facts", transfers="longest", guideline=guideline)

    written = dump_scheme(parse_scheme(document))

    assert "roll_up" not in written
    assert "transfers" not in written
    assert written["guideline"] == {"grade": "excellent", "at_most": "0.2"}


def test_custom_period_may_be_appraised():
    assert parse_scheme(shipped(cycles=["custom"])).cycles == ("custom",)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"conditions": [PAUSE | {"below": 2}]},
            "items[0].conditions[0]: needs exactly one of above, at_least, below, at_most",
        ),
        (
            {"conditions": [{"kpi": "pause", "effect": ["zero"]}]},
            "items[0].conditions[0]: needs exactly one of above, at_least, below, at_most",
        ),
        (
            {"conditions": [PAUSE | {"effect": ["none"]}]},
            "items[0].conditions[0].effect: has none, which is not one of zero, no_stars",
        ),
        (
            {"conditions": [PAUSE | {"effect": []}]},
            "items[0].conditions[0].effect: must be a list with at least one code",
        ),
        ({"conditions": [PAUSE | {"kpi": None}]}, "items[0].conditions[0].kpi: is missing"),
        (
            {"conditions": [PAUSE | {"about": 3}]},
            "items[0].conditions[0].about: is not known here; check the spelling",
        ),
        ({"code": "calls#1"}, "items[0].code: must not have a #"),
        (
            {"rule": PEERS, "target": 5},
            "items[0].target: is the peers' average in this rule: leave it out",
        ),
    ],
)
def test_faulty_condition_is_named_by_its_place(change, problem):
    assert problem in problems_of(with_item(**change))


def test_star_lost_by_a_condition_needs_stars():
    document = with_item(conditions=[PAUSE])
    del document["stars"]

    assert problems_of(document) == ["items.calls.conditions: no_stars needs stars in the scheme"]


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"stars": [{"from": 95, "stars": 6}]}, "stars[0].stars: must be from 1 to 5"),
        (
            {"stars": [{"from": "95.001", "stars": 5}]},
            "stars[0].from: must have at most two decimal places, as totals have",
        ),
        ({"stars": STARS[::-1]}, "stars[1]: must descend: write the most stars first"),
        ({"roll_up": "weeks"}, "roll_up: must be one of facts, months"),
        (
            {"roll_up": "months", "cycles": ["month"]},
            "roll_up: months goes with the cycles quarter and year only",
        ),
        (
            {"month_weights": [1, 1, 1], "cycles": ["quarter"]},
            "month_weights: go with roll_up: months only",
        ),
        (
            {"roll_up": "months", "month_weights": [1, 1]},
            "month_weights: must be a list of 3 weights (quarter) or 12 (year)",
        ),
        (
            {"roll_up": "months", "month_weights": [1, 0, 1], "cycles": ["quarter"]},
            "month_weights[1].weight: must be more than 0",
        ),
        (
            {"roll_up": "months", "month_weights": [1, 1, 1], "cycles": ["quarter", "year"]},
            "month_weights: must be 12 for the cycle year",
        ),
        (
            {"guideline": {"grade": "gold", "at_most": "0.2"}},
            "guideline.grade: gold is not one of the grades",
        ),
        (
            {"guideline": {"grade": "unqualified", "at_most": "0.2"}},
            "guideline.grade: must not be the last grade, which takes the rest",
        ),
        (
            {"guideline": {"grade": "excellent", "at_most": 20}},
            "guideline.at_most: must be from 0 to 1",
        ),
        ({"guideline": {"grade": "excellent"}}, "guideline.at_most: is missing"),
        ({"transfers": "latest"}, "transfers: must be one of longest, by_days"),
    ],
)
def test_faulty_term_is_named(terms, problem):
    assert problem in problems_of(shipped(**terms))
