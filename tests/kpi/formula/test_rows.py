from datetime import date
from decimal import Decimal

from kpi.formula import nodes
from kpi.formula.compiler import compile_formula


def where_of(condition: str, fact: str = "contacts") -> nodes.Row | None:
    return compile_formula(f"count({fact}, where={condition})").measures[0].where


def contact(name: str) -> nodes.FieldRef:
    return nodes.FieldRef("contacts", name)


def test_yes_no_field_stands_for_itself():
    assert where_of("answered") == contact("answered")


def test_chain_of_comparisons_is_all_of_them():
    assert where_of("0 < wait_s <= 30") == nodes.BoolOp(
        "and",
        (
            nodes.Compare("<", nodes.Literal(0), contact("wait_s")),
            nodes.Compare("<=", contact("wait_s"), nodes.Literal(30)),
        ),
    )


def test_conditions_are_joined_flat():
    flat = where_of("answered and (resolved and transferred)")

    assert flat == nodes.BoolOp(
        "and", (contact("answered"), contact("resolved"), contact("transferred"))
    )


def test_numbers_are_integers_or_decimals_with_their_sign():
    assert where_of("wait_s > -1.50") == nodes.Compare(
        ">", contact("wait_s"), nodes.Literal(Decimal("-1.50"))
    )


def test_text_beside_a_day_is_a_date():
    assert where_of('day >= "2026-10-01"') == nodes.Compare(
        ">=", contact("day"), nodes.Literal(date(2026, 10, 1))
    )


def test_date_of_an_event_is_its_day():
    assert where_of("date < period_end", "events") == nodes.Compare(
        "<", nodes.FieldRef("events", "day"), nodes.PeriodBound("end")
    )


def test_list_of_one_needs_no_comma():
    assert where_of('channel in ("phone")') == nodes.InList(
        contact("channel"), (nodes.Literal("phone"),), negated=False
    )


def test_none_tests_only_whether_a_value_is_there():
    assert where_of("wait_s is not None") == nodes.IsNone(contact("wait_s"), negated=True)
    assert where_of("not wait_s is None") == nodes.Not(
        nodes.IsNone(contact("wait_s"), negated=False)
    )


def test_arithmetic_stands_inside_a_condition():
    assert where_of("next_contact_s <= 7 * 86400") == nodes.Compare(
        "<=",
        contact("next_contact_s"),
        nodes.Arith("*", nodes.Literal(7), nodes.Literal(86400)),
    )


def test_two_moments_can_be_compared():
    condition = where_of("solved_at <= due_at", "tickets")

    assert condition == nodes.Compare(
        "<=", nodes.FieldRef("tickets", "solved_at"), nodes.FieldRef("tickets", "due_at")
    )
