"""The same worked examples as facts in the database, measured as the product measures them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from agents import periods
from kpi import engine, frames
from kpi.formula import compile_formula
from kpi.library.definition import Definition
from kpi.library.examples import rows_of
from kpi.library.reading import shipped_definitions
from kpi.models import FACT_MODELS, Fact
from kpi.services import measuring

OCTOBER = periods.month(2026, 10)
MORNING = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
NEEDED = {"contacts": "started_at", "tickets": "created_at"}

# The customer's next contact is found among the contacts; an example can only state it.
STATED = {"repeat_contact_rate", "no_repeat_within_7_days"}
DEFINITIONS = [
    one for one in shipped_definitions() if rows_of(one.example) and one.code not in STATED
]


def contact_times(row: dict[str, Any]) -> dict[str, Any]:
    """Handle time is derived in the database: state it as talk where it stands alone."""
    handled = row.pop("handle_s", None)
    if handled is not None and "talk_s" not in row:
        row["talk_s"] = handled - (row.get("hold_s") or 0) - (row.get("after_call_s") or 0)
    return row


def fact(kind: str, number: int, row: dict[str, Any]) -> Fact:
    values = contact_times(dict(row)) if kind == "contacts" else dict(row)
    if "agent" in values:
        values["agent_id"] = values.pop("agent")
    if kind in NEEDED:
        values[NEEDED[kind]] = MORNING
    if kind == "tickets":
        values["solved_day"] = "2026-10-05"
    stamp = {"source": "example", "external_id": str(number), "day": "2026-10-05", "valid_from": 1}
    return FACT_MODELS[kind](**(stamp | values))


def store(definition: Definition) -> None:
    for kind, rows in rows_of(definition.example).items():
        facts = [fact(kind, number, row) for number, row in enumerate(rows)]
        FACT_MODELS[kind]._default_manager.bulk_create(facts)


@pytest.mark.django_db
@pytest.mark.parametrize("definition", DEFINITIONS, ids=[one.code for one in DEFINITIONS])
def test_database_measures_the_figures_worked_out_by_hand(definition: Definition):
    store(definition)
    wanted = measuring.Wanted(
        definition.code,
        compile_formula(definition.formula),
        definition.anchor,
        definition.minimum_sample,
    )

    window = frames.window_of(OCTOBER, watermark=1)
    measured = measuring.measure([wanted], window=window, by="centre")
    line = measured[definition.code].iloc[0]

    found = {
        "value": engine.from_fixed(int(line["value"])),
        "numerator": line["numerator"],
        "denominator": line["denominator"],
        "sample": line["sample"],
    }
    gives = definition.example["gives"]
    assert {name: found[name] for name in gives} == {
        name: Decimal(str(amount)) for name, amount in gives.items()
    }


@pytest.mark.django_db
def test_customer_who_comes_back_after_three_days_and_again_after_nine_is_one_repeat():
    for number, day in enumerate((2, 5, 14)):
        FACT_MODELS["contacts"]._default_manager.create(
            source="example",
            external_id=str(number),
            day=date(2026, 10, day),
            started_at=datetime(2026, 10, day, 9, 0, tzinfo=UTC),
            answered=True,
            customer="c1",
            valid_from=1,
        )
    stated = [one for one in shipped_definitions() if one.code in STATED]
    wanted = [measuring.Wanted(one.code, compile_formula(one.formula)) for one in stated]

    window = frames.window_of(OCTOBER, watermark=1)
    lines = {
        code: frame.iloc[0]
        for code, frame in measuring.measure(wanted, window=window, by="centre").items()
    }

    assert {code: (line["numerator"], line["denominator"]) for code, line in lines.items()} == {
        "repeat_contact_rate": (1, 3),
        "no_repeat_within_7_days": (2, 3),
    }
