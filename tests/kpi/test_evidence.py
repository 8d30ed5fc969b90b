from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents import periods
from kpi import evidence, frames
from kpi.formula import compile_formula
from kpi.frames import window_of
from kpi.places import Led
from kpi.services import exclusions, measuring
from kpi.services.revisions import latest_revision
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)
SATISFIED = (
    'count(surveys, where=scale == "1-5" and score >= 4)'
    ' / count(surveys, where=scale == "1-5" and score is not None)'
)


def survey(day=1, *, score=5, scale="1-5"):
    moment = datetime(2026, 10, day, 9, tzinfo=UTC)
    return {"day": date(2026, 10, day), "score": score, "scale": scale, "answered_at": moment}


def looked_at(text, *, agent=None, team=None, which="all", watermark=None):
    """The only part of a formula, its rows in their order, and its tally."""
    formula = compile_formula(text)
    revision = latest_revision() if watermark is None else watermark
    window = frames.window_of(OCTOBER, revision)
    (part,) = evidence.parts_of(formula, anchor="day", imported=window.imported)
    facts = evidence.rows_of(
        part, window=window, agent_id=agent and agent.pk, team_id=team and team.pk
    )
    found = list(evidence.shown(facts, which))
    return part, found, evidence.tally(part, facts, window=window)


def measured(text, agent):
    window = frames.window_of(OCTOBER, latest_revision())
    wanted = measuring.Wanted("it", compile_formula(text))
    return measuring.measure([wanted], window=window, groups=[agent.pk])["it"].loc[agent.pk]


@pytest.fixture
def ana(cast):
    return cast.ana.agent


def test_share_tells_who_meets_it_who_does_not_and_who_is_out(ana):
    add_facts("surveys", [survey(1, score=5), survey(2, score=2), survey(3, score=None)], agent=ana)

    part, found, tally = looked_at(SATISFIED, agent=ana)

    assert [evidence.verdict_of(part, fact) for fact in found] == ["met", "unmet", "out"]
    assert (tally.rows, tally.counted, tally.above, tally.below) == (3, 2, 1, 2)


def test_missing_value_and_missed_condition_are_told_apart(ana):
    add_facts("surveys", [survey(1, score=None), survey(2, scale="0-10")], agent=ana)

    part, found, _tally = looked_at(SATISFIED, agent=ana)

    missing, condition = (evidence.reason_of(part, fact) for fact in found)
    assert (missing.kind, missing.node.name) == ("missing", "score")
    assert (condition.kind, condition.node.left.name) == ("condition", "scale")


