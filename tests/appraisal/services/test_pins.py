from datetime import date

import pytest

from agents import periods, services
from agents.models import Position, Shift
from agents.periods import Period
from appraisal.models import Cycle, Run
from appraisal.services import cycles, pins, publication, roster, runs, verification
from appraisal.services.schemes import add_version
from kpi.frames import Window
from kpi.places import Led
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)
FOURTH = periods.quarter(2026, 4)
# After whatever schemes came with the database.
LATER = NOW.replace(year=2040)


@pytest.fixture
def late(db):
    return Shift.objects.create(code="late", name_en="Late")


def move(cast, agent, day, **place):
    now = {"team": cast.alpha, "position": cast.position, "shift": cast.early} | place
    services.move_agent(agent=agent, from_day=day, **now)


def test_only_who_changed_shift_is_pinned_with_the_days(cast, library, late):
    move(cast, cast.ana.agent, date(2026, 10, 11), shift=late)

    seats = roster.seats_in(OCTOBER)
    pinned = pins.pin(OCTOBER, Window(OCTOBER, 1, frozenset({"contacts"})), seats)

    assert pinned["shifts"] == {str(cast.ana.agent_id): [[cast.early.pk, 10], [late.pk, 21]]}
    assert pinned["imported"] == ["contacts"]
    assert "months" not in pinned


def test_seats_come_back_with_the_shifts_as_they_were(cast, october, compute, late):
    move(cast, cast.ana.agent, date(2026, 10, 11), shift=late)
    seats = roster.seats_in(OCTOBER)

    run = compute(october)

    assert roster.seats_of(run)[0].days_by_shift == {cast.early.pk: 10, late.pk: 21}
    assert [one.days_by_shift for one in roster.seats_of(run)] == [
        one.days_by_shift for one in seats
    ]


def test_teams_led_come_back_as_they_were(cast):
    written = {"led": [[1, 2, "2026-10-01", "2026-10-15"]]}

    assert pins.led_of(written) == (Led(1, 2, date(2026, 10, 1), date(2026, 10, 15)),)
    assert pins.led_of({}) == ()


def test_months_of_a_quarter_and_of_a_year():
    assert [one.code for one in pins.months_in(FOURTH)] == ["2026-10", "2026-11", "2026-12"]
    assert len(pins.months_in(periods.year(2026))) == 12


MONTHLY = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100})


def add_scheme(*positions, roll_up="months", **changes):
    add_version(
        made_of(
            *MONTHLY.items,
            positions=positions,
            cycles=["month", "quarter"],
            roll_up=roll_up,
            **changes,
        ),
        now=LATER,
    )


@pytest.fixture
def quarter(cast, compute):
    """Calls of the fourth quarter: Ana 80 and 91 in October and November, Ben 70 in November.

    October and November are computed, December is not. Each call is a point.
    """
    MONTHLY.store()
    add_scheme("agent")
    calls = {(cast.ana, 10): 80, (cast.ana, 11): 91, (cast.ben, 11): 70, (cast.bo, 10): 60}
    for (user, month), number in calls.items():
        add_facts("contacts", [{"day": date(2026, month, 5)}] * number, agent=user.agent)
    for month in (10, 11):
        compute(open_cycle(cast, periods.month(2026, month)))
    return open_cycle(cast, FOURTH)


def open_cycle(cast, period: Period):
    return cycles.open_cycle(period=period, opened_by=cast.hana, now=NOW)


def lines_of(run: Run, user):
    lines = run.scorecards.get(agent=user.agent).lines.order_by("order")
    return [(line.item, line.state, line.value, line.points) for line in lines]


def test_quarter_is_made_of_the_totals_of_its_months(cast, quarter, compute):
    run = compute(quarter)

    found = [(item, state, str(points)) for item, state, _value, points in lines_of(run, cast.ana)]
    card = run.scorecards.get(agent=cast.ana.agent)
    # Half each, as December is not computed: 40 and 45.5; two thirds are covered.
    assert found == [
        ("2026-10", "scored", "40.00"),
        ("2026-11", "scored", "45.50"),
        ("2026-12", "awaited", "None"),
    ]
    assert (str(card.total), str(card.covered), card.provisional) == ("85.50", "66.67", True)
    assert (card.state, card.grade) == ("no_grade", "")


