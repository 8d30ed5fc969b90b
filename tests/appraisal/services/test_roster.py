from datetime import date
from decimal import Decimal

import pytest

from agents import periods, services
from appraisal.models import SchemeVersion
from appraisal.seats import Seat
from appraisal.selectors.schemes import schemes_for
from appraisal.services import roster, schemes
from tests.factories import NOW

OCTOBER = periods.month(2026, 10)


def seat_of(user):
    return next(one for one in roster.seats_in(OCTOBER) if one.agent_id == user.agent_id)


def test_only_positions_with_a_scheme_are_appraised(cast, library):
    seats = roster.seats_in(OCTOBER)

    expected = sorted(user.agent_id for user in (cast.ana, cast.ben, cast.bo))
    assert [seat.agent_id for seat in seats] == expected
    assert {seat.position for seat in seats} == {"agent"}


def test_place_held_on_most_days_decides(cast, library):
    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 10, 12),
    )

    seat = seat_of(cast.ana)

    # 11 days in Alpha, 20 in Beta.
    assert (seat.team_id, seat.shift_id, seat.days_present) == (cast.beta.pk, None, 31)


def test_leaver_keeps_a_seat_for_the_days_there(cast, library):
    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 10, 13))

    assert seat_of(cast.ana).days_present == 12


def test_who_left_before_has_no_seat(cast, library):
    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 10, 1))

    assert cast.ana.agent_id not in {seat.agent_id for seat in roster.seats_in(OCTOBER)}


@pytest.mark.parametrize(("days", "is_present"), [(12, False), (13, True), (31, True)])
def test_presence_on_two_fifths_of_the_days_is_enough(days, is_present):
    seat = Seat(1, 1, 1, "agent", None, days, 1)  # 0.4 x 31 days = 12.4

    assert roster.is_present(seat, OCTOBER, Decimal("0.4")) is is_present


def test_scheme_serves_the_cycles_it_names(library):
    document = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent").document
    schemes.add_version(document | {"cycles": ["month"]}, now=NOW)

    assert "agent" in schemes_for("month")
    assert "agent" not in schemes_for("year")
    assert "agent" in schemes_for("custom")


def test_newest_version_in_use_holds_and_a_draft_does_not(library):
    version = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent")
    for number, state in ((2, "published"), (3, "draft")):
        version.pk, version.number, version.state = None, number, state
        version.save(force_insert=True)

    assert schemes_for("month")["agent"].number == 2


def test_seats_of_a_run_are_those_it_stored(cast, october, compute):
    run = compute(october)
    seats = roster.seats_of(run)
    services.end_agent(agent=cast.ana.agent, from_day=date(2026, 10, 2))

    assert roster.seats_of(run) == seats
    assert roster.teams_of(seats)[cast.bo.agent_id] == cast.beta.pk
