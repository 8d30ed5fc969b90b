import pytest

from kpi.formula import nodes
from kpi.formula.basis import basis_of, row_unit
from kpi.formula.compiler import compile_formula

GIVEN = 'sum(figures.{part}, where=figure == "{code}")'


def given(code, part="denominator"):
    return GIVEN.format(part=part, code=code)


def share(code):
    return f"{given(code, 'numerator')} / {given(code)}"


@pytest.mark.parametrize(
    ("formula", "basis"),
    [
        ("count(contacts, where=transferred) / count(contacts)", "cases"),
        ("1 - count(contacts, where=transferred) / count(contacts)", "cases"),
        (
            'sum(events.quantity, where=kind == "task_done")'
            ' / sum(events.quantity, where=kind == "task")',
            "cases",
        ),
        ("sum(shifts.handling_s) / sum(shifts.logged_in_s)", "s"),
        ("1 - sum(shifts.handling_s + shifts.ready_s) / sum(shifts.scheduled_s)", "s"),
        ("sum(shifts.scheduled_s - 60 * shifts.late_min) / sum(shifts.scheduled_s)", "s"),
        ("sum(shifts.late_min) / sum(shifts.early_min)", "min"),
        ("sum(trainings.hours, where=passed) / sum(trainings.hours)", "h"),
        (share("business"), "plan"),
        (f"coalesce({share('business')}, avg(figures.value))", "plan"),
        (f"count(contacts, where=answered) / {given('call_plan', 'value')}", "plan"),
        (share("customer_retention"), "given"),
        # Of different kinds: answers by contacts, sales by contacts, hours by minutes.
        ("count(surveys) / count(contacts)", "other"),
        ("sum(contacts.sales) / count(contacts)", "other"),
        ("sum(shifts.handling_s) / (sum(shifts.logged_in_s) / 60)", "other"),
        # What stands above and below such a difference are products, and no quantities.
        (f"{share('csat_after')} - {share('csat_before')}", "other"),
        (
            f"{given('staff_turnover', 'numerator')}"
            f" / ({given('staff_turnover')} / distinct(figures.day))",
            "other",
        ),
        ("count(contacts)", "other"),
        ("stdev(over(week, count(contacts, where=answered) / count(contacts)))", "other"),
    ],
)
def test_ratio_is_named_by_what_stands_above_and_below(formula, basis):
    assert basis_of(compile_formula(formula).root) == basis


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        ("shifts.overtime_s", "s"),
        ("shifts.handling_s + shifts.ready_s", "s"),
        ("shifts.scheduled_s - 60 * shifts.late_min", None),
        ("events.amount", "money"),
    ],
)
def test_what_is_added_up_has_the_unit_of_its_fields(row, unit):
    (measured,) = [compile_formula(f"sum({row})").root]

    assert isinstance(measured, nodes.Measured)
    assert row_unit(measured.measure.row) == unit
