from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import periods, services
from agents.models import Position, Shift
from appraisal.digest import digest_of
from appraisal.models import Rating, SchemeVersion
from appraisal.services import computing, cycles, roster, runs, schemes
from appraisal.services.targets import Place, set_targets
from appraisal.services.verification import verify_run
from kpi.services import jobs
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_agent, add_facts

OCTOBER = periods.month(2026, 10)
# After whatever schemes came with the database.
LATER = NOW.replace(year=2040)


@pytest.fixture
def inputs(october, compute):
    run = compute(october)
    return runs.inputs_of(run, seats=roster.seats_of(run))


def quiet(_stage):
    """Nobody listens."""


def test_order_of_people_is_irrelevant(inputs):
    expected = computing.compute(inputs, progress=quiet)

    @settings(max_examples=5)
    @given(st.permutations(inputs.seats))
    def check(seats):
        again = computing.compute(replace(inputs, seats=seats), progress=quiet)
        assert digest_of(again.cards, again.lines) == digest_of(expected.cards, expected.lines)

    check()


def test_person_alone_measures_as_among_all(inputs):
    alone = replace(inputs, seats=inputs.seats[:1])
    agent_id = inputs.seats[0].agent_id

    lines = computing.compute(alone, progress=quiet).lines
    among = computing.compute(inputs, progress=quiet).lines.filter(pl.col("agent_id") == agent_id)

    assert lines.sort("order").rows() == among.sort("order").rows()


def test_every_person_has_a_line_for_every_item(inputs):
    results = computing.compute(inputs, progress=quiet)

    assert results.cards.height == 3
    assert results.lines.group_by("agent_id").len()["len"].to_list() == [10, 10, 10]


def test_progress_tells_the_two_steps(inputs):
    heard = []

    computing.compute(inputs, progress=heard.append)

    assert heard == ["measures", "points"]


def test_measuring_asks_no_more_for_more_people(inputs):
    def asked(seats):
        with CaptureQueriesContext(connection) as queries:
            computing.compute(replace(inputs, seats=seats), progress=quiet)
        return len(queries)

    assert asked(inputs.seats[:1]) == asked(inputs.seats)


def place(agents, *, formula="count(contacts)", code="calls_made", **item):
    """Publish a scheme for these positions with one item of 100 points, and its KPI."""
    rule = item.pop("rule", {"type": "share", "of": 100})
    made = measure_by(formula, weight=100, rule=rule, code=code)
    made.store(**item)
    schemes.add_version(
        made_of(*made.items, positions=agents, code=f"plan-{code.replace('_', '-')}"), now=LATER
    )


def line_of(run, user):
    return run.scorecards.get(agent=user.agent).lines.get()


PEERS = {
    "type": "peers",
    "better": "lower",
    "bands": [{"at": 0, "points": 100}, {"at": 5, "points": 60}, {"at": 10, "points": 20}],
}


def talked(*lengths, **fields):
    return [{"talk_s": length} | fields for length in lengths]


@pytest.fixture
def crew(cast):
    """Ana, Ben and Bo talk 110, 100 and 90 s on average; their peers' average is 102 s."""
    place(["agent"], formula="avg(contacts.talk_s)", code="talk_time", rule=PEERS)
    add_facts("contacts", talked(110, 110), agent=cast.ana.agent)
    add_facts("contacts", talked(90, 110), agent=cast.ben.agent)
    add_facts("contacts", talked(90), agent=cast.bo.agent)
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


def test_peers_average_is_the_target_of_the_line(cast, crew, compute):
    run = compute(crew)

    # 510 s in 5 calls = 102 s: Ana is 8 s over, Ben 2 s under, Bo 12 s under.
    lines = [line_of(run, user) for user in (cast.ana, cast.ben, cast.bo)]
    assert [str(line.target) for line in lines] == ["102.000000000"] * 3
    assert [str(line.points) for line in lines] == ["20.00", "100.00", "100.00"]
    assert verify_run(run).is_same


