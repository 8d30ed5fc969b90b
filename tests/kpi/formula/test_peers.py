from fractions import Fraction

import pandas as pd
import pytest

from kpi.formula.columns import Columns
from kpi.formula.compiler import apart_of, compile_formula
from kpi.formula.peers import (
    Membership,
    held_against,
    held_by_values,
    is_peerable,
    mean_of_peers,
    solve_peers,
)


def solved(formula, rows, *, days, counted=None):
    """Solve the only ``peers()`` of a formula.

    Args:
        rows: person and group to the values of the measures, in the formula's order.
        days: person to group to days.
    """
    (node,) = apart_of(compile_formula(formula).root)
    keys = [measure.key for measure in compile_formula(formula).measures]
    frame = pd.DataFrame(list(rows.values()), columns=keys, dtype=object)
    membership = Membership(days, frozenset(days if counted is None else counted))
    return solve_peers(node, frame, places=list(rows), membership=membership, people=list(days))


def early(*people):
    return {person: {"early": 31} for person in people}


AHT = "peers(avg(contacts.talk_s))"


def test_people_under_the_minimum_presence_are_left_out_but_held_against_the_others():
    rows = {("a", "early"): (300, 3), ("b", "early"): (500, 5), ("c", "early"): (200, 2),
            ("d", "early"): (999, 1)}  # fmt: skip

    found = solved(AHT, rows, days=early("a", "b", "c", "d"), counted="abc")

    assert found.cells == [(1000, 10)] * 4
    assert found.samples == [10] * 4
    assert found.applies == [True] * 4


def test_people_without_data_make_no_average():
    rows = {("a", "early"): (300, 3), ("b", "early"): (500, 5), ("c", "early"): (None, 0)}

    found = solved(AHT, rows, days=early("a", "b", "c"))

    assert found.cells == [None] * 3
    assert found.applies == [False] * 3


def test_who_changed_shift_is_held_against_both_weighted_by_own_days():
    days = early("a", "b") | {"m": {"early": 10, "late": 21}}
    days |= {person: {"late": 31} for person in "xy"}
    rows = {
        ("a", "early"): (100, 1), ("b", "early"): (200, 1), ("m", "early"): (300, 2),
        ("m", "late"): (40, 1), ("x", "late"): (50, 1), ("y", "late"): (60, 1),
    }  # fmt: skip

    found = solved(AHT, rows, days=days)

    # Early 600 s in 4 calls = 150, late 150 s in 3 = 50: (10 * 150 + 21 * 50) / 31 = 2550 / 31.
    by_person = dict(zip(days, found.cells, strict=True))
    assert by_person["a"] == (600, 4)
    assert by_person["x"] == (150, 3)
    assert by_person["m"] == (Fraction(2550, 31), None)
    assert found.samples == [4, 4, 7, 3, 3]


def test_who_changed_shift_counts_in_each_by_the_part_of_the_own_days():
    days = early("a", "b") | {"m": {"early": 10, "late": 30}}
    rows = {("a", "early"): (9,), ("b", "early"): (9,), ("m", "early"): (4,), ("m", "late"): (12,)}

    found = solved("peers(count(contacts))", rows, days=days)

    # 22 calls of two people and a quarter.
    assert found.cells[0] == (22, Fraction(9, 4))
    # Late has one person only: early alone is what is left.
    assert found.cells[2] == (22, Fraction(9, 4))


def test_mean_of_what_cannot_be_added_is_that_of_those_with_a_value():
    rows = {("a", "early"): (60, 3), ("b", "early"): (90, 2), ("c", "early"): (None, 0),
            ("d", "early"): (30, 1)}  # fmt: skip

    found = solved("peers(max(shifts.wrap_up_s))", rows, days=early(*"abcd"))

    assert found.cells[0] == (180, 3)
    assert found.samples[0] == 6


def test_choice_is_made_between_averages_and_not_for_each_person():
    formula = "peers(least(1, count(contacts) / count(shifts)))"
    rows = {("a", "early"): (10, 2), ("b", "early"): (1, 4), ("c", "early"): (1, 18)}

    found = solved(formula, rows, days=early("a", "b", "c"))

    assert [Fraction(above) / below for above, below in found.cells] == [Fraction(12, 24)] * 3


