"""What lies over a limit, and figures day by day, for everybody at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agents import periods
from appraisal.pay.figures import Measure, OverSource, Source
from appraisal.services import pay_measures
from kpi.frames import window_of
from kpi.models import Exclusion
from kpi.places import NOWHERE, Places
from kpi.services.revisions import latest_revision
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)
BREAKS = OverSource("breaks", "shifts", "break_s", "", (("early", Decimal(900)),))
AFTER_CALL = Source("after", Measure(formula="avg(contacts.after_call_s)"), each="day")


def measured(source, *agents):
    window = window_of(OCTOBER, latest_revision())
    frames = pay_measures.measure(
        [source], window=window, agents=[one.pk for one in agents], places=NOWHERE, kpis={}
    )
    return frames[source.key]


def measured_days(text, *agents, is_of_old=False):
    source = Source("days", Measure(formula=text), each="day")
    window = window_of(OCTOBER, latest_revision())
    ids = [one.pk for one in agents]
    places = Places(teams={one.pk: 0 for one in agents})
    frame = pay_measures.measure(
        [source], window=window, agents=ids, places=places, kpis={}, is_of_old=is_of_old
    )["days"]
    return {
        (one.agent_id, one.day.day): one.value
        for one in frame.itertuples()
        if one.state == "measured"
    }


def seen(frame, agent):
    row = frame.loc[agent.pk]
    return row["state"], row["value"], row["sample"]


def test_only_what_lies_beyond_the_limit_of_the_shift_counts(cast):
    rows = [{"break_s": 900}, {"break_s": 901}, {"break_s": 960}, {"break_s": None}]
    add_facts("shifts", [*rows, {"break_s": 5_000, "shift": None}], agent=cast.ana.agent)

    assert seen(measured(BREAKS, cast.ana.agent), cast.ana.agent) == ("measured", 61 * 10**9, 2)


def test_nothing_recorded_is_no_data_and_no_row_is_nothing(cast):
    add_facts("shifts", [{"break_s": None}], agent=cast.ana.agent)

    frame = measured(BREAKS, cast.ana.agent, cast.ben.agent)

    assert seen(frame, cast.ana.agent)[0] == "no_data"
    assert seen(frame, cast.ben.agent) == ("measured", 0, 0)


def test_kind_never_imported_is_awaited(cast):
    assert seen(measured(BREAKS, cast.ana.agent), cast.ana.agent)[0] == "awaited"


def test_excluded_row_counts_nowhere(cast):
    (kept, out) = add_facts("shifts", [{"break_s": 910}, {"break_s": 9_000}], agent=cast.ana.agent)
    exclusion = Exclusion.objects.create(reason="Test.", excluded_by=cast.hana, excluded_at=NOW)
    type(out).objects.filter(pk=out.pk).update(exclusion=exclusion)

    assert seen(measured(BREAKS, cast.ana.agent), cast.ana.agent) == ("measured", 10 * 10**9, 1)
    assert kept.break_s == 910


def test_condition_and_unknown_shift(cast):
    add_facts(
        "events", [{"kind": "break", "quantity": 12}, {"kind": "praise", "quantity": 99}],
        agent=cast.ana.agent,
    )  # fmt: skip
    limits = (("early", Decimal(10)), ("nowhere", Decimal(1)))
    source = OverSource("breaks", "events", "quantity", 'kind == "break"', limits)

    assert seen(measured(source, cast.ana.agent), cast.ana.agent) == ("measured", 2 * 10**9, 1)


def test_days_stand_apart(cast):
    add_facts(
        "contacts",
        [{"day": f"2026-10-0{day}", "after_call_s": seconds} for day, seconds in
         ((1, 17), (1, 16), (2, 15))],
        agent=cast.ana.agent,
    )  # fmt: skip

    days = measured(AFTER_CALL, cast.ana.agent, cast.ben.agent)

    known = days[days["state"] == "measured"]
    assert [(one.agent_id, one.day.day, one.value) for one in known.itertuples()] == [
        (cast.ana.agent_id, 1, 16_500_000_000),
        (cast.ana.agent_id, 2, 15_000_000_000),
    ]
    assert set(days["agent_id"]) == {cast.ana.agent_id}


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries_does_not_grow_with_people(cast, django_assert_num_queries, people):
    add_facts("shifts", [{"break_s": 901}], agent=cast.ana.agent)
    agents = [cast.ana.agent, cast.ben.agent, cast.bo.agent][:people]
    window = window_of(OCTOBER, latest_revision())

    with django_assert_num_queries(2):
        pay_measures.measure(
            [BREAKS], window=window, agents=[one.pk for one in agents], places=NOWHERE, kpis={}
        )


def test_days_of_a_month_are_one_query(cast, django_assert_num_queries):
    rows = [{"day": f"2026-10-{day:02}", "after_call_s": 17} for day in range(1, 32)]
    add_facts("contacts", rows, agent=cast.ana.agent)
    window = window_of(OCTOBER, latest_revision())

    with django_assert_num_queries(1):
        frames = pay_measures.measure(
            [AFTER_CALL, Source("calls", Measure(formula="count(contacts)"), each="day")],
            window=window,
            agents=[cast.ana.agent_id],
            places=NOWHERE,
            kpis={},
        )

    assert [len(frame) for frame in frames.values()] == [31, 31]


def test_day_without_a_fact_has_no_figure_not_even_the_first(cast):
    add_facts("contacts", [{"day": "2026-10-02"}] * 3, agent=cast.ana.agent)
    ana, ben = cast.ana.agent, cast.ben.agent

    assert measured_days("count(contacts)", ana, ben) == {(ana.pk, 2): 3 * 10**9}
    # As proposals of before were worked out: the first day had a figure of everybody.
    assert measured_days("count(contacts)", ana, ben, is_of_old=True) == {
        (ana.pk, 1): 0,
        (ben.pk, 1): 0,
        (ana.pk, 2): 3 * 10**9,
    }


def test_figure_of_a_day_that_names_its_bounds_is_read_day_by_day(cast):
    add_facts("contacts", [{"day": "2026-10-01"}, {"day": "2026-10-02"}], agent=cast.ana.agent)
    ana = cast.ana.agent

    days = measured_days("count(contacts, where=day == period_start)", ana)

    assert {day: value for (_, day), value in days.items() if value} == {1: 10**9, 2: 10**9}


def test_people_without_a_fact_have_no_days(cast):
    add_facts("contacts", [{"after_call_s": 17}], agent=cast.ana.agent)

    assert measured(AFTER_CALL, cast.ben.agent).empty


def test_days_of_a_kind_never_imported_are_awaited(cast):
    frame = measured(AFTER_CALL, cast.ana.agent, cast.ben.agent)

    assert list(frame["state"]) == ["awaited", "awaited"]


def test_more_breaks_of_a_day_than_allowed_are_over_as_a_whole(cast):
    minutes = [("2026-10-01", 8), ("2026-10-01", 12), ("2026-10-01", 9), ("2026-10-02", 9)]
    add_facts(
        "events",
        [{"kind": "break", "day": day, "quantity": length} for day, length in minutes],
        agent=cast.ana.agent,
    )
    limits = (("early", Decimal(10)),)
    source = OverSource("breaks", "events", "quantity", 'kind == "break"', limits)
    twice = replace(source, times=(("early", 2),))

    # 12 min are 2 over 10; of the first day's three the shortest, 8 min, is one too many.
    assert seen(measured(source, cast.ana.agent), cast.ana.agent) == ("measured", 2 * 10**9, 1)
    assert seen(measured(twice, cast.ana.agent), cast.ana.agent) == ("measured", 10 * 10**9, 2)


def test_breaks_of_the_same_length_are_told_apart(cast):
    rows = [{"kind": "break", "quantity": 5}] * 3
    add_facts("events", rows, agent=cast.ana.agent)
    limits, times = (("early", Decimal(10)),), (("early", 2),)
    source = OverSource("breaks", "events", "quantity", 'kind == "break"', limits, times)

    assert seen(measured(source, cast.ana.agent), cast.ana.agent) == ("measured", 5 * 10**9, 1)


def test_what_no_source_records_is_not_measurable_by_month_and_by_day(cast):
    rows = [{"answered": True, "day": OCTOBER.starts_on}, {"answered": True}]
    add_facts("contacts", rows, agent=cast.ana.agent)
    month = Source("moved", Measure(formula="count(contacts, where=transferred)"))

    assert set(measured(month, cast.ana.agent)["state"]) == {"not_measurable"}
    assert set(measured(AFTER_CALL, cast.ana.agent)["state"]) == {"not_measurable"}


def test_what_one_day_lacks_another_gives(cast):
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    later = {"after_call_s": 12, "day": date(2026, 10, 20)}
    add_facts("contacts", [later], agent=cast.ana.agent)

    frame = measured(AFTER_CALL, cast.ana.agent)

    assert frame["state"].value_counts().to_dict() == {"no_data": 1, "measured": 1}


def test_proposals_of_before_held_it_for_nothing(cast):
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    source = Source("moved", Measure(formula="count(contacts, where=transferred)"))
    window = window_of(OCTOBER, latest_revision())

    (frame,) = pay_measures.measure(
        [source],
        window=window,
        agents=[cast.ana.agent_id],
        places=NOWHERE,
        kpis={},
        tells_unmeasurable=False,
    ).values()

    assert (frame["state"].tolist(), frame["value"].tolist()) == (["measured"], [0])
