"""The worked example of every shipped KPI, run through formula and engine."""

from decimal import Decimal
from typing import Any

import pytest

from kpi import engine
from kpi.formula import compile_formula
from kpi.library.definition import Definition
from kpi.library.examples import given_of, rows_of
from kpi.library.reading import shipped_definitions

DEFINITIONS = shipped_definitions()
BY_CODE = {definition.code: definition for definition in DEFINITIONS}

every_kpi = pytest.mark.parametrize("definition", DEFINITIONS, ids=list(BY_CODE))

# Those that read scorecards only have no rows of facts.
OVER_FACTS = [one for one in DEFINITIONS if rows_of(one.example)]
every_kpi_over_facts = pytest.mark.parametrize(
    "definition", OVER_FACTS, ids=[one.code for one in OVER_FACTS]
)


def figures(
    definition: Definition, tables: dict[str, Any], *, imported: frozenset[str] | None = None
) -> dict[str, Decimal | None]:
    """Value, numerator, denominator and sample of a KPI over a few rows."""
    formula = compile_formula(definition.formula)
    row = engine.evaluate_rows(
        formula,
        tables,
        imported=imported,
        given=given_of(definition.example),
        minimum_sample=definition.minimum_sample,
    ).iloc[0]
    measured = row["state"] == "measured"
    return {
        "value": engine.from_fixed(int(row["value"])) if measured else None,
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "sample": Decimal(int(row["sample"])),
    }


def tables_of(definition: Definition) -> dict[str, Any]:
    return dict(rows_of(definition.example))


def contacts(number: int, **fields: Any) -> list[dict[str, Any]]:
    return [fields] * number


@every_kpi
def test_example_gives_the_figures_worked_out_by_hand(definition: Definition):
    gives = definition.example["gives"]
    expected = {name: amount and Decimal(str(amount)) for name, amount in gives.items()}

    found = figures(definition, tables_of(definition))

    assert {name: found[name] for name in expected} == expected


@every_kpi
def test_example_does_not_depend_on_the_order_of_its_rows(definition: Definition):
    tables = tables_of(definition)
    turned = {fact: rows[::-1] for fact, rows in tables.items()}

    assert figures(definition, turned) == figures(definition, tables)


@every_kpi_over_facts
def test_example_holds_a_row_that_must_not_count(definition: Definition):
    tables = tables_of(definition)
    whole = figures(definition, tables)

    shorter = [
        tables | {fact: rows[:place] + rows[place + 1 :]}
        for fact, rows in tables.items()
        for place in range(len(rows))
    ]

    assert any(figures(definition, fewer) == whole for fewer in shorter)


@every_kpi_over_facts
def test_kind_of_data_never_imported_is_awaited_and_not_zero(definition: Definition):
    formula = compile_formula(definition.formula)

    row = engine.evaluate_rows(formula, {}, imported=frozenset()).iloc[0]

    assert row["state"] == "awaited"


NOT_THERE = {
    "day": "2026-10-09",
    "scheduled_s": 28800,
    **dict.fromkeys(
        ("logged_in_s", "handling_s", "ready_s", "not_ready_s", "wrap_up_s", "break_s"), 0
    ),
    **dict.fromkeys(("sign_ins", "late_min", "early_min", "overtime_s"), 0),
    "absent": True,
    "protected": True,
}
SCORED_OVER_SHIFTS = [
    one for one in OVER_FACTS if "shifts" in one.example and one.better != "context"
]


@pytest.mark.parametrize("leave_days", [0, 1])
@pytest.mark.parametrize(
    "definition", SCORED_OVER_SHIFTS, ids=[one.code for one in SCORED_OVER_SHIFTS]
)
def test_protected_absence_changes_no_value(definition: Definition, leave_days: int):
    tables = tables_of(definition)
    absent = [*tables["shifts"], NOT_THERE | {"leave_days": leave_days}]

    assert (
        figures(definition, tables | {"shifts": absent})["value"]
        == (figures(definition, tables)["value"])
    )


def test_mean_of_the_staff_is_not_available_where_no_scorecard_can_be_read():
    formula = compile_formula(BY_CODE["staff_score"].formula)

    assert engine.evaluate_rows(formula, {}).iloc[0]["state"] == "not_available"


def test_week_with_too_few_ratings_says_nothing_about_stability():
    example = rows_of(BY_CODE["csat_stability"].example)
    last = [row for row in example["surveys"] if row["day"] != "2026-10-26"]

    found = figures(BY_CODE["csat_stability"], {"surveys": last})

    # 5 of 5, 3 of 6 and 3 of 6 satisfied: 1, 0.5, 0.5.
    assert found == figures(BY_CODE["csat_stability"], example)
    assert found["value"] == Decimal("0.288675135")


