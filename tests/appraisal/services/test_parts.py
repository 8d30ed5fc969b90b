"""Cards in parts by days: each part measured on its own days, in its own place."""

from datetime import date
from decimal import Decimal

import pytest

from agents import periods, services
from agents.models import Shift
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import cycles, roster, runs, schemes
from appraisal.services.behind import peers_behind
from appraisal.services.targets import Place, set_targets
from appraisal.services.verification import verify_run
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)
# After whatever schemes came with the database.
LATER = NOW.replace(year=2040)
SHARE = {"type": "share", "of": 100}


def publish(position, *, formula="count(contacts)", rule=SHARE, **more):
    """The scheme of a position with one item of 100 points, and its KPI, both of its name."""
    fields = {key: more.pop(key) for key in ("unit", "minimum_sample") if key in more}
    made = measure_by(formula, weight=100, rule=rule, code=f"of_{position}")
    made.store(**fields)
    document = made_of(*made.items, positions=[position], code=f"plan-{position}", **more)
    schemes.add_version(document, now=LATER)


@pytest.fixture
def lead(cast):
    """The position that Ana has from 21 October on, in Beta: 20 days before, 11 days there."""
    position = cast.sam.agent.assignments.get().position
    services.move_agent(
        agent=cast.ana.agent, team=cast.beta, position=position, shift=cast.early,
        from_day=date(2026, 10, 21),
    )  # fmt: skip
    return position


@pytest.fixture
def cycle(cast, library):
    return cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)


def calls(position, *days, **fields):
    stamped = {"position": position, "position_id": position.pk} if position else {"position": None}
    return [stamped | {"day": date(2026, 10, day)} | fields for day in days]


def lines_of(run, user):
    lines = run.scorecards.get(agent=user.agent).lines.order_by("order")
    return [(line.state, line.value and int(line.value), str(line.points)) for line in lines]


def test_team_of_a_part_is_that_of_its_days(cast, lead, cycle, compute):
    publish("agent", formula="team(count(contacts))", transfers="by_days")
    publish("lead", formula="team(count(contacts))")
    add_facts("contacts", calls(cast.position, 1, 2, 25), agent=cast.ben.agent)
    add_facts("contacts", calls(cast.position, 1), agent=cast.bo.agent)

    run = compute(cycle)

    # Alpha has 3 calls, Beta 1: 3 x 20/31 = 1.9355, 1 x 11/31 = 0.3548
    assert lines_of(run, cast.ana) == [("scored", 3, "1.94"), ("scored", 1, "0.35")]
    assert verify_run(run).is_same


def test_teams_led_count_on_the_days_of_the_part(cast, lead, cycle, compute):
    publish("agent", formula="led(count(contacts))", transfers="by_days")
    publish("lead", formula="led(count(contacts))")
    services.appoint_leader(team=cast.beta, leader=cast.ana.agent, starts_on=date(2026, 10, 15))
    add_facts("contacts", calls(cast.position, 14, 15, 20, 21, 22, 31), agent=cast.bo.agent)

    run = compute(cycle)

    # 15 and 20 October as an agent; 21, 22 and 31 as a leader.
    assert [value for _state, value, _points in lines_of(run, cast.ana)] == [2, 3]
    assert verify_run(run).is_same


def test_fact_without_a_stamp_counts_in_the_part_that_decides(cast, lead, cycle, compute):
    publish("agent", transfers="by_days")
    publish("lead")
    add_facts("contacts", calls(cast.position, 1), agent=cast.ana.agent)
    add_facts("contacts", calls(lead, 22, 23), agent=cast.ana.agent)
    add_facts("contacts", calls(None, 3), agent=cast.ana.agent)

    assert [value for _, value, _ in lines_of(compute(cycle), cast.ana)] == [2, 2]


