from kpi.formula import nodes
from kpi.formula.compiler import compile_formula


def measures_of(text: str) -> list[nodes.Measure]:
    return list(compile_formula(text).measures)


def test_equal_measures_in_two_formulas_share_a_key():
    (share_above, share_below) = measures_of("count(contacts, where=answered)/count(contacts)")
    (alone,) = measures_of("count( contacts, where=(answered) )")

    assert share_above.key == alone.key
    assert share_above == alone
    assert share_below.key != alone.key


def test_key_is_a_short_name_that_never_changes():
    (measure,) = measures_of("count(contacts, where=answered)")

    assert measure.key == "m_3d30aa6eb205"


def test_scope_is_part_of_the_key():
    (own,) = measures_of("count(contacts)")
    (centre,) = measures_of("centre(count(contacts))")

    assert own.key != centre.key
    assert (own.scope, centre.scope) == ("own", "centre")


def test_count_is_its_own_number_of_rows():
    (measure,) = measures_of("count(contacts, where=answered)")

    assert measure.rows_key == measure.key


def test_average_is_a_sum_and_a_count_of_the_rows_with_a_value():
    total, rows = measures_of("avg(contacts.talk_s, where=answered)")

    assert total.text == "sum(contacts.talk_s, where=answered)"
    assert rows.text == "count(contacts, where=answered and talk_s is not None)"
    assert total.rows_key == rows.key


def test_condition_that_is_there_already_is_not_repeated():
    _, rows = measures_of("avg(contacts.talk_s, where=talk_s is not None and answered)")

    assert rows.text == "count(contacts, where=talk_s is not None and answered)"


def test_expression_has_a_value_where_all_its_fields_have_one():
    measure, rows = measures_of("max(shifts.wrap_up_s + shifts.not_ready_s)")

    assert measure.function == "max"
    assert rows.text == ("count(shifts, where=wrap_up_s is not None and not_ready_s is not None)")


def test_quotient_within_a_row_has_a_value_where_it_is_not_divided_by_zero():
    _, rows = measures_of("max(contacts.hold_s / contacts.hold_count)")

    assert rows.text == (
        "count(contacts, where=hold_s is not None and hold_count is not None and hold_count != 0)"
    )