def test_share_given_as_such_stands_in_where_its_two_sides_were_not_given():
    rows = [{"figure": "business", "value": "0.96"}, {"figure": "business", "value": "0.9"}]
    sides = {"figure": "business", "value": "0.5", "numerator": 45, "denominator": 50}

    assert figures(BY_CODE["business_completion"], {"figures": rows})["value"] == Decimal("0.93")
    assert figures(BY_CODE["business_completion"], {"figures": [*rows, sides]})["value"] == (
        Decimal("0.9")
    )


def test_calls_per_shift_counts_days_where_shifts_were_never_imported():
    rows = [
        {"answered": True, "day": "2026-10-05"},
        {"answered": True, "day": "2026-10-05"},
        {"answered": True, "day": "2026-10-05"},
        {"answered": True, "day": "2026-10-06"},
        {"answered": False, "day": "2026-10-07"},
    ]

    found = figures(BY_CODE["calls_per_shift"], {"contacts": rows})

    assert (found["numerator"], found["denominator"]) == (4, 2)
    assert found["value"] == 2


def test_service_level_keeps_abandons_and_flow_outs_below_the_line():
    rows = [
        *contacts(80, direction="in", answered=True, wait_s=20),
        *contacts(20, direction="in", answered=True, wait_s=45),
        *contacts(5, direction="in", answered=False, abandoned=True, wait_s=3),
        *contacts(15, direction="in", answered=False, abandoned=True, wait_s=60),
        *contacts(10, direction="in", answered=False, outcome="flow_out", wait_s=10),
    ]

    found = figures(BY_CODE["service_level_20"], {"contacts": rows})

    assert (found["numerator"], found["denominator"]) == (80, 130)
    assert found["value"] == Decimal("0.615384615")


def test_holding_is_averaged_over_the_contacts_held_only():
    rows = [
        {"answered": True, "hold_s": 60},
        {"answered": True, "hold_s": 120},
        *contacts(8, answered=True, hold_s=0),
    ]

    assert figures(BY_CODE["average_hold_time"], {"contacts": rows})["value"] == 90
    assert figures(BY_CODE["hold_rate"], {"contacts": rows})["value"] == Decimal("0.2")


def test_as_many_detractors_as_promoters_give_a_net_score_of_zero():
    rows = [{"nps": answer} for answer in (10, 9, 8, 7, 6, 0)]

    assert figures(BY_CODE["nps"], {"surveys": rows})["value"] == 0


def test_five_ratings_give_the_three_shares_and_the_mean():
    rows = [{"scale": "1-5", "score": score} for score in (5, 5, 4, 3, 1)]
    codes = ("customer_satisfaction", "very_satisfied_share", "satisfaction_mean")

    values = [figures(BY_CODE[code], {"surveys": rows})["value"] for code in codes]

    assert values == [Decimal("0.6"), Decimal("0.4"), Decimal("3.6")]


def test_third_contact_after_nine_days_is_no_repeat():
    day = 86_400
    rows = [
        {"answered": True, "customer": "c", "next_contact_s": 3 * day},
        {"answered": True, "customer": "c", "next_contact_s": 9 * day},
        {"answered": True, "customer": "c", "next_contact_s": None},
    ]

    found = figures(BY_CODE["repeat_contact_rate"], {"contacts": rows})

    assert (found["numerator"], found["denominator"]) == (1, 3)


@pytest.mark.parametrize(
    "code", ["rule_breaches", "hygiene_lapses", "adopted_suggestions", "praise_received"]
)
def test_no_event_where_events_were_imported_is_a_count_of_zero(code: str):
    found = figures(BY_CODE[code], {"events": [{"kind": "task", "quantity": 1}]})

    assert found["value"] == 0
    assert found["sample"] >= BY_CODE[code].minimum_sample


def test_call_backs_due_are_the_sample_of_the_share_done():
    rows = [{"kind": "callback_due", "quantity": 4}, {"kind": "callback_due", "quantity": 3}]

    found = figures(BY_CODE["callback_rate"], {"events": rows})

    assert (found["value"], found["sample"]) == (0, 7)


def test_nobody_examined_has_a_result_of_zero():
    found = figures(BY_CODE["exam_result"], {"trainings": [{"kind": "typing", "score": 90}]})

    assert found["value"] is None


def test_handle_time_is_a_mean_over_all_calls_and_never_a_mean_of_means():
    busy = contacts(30, answered=True, handle_s=100)
    rare = contacts(10, answered=True, handle_s=300)

    found = figures(BY_CODE["average_handle_time"], {"contacts": [*busy, *rare]})

    assert found["value"] == 150
