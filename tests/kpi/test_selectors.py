from datetime import date

import pytest

from agents import periods
from kpi import selectors
from kpi.models import ImportBatch, Job, KPIVersion
from tests.factories import NOW, add_facts

OCTOBER = periods.month(2026, 10)


@pytest.fixture
def two_versions(library):
    version = KPIVersion.objects.get(kpi__code="average_handle_time")
    for number, state in ((2, "published"), (3, "draft")):
        version.pk, version.number, version.state = None, number, state
        version.save(force_insert=True)


def add_batch(**values):
    return ImportBatch.objects.create(
        file_name="calls.csv", sha256="0" * 64, uploaded_at=NOW, **values
    )


def test_newest_published_version_of_each_kpi_is_current(two_versions):
    current = {one.kpi.code: one.number for one in selectors.list_current_versions()}

    assert current.pop("average_handle_time") == 2
    assert set(current.values()) == {1}


def test_version_is_found_by_its_code(two_versions):
    assert selectors.newest_version("average_handle_time").number == 2
    assert selectors.newest_version("count(contacts)") is None


def test_versions_stand_newest_first_with_drafts(two_versions):
    assert [one.number for one in selectors.list_versions("average_handle_time")] == [3, 2, 1]


def test_newest_day_is_that_of_a_file_that_was_imported(db):
    assert selectors.newest_day() is None

    add_batch(state="done", last_day=date(2026, 10, 30))
    add_batch(state="undone", last_day=date(2026, 10, 31))

    assert selectors.newest_day() == date(2026, 10, 30)


def test_batches_and_jobs_stand_newest_first(db):
    first, second = add_batch(), add_batch()
    jobs = [Job.objects.create(kind="a", subject_id=pk, asked_at=NOW) for pk in (1, 2)]

    assert list(selectors.list_batches()) == [second, first]
    assert list(selectors.list_jobs()) == jobs[::-1]


def test_days_without_facts_are_absent(db):
    add_facts("contacts", [{"day": date(2026, 10, day)} for day in (1, 1, 3)])
    late = add_facts("contacts", [{"day": date(2026, 10, 4)}])[0]
    add_facts("contacts", [{"day": date(2026, 11, 1)}])

    counted = selectors.count_by_day("contacts", period=OCTOBER, watermark=late.valid_from - 1)

    assert counted == {date(2026, 10, 1): 2, date(2026, 10, 3): 1}
