"""Data by day against the usual volume."""

from datetime import date, timedelta

from agents import periods
from appraisal.selectors.coverage import cells_of, coverage_of
from tests.factories import add_facts

OCTOBER = periods.month(2026, 10)
AFTERWARDS = date(2026, 11, 3)


def every_day(count, *, first=date(2026, 9, 1), end=date(2026, 11, 1)):
    return {first + timedelta(days=n): count for n in range((end - first).days)}


def states(cells):
    return {cell.starts_on.day: cell.state for cell in cells}


def test_a_usual_month_is_full_on_every_day():
    cells = cells_of(every_day(100), OCTOBER, AFTERWARDS)

    assert {cell.state for cell in cells} == {"full"}
    assert len(cells) == 31


def test_a_day_without_data_is_missing_and_a_thin_one_is_short():
    counts = every_day(100) | {date(2026, 10, 14): 0, date(2026, 10, 15): 30}

    cells = states(cells_of(counts, OCTOBER, AFTERWARDS))

    assert (cells[13], cells[14], cells[15]) == ("full", "none", "part")


def test_a_day_that_is_always_free_is_expected_to_be_empty():
    counts = {day: n for day, n in every_day(100).items() if day.weekday() != 6}

    cells = states(cells_of(counts, OCTOBER, AFTERWARDS))

    assert cells[4] == "off"  # a Sunday


def test_rare_events_are_never_short():
    counts = every_day(2) | {date(2026, 10, 14): 0}

    assert states(cells_of(counts, OCTOBER, AFTERWARDS))[14] == "off"


def test_small_volumes_may_be_half_by_chance_but_not_nothing():
    counts = every_day(10) | {date(2026, 10, 14): 3, date(2026, 10, 15): 0}

    cells = states(cells_of(counts, OCTOBER, AFTERWARDS))

    assert (cells[14], cells[15]) == ("full", "none")


def test_nothing_is_expected_of_days_to_come():
    counts = every_day(100, end=date(2026, 10, 10))

    cells = states(cells_of(counts, OCTOBER, date(2026, 10, 10)))

    assert (cells[9], cells[10], cells[31]) == ("full", "off", "off")


def test_a_year_is_told_by_weeks_that_add_up():
    counts = every_day(10, first=date(2025, 11, 1), end=date(2027, 1, 1))

    cells = cells_of(counts, periods.year(2026), date(2027, 2, 1))

    assert len(cells) == 53
    assert sum(cell.count for cell in cells) == 3650
    assert {cell.state for cell in cells} == {"full"}


def test_every_kind_of_facts_has_a_strip_and_excluded_rows_count_nowhere(cast):
    rows = add_facts("contacts", [{"day": date(2026, 10, 5)}] * 3)
    type(rows[0])._default_manager.filter(pk=rows[0].pk).update(exclusion_id=1)

    strips = {strip.kind: strip for strip in coverage_of(OCTOBER, today=AFTERWARDS)}

    assert len(strips) == 8
    assert strips["contacts"].count == 2
    assert strips["tickets"].count == 0