def test_fewer_than_three_peers_do_not_apply(cast, crew, compute):
    services.end_agent(agent=cast.bo.agent, from_day=date(2026, 10, 5))

    run = compute(crew)

    # Bo was there on 4 of 31 days.
    assert [line_of(run, user).state for user in (cast.ana, cast.bo)] == ["not_applicable"] * 2


def test_peers_stay_as_they_were_when_people_change_shift_later(cast, crew, compute):
    late = Shift.objects.create(code="late", name_en="Late")
    move(cast, cast.ana, date(2026, 10, 11), shift=late)
    run = compute(crew)
    card = run.scorecards.get(agent=cast.ben.agent)
    move(cast, cast.ben, date(2026, 10, 2), shift=late)

    assert (card.shift, verify_run(run).is_same) == (cast.early, True)


def move(cast, user, day, **place):
    now = {"team": cast.alpha, "position": cast.position, "shift": cast.early} | place
    services.move_agent(agent=user.agent, from_day=day, **now)


def test_staff_come_first_and_their_mean_is_the_leader_s(cast, crew, compute):
    place(["lead"], formula='score_of("reports")', code="staff_score", unit="points")

    run = compute(crew)

    # Alpha: Ana 20 and Ben 100. Beta: Bo 100. Mona: Ana, Ben, Bo, Sam (60) and Omar (100).
    lines = [line_of(run, user) for user in (cast.sam, cast.omar, cast.mona)]
    assert [(str(line.value), line.sample) for line in lines] == [
        ("60.000000000", 2),
        ("100.000000000", 1),
        ("76.000000000", 5),
    ]
    assert str(run.scorecards.get(agent=cast.mona.agent).total) == "76.00"
    assert verify_run(run).is_same


def test_leader_of_nobody_has_no_staff_score(cast, crew, compute):
    place(["lead"], formula='score_of("reports")', code="staff_score", unit="points")
    services.end_leadership(leadership=cast.omar.agent.leaderships.get(), ends_on=date(2026, 9, 30))

    assert line_of(compute(crew), cast.omar).state == "not_applicable"


def test_scores_in_a_circle_are_refused_with_the_names(cast, crew):
    place(["lead"], formula='score_of("reports")', code="staff_score", unit="points")
    services.appoint_leader(team=cast.calls, leader=cast.sam.agent, starts_on=date(2026, 10, 9))
    run = runs.request_run(cycle=crew, asked_by=cast.hana, now=NOW)

    with pytest.raises(jobs.Refused, match=r"(Mona → Sam → Mona)|(Sam → Mona → Sam)"):
        runs.compute_run(run_id=run.pk, progress=quiet, now=lambda: NOW)


def test_team_led_counts_for_each_on_the_days_led(cast, compute):
    place(["lead"], formula="led(count(contacts))", code="team_calls")
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)
    days = [{"day": date(2026, 10, day)} for day in (1, 14, 15, 31)]
    add_facts("contacts", days, agent=cast.ana.agent)
    add_facts("contacts", days[:1], agent=cast.sam.agent)
    services.end_leadership(leadership=cast.sam.agent.leaderships.get(), ends_on=date(2026, 10, 15))
    services.appoint_leader(team=cast.alpha, leader=cast.omar.agent, starts_on=date(2026, 10, 15))

    run = compute(october)
    services.end_leadership(leadership=cast.mona.agent.leaderships.get(), ends_on=date(2026, 10, 2))

    values = [int(line_of(run, user).value) for user in (cast.sam, cast.omar, cast.mona)]
    assert values == [3, 2, 5]
    assert verify_run(run).is_same


@pytest.fixture
def expert(cast):
    """Another position with a scheme of its own, to which Ana moves."""
    place(["agent"], formula="count(contacts)", code="calls_made")
    place(["expert"], formula="count(contacts)", code="expert_calls")
    return Position.objects.create(code="expert", name_en="Expert")


def calls_on(expert, cast, day, *, number, **fields):
    """So many calls of Ana on each of two days: as an agent before the day, as an expert on it."""
    before = {"day": day - timedelta(days=1), "position": cast.position}
    after = {"day": day, "position": expert}
    for stamped, count in ((before, number[0]), (after, number[1])):
        add_facts("contacts", [stamped | fields] * count, agent=cast.ana.agent)


