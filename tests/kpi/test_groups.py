from datetime import date

import pytest

from agents import periods
from kpi.formula import compile_formula
from kpi.frames import window_of
from kpi.places import Led, Places
from kpi.services import measuring, revisions
from tests.factories import add_facts

OCTOBER = periods.month(2026, 10)
WHOLE = (OCTOBER.starts_on, OCTOBER.ends_on)


def counted(formula, *people, places):
    window = window_of(OCTOBER, revisions.latest_revision())
    one = measuring.Wanted("it", compile_formula(formula))
    groups = [person.agent_id for person in people]
    frame = measuring.measure([one], window=window, groups=groups, places=places)["it"]
    return frame["numerator"].tolist()


def calls(*days, **fields):
    return [{"day": date(2026, 10, day)} | fields for day in days]


def test_team_led_for_half_the_month_counts_on_the_days_led_only(cast):
    add_facts("contacts", calls(1, 14, 15, 16, 31), agent=cast.ana.agent)
    led = (
        Led(cast.sam.agent_id, cast.alpha.pk, OCTOBER.starts_on, date(2026, 10, 15)),
        Led(cast.omar.agent_id, cast.alpha.pk, date(2026, 10, 15), OCTOBER.ends_on),
    )

    found = counted("led(count(contacts))", cast.sam, cast.omar, places=Places(led=led))

    assert found == [2, 3]


def test_fact_counts_for_every_leader_of_its_team(cast):
    add_facts("contacts", calls(1, 2), agent=cast.ana.agent)
    add_facts("contacts", calls(1), agent=cast.bo.agent)
    add_facts("contacts", calls(1), agent=cast.sam.agent)
    led = (
        Led(cast.sam.agent_id, cast.alpha.pk, *WHOLE),
        Led(cast.mona.agent_id, cast.alpha.pk, *WHOLE),
        Led(cast.mona.agent_id, cast.beta.pk, *WHOLE),
    )

    found = counted("led(count(contacts))", cast.sam, cast.mona, cast.ana, places=Places(led=led))

    # Sam's own call counts in his team; Ana leads nobody.
    assert found == [3, 4, 0]


def test_median_of_the_teams_led_is_of_all_their_rows(cast):
    add_facts("contacts", calls(1, talk_s=10) + calls(2, talk_s=20), agent=cast.ana.agent)
    add_facts("contacts", calls(1, talk_s=90), agent=cast.bo.agent)
    led = tuple(Led(cast.mona.agent_id, team.pk, *WHOLE) for team in (cast.alpha, cast.beta))

    assert counted("led(median(contacts.talk_s))", cast.mona, places=Places(led=led)) == [20]


def test_nobody_leads_nothing(cast):
    add_facts("contacts", calls(1), agent=cast.ana.agent)

    assert counted("led(count(contacts))", cast.sam, places=Places()) == [0]


def test_teams_led_are_one_query(cast, django_assert_num_queries):
    add_facts("contacts", calls(1), agent=cast.ana.agent)
    window = window_of(OCTOBER, revisions.latest_revision())
    wanted = [measuring.Wanted("it", compile_formula("led(count(contacts))"))]
    led = tuple(
        Led(leader.agent_id, team.pk, *WHOLE)
        for leader in (cast.sam, cast.mona)
        for team in (cast.alpha, cast.beta)
    )

    with django_assert_num_queries(1):
        measuring.measure(wanted, window=window, places=Places(led=led))


@pytest.mark.parametrize(("is_one_position", "expected"), [(True, [2, 1]), (False, [3, 1])])
def test_facts_in_another_position_are_not_one_s_own(cast, is_one_position, expected):
    agent, lead = cast.position.pk, cast.sam.agent.assignments.get().position_id
    rows = [{"position_id": pk} for pk in (agent, lead)] + [{"position": None}]
    add_facts("contacts", rows, agent=cast.ana.agent)
    add_facts("contacts", [{}], agent=cast.sam.agent)
    places = Places(
        positions={cast.ana.agent_id: agent, cast.sam.agent_id: lead},
        is_one_position=is_one_position,
    )

    assert counted("count(contacts)", cast.ana, cast.sam, places=places) == expected


def test_team_and_centre_count_facts_of_every_position(cast):
    lead = cast.sam.agent.assignments.get().position_id
    add_facts("contacts", [{}, {"position_id": lead}], agent=cast.ana.agent)
    places = Places(
        teams={cast.ana.agent_id: cast.alpha.pk},
        positions={cast.ana.agent_id: cast.position.pk},
        is_one_position=True,
    )

    assert counted("team(count(contacts))", cast.ana, places=places) == [2]
    assert counted("centre(count(contacts))", cast.ana, places=places) == [2]


def test_fact_without_a_stamp_is_not_of_whoever_has_stamped_ones_only(cast):
    rows = [{"position_id": cast.position.pk}, {"position": None}]
    for user in (cast.ana, cast.ben):
        add_facts("contacts", rows, agent=user.agent)
    places = Places(
        positions={cast.ana.agent_id: cast.position.pk, cast.ben.agent_id: cast.position.pk},
        is_one_position=True,
        stamped_only=frozenset({cast.ana.agent_id}),
    )

    assert counted("count(contacts)", cast.ana, cast.ben, places=places) == [1, 2]
