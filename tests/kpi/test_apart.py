from datetime import date

import pandas as pd
import pytest

from agents import periods
from agents.models import Shift
from kpi import engine
from kpi.formula import compile_formula
from kpi.frames import window_of
from kpi.places import Places
from kpi.services import measuring, revisions
from tests.factories import add_agent, add_facts

OCTOBER = periods.month(2026, 10)
STABILITY = "stdev(over(week, avg(surveys.score)))"


def measured(*formulas, minimum=0, **options):
    window = window_of(OCTOBER, revisions.latest_revision())
    wanted = [
        measuring.Wanted(text, compile_formula(text), minimum_sample=minimum) for text in formulas
    ]
    return measuring.measure(wanted, window=window, **options)


def scored(*by_day):
    return [{"day": date(2026, 10, day), "score": score} for day, score in by_day]


def value(frame, group):
    found = frame.loc[group, "value"]
    return None if pd.isna(found) else int(found)


def test_weeks_are_iso_weeks_cut_at_the_ends_of_the_period(cast):
    # 28 September and 1 November lie in weeks 40 and 44, but not in October.
    answers = scored((1, 4), (4, 5), (5, 3), (11, 4), (12, 5), (14, 5), (19, 1), (26, 3))
    outside = [{"day": date(2026, 9, 28), "score": 1}, {"day": date(2026, 11, 1), "score": 5}]
    add_facts("surveys", answers + outside, agent=cast.ana.agent)

    frame = measured(STABILITY)[STABILITY]

    # Weekly means 4.5, 3.5, 5, 1, 3: mean 3.4, squares 9.7; root of 9.7 / 4.
    assert value(frame, cast.ana.agent_id) == 1_557_241_150
    assert frame.loc[cast.ana.agent_id, "sample"] == 8


def test_weeks_below_the_minimum_sample_are_left_out(cast):
    answers = scored((1, 4), (4, 5), (5, 3), (11, 4), (12, 5), (14, 5), (19, 1))
    add_facts("surveys", answers, agent=cast.ana.agent)
    add_facts("surveys", scored((5, 3), (6, 4), (12, 1)), agent=cast.ben.agent)

    frame = measured(STABILITY, minimum=2)[STABILITY]

    assert value(frame, cast.ana.agent_id) == 763_762_616
    assert frame.loc[cast.ben.agent_id, "state"] == "no_data"


def test_weeks_of_teams_and_of_the_centre_are_measured_likewise(cast):
    add_facts("surveys", scored((5, 3), (12, 5)), agent=cast.ana.agent)
    add_facts("surveys", scored((5, 5), (12, 5)), agent=cast.bo.agent)

    # Alpha 3 and 5: root of 2. Both 4 and 5: root of 1/2.
    by_team = measured(STABILITY, by="team", groups=[cast.alpha.pk])[STABILITY]
    centre = measured(STABILITY, by="centre")[STABILITY]
    by_day = measured(STABILITY, by="day")[STABILITY]

    assert by_team["value"].tolist() == [1_414_213_562]
    assert centre["value"].tolist() == [707_106_781]
    assert set(by_day["state"]) <= {"not_available"}


def test_database_and_calculator_agree_on_weeks(cast):
    answers = scored(*((day, 1 + day * day % 5) for day in range(1, 32)))
    add_facts("surveys", answers, agent=cast.ana.agent)
    rows = {"surveys": [{"agent": 1} | answer for answer in answers]}

    for formula in (
        STABILITY,
        "median(over(week, count(surveys, where=score > 3)))",
        "percentile(over(day, avg(surveys.score)), 40)",
        "avg(over(month, count(surveys))) - max(over(week, count(surveys)))",
    ):
        by_hand = engine.evaluate_rows(compile_formula(formula), rows)["value"].tolist()
        assert measured(formula)[formula]["value"].tolist() == by_hand


@pytest.fixture
def crew(cast):
    """Ana, Ben and Bo answer calls in the early shift, Cy and Di in the late one; Em changes."""
    late = Shift.objects.create(code="late", name_en="Late")
    hired = {
        name: add_agent(name, team=cast.alpha, position=cast.position, shift=late)
        for name in ("cy", "di", "em")
    }
    early_crew = [cast.ana.agent, cast.ben.agent, cast.bo.agent]
    early = {agent.pk: {cast.early.pk: 31} for agent in early_crew}
    shifts = early | {hired[name].pk: {late.pk: 31} for name in ("cy", "di")}
    shifts[hired["em"].pk] = {cast.early.pk: 10, late.pk: 21}
    people = {agent.code: agent for agent in (*early_crew, *hired.values())}
    return cast, late, people, shifts