def test_who_joins_a_position_is_held_against_those_who_held_it_most(cast, lead, cycle, compute):
    rule = {
        "type": "peers", "better": "higher",
        "bands": [{"at": 0, "points": 100}, {"at": 10, "points": 40}],
    }  # fmt: skip
    publish("agent", transfers="by_days")
    publish("lead", formula="avg(contacts.talk_s)", rule=rule)
    for user, talk_s in ((cast.sam, 100), (cast.omar, 110), (cast.mona, 120), (cast.ana, 105)):
        add_facts("contacts", calls(lead, 25, talk_s=talk_s), agent=user.agent)

    run = compute(cycle)

    # Of Sam, Omar and Mona 110, with Ana or without.
    lines = run.scorecards.get(agent=cast.ana.agent).lines.order_by("order")
    assert (str(lines[1].target), str(lines[1].share)) == ("110.000000000", "0.400000000")
    sam = run.scorecards.get(agent=cast.sam.agent).lines.get()
    assert str(sam.target) == "110.000000000"
    assert verify_run(run).is_same
    item = parse_scheme(SchemeVersion.objects.get(scheme__code="plan-lead").document).items[0]
    (held,) = peers_behind(run, item, agent_id=cast.ana.agent_id, position_id=lead.pk)
    assert held.average == (330, 3)
    assert {one.person for one in held.peers if one.makes_average} == {
        user.agent_id for user in (cast.sam, cast.omar, cast.mona)
    }


def test_target_of_a_volume_is_asked_for_by_the_days_of_the_part(cast, lead, cycle, compute):
    rule = {"type": "proportional", "target": 100}
    publish("agent", rule=rule, transfers="by_days")
    publish("lead", rule=rule)
    for position in ("agent", "lead"):
        version = SchemeVersion.objects.get(scheme__code=f"plan-{position}")
        set_targets(
            cycle=cycle, version=version, wanted={Place(f"of-{position}", "scheme"): Decimal(62)},
            set_by=cast.hana, now=NOW,
        )  # fmt: skip

    lines = compute(cycle).scorecards.get(agent=cast.ana.agent).lines.order_by("order")

    assert [str(line.target) for line in lines] == ["40.000000000", "22.000000000"]


def test_leader_in_a_part_has_the_mean_of_the_staff_led_then(cast, lead, cycle, compute):
    publish("agent", transfers="by_days")
    publish("lead", formula='score_of("reports")', unit="points")
    services.appoint_leader(team=cast.beta, leader=cast.ana.agent, starts_on=date(2026, 10, 21))
    add_facts("contacts", calls(cast.position, *[1] * 40), agent=cast.bo.agent)
    add_facts("contacts", calls(cast.position, *[1] * 62), agent=cast.ana.agent)

    run = compute(cycle)

    # Ana's team of most days is Alpha, so Beta is Bo with 40.00 and Omar, who has Bo's 40.00.
    # 62 x 20/31 = 40.00; 40 x 11/31 = 14.1935
    assert lines_of(run, cast.ana) == [("scored", 62, "40.00"), ("scored", 40, "14.19")]
    assert str(run.scorecards.get(agent=cast.ana.agent).total) == "54.19"
    assert verify_run(run).is_same


def test_shifts_of_a_part_are_those_of_its_days(cast, lead, library):
    publish("agent", transfers="by_days")
    publish("lead")
    late = Shift.objects.create(code="late", name_en="Late")
    services.move_agent(
        agent=cast.ana.agent, team=cast.beta, position=lead, shift=late,
        from_day=date(2026, 10, 30),
    )  # fmt: skip

    seat = next(one for one in roster.seats_in(OCTOBER) if one.agent_id == cast.ana.agent_id)

    assert [part.days_by_shift for part in seat.parts] == [
        {cast.early.pk: 20}, {cast.early.pk: 9, late.pk: 2},
    ]  # fmt: skip


def test_without_anybody_in_parts_nothing_is_laid_out_twice(cast, cycle, compute):
    publish("agent", transfers="by_days")
    run = compute(cycle)

    inputs = runs.inputs_of(run, seats=roster.seats_of(run))

    assert (inputs.layers, inputs.standing) == ((), None)
    assert "parts" not in run.parameters


def test_layer_measures_those_who_held_its_positions_most_days_along(cast, lead, cycle, compute):
    publish("agent", transfers="by_days")
    publish("lead")
    run = compute(cycle)

    inputs = runs.inputs_of(run, seats=roster.seats_of(run))

    assert [[seat.agent_id for seat in layer.seats] for layer in inputs.layers] == [
        [cast.ana.agent_id]
    ]
    assert set(inputs.layers[0].peers) == {
        user.agent_id for user in (cast.sam, cast.omar, cast.mona)
    }
