"""Measures by the database against the worked-example calculator, row for row."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import periods
from kpi import engine, frames
from kpi.formula import compile_formula
from kpi.models import Contact, FactRevision
from kpi.places import Places
from kpi.services import measuring, revisions
from tests.factories import add_facts

OCTOBER = periods.month(2026, 10)

FORMULAS = [
    "count(contacts)",
    'count(contacts, where=direction == "in" and answered and wait_s <= 30)'
    ' / count(contacts, where=direction == "in")',
    'count(contacts, where=not (direction == "in"))',
    "count(contacts, where=not answered or wait_s > 10)",
    'count(contacts, where=channel != "chat")',
    'count(contacts, where=channel in ("phone", "chat"))',
    'count(contacts, where=channel not in ("phone", "chat"))',
    "count(contacts, where=wait_s is None)",
    "count(contacts, where=wait_s is not None and 5 < wait_s <= 20)",
    "avg(contacts.talk_s, where=answered)",
    "sum(contacts.talk_s + contacts.hold_s)",
    "min(contacts.talk_s) + max(contacts.talk_s)",
    "max(contacts.talk_s / contacts.wait_s)",
    "median(contacts.talk_s)",
    "percentile(contacts.talk_s, 90)",
    "stdev(contacts.talk_s)",
    "distinct(contacts.queue)",
    "sum(contacts.sale_amount, where=sales > 0) / count(contacts, where=sales > 0)",
    "1000 * count(contacts, where=transferred) / count(contacts, where=answered)",
]

contacts = st.lists(
    st.fixed_dictionaries(
        {
            "direction": st.sampled_from(["in", "out", None]),
            "channel": st.sampled_from(["phone", "chat", "email", None]),
            "queue": st.sampled_from(["loans", "cards", None]),
            "answered": st.sampled_from([True, False, None]),
            "transferred": st.sampled_from([True, False, None]),
            "wait_s": st.none() | st.integers(0, 60),
            "talk_s": st.none() | st.integers(0, 900),
            "hold_s": st.none() | st.integers(0, 90),
            "sales": st.none() | st.integers(0, 2),
            "sale_amount": st.none() | st.decimals(0, 999, places=2),
        }
    ),
    max_size=12,
)


def measured(formula, **options):
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    one = measuring.Wanted("it", compile_formula(formula))
    return measuring.measure([one], window=window, **options)["it"]


@pytest.mark.parametrize("formula", FORMULAS)
@given(rows=contacts)
@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_database_and_calculator_agree(db, formula, rows):
    Contact.objects.all().delete()
    add_facts("contacts", rows)

    # Whether a source gives a field at all is not the calculator's question.
    found = measured(formula, by="centre", tells_unmeasurable=False)

    expected = engine.evaluate_rows(compile_formula(formula), {"contacts": rows})
    if not rows:
        assert found["state"].tolist() == ["awaited"]
        return
    assert found["state"].tolist() == expected["state"].tolist()
    assert found["value"].tolist() == expected["value"].tolist()
    assert found["sample"].tolist() == expected["sample"].tolist()


def test_team_is_the_sum_of_its_agents(cast):
    add_facts("contacts", [{"answered": True}] * 3 + [{"answered": False}], agent=cast.ana.agent)
    add_facts("contacts", [{"answered": True}], agent=cast.ben.agent)
    share = "count(contacts, where=answered) / count(contacts)"

    by_agent = measured(share, by="agent")
    by_team = measured(share, by="team")

    assert by_agent["numerator"].sum() == by_team.loc[cast.alpha.pk, "numerator"] == 4
    assert by_team.loc[cast.alpha.pk, "value"] == 800_000_000  # 4 of 5, not the mean of 3/4 and 1


def test_agent_without_a_fact_counts_zero_and_has_no_average(cast):
    add_facts("contacts", [{"talk_s": 60}], agent=cast.ana.agent)
    groups = [cast.ana.agent_id, cast.ben.agent_id]

    count = measured("count(contacts)", groups=groups)
    average = measured("avg(contacts.talk_s)", groups=groups)

    assert count["value"].tolist() == [1_000_000_000, 0]
    assert average["state"].tolist() == ["measured", "no_data"]


def test_centre_value_is_the_same_for_all_and_counts_contacts_of_nobody(cast):
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    add_facts("contacts", [{"answered": False}])

    rate = measured(
        "centre(count(contacts, where=answered)) / centre(count(contacts))",
        groups=[cast.ana.agent_id, cast.bo.agent_id],
    )

    assert rate["value"].tolist() == [500_000_000, 500_000_000]


def test_team_scope_reads_the_row_of_the_agents_team(cast):
    add_facts("contacts", [{}, {}], agent=cast.ana.agent)
    add_facts("contacts", [{}], agent=cast.bo.agent)
    groups = [cast.ben.agent_id, cast.bo.agent_id]
    teams = {cast.ben.agent_id: cast.alpha.pk, cast.bo.agent_id: cast.beta.pk}

    own_team = measured("team(count(contacts))", groups=groups, places=Places(teams=teams))

    assert own_team["numerator"].tolist() == [2, 1]


def test_excluded_closed_and_later_facts_do_not_count(cast):
    agent = cast.ana.agent
    kept, excluded, closed = add_facts("contacts", [{}, {}, {}], agent=agent)
    Contact.objects.filter(pk=excluded.pk).update(exclusion_id=1)
    watermark = revisions.latest_revision()
    add_facts("contacts", [{}], agent=agent)
    Contact.objects.filter(pk=closed.pk).update(valid_until=watermark + 1)

    count = compile_formula("count(contacts)")

    def at(revision):
        window = frames.window_of(OCTOBER, revision)
        wanted = [measuring.Wanted("it", count)]
        return measuring.measure(wanted, window=window)["it"].loc[agent.pk, "numerator"]

    assert at(watermark) == 2  # kept and the one closed later
    assert at(revisions.latest_revision()) == 2  # kept and the one that came later
    assert kept.exclusion_id is None


def test_period_is_half_open(cast):
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)]
    add_facts("contacts", [{"day": day} for day in days])

    assert measured("count(contacts)", by="centre")["numerator"].tolist() == [2]


def test_parts_of_a_period_add_up_to_the_whole(cast):
    add_facts("contacts", [{"day": date(2026, 10, day), "talk_s": day} for day in range(1, 32)])
    whole = measured("avg(contacts.talk_s)", by="centre")

    by_day = measured("avg(contacts.talk_s)", by="day")

    assert by_day["numerator"].sum() == whole["numerator"].sum() == 496
    assert by_day["denominator"].sum() == whole["denominator"].sum() == 31


def test_solved_day_dates_a_ticket_where_the_kpi_says_so(cast):
    add_facts(
        "tickets",
        [{"day": date(2026, 9, 28), "solved_day": date(2026, 10, 2), "resolution_s": 100}],
    )
    add_facts("contacts", [{}])
    window = frames.window_of(OCTOBER, revisions.latest_revision())
    window = frames.Window(OCTOBER, window.watermark, frozenset({"tickets"}))
    formula = compile_formula("avg(tickets.resolution_s)")

    by_anchor = measuring.measure(
        [
            measuring.Wanted("solved", formula, anchor="solved_day"),
            measuring.Wanted("created", formula),
        ],
        window=window,
        by="centre",
    )

    assert by_anchor["solved"]["numerator"].tolist() == [100]
    assert by_anchor["created"]["state"].tolist() == ["no_data"]


def test_next_contact_is_the_customers_next_one(cast):
    def call(minute, customer):
        return {"started_at": datetime(2026, 10, 1, 9, minute, tzinfo=UTC), "customer": customer}

    add_facts("contacts", [call(0, "a"), call(10, "b"), call(20, "a"), call(30, None)])

    repeated = measured("count(contacts, where=next_contact_s <= 1200)", by="centre")
    within_ten = measured("count(contacts, where=next_contact_s <= 600)", by="centre")

    assert repeated["numerator"].tolist() == [1]
    assert within_ten["numerator"].tolist() == [0]


def test_queries_are_one_a_table_and_scope(cast, django_assert_num_queries):
    add_facts("contacts", [{"talk_s": 60}], agent=cast.ana.agent)
    formulas = [formula for formula in FORMULAS if "distinct" not in formula]
    wanted = [measuring.Wanted(formula, compile_formula(formula)) for formula in formulas]
    centre = compile_formula("centre(count(contacts))")
    window = frames.window_of(OCTOBER, revisions.latest_revision())

    wanted.append(measuring.Wanted("centre", centre))

    with django_assert_num_queries(2):
        measuring.measure(wanted, window=window, tells_unmeasurable=False)
    # One more asks whether what counted nothing could have counted anything.
    with django_assert_num_queries(3):
        measuring.measure(wanted, window=window)


def test_kinds_count_as_imported_when_a_fact_lies_in_the_period(cast):
    add_facts("surveys", [{"day": date(2026, 9, 30)}])
    add_facts("events", [{"kind": "praise"}])

    assert frames.imported_kinds(OCTOBER, revisions.latest_revision()) == {"events"}
    assert FactRevision.objects.count() == 2
