"""Where people would stand in a run with a draft in use."""

from datetime import date

import pytest

from agents import periods, services
from agents.models import Position
from appraisal.models import SchemeVersion
from appraisal.scoring.scheme import parse_scheme
from appraisal.services import cycles
from appraisal.services.reseating import reseat, stand_alike
from appraisal.services.stored import stored_of
from tests.factories import NOW

OCTOBER = periods.month(2026, 10)


@pytest.fixture
def stored(cast, publish, compute):
    """Ana is an agent until 15 October, a guide until the 20th, a leader after; all is whole."""
    publish("agent")
    publish("lead")
    guide = Position.objects.create(code="guide", name_en="Guide")
    for day, position in ((16, guide), (21, Position.objects.get(code="lead"))):
        services.move_agent(
            agent=cast.ana.agent, team=cast.alpha, position=position, shift=cast.early,
            from_day=date(2026, 10, day),
        )  # fmt: skip
    run = compute(cycles.open_cycle(period=OCTOBER, opened_by=None, now=NOW))
    return stored_of(run.pk, run.digest)


def seats_by(stored, code, **changes):
    version = SchemeVersion.objects.get(scheme__code=code, state="published")
    return reseat(stored, version, parse_scheme(version.document | changes))


def ana_among(cast, seats):
    return next(seat for seat in seats if seat.agent_id == cast.ana.agent_id)


def told(seat):
    return [(part.position, part.days_present) for part in seat.parts]


def test_draft_that_changes_no_place_asks_for_nothing(stored, django_assert_num_queries):
    version = SchemeVersion.objects.get(scheme__code="plan-agent")
    scheme = parse_scheme(version.document)

    with django_assert_num_queries(0):
        seats = reseat(stored, version, scheme)

    assert seats == stored.seats


def test_parts_are_made_of_the_tenures_on_record(cast, stored):
    seat = ana_among(cast, seats_by(stored, "plan-agent", transfers="by_days"))

    assert told(seat) == [("agent", 15), ("lead", 11)]
    assert [days for _position, days in seat.elsewhere] == [5]


def test_position_that_the_draft_adds_is_a_part(cast, stored):
    more = {"transfers": "by_days", "positions": ["agent", "guide"]}

    seat = ana_among(cast, seats_by(stored, "plan-agent", **more))

    assert told(seat) == [("agent", 15), ("lead", 11), ("guide", 5)]
    assert seat.elsewhere == ()


def test_place_that_is_on_record_no_more_stays_whole(cast, stored):
    cast.ana.agent.assignments.all().delete()

    assert ana_among(cast, seats_by(stored, "plan-agent", transfers="by_days")).parts == ()


def test_who_is_in_no_position_of_a_scheme_has_no_seat(cast, stored):
    seats = seats_by(stored, "plan-lead", positions=["nobody"])

    assert cast.ana.agent_id in {seat.agent_id for seat in seats}
    assert cast.sam.agent_id not in {seat.agent_id for seat in seats}


def test_pinned_parts_stand_whatever_is_on_record_now(cast, stored, publish, compute):
    publish("agent", transfers="by_days")
    run = compute(stored.run.cycle)
    pinned = stored_of(run.pk, run.digest)
    cast.ana.agent.assignments.all().delete()

    same = seats_by(pinned, "plan-agent")
    whole = seats_by(pinned, "plan-agent", transfers="longest")

    assert told(ana_among(cast, same)) == [("agent", 15), ("lead", 11)]
    assert stand_alike(same, pinned.seats)
    assert not stand_alike(whole, pinned.seats)
    assert ana_among(cast, whole).parts == ()
