import pytest

from kpi.formula import compile_formula
from kpi.library.reading import shipped_definitions
from kpi.needs import fields_needed


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
            "count(contacts, where=not (abandoned or transferred))",
            {"contacts": ("abandoned", "transferred")},
        ),
        ("count(contacts, where=not (abandoned and transferred))", {"contacts": ()}),
        ("count(contacts, where=not (wait_s is None))", {"contacts": ("wait_s",)}),
    ],
)
def test_fields_without_which_nothing_counts_are_needed(formula, needed):
    assert fields_needed(compile_formula(formula)) == needed


def test_every_shipped_kpi_over_facts_says_which_kinds_of_data_it_needs():
    for definition in shipped_definitions():
        formula = compile_formula(definition.formula)

        assert set(fields_needed(formula)) == formula.facts