def test_month_before_somebody_came_is_left_out(cast, quarter, compute):
    services.end_agent(agent=cast.bo.agent, from_day=date(2026, 11, 1))
    compute(open_cycle(cast, periods.month(2026, 12)))
    for month in (11, 12):
        compute(cycles_of(month))

    run = compute(quarter)

    states = [state for _item, state, _value, _points in lines_of(run, cast.bo)]
    assert states == ["scored", "not_applicable", "not_applicable"]
    card = run.scorecards.get(agent=cast.bo.agent)
    assert (str(card.total), str(card.covered), card.grade) == ("60.00", "100.00", "qualified")


def cycles_of(month):
    return Cycle.objects.get(code=f"2026-{month}")


def test_months_computed_again_change_nothing_of_what_was_computed(cast, quarter, compute):
    run = compute(quarter)
    add_facts("contacts", [{"day": date(2026, 10, 6)}] * 5, agent=cast.ana.agent)
    compute(cycles_of(10))

    assert verification.verify_run(run).is_same
    again = compute(quarter)
    assert str(again.scorecards.get(agent=cast.ana.agent).total) == "88.00"
    assert again.parameters["months"]["2026-10"]["number"] == 2
    assert verification.verify_run(again).is_same


def test_published_run_of_a_month_stands_for_it(cast, quarter, compute):
    october = cycles_of(10)
    asked = publication.ask_publication(
        run=october.current_run, asked_by=cast.hana, note="", now=NOW
    )
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)

    run = compute(quarter)

    october.refresh_from_db()
    told = run.parameters["months"]["2026-10"]
    assert told == {
        "run": october.published_run_id,
        "number": 1,
        "digest": october.published_run.digest,
    }
    assert run.parameters["months"]["2026-12"] is None


def test_month_run_that_was_tampered_with_is_found(quarter, compute):
    run = compute(quarter)
    Run.objects.filter(pk=run.parameters["months"]["2026-10"]["run"]).update(digest="0" * 64)

    assert not verification.verify_run(run).is_same


def test_weights_of_months_hold(cast, quarter, compute):
    add_scheme("agent", month_weights=[1, 3, 1])

    run = compute(quarter)

    # 80 x 1/4 and 91 x 3/4.
    assert [str(points) for *_, points in lines_of(run, cast.ana)] == ["20.00", "68.25", "None"]


def test_quarter_by_facts_measures_the_whole_quarter(cast, quarter, compute):
    add_scheme("agent", roll_up="facts")

    run = compute(quarter)

    ((_item, state, value, _points),) = lines_of(run, cast.ana)
    assert (state, int(value)) == ("scored", 171)


def test_run_from_before_is_recomputed_as_it_was(cast, october, compute):
    other = Position.objects.create(code="expert", name_en="Expert")
    move(cast, cast.ana.agent, date(2026, 10, 30), position=other)
    add_facts("contacts", [{"position": other, "day": date(2026, 10, 30)}], agent=cast.ana.agent)
    run = compute(october)

    old = {key: run.parameters[key] for key in ("imported", "minimum_presence")}
    Run.objects.filter(pk=run.pk).update(parameters=old)
    run.refresh_from_db()

    inputs = runs.inputs_of(run, seats=roster.seats_of(run))
    assert not inputs.is_one_position
    assert inputs.led == ()
    assert inputs.seats[0].days_by_shift == {cast.early.pk: 31}


@pytest.mark.parametrize("reader", ["hana", "sam"])
def test_pages_of_a_quarter_show_its_months(cast, quarter, compute, reader):
    compute(quarter)
    client = cast.client(reader)
    card = f"/scorecards/{cast.ana.agent_id}/2026-Q4/"

    page = client.get(card).content.decode()
    line = client.get(f"{card}2026-10/").content.decode()
    awaited = client.get(f"{card}2026-12/")
    board = client.get(f"/teams/{cast.alpha.code}/board/", {"period": "2026-Q4"})

    assert "80.0" in page
    assert "The total of the month was 80" in line
    assert (awaited.status_code, board.status_code) == (200, 200)
    assert "91.0" in board.content.decode()
