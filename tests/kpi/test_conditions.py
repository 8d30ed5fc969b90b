from datetime import UTC, date, datetime

import pytest

from agents import periods
from kpi.conditions import Rows, valid_at, within
from kpi.formula import compile_formula, measures_for
from kpi.models import Contact
from tests.factories import add_facts

OCTOBER = periods.month(2026, 10)


def rows_where(text, *, watermark=1_000_000):
    """The ids of the contacts that a condition of the language holds for."""
    [measure] = measures_for(
        compile_formula(f"count(contacts, where={text})"), frozenset({"contacts"})
    )
    condition = Rows(period=OCTOBER, watermark=watermark).condition(measure.where)
    return set(Contact.objects.filter(condition).values_list("external_id", flat=True))


@pytest.fixture
def contacts(db):
    return add_facts(
        "contacts",
        [
            {
                "external_id": "yes",
                "answered": True,
                "wait_s": 10,
                "hold_s": 0,
                "queue": "loans",
            },
            {"external_id": "no", "answered": False, "wait_s": 40, "queue": "cards"},
            {"external_id": "unknown", "answered": None, "wait_s": None, "queue": ""},
        ],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answered", {"yes"}),
        ("not answered", {"no"}),
        ("answered is None", {"unknown"}),
        ("answered is not None", {"yes", "no"}),
        ("wait_s <= 30", {"yes"}),
        ("not wait_s <= 30", {"no"}),
        ("wait_s != 10", {"no"}),
        ("wait_s + 5 > 40", {"no"}),
        ("wait_s / hold_s > 1", set()),
        ("not wait_s / hold_s > 1", set()),
        ('queue in ["loans", "cards"]', {"yes", "no"}),
        ('queue not in ["loans"]', {"no", "unknown"}),
        ("answered or wait_s > 30", {"yes", "no"}),
        ("answered and wait_s > 30", set()),
        ("not (answered and wait_s < 99)", {"no"}),
    ],
)
def test_missing_value_is_counted_neither_by_a_condition_nor_by_its_opposite(
    contacts, text, expected
):
    assert rows_where(text) == expected


def test_next_contact_is_the_customers_next_one(db):
    def call(name, hour, customer):
        moment = datetime(2026, 10, 1, hour, tzinfo=UTC)
        return {"external_id": name, "started_at": moment, "customer": customer}

    add_facts("contacts", [call("a", 8, "x"), call("b", 9, "y"), call("c", 10, "x")])

    assert rows_where("next_contact_s == 7200") == {"a"}
    assert rows_where("next_contact_s is None") == {"b", "c"}


def test_contact_imported_after_the_watermark_is_no_next_one(db):
    start = datetime(2026, 10, 1, 8, tzinfo=UTC)
    [first] = add_facts("contacts", [{"external_id": "a", "started_at": start, "customer": "x"}])
    add_facts(
        "contacts",
        [{"external_id": "b", "started_at": start.replace(hour=9), "customer": "x"}],
    )

    assert "a" in rows_where("next_contact_s is None", watermark=first.valid_from)
    assert "a" not in rows_where("next_contact_s is None")


@pytest.mark.parametrize(("watermark", "is_valid"), [(1, False), (2, True), (4, True), (5, False)])
def test_fact_is_valid_from_its_revision_until_another_closes_it(db, watermark, is_valid):
    Contact.objects.create(
        source="test",
        external_id="a",
        day=date(2026, 10, 1),
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
        valid_from=2,
        valid_until=5,
    )

    assert Contact.objects.filter(valid_at(watermark)).exists() is is_valid


def test_days_are_half_open(db):
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)]
    add_facts("contacts", [{"day": day} for day in days])

    found = Contact.objects.filter(within("day", OCTOBER.starts_on, OCTOBER.ends_on))

    assert sorted(found.values_list("day", flat=True)) == days[1:3]
