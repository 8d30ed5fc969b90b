import pytest

from agents import periods
from appraisal.models import Cycle
from appraisal.services import cycles
from tests.factories import NOW


@pytest.mark.parametrize(
    ("code", "kind", "ends_on"),
    [
        ("2026-10", "month", "2026-11-01"),
        ("2026-Q4", "quarter", "2027-01-01"),
        ("2026", "year", "2027-01-01"),
    ],
)
def test_cycle_is_opened_with_the_days_of_its_period(cast, code, kind, ends_on):
    cycle = cycles.open_cycle(period=periods.parse(code), opened_by=cast.hana, now=NOW)

    cycle.refresh_from_db()
    assert (cycle.code, cycle.kind, cycle.phase) == (code, kind, "collect")
    assert cycle.ends_on.isoformat() == ends_on
    assert cycle.period == periods.parse(code)


def test_cycle_already_open_is_given_back_unchanged(cast):
    october = periods.parse("2026-10")
    first = cycles.open_cycle(period=october, opened_by=cast.hana, now=NOW)
    Cycle.objects.filter(pk=first.pk).update(phase="evaluate")

    again = cycles.open_cycle(period=october, opened_by=None, now=NOW)

    assert (again.pk, again.phase, again.opened_by) == (first.pk, "evaluate", cast.hana)


def test_unknown_cycle_says_how_to_get_one(db):
    with pytest.raises(cycles.NoSuchCycle, match="compute 2026-10"):
        cycles.get_cycle("2026-10")
