"""What a period comes to from tallies of its days, held against the facts themselves."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.periods import month
from kpi import frames, tallies
from kpi.formula import compile_formula, measures_for
from kpi.models import Contact, TalliedDay, TouchedDay
from kpi.services.revisions import latest_revision, next_revision
from kpi.tables import Plan
from tests.factories import NOW, add_facts

pytestmark = pytest.mark.django_db

OCTOBER = month(2026, 10)
TEXTS = (
    "count(contacts, where=answered)",
    "avg(contacts.talk_s, where=answered)",
    "max(contacts.talk_s) - min(contacts.talk_s)",
    "median(contacts.talk_s)",
    "distinct(contacts.day)",
    "stdev(contacts.talk_s)",
    "sum(contacts.talk_s * 2 / 3)",
    "count(contacts, where=day == period_start)",
    "team(count(contacts))",
    "centre(sum(contacts.talk_s))",
)


def call(day, talk_s=100, *, answered=True):
    return {"day": date(2026, 10, day), "answered": answered, "talk_s": talk_s}


def window(watermark=None):
    revision = latest_revision() if watermark is None else watermark
    return frames.Window(OCTOBER, revision, frozenset({"contacts"}))


def plan():
    wanted = Plan()
    for text in TEXTS:
        formula = compile_formula(text)
        wanted.add(measures_for(formula, frozenset({"contacts"})), anchor="day")
    return wanted.tables


def keep():
    tallies.keep(plan(), window=window())


def figures(read, *, by="agent", at=None):
    """Every figure of every group; a whole number is one whatever its type."""
    found = {}
    for table, measures in plan().items():
        frame = read(table, measures, by=by, window=at or window())
        for group, row in frame.to_dict("index").items():
            for key, value in row.items():
                found[table.scope, group, key] = None if pd.isna(value) else value
    return found


def assert_same(**options):
    assert figures(tallies.read_table, **options) == figures(frames.read_table, **options)


@pytest.mark.parametrize("by", ["agent", "team", "centre", "day", "month"])
def test_a_period_from_tallies_is_the_period_from_facts(cast, by):
    add_facts("contacts", [call(1, 61), call(1, 200), call(9, 7)], agent=cast.ana.agent)
    add_facts("contacts", [call(2, 90), call(31, None)], agent=cast.bo.agent)
    add_facts("contacts", [call(5, None, answered=False)])
    keep()

    assert_same(by=by)


def test_a_late_day_alone_is_read_again(cast):
    add_facts("contacts", [call(day) for day in range(1, 31)], agent=cast.ana.agent)
    keep()
    before = set(TalliedDay.objects.values_list("day", "pk"))
    add_facts("contacts", [call(17, 500)], agent=cast.ben.agent)

    assert_same()

    after = set(TalliedDay.objects.values_list("day", "pk"))
    assert {day for day, _ in after - before} == {date(2026, 10, 17)}
    assert {day for day, _ in before - after} == {date(2026, 10, 17)}


def test_closing_a_fact_makes_its_day_new(cast):
    first, *_others = add_facts(
        "contacts", [call(day) for day in (1, 2, 3, 4)], agent=cast.ana.agent
    )
    keep()
    revision = next_revision(reason="undo", made_by=None, now=NOW)
    Contact.objects.filter(pk=first.pk).update(valid_until=revision.pk)

    assert_same()
    assert figures(tallies.read_table)["own", cast.ana.agent_id, count_key()] == 3


def count_key():
    return compile_formula("count(contacts, where=answered)").measures[0].key


def test_an_earlier_watermark_is_read_from_the_facts(cast):
    add_facts("contacts", [call(1)], agent=cast.ana.agent)
    earlier = latest_revision()
    add_facts("contacts", [call(1)], agent=cast.ana.agent)
    keep()

    assert_same(at=window(earlier))
    found = figures(tallies.read_table, at=window(earlier))
    assert found["own", cast.ana.agent_id, count_key()] == 1


def late_facts(cast):
    add_facts("contacts", [call(2)], agent=cast.ana.agent)
    keep()


def everything_forgotten(cast):
    TalliedDay.objects.all().delete()


@pytest.mark.parametrize("meanwhile", [late_facts, everything_forgotten])
def test_tallies_that_change_before_they_are_added_up_are_not_used(cast, meanwhile):
    """Two runs at once: the other one takes over late facts, or somebody deletes some."""
    add_facts("contacts", [call(1), call(2)], agent=cast.ana.agent)
    keep()
    asked, happened = window(), []

    def between(execute, sql, *rest):
        if not happened and sql.startswith("SELECT") and '"kpi_talliedday"."content"' in sql:
            happened.append(meanwhile)
            meanwhile(cast)
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        found = figures(tallies.read_table, at=asked)

    assert happened
    assert found == figures(frames.read_table, at=asked)
    assert found["own", cast.ana.agent_id, count_key()] == 2


def test_a_month_never_tallied_is_read_from_the_facts(cast):
    add_facts("contacts", [call(day) for day in (1, 2, 3)], agent=cast.ana.agent)

    assert_same()
    assert not TalliedDay.objects.exists()


def test_a_source_of_its_own_is_read_from_the_facts(cast):
    add_facts("contacts", [call(1)], agent=cast.ana.agent)
    keep()

    assert_same(at=replace(window(), source="nothing"))


def test_tickets_are_noted_by_both_their_days(cast):
    solved = {"day": date(2026, 9, 30), "solved": True, "solved_day": date(2026, 10, 2)}
    add_facts("tickets", [solved], agent=cast.ana.agent)

    noted = TouchedDay.objects.filter(fact="tickets").values_list("anchor", "day")

    assert sorted(noted) == [("day", date(2026, 9, 30)), ("solved_day", date(2026, 10, 2))]


def test_no_tally_outlives_facts_that_were_deleted(cast):
    add_facts("contacts", [call(1)], agent=cast.ana.agent)
    keep()

    Contact.objects.all().delete()

    assert not TalliedDay.objects.exists()
    assert_same()


def test_what_looks_around_is_not_tallied():
    def is_additive(text):
        return tallies.is_additive(compile_formula(text).measures[0])

    assert is_additive("count(contacts, where=answered and talk_s > 10)")
    assert not is_additive("count(contacts, where=next_contact_s > 10)")
    assert not is_additive("count(contacts, where=day == period_end)")
    assert not is_additive("median(contacts.talk_s)")


change = st.tuples(
    st.sampled_from(["add", "close", "keep"]),
    st.sampled_from(["ana", "ben", "bo"]),
    st.integers(1, 31),
    st.none() | st.integers(0, 900),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(change, max_size=14))
def test_whatever_happens_to_the_facts_the_figures_agree(cast, changes):
    for what, name, day, talk_s in changes:
        if what == "add":
            add_facts("contacts", [call(day, talk_s)], agent=getattr(cast, name).agent)
        elif what == "keep":
            keep()
        elif (fact := Contact.objects.filter(valid_until=None).order_by("pk").first()) is not None:
            revision = next_revision(reason="undo", made_by=None, now=NOW)
            Contact.objects.filter(pk=fact.pk).update(valid_until=revision.pk)

    assert_same()
    assert_same(by="centre")


def test_days_of_narrow_and_of_wide_numbers_add_up(cast):
    """Each day is kept as narrow as its own numbers: 100 fits a byte, a million does not."""
    add_facts("contacts", [call(1, 100)] * 2, agent=cast.ana.agent)
    add_facts("contacts", [call(2, 1_000_000)] * 3, agent=cast.ana.agent)
    add_facts("contacts", [call(3, 2_000_000_000)] * 4, agent=cast.ana.agent)
    add_facts("contacts", [call(4, None)], agent=cast.ana.agent)
    keep()

    assert_same()
    longest = compile_formula("max(contacts.talk_s)").measures[0].key
    assert figures(tallies.read_table)["own", cast.ana.agent_id, longest] == 2_000_000_000
    total = compile_formula("centre(sum(contacts.talk_s))").measures[0].key
    assert figures(tallies.read_table)["centre", 0, total] == 8_003_000_200
