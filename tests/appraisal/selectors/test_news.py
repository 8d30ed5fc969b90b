"""What came in or changed since a run."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from agents import periods
from appraisal.models import Rating, Run, SchemeVersion
from appraisal.selectors.news import news_since
from appraisal.selectors.schemes import version_in_use
from appraisal.services import cycles, targets
from appraisal.services.schemes import add_version
from kpi.models import KPIVersion
from kpi.services import entries, exclusions
from kpi.services.revisions import latest_revision, next_revision
from tests.factories import NOW, add_facts

FIRST = date(2026, 10, 1)


@pytest.fixture
def run(october, compute):
    compute(october)
    return Run.objects.select_related("cycle").get()


def test_nothing_is_new_right_after_a_run(run, django_assert_num_queries):
    with django_assert_num_queries(6):
        assert news_since(run) == {}


def test_facts_are_told_by_why_they_changed(run, cast):
    add_facts("contacts", [{"day": FIRST}] * 3, agent=cast.ana.agent)
    add_facts("contacts", [{"day": FIRST}], agent=cast.ben.agent)
    add_facts("contacts", [{"day": date(2026, 8, 1)}], agent=cast.ben.agent)
    asked = exclusions.ask_exclusion(
        selection=exclusions.Selection("contacts", FIRST, FIRST),
        reason="Exchange failed",
        asked_by=cast.hana,
        now=NOW,
    )
    assert news_since(run) == {"import": 2}

    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=cast.mona, now=NOW)

    assert news_since(run) == {"exclude": 1, "import": 2}


def test_what_is_entered_on_a_page_is_news(run, cast):
    praise = {"date": "2026-10-01", "kind": "praise", "quantity": "1"}
    said = entries.Said("events", cast.ana.agent, praise)
    entries.enter_fact(said=said, key="k1", entered_by=cast.hana, now=NOW)

    assert news_since(run) == {"entry": 1}


def test_a_target_set_twice_is_one_change(run, cast, october):
    version = version_in_use("s2_call_centre_agent")
    for value in ("70", "80"):
        targets.set_targets(
            cycle=october,
            version=version,
            wanted={targets.Place("calls", "scheme", None): Decimal(value)},
            set_by=cast.hana,
            now=NOW,
        )

    assert news_since(run) == {"targets": 1}


def test_ratings_are_news(run, cast, october):
    for percent in (80, 90):
        revision = next_revision(reason="rating", made_by=cast.sam, now=NOW)
        Rating.objects.filter(valid_until=None).update(valid_until=revision.pk)
        Rating.objects.create(
            cycle=october,
            item="hygiene",
            agent=cast.ana.agent,
            rater=cast.sam,
            percent=percent,
            rated_at=NOW,
            valid_from=revision.pk,
        )

    assert news_since(run) == {"ratings": 1}


def test_another_version_of_the_scheme_is_news(run):
    shipped = version_in_use("s2_call_centre_agent")
    add_version(shipped.document | {"minimum_cover": "0.9"}, now=NOW)

    assert news_since(run) == {"schemes": 1}


def test_another_scheme_of_the_position_is_news(run):
    shipped = version_in_use("s2_call_centre_agent")
    add_version(shipped.document | {"code": "another"}, now=NOW + timedelta(days=365))

    assert news_since(run) == {"schemes": 1}
    assert SchemeVersion.objects.filter(scheme__code="another").exists()


def test_another_version_of_a_kpi_in_use_is_news_and_a_draft_is_none(run):
    version = KPIVersion.objects.get(kpi__code="average_handle_time")
    version.pk, version.number, version.state = None, 2, "draft"
    version.save()
    assert news_since(run) == {}

    KPIVersion.objects.filter(pk=version.pk).update(state="published")

    assert news_since(run) == {"kpis": 1}


def test_a_month_computed_anew_is_news_to_its_quarter(cast, october, compute):
    shipped = version_in_use("s2_call_centre_agent")
    cycles_of = {"cycles": ["month", "quarter"], "roll_up": "months"}
    add_version(shipped.document | cycles_of, now=NOW)
    compute(october)
    period = periods.quarter(2026, 4)
    quarter = compute(cycles.open_cycle(period=period, opened_by=cast.hana, now=NOW))
    assert news_since(quarter) == {}

    compute(october)

    assert news_since(quarter) == {"months": 1}
    assert latest_revision() == quarter.watermark
