import pytest

from agents import periods
from kpi import frames
from kpi.formula import compile_formula
from kpi.services import measurability, revisions
from kpi.services.measurability import Given
from tests.factories import add_facts

pytestmark = pytest.mark.django_db

OCTOBER = periods.month(2026, 10)


def given(formula: str) -> list[Given]:
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    return measurability.given_by_sources(compile_formula(formula), window=window, anchor="day")


def test_source_that_never_gives_a_field_lacks_it_whatever_its_rows():
    add_facts("contacts", [{"source": "pbx", "answered": True}] * 3)
    add_facts("contacts", [{"source": "bank", "answered": True, "hold_s": 0}, {"source": "bank"}])

    found = given("avg(contacts.hold_s, where=answered)")

    # A hold of 0 s is a hold that was recorded.
    assert found == [Given("contacts", "bank", 2, ()), Given("contacts", "pbx", 3, ("hold_s",))]
    assert measurability.is_measurable(found)


def test_one_kind_of_fact_that_no_source_gives_whole_makes_it_unmeasurable():
    add_facts("tickets", [{"kind": "complaint"}])
    add_facts("contacts", [{"answered": True}])

    found = given(
        'count(tickets, where=kind == "complaint" and upheld) / count(contacts, where=answered)'
    )

    assert [one.lacks for one in found] == [(), ("upheld",)]
    assert not measurability.is_measurable(found)


def test_nothing_imported_is_no_reason_to_call_it_unmeasurable():
    assert given("avg(contacts.hold_s)") == []
    assert measurability.is_measurable([])


def test_sources_are_told_in_one_query_for_each_kind_of_fact(django_assert_num_queries):
    add_facts("tickets", [{"kind": "complaint"}])
    add_facts("contacts", [{"source": code, "answered": True} for code in ("a", "b", "c")])
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    formula = compile_formula("count(tickets, where=upheld) / count(contacts, where=answered)")

    with django_assert_num_queries(2):
        measurability.given_by_sources(formula, window=window, anchor="day")
