import pytest

from agents import periods
from kpi import frames
from kpi.formula import compile_formula
from kpi.models import Exclusion
from kpi.services import measurability, revisions
from kpi.services.measurability import Given
from tests.factories import NOW, add_facts

pytestmark = pytest.mark.django_db

OCTOBER = periods.month(2026, 10)
UPHELD = 'count(tickets, where=kind == "complaint" and upheld)'
TRANSFERRED = "count(contacts, where=answered and transferred)"


def window() -> frames.Window:
    return frames.window_of(OCTOBER, revisions.latest_revision())


def given(formula: str) -> list[Given]:
    return measurability.given_by_sources(compile_formula(formula), window=window(), anchor="day")


def lacking(formula: str) -> tuple[tuple[str, str], ...]:
    asked = {"kpi": (compile_formula(formula), "day")}
    return measurability.lacking(asked, window=window()).get("kpi", ())


def test_source_that_never_gives_a_field_lacks_it_whatever_its_rows():
    add_facts("contacts", [{"source": "pbx", "answered": True}] * 3)
    add_facts("contacts", [{"source": "bank", "answered": True, "hold_s": 0}, {"source": "bank"}])

    formula = "avg(contacts.hold_s, where=answered)"

    # A hold of 0 s is a hold that was recorded.
    assert given(formula) == [
        Given("contacts", "bank", 2, ()),
        Given("contacts", "pbx", 3, ("hold_s",)),
    ]
    assert lacking(formula) == ()


def test_what_no_source_gives_is_lacking():
    add_facts("tickets", [{"kind": "complaint"}])
    add_facts("contacts", [{"answered": True}])
    formula = f"{UPHELD} / count(contacts, where=answered)"

    assert [one.lacks for one in given(formula)] == [(), ("upheld",)]
    assert lacking(formula) == (("tickets", "upheld"),)


def test_nothing_imported_is_no_reason_to_call_it_unmeasurable():
    assert given("avg(contacts.hold_s)") == []
    assert lacking("avg(contacts.hold_s)") == ()


@pytest.mark.parametrize(
    ("formula", "kind", "row"),
    [
        # Nobody complained: there was nothing to uphold.
        (UPHELD, "tickets", {"kind": "enquiry"}),
        # Nothing is solved yet: there is no time that it took.
        (
            "count(tickets, where=solved and resolution_s <= 86400)",
            "tickets",
            {"solved": False},
        ),
        # No chats, no e-mails: their answers are not asked for.
        (
            'count(contacts, where=channel == "chat" and first_response_s > 60)'
            ' + count(contacts, where=channel == "email" and first_response_s > 14400)',
            "contacts",
            {"channel": "phone", "answered": True},
        ),
        # A code that did not happen is a code that could be told.
        ('sum(events.quantity, where=kind == "breach")', "events", {"kind": "praise"}),
        # It may be missing, and then counts as no.
        (
            "count(shifts, where=late_min > 0 and (protected is None or not protected))",
            "shifts",
            {"late_min": 0},
        ),
        # A no was recorded.
        (TRANSFERRED, "contacts", {"answered": True, "transferred": False}),
    ],
)
def test_nothing_is_lacking_where_nothing_was_there_to_be_recorded(formula, kind, row):
    add_facts(kind, [row] * 3)

    assert lacking(formula) == ()


@pytest.mark.parametrize(
    ("formula", "kind", "row", "expected"),
    [
        (TRANSFERRED, "contacts", {"answered": True}, ["transferred"]),
        (TRANSFERRED, "contacts", {}, ["answered", "transferred"]),
        # Nobody answered, so nobody could transfer; but who knows whether they did.
        (TRANSFERRED, "contacts", {"transferred": True}, ["answered"]),
        ("avg(contacts.handle_s)", "contacts", {"hold_s": 20}, ["talk_s"]),
        (
            "count(contacts, where=answered and wrap_up is not None)",
            "contacts",
            {"answered": True},
            ["wrap_up"],
        ),
        (
            "count(contacts, where=resolved) / count(contacts, where=resolved is not None)",
            "contacts",
            {"answered": True},
            ["resolved"],
        ),
        ("sum(shifts.leave_days)", "shifts", {"late_min": 3}, ["leave_days"]),
        ("max(over(week, avg(contacts.wait_s)))", "contacts", {}, ["wait_s"]),
    ],
)
def test_what_was_asked_of_rows_and_never_recorded_is_lacking(formula, kind, row, expected):
    add_facts(kind, [row] * 3)

    assert [field for _kind, field in lacking(formula)] == expected


def test_field_of_other_rows_does_not_make_up_for_those_of_which_it_is_asked():
    formula = 'count(contacts, where=channel == "email" and first_response_s > 14400)'
    add_facts("contacts", [{"source": "post", "channel": "email"}] * 3)
    add_facts("contacts", [{"source": "chat", "channel": "chat", "first_response_s": 20}])

    assert lacking(formula) == (("contacts", "first_response_s"),)


def test_each_part_of_a_formula_may_have_a_source_of_its_own():
    formula = (
        'count(contacts, where=channel == "phone" and wait_s > 30)'
        ' + count(contacts, where=channel == "chat" and first_response_s > 60)'
    )
    add_facts("contacts", [{"source": "pbx", "channel": "phone", "wait_s": 12}])
    add_facts("contacts", [{"source": "chat", "channel": "chat", "first_response_s": 20}])

    assert lacking(formula) == ()


def test_two_sources_do_not_make_one_that_gives_all():
    add_facts("contacts", [{"source": "pbx", "answered": True}])
    add_facts("contacts", [{"source": "crm", "transferred": True}])

    assert [field for _kind, field in lacking(TRANSFERRED)] == ["answered", "transferred"]


def test_source_without_such_rows_makes_up_for_nothing():
    add_facts("tickets", [{"source": "desk", "kind": "complaint"}])
    add_facts("tickets", [{"source": "shop", "kind": "enquiry"}])

    assert lacking(UPHELD) == (("tickets", "upheld"),)


def test_other_periods_and_excluded_rows_say_nothing(cast):
    add_facts("contacts", [{"answered": True}])
    add_facts("contacts", [{"answered": True, "transferred": True, "day": OCTOBER.ends_on}])
    exclusion = Exclusion.objects.create(reason="Test.", excluded_by=cast.hana, excluded_at=NOW)
    add_facts("contacts", [{"answered": True, "transferred": True, "exclusion": exclusion}])

    assert lacking(TRANSFERRED) == (("contacts", "transferred"),)


def test_only_what_counted_nothing_is_asked_for(django_assert_num_queries):
    add_facts("contacts", [{"answered": True}])
    formula = compile_formula(TRANSFERRED)
    counted = {("day", measure.key) for measure in formula.measures}
    known = window()

    with django_assert_num_queries(0):
        found = measurability.lacking({1: (formula, "day")}, window=known, counted=counted)

    assert found == {}


def test_sources_are_told_in_one_query_for_each_kind_of_fact(django_assert_num_queries):
    add_facts("tickets", [{"kind": "complaint"}])
    add_facts("contacts", [{"source": code, "answered": True} for code in ("a", "b", "c")])
    formula = compile_formula("count(tickets, where=upheld) / count(contacts, where=answered)")
    known = window()

    with django_assert_num_queries(2):
        measurability.given_by_sources(formula, window=known, anchor="day")
    with django_assert_num_queries(2):
        measurability.lacking({1: (formula, "day"), 2: (formula, "day")}, window=known)
