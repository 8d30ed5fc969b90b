from datetime import date

from agents import periods, selectors, services
from agents.models import Position, Shift, Team
from tests.factories import add_agent

OCTOBER = periods.month(2026, 10)


def test_stay_of_a_whole_month_counts_all_its_days(cast):
    stay = selectors.stays_in(OCTOBER)[cast.ana.agent_id]

    assert (stay.team_id, stay.position_id, stay.shift_id, stay.days_present) == (
        cast.alpha.pk,
        cast.position.pk,
        cast.early.pk,
        31,
    )


def test_team_of_most_days_holds(cast):
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=date(2026, 10, 13),
    )

    stay = selectors.stays_in(OCTOBER)[cast.ana.agent_id]

    assert stay.team_id == cast.beta.pk  # 12 days in Alpha, 19 in Beta
    assert stay.days_present == 31


def test_later_place_wins_a_tie(cast):
    february = periods.month(2026, 2)
    other = Position.objects.create(code="expert", name_en="Expert")
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.alpha,
        position=other,
        shift=cast.early,
        from_day=date(2026, 2, 15),
    )

    stay = selectors.stays_in(february)[cast.ana.agent_id]

    assert stay.position_id == other.pk  # 14 days each


def test_joiner_is_present_from_the_first_day(cast):
    newcomer = services.hire_agent(
        code="new",
        name="New",
        hired_on=date(2026, 10, 29),
        team=cast.alpha,
        position=cast.position,
        shift=None,
    )

    stay = selectors.stays_in(OCTOBER)[newcomer.pk]

    assert (stay.days_present, stay.shift_id) == (3, None)


def test_leaver_is_absent_from_later_months(cast):
    services.end_agent(agent=cast.ben.agent, from_day=date(2026, 10, 1))

    assert cast.ben.agent_id not in selectors.stays_in(OCTOBER)
    assert cast.ben.agent_id in selectors.stays_in(periods.month(2026, 9))


def test_codes_stand_for_ids(cast):
    assert selectors.codes_of("agent", [cast.ana.agent_id]) == {cast.ana.agent_id: "ana"}
    assert selectors.codes_of("team", [cast.beta.pk]) == {cast.beta.pk: "beta"}
    assert selectors.codes_of("centre", [0]) == {0: "centre"}
    assert selectors.codes_of("day", [date(2026, 10, 1)]) == {}
    assert Team.objects.count() == 3


def test_days_in_each_shift_are_those_in_the_position_held_longest(cast):
    late = Shift.objects.create(code="late", name_en="Late")
    other = Position.objects.create(code="expert", name_en="Expert")
    for day, position, shift in ((11, cast.position, late), (25, other, cast.early)):
        services.move_agent(
            agent=cast.ana.agent,
            team=cast.alpha,
            position=position,
            shift=shift,
            from_day=date(2026, 10, day),
        )

    stay = selectors.stays_in(OCTOBER)[cast.ana.agent_id]

    # 10 days early and 14 late as an agent; 7 days as an expert are not among them.
    assert dict(stay.shifts) == {cast.early.pk: 10, late.pk: 14}
    assert stay.position_id == cast.position.pk


def test_who_has_no_shift_stands_in_shift_0(cast):
    newcomer = add_agent("new", team=cast.alpha, position=cast.position)

    assert selectors.stays_in(OCTOBER)[newcomer.pk].shifts == ((0, 31),)


def test_leader_leads_what_is_below_the_team_on_the_days_led_only(cast):
    services.end_leadership(leadership=cast.sam.agent.leaderships.get(), ends_on=date(2026, 10, 15))
    services.appoint_leader(team=cast.alpha, leader=cast.omar.agent, starts_on=date(2026, 10, 15))

    led = selectors.led_in(OCTOBER)

    whole = (OCTOBER.starts_on, OCTOBER.ends_on)
    assert led == sorted(
        [
            (cast.sam.agent_id, cast.alpha.pk, date(2026, 10, 1), date(2026, 10, 15)),
            (cast.omar.agent_id, cast.alpha.pk, date(2026, 10, 15), date(2026, 11, 1)),
            (cast.omar.agent_id, cast.beta.pk, *whole),
            *(
                (cast.mona.agent_id, team.pk, *whole)
                for team in (cast.calls, cast.alpha, cast.beta)
            ),
        ]
    )


def test_team_led_twice_over_is_led_once(cast):
    services.appoint_leader(team=cast.alpha, leader=cast.mona.agent, starts_on=date(2026, 10, 9))

    spans = [
        span
        for span in selectors.led_in(OCTOBER)
        if span[:2] == (cast.mona.agent_id, cast.alpha.pk)
    ]

    assert [days for _, _, *days in spans] == [[date(2026, 10, 1), date(2026, 11, 1)]]


def test_tenures_tell_every_position_of_whoever_had_several(cast):
    lead = cast.sam.agent.assignments.get().position
    places = ((date(2026, 10, 11), lead, cast.beta), (date(2026, 10, 25), cast.position, cast.beta))
    for day, position, team in places:
        services.move_agent(
            agent=cast.ana.agent, team=team, position=position, shift=cast.early, from_day=day
        )

    found = selectors.tenures_in(OCTOBER)

    assert list(found) == [cast.ana.agent_id]
    agent, leader = found[cast.ana.agent_id]
    assert (agent.position_id, agent.team_id, agent.days) == (cast.position.pk, cast.alpha.pk, 17)
    assert agent.spans == (
        (date(2026, 10, 1), date(2026, 10, 11)), (date(2026, 10, 25), date(2026, 11, 1)),
    )  # fmt: skip
    assert (leader.position_id, leader.team_id, leader.days) == (lead.pk, cast.beta.pk, 14)
    assert leader.shifts == ((cast.early.pk, 14),)


def test_who_changed_team_alone_has_no_tenures(cast):
    services.move_agent(
        agent=cast.ana.agent, team=cast.beta, position=cast.position, shift=cast.early,
        from_day=date(2026, 10, 11),
    )  # fmt: skip

    assert selectors.tenures_in(OCTOBER) == {}
