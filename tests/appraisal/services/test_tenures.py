from dataclasses import replace
from datetime import date

import pytest

from agents import periods, services
from agents.models import Position
from appraisal.seats import pin_parts, pinned_parts
from appraisal.services import roster, tenures

OCTOBER = periods.month(2026, 10)
FOURTH = periods.quarter(2026, 4)


def move(cast, day, position):
    services.move_agent(
        agent=cast.ana.agent, team=cast.alpha, position=position, shift=cast.early,
        from_day=date(2026, 10, day),
    )  # fmt: skip


@pytest.fixture
def guide(cast):
    """A position without a scheme, Ana's from 16 to 20 October; a leader she is from 21 on."""
    guide = Position.objects.create(code="guide", name_en="Guide")
    move(cast, 16, guide)
    move(cast, 21, Position.objects.get(code="lead"))
    return guide


def ana_in(cast, period):
    return next(one for one in roster.seats_in(period) if one.agent_id == cast.ana.agent_id)


def test_every_position_with_a_scheme_is_a_part(cast, guide, publish):
    desk, lead = publish("agent", transfers="by_days"), publish("lead")

    seat = ana_in(cast, OCTOBER)

    # 1 to 15, 21 to 31 October
    told = [(one.position, one.days_present, one.scheme_version_id) for one in seat.parts]
    assert told == [("agent", 15, desk.pk), ("lead", 11, lead.pk)]
    assert seat.parts[1].spans == ((date(2026, 10, 21), date(2026, 11, 1)),)
    assert (seat.elsewhere, seat.days_present) == (((guide.pk, 5),), 31)


def test_scheme_of_the_position_held_most_days_decides(cast, guide, publish):
    publish("agent")
    publish("lead", transfers="by_days")

    assert ana_in(cast, OCTOBER).parts == ()


def test_quarter_made_of_months_is_in_no_parts(cast, guide, publish):
    cycles = {"cycles": ["month", "quarter"], "roll_up": "months"}
    version = publish("agent", transfers="by_days", **cycles)
    publish("lead", cycles=["month", "quarter"])

    assert tenures.makes_parts(version, "month")
    assert not tenures.makes_parts(version, "quarter")
    assert ana_in(cast, FOURTH).parts == ()


def test_days_in_a_position_held_twice_are_one_part(cast, guide, publish):
    publish("agent", transfers="by_days")
    publish("lead")
    move(cast, 30, cast.position)

    part = ana_in(cast, OCTOBER).parts[0]

    assert part.days_present == 17
    assert part.spans == (
        (date(2026, 10, 1), date(2026, 10, 16)), (date(2026, 10, 30), date(2026, 11, 1)),
    )  # fmt: skip


def test_what_is_pinned_comes_back(cast, guide, publish):
    publish("agent", transfers="by_days")
    publish("lead")
    seats = roster.seats_in(OCTOBER)

    pinned = pin_parts(seats)
    parts, elsewhere = pinned_parts(pinned, cast.ana.agent_id, roster.position_codes())

    seat = ana_in(cast, OCTOBER)
    assert replace(seat, parts=parts, elsewhere=elsewhere) == seat
    assert list(pinned["parts"]) == [str(cast.ana.agent_id)]


def test_nobody_in_parts_pins_nothing(cast, library):
    seats = roster.seats_in(OCTOBER)

    assert pin_parts(seats) == {}
    assert pinned_parts({}, cast.ana.agent_id, {}) == ((), ())


def test_schemes_of_all_parts_are_used(cast, guide, publish):
    desk, lead = publish("agent", transfers="by_days"), publish("lead")
    own = ana_in(cast, OCTOBER)

    assert tenures.versions_of([own]) == {desk.pk, lead.pk}