@pytest.mark.parametrize(
    ("day", "position", "value"),
    [
        (date(2026, 10, 15), "expert", 5),  # 14 days and 17
        (date(2026, 10, 18), "agent", 3),  # 17 days and 14
    ],
)
def test_transferred_person_is_measured_in_the_position_held_longest(
    cast, expert, compute, day, position, value
):
    calls_on(expert, cast, day, number=(3, 5))
    move(cast, cast.ana, day, position=expert)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)

    run = compute(october)

    card = run.scorecards.get(agent=cast.ana.agent)
    assert (card.position.code, int(card.lines.get().value)) == (position, value)
    assert verify_run(run).is_same


def test_equal_days_give_the_later_position(cast, expert, compute):
    day = date(2026, 11, 16)  # 15 days and 15
    calls_on(expert, cast, day, number=(3, 5))
    move(cast, cast.ana, day, position=expert)
    november = cycles.open_cycle(period=OCTOBER.next(), opened_by=cast.hana, now=NOW)

    card = compute(november).scorecards.get(agent=cast.ana.agent)

    assert (card.position.code, int(card.lines.get().value)) == ("expert", 5)


def test_facts_without_a_position_count_wherever_somebody_stands(cast, expert, compute):
    day = date(2026, 10, 15)
    calls_on(expert, cast, day, number=(3, 5))
    add_facts("contacts", [{"position": None}], agent=cast.ana.agent)
    move(cast, cast.ana, day, position=expert)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)

    assert int(line_of(compute(october), cast.ana).value) == 6


def test_transfer_on_the_first_day_is_none(cast, expert, compute):
    move(cast, cast.ana, OCTOBER.starts_on, position=expert)
    add_facts("contacts", [{"position": expert}] * 2, agent=cast.ana.agent)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)

    card = compute(october).scorecards.get(agent=cast.ana.agent)

    assert (card.position.code, int(card.lines.get().value)) == ("expert", 2)


def test_joiner_and_leaver_are_appraised_on_the_days_they_were_there(cast, expert, compute):
    services.end_agent(agent=cast.ben.agent, from_day=date(2026, 10, 13))
    new = add_agent("new", team=cast.alpha, position=cast.position, hired_on=date(2026, 10, 20))
    add_facts("contacts", [{"day": date(2026, 10, 12)}] * 4, agent=cast.ben.agent)
    add_facts("contacts", [{"day": date(2026, 10, 20)}] * 7, agent=new)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)

    run = compute(october)

    cards = {card.agent_id: card for card in run.scorecards.all()}
    found = [
        (card.days_present, int(card.lines.get().value), card.state)
        for card in (cards[cast.ben.agent_id], cards[new.pk])
    ]
    # 12 of 31 days are under 40%.
    assert found == [(12, 4, "not_ranked"), (12, 7, "not_ranked")]


def test_conditions_are_measured_beside_the_items(cast, compute):
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100})
    made.store()
    measure_by("max(contacts.talk_s)", weight=1, rule={}, code="longest_call").store()
    condition = {"kpi": "longest_call", "above": 600, "effect": ["zero"]}
    items = [made.items[0] | {"conditions": [condition]}]
    schemes.add_version(made_of(*items, positions=["agent"]), now=LATER)
    add_facts("contacts", talked(600, 601), agent=cast.ana.agent)
    add_facts("contacts", talked(600, 600), agent=cast.ben.agent)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)

    run = compute(october)

    assert [str(line_of(run, user).points) for user in (cast.ana, cast.ben)] == ["0.00", "2.00"]


def test_target_of_the_cycle_takes_the_place_of_the_scheme_s(cast, compute):
    place(["agent"], rule={"type": "proportional", "target": 10})
    add_facts("contacts", [{}] * 5, agent=cast.ana.agent)
    add_facts("contacts", [{}] * 5, agent=cast.ben.agent)
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)
    version = SchemeVersion.objects.get(scheme__code="plan-calls-made")
    wanted = {Place("calls-made", "agent", cast.ana.agent_id): Decimal(20)}
    set_targets(cycle=october, version=version, wanted=wanted, set_by=cast.hana, now=NOW)

    run = compute(october)

    assert [str(line_of(run, user).points) for user in (cast.ana, cast.ben)] == ["25.00", "50.00"]
    assert verify_run(run).is_same