def test_average_of_an_average_of_everybody_alike_is_their_own():
    rows = {(person, "early"): (240, 2) for person in "abc"}
    frame = pd.DataFrame(list(rows.values()), dtype=object)
    frame.columns = [measure.key for measure in compile_formula(AHT).measures]
    own = Columns(frame).of(compile_formula("avg(contacts.talk_s)").root)

    peers = solved(AHT, rows, days=early("a", "b", "c")).cells

    assert [Fraction(*cell) for cell in peers] == [Fraction(*cell) for cell in own]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("count(contacts, where=answered) / imported(shifts, count(shifts), 1)", True),
        ("-least(avg(contacts.talk_s), sum(contacts.hold_s)) / 60", True),
        ("centre(count(contacts))", False),
        ('rating("teamwork")', False),
        ("stdev(over(week, count(contacts)))", False),
    ],
)
def test_only_people_s_own_facts_have_an_average_of_peers(formula, expected):
    assert is_peerable(compile_formula(formula).root) is expected


def test_mean_of_values_is_of_those_present_and_weighted_by_own_days():
    days = early("a", "b", "c", "d") | {"m": {"early": 10, "late": 30}, "x": {"late": 31}}
    membership = Membership(days, frozenset("abcmx"))

    means = mean_of_peers(
        {"a": 8, "b": 6, "m": 4, "d": 100, "x": 1}, membership, ["a", "c", "d", "m", "x"]
    )

    # Early: 8 + 6 + 4 x 1/4 = 15 of 2 1/4 people; late has two people only.
    assert means == [Fraction(20, 3)] * 4 + [None]


def shown(formula, rows, *, days, person, counted=None):
    """What the average of one person is made of, as :func:`solved` takes it."""
    (node,) = apart_of(compile_formula(formula).root)
    keys = [measure.key for measure in compile_formula(formula).measures]
    frame = pd.DataFrame(list(rows.values()), columns=keys, dtype=object)
    membership = Membership(days, frozenset(days if counted is None else counted))
    return held_against(node, frame, places=list(rows), membership=membership, person=person)


def test_average_shows_whose_figures_make_it_and_whose_do_not():
    rows = {("a", "early"): (300, 3), ("b", "early"): (500, 5), ("c", "early"): (200, 2),
            ("d", "early"): (999, 1), ("e", "early"): (None, 0)}  # fmt: skip

    (held,) = shown(AHT, rows, days=early(*"abcde"), counted="abce", person="d")

    assert (held.group, held.share, held.average) == ("early", 1, (1000, 10))
    assert [(one.person, one.cell, one.makes_average) for one in held.peers] == [
        ("a", (300, 3), True),
        ("b", (500, 5), True),
        ("c", (200, 2), True),
        ("d", (999, 1), False),
        ("e", None, False),
    ]


def test_who_changed_shift_sees_the_peers_of_both():
    days = early("a", "b") | {"m": {"early": 10, "late": 21}, "x": {"late": 31}}
    rows = {
        ("a", "early"): (100, 1), ("b", "early"): (200, 1), ("m", "early"): (300, 2),
        ("m", "late"): (40, 1), ("x", "late"): (50, 1),
    }  # fmt: skip

    first, second = shown(AHT, rows, days=days, person="m")

    assert (first.group, first.share, first.average) == ("early", Fraction(10, 31), (600, 4))
    # Two people in the late shift are too few for an average.
    assert (second.group, second.share, second.average) == ("late", Fraction(21, 31), None)
    assert [(one.person, one.share) for one in second.peers] == [("m", Fraction(21, 31)), ("x", 1)]


def test_mean_of_values_shows_each_value():
    membership = Membership(early(*"abcd"), frozenset("abcd"))

    (held,) = held_by_values({"a": 1, "b": 2, "c": 6}, membership=membership, person="d")

    assert held.average == (9, 3)
    assert [(one.person, one.cell) for one in held.peers] == [
        ("a", (1, None)), ("b", (2, None)), ("c", (6, None)), ("d", None),
    ]  # fmt: skip
