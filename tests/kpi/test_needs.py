import pytest

from kpi.formula import compile_formula
from kpi.formula.canonical import row_text
from kpi.library.reading import shipped_definitions
from kpi.needs import codes_read, fields_needed, lacked_by, measures_read, needs_of


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


def needs(formula: str) -> list[tuple[str, str]]:
    """Each field that the first measure needs, and what the rows are of which it is asked."""
    (measure, *_rest) = measures_read(compile_formula(formula).root)
    return [
        (one.field, "" if one.asked_of is None else row_text(one.asked_of, qualified=False))
        for one in needs_of(measure)
    ]


@pytest.mark.parametrize(
    ("formula", "asked"),
    [
        ("count(contacts)", []),
        ("count(contacts, where=transferred)", [("transferred", "")]),
        (
            'count(tickets, where=kind == "complaint" and upheld)',
            [("kind", "upheld"), ("upheld", 'kind == "complaint"')],
        ),
        ("avg(contacts.hold_s, where=answered)", [("hold_s", "answered"), ("answered", "")]),
        # What was worked out from a field is asked of it; the next contact is read elsewhere.
        ("avg(contacts.handle_s, where=handle_s > 0)", [("talk_s", "")]),
        (
            "count(contacts, where=answered and next_contact_s <= 604800)",
            [("answered", ""), ("customer", "answered")],
        ),
        # Either of two says nothing of rows that lack one; what may be missing is not asked.
        (
            "count(shifts, where=late_min > 0 and (late_min < 10 or protected))",
            [("late_min", "")],
        ),
        # That a needed field is there is unknown, not false, where its source has none.
        (
            "count(contacts, where=answered is not None and not (wrap_up is None))",
            [("answered", "wrap_up == wrap_up"), ("wrap_up", "answered == answered")],
        ),
    ],
)
def test_field_is_asked_of_the_rows_that_the_rest_of_the_condition_lets_through(formula, asked):
    assert needs(formula) == asked


def lacked(formula: str, *fields: str) -> set[tuple[str, str]]:
    root = compile_formula(formula).root
    found = {
        one: frozenset(need.field for need in needs_of(one)) & frozenset(fields)
        for one in measures_read(root)
    }
    return set(lacked_by(root, found))


def test_formula_lacks_what_any_of_its_measures_lacks():
    formula = "count(contacts, where=transferred) / count(tickets, where=upheld)"

    assert lacked(formula, "upheld") == {("tickets", "upheld")}
    assert lacked(formula, "transferred", "upheld") == {
        ("contacts", "transferred"),
        ("tickets", "upheld"),
    }
    assert lacked(formula) == set()


def test_one_part_that_can_be_measured_stands_in_for_the_others():
    formula = "coalesce(avg(contacts.wait_s), avg(contacts.ring_s)) + avg(contacts.talk_s)"

    assert lacked(formula, "wait_s") == set()
    assert lacked(formula, "wait_s", "ring_s") == {("contacts", "wait_s"), ("contacts", "ring_s")}


def test_parts_about_peers_and_weeks_are_looked_into():
    formula = (
        "peers(avg(contacts.talk_s, where=transferred)) + max(over(week, avg(contacts.ring_s)))"
    )

    assert lacked(formula, "transferred", "ring_s") == {
        ("contacts", "transferred"),
        ("contacts", "ring_s"),
    }
