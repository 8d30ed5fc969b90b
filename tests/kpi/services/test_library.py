from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agents.models import User
from kpi.library.definition import Definition
from kpi.library.reading import shipped_definitions
from kpi.models import KPIVersion
from kpi.services import library
from tests.factories import empty_library

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def _no_kpis() -> None:
    empty_library()


def sales() -> list[Definition]:
    return [one for one in shipped_definitions() if one.theme == "sales"]


def renamed(definitions: Iterable[Definition], *, code: str) -> list[Definition]:
    """The same definitions, one of them with another minimum sample."""
    return [
        replace(one, minimum_sample=99, document={**one.document, "minimum_sample": 99})
        if one.code == code
        else one
        for one in definitions
    ]


def history(code: str) -> list[tuple[int, str, int]]:
    versions = KPIVersion.objects.filter(kpi__code=code).order_by("number")
    return [(version.number, version.state, version.minimum_sample) for version in versions]


def test_database_holds_the_library_after_migrate():
    codes = {definition.code for definition in shipped_definitions()}

    assert codes <= set(library.newest_versions())


@pytest.mark.usefixtures("_no_kpis")
def test_shipped_definitions_become_version_one_in_use():
    report = library.load_library(now=NOW)

    version = KPIVersion.objects.get(kpi__code="average_handle_time")
    assert set(report.added) == {definition.code for definition in shipped_definitions()}
    assert (report.changed, report.unchanged) == ((), ())
    assert (version.number, version.state, version.created_at) == (1, "published", NOW)
    assert (version.name_en, version.name_zh) == ("Average handle time", "平均处理时长")
    assert version.formula == "avg(contacts.handle_s, where=answered)"
    assert (version.unit, version.direction, version.scope) == ("s", "range", "agent")
    assert (version.anchor, version.minimum_sample) == ("day", 20)
    assert (version.sample_en, version.sample_zh) == ("contacts", "次联络")
    assert version.definition["meaning"]["en"].startswith("How long an answered contact")
    assert (version.edited_by, version.approved_by) == (None, None)


@pytest.mark.usefixtures("_no_kpis")
def test_loading_twice_changes_nothing():
    library.load_library(now=NOW)

    report = library.load_library(now=LATER)

    assert (report.added, report.changed) == ((), ())
    assert len(report.unchanged) == len(shipped_definitions())
    assert not KPIVersion.objects.filter(created_at=LATER).exists()


def test_loading_what_is_stored_takes_two_queries(django_assert_num_queries):
    library.load_library(now=NOW)

    with django_assert_num_queries(4):  # two reads, and the savepoint around them
        library.load_library(now=NOW)


@pytest.mark.usefixtures("_no_kpis")
def test_changed_definition_becomes_the_next_version_in_use():
    library.load_library(now=NOW, definitions=sales())

    report = library.load_library(now=LATER, definitions=renamed(sales(), code="sales_conversion"))

    assert (report.added, report.changed) == ((), ("sales_conversion",))
    assert report.unchanged == ("sale_value_per_contact", "sales_penetration")
    assert history("sales_conversion") == [(1, "published", 20), (2, "published", 99)]
    assert library.newest_versions()["sales_conversion"].number == 2


@pytest.mark.usefixtures("_no_kpis")
def test_version_that_people_made_stays_in_use():
    library.load_library(now=NOW, definitions=sales())
    first = KPIVersion.objects.get(kpi__code="sales_conversion")
    hana = User.objects.create(username="hana")
    KPIVersion.objects.create(
        kpi=first.kpi,
        number=2,
        state=KPIVersion.State.PUBLISHED,
        name_en="Sales",
        name_zh="销售",
        formula=first.formula,
        unit="share",
        direction="higher",
        minimum_sample=50,
        edited_by=hana,
        created_at=NOW,
    )

    unchanged = library.load_library(now=LATER, definitions=sales())
    changed = library.load_library(now=LATER, definitions=renamed(sales(), code="sales_conversion"))

    assert unchanged.changed == ()
    assert changed.changed == ("sales_conversion",)
    assert history("sales_conversion") == [
        (1, "published", 20),
        (2, "published", 50),
        (3, "draft", 99),
    ]
    assert library.newest_versions()["sales_conversion"].minimum_sample == 50


@pytest.mark.usefixtures("_no_kpis")
def test_newest_versions_stand_in_the_order_of_their_codes():
    library.load_library(now=NOW, definitions=sales())

    assert list(library.newest_versions()) == [
        "sale_value_per_contact",
        "sales_conversion",
        "sales_penetration",
    ]


@pytest.mark.usefixtures("_no_kpis")
def test_kpi_added_to_the_library_comes_to_an_existing_database_as_version_one():
    older = [one for one in sales() if one.code != "sales_penetration"]
    library.load_library(now=NOW, definitions=older)

    report = library.load_library(now=LATER, definitions=sales())

    assert (report.added, report.changed) == (("sales_penetration",), ())
    assert report.unchanged == tuple(one.code for one in older)
    assert history("sales_penetration") == [(1, "published", 20)]
    assert history("sales_conversion") == [(1, "published", 20)]
