import pytest

from kpi.formula import parts
from kpi.formula.canonical import value_text
from kpi.formula.compiler import compile_formula

A, B, C = "count(contacts, where=answered)", "count(contacts)", "count(shifts)"


@pytest.mark.parametrize(
    ("formula", "above", "below"),
    [
        (A, A, None),
        (f"{A} / {B}", A, B),
        (f"1 - {A} / {B}", f"{B} - {A}", B),
        (f"{A} / {B} - 1", f"{A} - {B}", B),
        (f"100 * {A} / {B}", f"100 * {A}", B),
        (f"100 * ({A} / {B})", f"100 * {A}", B),
        (f"{A} / {B} / 58", A, f"{B} * 58"),
        (f"{A} / 60", f"{A} / 60", None),
        (f"{A} / {B} + {C} / {B}", f"{A} + {C}", B),
        (f"{A} / {B} + {A} / {C}", f"{A} * {C} + {A} * {B}", f"{B} * {C}"),
        (f"{A} / ({B} / {C})", f"{A} * {C}", B),
        (f"{A} / {B} / {C}", A, f"{B} * {C}"),
        (f"-({A} / {B})", f"-{A}", B),
        (
            "avg(contacts.talk_s)",
            "sum(contacts.talk_s)",
            "count(contacts, where=talk_s is not None)",
        ),
        (f"least({A} / {B}, 1)", f"least({A} / {B}, 1)", None),
    ],
)
def test_numerator_and_denominator_stay_apart(formula, above, below):
    numerator, denominator = parts.split(compile_formula(formula).root)

    assert value_text(numerator) == above
    assert (denominator and value_text(denominator)) == below


@pytest.mark.parametrize(
    ("formula", "inner"),
    [
        (f"least(1, {A} / {B})", f"{A} / {B}"),
        (f"100 * least(1, {A} / {B})", f"{A} / {B}"),
        (f"sqrt({A} / {B})", f"{A} / {B}"),
        (f"{A} - {C}", f"{A} - {C}"),
    ],
)
def test_ratio_is_found_inside_what_caps_it(formula, inner):
    assert value_text(parts.ratio_of(compile_formula(formula).root)) == inner


@pytest.mark.parametrize(
    ("below", "sample"),
    [
        (B, B),
        (f"{B} * 58", B),
        (f"58 * {B}", B),
        (f"({B} + {C})", f"{B} + {C}"),
        ("sum(shifts.logged_in_s)", None),
        (f"{B} * {C}", None),
    ],
)
def test_sample_is_a_count_below_the_line_without_its_factors(below, sample):
    _, denominator = parts.split(compile_formula(f"{A} / ({below})").root)

    found = parts.sample_of(denominator)

    assert (found and value_text(found)) == sample


@pytest.mark.parametrize(
    ("formula", "several"),
    [
        (A, False),
        (f"{A} / {B}", False),
        (f"2 * {A} + {C}", True),
        (f"{A} + {A}", False),
        ("avg(contacts.talk_s)", False),
        ("sum(contacts.talk_s)", False),
        (f"coalesce({A} / {B}, {C} / {B})", False),
    ],
)
def test_sum_of_different_counts_rests_on_no_one_number(formula, several):
    assert parts.is_plain_sum(compile_formula(formula).root) is several
