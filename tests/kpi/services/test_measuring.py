from datetime import date
from decimal import Decimal

import pytest

from agents import periods
from kpi import frames
from kpi.formula import FormulaError, compile_formula
from kpi.services import measuring, revisions
from tests.factories import add_facts

OCTOBER = periods.month(2026, 10)


def test_kpi_code_and_formula_give_the_same(cast, library):
    add_facts("contacts", [{"answered": True, "talk_s": 90, "after_call_s": 30}] * 25)

    by_code = measuring.measure_text("average_handle_time", period=OCTOBER)
    by_formula = measuring.measure_text("avg(contacts.handle_s, where=answered)", period=OCTOBER)

    assert by_code[0]["value"] == by_formula[0]["value"] == Decimal(120)
    assert by_code[0]["sample"] == 25


def test_agents_stand_by_their_code(cast):
    add_facts("contacts", [{}, {}], agent=cast.ana.agent)

    entries = measuring.measure_text("count(contacts)", period=OCTOBER, by="agent")

    assert [(entry["group"], entry["value"]) for entry in entries] == [("ana", Decimal(2))]


def test_only_the_named_source_counts(cast):
    add_facts("contacts", [{"source": "bank"}, {}])

    entries = measuring.measure_text("count(contacts)", period=OCTOBER, source="bank")

    assert entries[0]["value"] == Decimal(1)


def test_nothing_from_the_named_source_is_awaited(cast):
    add_facts("contacts", [{"source": "bank"}])

    entries = measuring.measure_text("count(contacts)", period=OCTOBER, source="bnak")

    assert [(entry["state"], entry["value"]) for entry in entries] == [("awaited", None)]


@pytest.mark.parametrize(
    ("formula", "by", "expected"),
    [
        (
            "centre(count(contacts))",
            "agent",
            {"ana": 3, "ben": 3, "bo": 3, "sam": 3, "omar": 3, "mona": 3},
        ),
        (
            "team(count(contacts))",
            "agent",
            {"ana": 2, "ben": 2, "sam": 2, "bo": 0, "omar": 0, "mona": 0},
        ),
        ("centre(count(contacts))", "team", {"alpha": 3, "beta": 3, "calls": 3}),
        ("team(count(contacts))", "team", {"alpha": 2}),
        ("count(contacts) - centre(count(contacts))", "agent", {"ana": -1}),
    ],
)
def test_what_is_nobody_s_own_is_given_for_everybody_with_a_place(cast, formula, by, expected):
    add_facts("contacts", [{}, {}], agent=cast.ana.agent)
    add_facts("contacts", [{}])

    entries = measuring.measure_text(formula, period=OCTOBER, by=by)

    assert {entry["group"]: entry["value"] for entry in entries} == expected


def test_days_are_groups_of_their_own(cast):
    add_facts("contacts", [{"day": date(2026, 10, 2)}, {"day": date(2026, 10, 9)}])

    entries = measuring.measure_text("count(contacts)", period=OCTOBER, by="day")

    assert [entry["group"] for entry in entries] == ["2026-10-02", "2026-10-09"]


def test_nothing_imported_is_awaited_and_not_zero(cast):
    entries = measuring.measure_text("count(contacts)", period=OCTOBER)

    assert entries == [
        {
            "group": "centre",
            "state": "awaited",
            "value": None,
            "numerator": None,
            "denominator": None,
            "sample": 0,
        }
    ]


def test_neither_code_nor_formula_is_an_error_with_a_place(cast, library):
    with pytest.raises(FormulaError):
        measuring.measure_text("average_handel_time", period=OCTOBER)


def test_peers_and_leaders_are_measured_on_the_command_line_too(cast):
    add_facts("contacts", [{}] * 4, agent=cast.ana.agent)
    add_facts("contacts", [{}] * 2, agent=cast.bo.agent)

    peers = measuring.measure_text("peers(count(contacts))", period=OCTOBER, by="agent")
    led = measuring.measure_text("led(count(contacts))", period=OCTOBER, by="agent")

    # Ana, Ben and Bo are agents of the early shift; Sam, Omar and Mona lead and have no calls.
    found = {entry["group"]: entry["value"] for entry in peers}
    assert found == dict.fromkeys(("ana", "ben", "bo"), Decimal(2)) | dict.fromkeys(
        ("sam", "omar", "mona"), Decimal(0)
    )
    values = {entry["group"]: entry["value"] for entry in led}
    assert values == {"ana": 0, "ben": 0, "bo": 0, "sam": 4, "omar": 2, "mona": 6}


TRANSFERRED = "count(contacts, where=answered and transferred)"


def states(formula, by="agent"):
    found = measuring.measure_text(formula, period=OCTOBER, by=by)
    return {entry["group"]: (entry["state"], entry["value"]) for entry in found}


def test_count_of_what_no_source_records_is_not_measurable_for_anybody(cast):
    add_facts("contacts", [{"answered": True}] * 3, agent=cast.ana.agent)
    add_facts("contacts", [{"answered": False}], agent=cast.bo.agent)

    assert states(TRANSFERRED) == {
        "ana": ("not_measurable", None),
        "bo": ("not_measurable", None),
    }


def test_source_that_gives_it_makes_it_measurable_for_everybody(cast):
    add_facts("contacts", [{"answered": True}] * 3, agent=cast.ana.agent)
    rows = [{"source": "new", "answered": True, "transferred": flag} for flag in (True, False)]
    add_facts("contacts", rows, agent=cast.bo.agent)

    assert states(TRANSFERRED) == {"ana": ("measured", 0), "bo": ("measured", 1)}


def test_sources_are_asked_only_where_nothing_counted(cast, django_assert_num_queries):
    add_facts("contacts", [{"answered": True, "transferred": True}], agent=cast.ana.agent)
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    counts = measuring.Wanted(1, compile_formula(TRANSFERRED))
    counts_nothing = measuring.Wanted(2, compile_formula("count(contacts, where=talk_s > 9)"))

    with django_assert_num_queries(1):
        measuring.measure([counts], window=window)
    with django_assert_num_queries(2):
        found = measuring.measure([counts, counts_nothing], window=window)

    assert [list(found[key]["state"]) for key in (1, 2)] == [["measured"], ["not_measurable"]]


def test_runs_of_before_counted_what_was_never_recorded_as_nothing(cast):
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    wanted = [measuring.Wanted(1, compile_formula(TRANSFERRED))]

    (frame,) = measuring.measure(wanted, window=window, tells_unmeasurable=False).values()

    assert (frame["state"].tolist(), frame["value"].tolist()) == (["measured"], [0])
    assert measuring.lacking_in(wanted, window) == {1}