def places_of(cast, shifts, *, without=()):
    return Places(
        positions=dict.fromkeys(shifts, cast.position.pk),
        is_one_position=True,
        shifts=shifts,
        counted=frozenset(shifts) - {agent.pk for agent in without},
    )


def call(talk_s, shift):
    return {"talk_s": talk_s, "shift": shift}


def add_calls(crew):
    cast, late, people, _shifts = crew
    for name, lengths in {"ana": [100, 200], "ben": [300], "bo": [40, 60]}.items():
        add_facts("contacts", [call(s, cast.early) for s in lengths], agent=people[name])
    for name, lengths in {"cy": [50], "di": [70, 90]}.items():
        add_facts("contacts", [call(s, late) for s in lengths], agent=people[name])
    em = [call(500, cast.early), call(30, late), call(60, late)]
    add_facts("contacts", em, agent=people["em"])


AHT = "peers(avg(contacts.talk_s))"
CALLS = "peers(count(contacts))"


def test_peers_are_those_of_the_same_position_and_shift(crew, django_assert_num_queries):
    cast, _late, people, shifts = crew
    add_calls(crew)
    groups = [agent.pk for agent in people.values()]

    found = measured(AHT, CALLS, groups=groups, places=places_of(cast, shifts))

    # Early 1,200 s in 6 calls = 200; late 300 s in 5 = 60. Em: (10 x 200 + 21 x 60) / 31.
    talk = {name: value(found[AHT], agent.pk) for name, agent in people.items()}
    assert talk["ana"] == talk["bo"] == 200 * 10**9
    assert talk["cy"] == 60 * 10**9
    assert talk["em"] == 105_161_290_323
    # Early 6 calls of 3 10/31 people, late 5 of 2 21/31: 6 x 31 / 103 and 5 x 31 / 83.
    counts = {name: value(found[CALLS], agent.pk) for name, agent in people.items()}
    assert counts["ben"] == 1_805_825_243
    assert counts["di"] == 1_867_469_880

    window = window_of(OCTOBER, revisions.latest_revision())
    wanted = [measuring.Wanted(text, compile_formula(text)) for text in (AHT, CALLS)]
    with django_assert_num_queries(1):
        measuring.measure(wanted, window=window, groups=groups, places=places_of(cast, shifts))


def test_two_who_were_there_long_enough_are_too_few(crew):
    cast, _late, people, shifts = crew
    add_calls(crew)
    del shifts[people["em"].pk]

    found = measured(AHT, groups=list(shifts), places=places_of(cast, shifts))[AHT]

    assert found.loc[people["ana"].pk, "state"] == "measured"
    assert found.loc[people["cy"].pk, "state"] == "not_applicable"


def test_who_was_hardly_there_makes_no_average_but_has_one(crew):
    cast, _late, people, shifts = crew
    add_calls(crew)
    shifts[people["cy"].pk] = {cast.early.pk: 31}
    places = places_of(cast, shifts, without=[people["em"]])

    found = measured(AHT, groups=list(shifts), places=places)[AHT]

    # Early: Ana, Ben, Bo and Cy, who moved there with the call: 750 s in 6.
    assert value(found, people["ana"].pk) == 125 * 10**9
    assert value(found, people["em"].pk) == 125 * 10**9


def test_calls_without_a_shift_count_in_that_of_most_days(crew):
    cast, _late, people, shifts = crew
    add_calls(crew)
    add_facts("contacts", [{"talk_s": 200, "position": None, "shift": None}], agent=people["em"])

    found = measured(AHT, groups=list(shifts), places=places_of(cast, shifts))[AHT]

    # Late: 300 s and these 200, in 6 calls.
    assert value(found, people["cy"].pk) == 83_333_333_333


def test_share_of_one_s_peers_reads_both_in_one_formula(crew):
    cast, _late, people, shifts = crew
    add_calls(crew)
    formula = "avg(contacts.talk_s) - peers(avg(contacts.talk_s))"

    found = measured(formula, groups=list(shifts), places=places_of(cast, shifts))[formula]

    assert value(found, people["ana"].pk) == -50 * 10**9
    assert found.loc[people["ana"].pk, "sample"] == 2


def test_peers_of_teams_are_not_available(crew):
    add_calls(crew)

    assert measured(AHT, by="team", groups=[1])[AHT]["state"].tolist() == ["not_available"]
    assert measured(AHT, groups=[1])[AHT]["state"].tolist() == ["not_available"]