def test_ratings_are_held_against_the_mean_of_the_peers(cast, compute):
    bands = [{"at": 0, "points": 100}, {"at": "0.1", "points": 40}]
    rule = {"type": "peers", "better": "higher", "bands": bands}
    item = measure_by("count(contacts)", weight=100, rule=rule).items[0]
    del item["kpi"]
    schemes.add_version(made_of(item | {"rating": "helpful"}, positions=["agent"]), now=LATER)
    add_facts("contacts", [{}])
    october = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)
    for user, percent in ((cast.ana, 80), (cast.ben, 90), (cast.bo, 70)):
        Rating.objects.create(
            cycle=october, item="helpful", agent=user.agent, rater=cast.sam, percent=percent,
            rated_at=NOW, valid_from=1,
        )  # fmt: skip

    run = compute(october)

    lines = [line_of(run, user) for user in (cast.ana, cast.ben, cast.bo)]
    assert [str(line.target) for line in lines] == ["0.800000000"] * 3
    assert [str(line.points) for line in lines] == ["100.00", "100.00", "40.00"]
    assert verify_run(run).is_same


FEW_TRANSFERS = {"type": "deduction", "points": 10}
TRANSFERS = "count(contacts, where=transferred)"


@pytest.fixture
def transfers(cast):
    """Ana and Ben have calls of which nobody says whether they were transferred."""
    place(["agent"], formula=TRANSFERS, code="transfers", rule=FEW_TRANSFERS)
    add_facts("contacts", [{"answered": True}] * 4, agent=cast.ana.agent)
    add_facts("contacts", [{"answered": True}] * 2, agent=cast.ben.agent)
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


def test_nobody_has_points_for_what_no_source_records(cast, transfers, compute):
    run = compute(transfers)

    for card in run.scorecards.all():
        line = card.lines.get()
        assert (line.state, line.value, line.points) == ("not_measurable", None, None)
        assert (card.total, card.state, card.provisional) == (None, "no_grade", False)
    assert verify_run(run).is_same


def test_second_source_that_records_it_makes_it_measurable(cast, transfers, compute):
    rows = [{"source": "new", "transferred": flag} for flag in (True, False)]
    add_facts("contacts", rows, agent=cast.bo.agent)

    run = compute(transfers)

    # Ten points off for the one call that Bo transferred.
    assert [str(line_of(run, user).points) for user in (cast.ana, cast.bo)] == ["100.00", "90.00"]
    assert verify_run(run).is_same


def test_zero_of_the_scheme_is_for_no_data_and_not_for_what_cannot_be_measured(
    cast, transfers, compute
):
    item = measure_by(TRANSFERS, weight=100, rule=FEW_TRANSFERS, code="transfers").items[0]
    made = made_of(item | {"missing": "zero"}, positions=["agent"], code="strict")
    schemes.add_version(made, now=LATER.replace(year=2041))

    line = line_of(compute(transfers), cast.ana)

    assert (line.state, line.points) == ("not_measurable", None)


def test_average_of_peers_and_condition_without_a_source_judge_nobody(cast, crew, compute):
    measure_by(TRANSFERS, weight=1, rule={}, code="transfers").store()
    condition = {"kpi": "transfers", "at_most": 0, "effect": ["zero"]}
    item = measure_by("avg(contacts.wait_s)", weight=100, rule=PEERS, code="waiting")
    item.store()
    made = made_of(item.items[0] | {"conditions": [condition]}, positions=["agent"], code="both")
    schemes.add_version(made, now=LATER.replace(year=2041))

    run = compute(crew)

    line = line_of(run, cast.ana)
    assert (line.state, line.target) == ("not_measurable", None)
    assert [(one["value"], one["met"]) for one in line.conditions] == [(None, None)]
    assert verify_run(run).is_same
