import pytest

from kpi.formula import compile_formula
from kpi.library.reading import shipped_definitions
from kpi.needs import codes_read, fields_needed


@pytest.mark.parametrize(
    ("formula", "needed"),
    [
        ("count(contacts)", {"contacts": ()}),
        ("avg(contacts.wait_s, where=answered)", {"contacts": ("wait_s", "answered")}),
        ("avg(contacts.handle_s)", {"contacts": ("talk_s",)}),
        ("count(contacts, where=next_contact_s <= 604800)", {"contacts": ("customer",)}),
        (
            "count(shifts, where=late_min > 0 and (protected is None or not protected))",
            {"shifts": ("late_min",)},
        ),
        (
            "count(tickets, where=resolution_s is not None or not solved)",
            {"tickets": ()},
        ),
        (
            'sum(events.quantity, where=kind in ("praise", "idea")) / count(contacts)',
            {"contacts": (), "events": ("kind",)},
        ),
        ("max(shifts.wrap_up_s + shifts.not_ready_s)", {"shifts": ("not_ready_s", "wrap_up_s")}),
        (
            "coalesce(sum(figures.numerator) / sum(figures.denominator), avg(figures.value))",
            {"figures": ()},
        ),
        (
            "count(contacts, where=not (abandoned or transferred))",
            {"contacts": ("abandoned", "transferred")},
        ),
        ("count(contacts, where=not (abandoned and transferred))", {"contacts": ()}),
        ("count(contacts, where=not (wait_s is None))", {"contacts": ("wait_s",)}),
    ],
)
def test_fields_without_which_nothing_counts_are_needed(formula, needed):
    assert fields_needed(compile_formula(formula)) == needed


def test_other_side_of_imported_is_not_needed_where_the_kind_of_data_is_there():
    formula = compile_formula(
        "count(contacts) / imported(shifts, count(shifts, where=logged_in_s > 0), "
        "distinct(contacts.customer))"
    )

    with_shifts = fields_needed(formula, imported=frozenset({"contacts", "shifts"}))

    assert with_shifts == {"contacts": (), "shifts": ("logged_in_s",)}
    assert fields_needed(formula, imported=frozenset({"contacts"})) == {"contacts": ("customer",)}


def test_every_shipped_kpi_over_facts_says_which_kinds_of_data_it_needs():
    for definition in shipped_definitions():
        formula = compile_formula(definition.formula)

        assert set(fields_needed(formula)) == formula.facts


def test_codes_that_a_formula_looks_for_are_named_once():
    formula = compile_formula(
        'sum(events.quantity, where=kind in ("idea", "praise") and severity == "high")'
        ' + sum(events.quantity, where=kind == "idea" or not kind == "breach")'
        ' + count(tickets, where=kind == "fault")'
    )

    assert codes_read(formula, "events", "kind") == ("breach", "idea", "praise")
    assert codes_read(formula, "figures", "figure") == ()


def test_code_that_is_left_out_by_a_list_is_not_looked_for():
    formula = compile_formula('count(events, where=kind not in ("idea", "praise"))')

    assert codes_read(formula, "events", "kind") == ()
