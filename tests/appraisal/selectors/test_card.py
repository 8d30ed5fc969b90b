from datetime import date
from decimal import Decimal

import pytest

from appraisal.models import Scorecard
from appraisal.selectors.card import get_card, may_see_rows_of, newest_of

TODAY = date(2026, 11, 3)


@pytest.fixture
def months(results):
    """August and September are published, October is a draft; Ana's totals are 70, 75, 80."""
    cast = results.cast
    for code, total, published in (
        ("2026-08", 70, True),
        ("2026-09", 75, True),
        ("2026-10", 80, False),
    ):
        results.run(code, published=published)
        card = results.card(code, cast.ana, total)
        results.line(card, "calls", total / 2, total / 2)
        results.line(card, "satisfaction", "0.9", 4)
        results.card(code, cast.ben, 60)
        results.card(code, cast.bo, 50, team=cast.beta)
        if published:
            results.publish(code)
    return results


def read(months, user, code="2026-10", agent="ana"):
    agent_id = getattr(months.cast, agent).agent_id
    return get_card(user=getattr(months.cast, user), agent_id=agent_id, code=code, on=TODAY)


def test_leader_reads_the_draft_with_points_and_what_came_before(months):
    card = read(months, "sam")

    assert card.shows_points
    assert not card.is_own
    assert [one.total for one in card.history] == [70, 75, 80]
    assert card.previous.total == 75
    assert (card.earlier.code, card.later) == ("2026-09", None)


def test_line_knows_its_value_of_the_period_before(months):
    card = read(months, "sam")
    calls = card.lines[0]

    assert calls.item == "calls"
    assert card.before(calls).value == Decimal("37.5")
    assert card.values_of(calls) == [Decimal(35), Decimal("37.5"), Decimal(40)]


def test_another_kpi_under_the_same_item_is_not_compared(months):
    from appraisal.models import ScorecardLine
    from kpi.models import KPIVersion

    other = KPIVersion.objects.get(kpi__code="contacts_handled")
    scorecard = months.runs["2026-10"].scorecards.get(agent=months.cast.ana.agent)
    ScorecardLine.objects.filter(scorecard=scorecard, item="calls").update(kpi_version=other)

    card = read(months, "sam")

    assert card.before(card.lines[0]) is None


def test_person_appraised_sees_no_points_before_publication(months):
    card = read(months, "ana")

    assert card.is_own
    assert not card.shows_points
    assert card.lines[0].value == 40


def test_person_appraised_sees_points_once_published(months):
    card = read(months, "ana", "2026-09")

    assert card.shows_points
    assert [one.total for one in card.history] == [70, 75]
    assert (card.earlier.code, card.later.code) == ("2026-08", "2026-10")


@pytest.mark.parametrize(
    ("user", "agent"), [("ben", "ana"), ("omar", "ana"), ("sam", "bo"), ("ada", "ana")]
)
def test_card_of_others_does_not_exist(months, user, agent):
    with pytest.raises(Scorecard.DoesNotExist):
        read(months, user, agent=agent)


@pytest.mark.parametrize("code", ["2026-11", "nonsense", ""])
def test_cycle_without_a_card_does_not_exist(months, code):
    with pytest.raises(Scorecard.DoesNotExist):
        read(months, "sam", code)


def test_median_needs_eight_people(months):
    assert read(months, "sam").medians == {}


def test_reading_takes_the_same_queries_for_any_number_of_lines(
    months, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        read(months, "sam")


def test_newest_published_one_comes_first(months):
    assert newest_of(months.cast.ana.agent_id).run.cycle.code == "2026-09"
    assert newest_of(months.cast.sam.agent_id) is None
    assert newest_of(None) is None


@pytest.mark.parametrize(
    ("user", "scope", "may"),
    [
        ("ana", "own", True),
        ("ana", "team", False),
        ("ana", "centre", False),
        ("sam", "team", True),
        ("sam", "centre", False),
        ("omar", "team", False),
        ("mona", "team", True),
        ("hana", "centre", True),
        ("sam", "led", True),
        ("ana", "led", False),
        ("sam", "peers", False),
        ("hana", "peers", True),
    ],
)
def test_rows_of_others_are_for_those_who_may_see_them(cast, user, scope, may):
    reader = getattr(cast, user)

    assert may_see_rows_of(reader, scope, team_ids=[cast.alpha.pk], on=TODAY) is may
