from datetime import date

import pytest

from agents import services
from appraisal.selectors.scorecards import scorecards_visible_to
from tests.factories import NOW

TODAY = date(2026, 11, 3)


@pytest.fixture
def months(results):
    """September is published, October a draft; everybody has a card in both."""
    cast = results.cast
    for code, published in (("2026-09", True), ("2026-10", False)):
        results.run(code, published=published)
        for user, team in (
            (cast.ana, cast.alpha),
            (cast.ben, cast.alpha),
            (cast.bo, cast.beta),
            (cast.sam, cast.alpha),
        ):
            results.card(code, user, 80, team=team)
    return results


def seen(user, on=TODAY):
    cards = scorecards_visible_to(user, on).order_by("run__cycle__code", "agent__code")
    return [f"{card.agent.code} {card.run.cycle.code[5:]}" for card in cards]


def test_agent_sees_the_own_published_ones_only(months):
    assert seen(months.cast.ana) == ["ana 09"]


def test_supervisor_sees_the_team_drafts_too_but_not_the_own_draft(months):
    assert seen(months.cast.sam) == ["ana 09", "ben 09", "sam 09", "ana 10", "ben 10"]


def test_another_teams_supervisor_sees_that_team_alone(months):
    assert seen(months.cast.omar) == ["bo 09", "bo 10"]


def test_manager_sees_the_whole_department(months):
    assert len(seen(months.cast.mona)) == 8


def test_hr_sees_everybody(months):
    assert len(seen(months.cast.hana)) == 8


def test_hr_with_a_card_of_their_own_does_not_see_its_draft(months):
    cast = months.cast
    services.set_roles(user=cast.ben, roles=["hr"], granted_by=None, now=NOW)

    assert "ben 09" in seen(cast.ben)
    assert "ben 10" not in seen(cast.ben)
    assert "ana 10" in seen(cast.ben)


@pytest.mark.parametrize("name", ["ada", "quinn"])
def test_others_see_nothing(months, name):
    assert seen(getattr(months.cast, name)) == []


def test_who_moved_away_is_out_of_sight_on_the_same_day(months):
    cast = months.cast
    services.move_agent(
        agent=cast.ben.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=TODAY,
    )

    assert seen(cast.sam) == ["ana 09", "sam 09", "ana 10"]


def test_cards_made_in_another_team_stay_with_that_teams_leader(months):
    """Ben came to Beta: Omar sees Ben, but not what Ben did in Alpha."""
    cast = months.cast
    services.move_agent(
        agent=cast.ben.agent,
        team=cast.beta,
        position=cast.position,
        shift=cast.early,
        from_day=TODAY,
    )

    assert seen(cast.omar) == ["bo 09", "bo 10"]


def test_run_under_way_is_seen_by_nobody(months):
    months.runs["2026-10"].state = "running"
    months.runs["2026-10"].save(update_fields=["state"])

    assert seen(months.cast.hana) == ["ana 09", "ben 09", "bo 09", "sam 09"]