def test_excluded_row_stays_in_the_list_and_counts_nowhere(cast, ana):
    kept, dropped = add_facts("surveys", [survey(1), survey(2, score=1)], agent=ana)
    exclusions.exclude_fact(
        kind="surveys",
        fact_id=dropped.pk,
        reason="System outage",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    part, found, tally = looked_at(SATISFIED, agent=ana)

    assert [evidence.verdict_of(part, fact) for fact in found] == ["met", "out"]
    assert evidence.reason_of(part, found[1]).kind == "excluded"
    assert found[1].exclusion.reason == "System outage"
    assert found[1].exclusion.excluded_by == cast.hana
    assert (tally.rows, tally.below, tally.excluded) == (2, 1, 1)
    assert kept.pk == found[0].pk


def test_rows_are_those_of_the_watermark_not_of_today(cast, ana):
    (fact,) = add_facts("surveys", [survey(1, score=1)], agent=ana)
    watermark = latest_revision()
    exclusions.exclude_fact(
        kind="surveys",
        fact_id=fact.pk,
        reason="Wrong person",
        excluded_by=cast.hana,
        approved_by=cast.mona,
        now=NOW,
    )

    part, found, tally = looked_at(SATISFIED, agent=ana, watermark=watermark)

    assert [evidence.verdict_of(part, one) for one in found] == ["unmet"]
    assert tally.excluded == 0


def test_average_adds_up_to_the_numerator(ana):
    calls = [{"answered": True, "talk_s": 100}, {"answered": True, "talk_s": 250}]
    add_facts("contacts", [*calls, {"answered": False}, {"answered": True}], agent=ana)

    text = "avg(contacts.talk_s, where=answered)"
    part, found, tally = looked_at(text, agent=ana)

    assert [evidence.verdict_of(part, fact) for fact in found] == [
        "counted",
        "counted",
        "out",
        "out",
    ]
    assert (tally.added, tally.above, tally.below) == (350, 2, 2)
    assert measured(text, ana)["numerator"] == Decimal(350)
    assert part.fields == ("talk_s", "answered")


def test_rows_about_something_else_are_not_even_left_out(ana):
    add_facts("events", [{"kind": "praise"}, {"kind": "breach"}, {"kind": "breach"}], agent=ana)

    _part, found, tally = looked_at('count(events, where=kind == "breach")', agent=ana)

    assert [fact.kind for fact in found] == ["breach", "breach"]
    assert tally.rows == 2


def test_two_subjects_stand_above_and_below_the_line(ana):
    add_facts("events", [{"kind": "task"}, {"kind": "task_done"}, {"kind": "praise"}], agent=ana)

    part, found, _tally = looked_at(
        'count(events, where=kind == "task_done") / count(events, where=kind == "task")', agent=ana
    )

    verdicts = {fact.kind: evidence.verdict_of(part, fact) for fact in found}
    assert verdicts == {"task": "below", "task_done": "above"}


def test_scope_decides_whose_rows_are_listed(cast, ana):
    add_facts("contacts", [{"answered": True}], agent=ana)
    add_facts("contacts", [{"answered": True}], agent=cast.ben.agent)
    add_facts("contacts", [{"answered": True}], agent=cast.bo.agent)
    add_facts("contacts", [{"answered": False}])

    def rows(text):
        return looked_at(text, agent=ana, team=cast.alpha)[2].rows

    assert rows("count(contacts)") == 1
    assert rows("team(count(contacts))") == 2
    assert rows("centre(count(contacts))") == 4


def test_filter_shows_only_those_that_count_or_only_the_others(ana):
    add_facts("surveys", [survey(1), survey(2, score=None), survey(3, score=1)], agent=ana)

    counted = looked_at(SATISFIED, agent=ana, which="counted")[1]
    out = looked_at(SATISFIED, agent=ana, which="out")[1]

    assert [fact.day.day for fact in counted] == [1, 3]
    assert [fact.day.day for fact in out] == [2]


def parts_of(formula, *imported):
    compiled = compile_formula(formula)
    return evidence.parts_of(compiled, anchor="day", imported=frozenset(imported))


def listed(part, **whose):
    window = window_of(OCTOBER, latest_revision())
    return evidence.rows_of(part, window=window, **whose)


def test_rows_of_one_s_peers_are_apart_from_one_s_own(cast):
    own, peers = parts_of("avg(surveys.score) / peers(avg(surveys.score))", "surveys")
    add_facts("surveys", [survey(1), survey(2)], agent=cast.ana.agent)
    add_facts("surveys", [survey(3)], agent=cast.ben.agent)
    add_facts("surveys", [survey(4)], agent=cast.bo.agent)

    assert (own.scope, peers.scope) == ("own", "peers")
    assert listed(own, agent_id=cast.ana.agent_id).count() == 2
    among = [cast.ana.agent_id, cast.ben.agent_id]
    assert listed(peers, agent_id=cast.ana.agent_id, peers=among).count() == 3
    assert not listed(peers, agent_id=cast.ana.agent_id).exists()


def test_rows_of_the_weeks_are_one_s_own_rows_of_the_period(cast):
    (part,) = parts_of("stdev(over(week, avg(surveys.score)))", "surveys")
    add_facts("surveys", [survey(1), survey(8, score=None), survey(15)], agent=cast.ana.agent)

    facts = listed(part, agent_id=cast.ana.agent_id)

    assert part.scope == "own"
    assert [fact.is_counted for fact in facts.order_by("day")] == [True, False, True]


def test_rows_of_teams_led_are_those_of_the_days_led(cast):
    (part,) = parts_of("led(count(surveys))", "surveys")
    add_facts("surveys", [survey(1), survey(14), survey(15)], agent=cast.ana.agent)
    add_facts("surveys", [survey(1)], agent=cast.bo.agent)
    span = Led(cast.sam.agent_id, cast.alpha.pk, date(2026, 10, 1), date(2026, 10, 15))

    assert [fact.day.day for fact in listed(part, led=[span]).order_by("day")] == [1, 14]
    assert not listed(part).exists()


def test_rows_in_another_position_are_not_among_one_s_own(cast):
    (part,) = parts_of("count(surveys)", "surveys")
    lead = cast.sam.agent.assignments.get().position_id
    stamped = [survey(1), survey(2) | {"position_id": lead}, survey(3) | {"position": None}]
    add_facts("surveys", stamped, agent=cast.ana.agent)

    facts = listed(part, agent_id=cast.ana.agent_id, position_id=cast.position.pk)

    assert [fact.day.day for fact in facts.order_by("day")] == [1, 3]


def test_staff_s_scores_have_no_rows():
    assert parts_of('score_of("reports")') == ()


def test_branch_that_holds_for_the_period_is_listed():
    formula = compile_formula(
        "count(contacts) / imported(shifts, count(shifts), distinct(contacts.day))"
    )

    def facts(*imported):
        parts = evidence.parts_of(formula, anchor="day", imported=frozenset(imported))
        return [part.fact for part in parts]

    assert facts("contacts", "shifts") == ["contacts", "shifts"]
    assert facts("contacts") == ["contacts"]


SCORES = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 3, 4, 5]), st.sampled_from(["1-5", "0-10", None])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCORES)
def test_rows_always_agree_with_numerator_and_denominator(ana, scores):
    add_facts("surveys", [survey(score=score, scale=scale) for score, scale in scores], agent=ana)

    _part, _found, tally = looked_at(SATISFIED, agent=ana)
    value = measured(SATISFIED, ana)

    assert tally.above == (value["numerator"] or 0)
    assert tally.below == (value["denominator"] or 0)


def test_rows_without_a_stamp_can_be_left_out(cast, ana):
    add_facts("surveys", [survey(1), survey(2) | {"position": None}], agent=ana)
    window = frames.window_of(OCTOBER, latest_revision())
    formula = compile_formula(SATISFIED)
    (part,) = evidence.parts_of(formula, anchor="day", imported=window.imported)

    found = [
        evidence.rows_of(
            part, window=window, agent_id=ana.pk, position_id=cast.position.pk,
            is_stamped_only=only,
        ).count()
        for only in (False, True)
    ]  # fmt: skip

    assert found == [2, 1]
