from datetime import date

from agents import periods, selectors, services
from agents.models import Position, Team

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
