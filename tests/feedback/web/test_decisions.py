"""What waits for a second person, on the first page of who may decide."""

from datetime import date

import pytest
from django.test import Client

from appraisal.models import SchemeVersion
from appraisal.services import drafts as schemes
from appraisal.services import pay_plans
from feedback.web.decisions import decisions_of
from kpi.services import drafts as kpis
from kpi.services import exclusions
from tests.factories import NOW, add_facts, add_user
from tests.pay import set_draft


@pytest.fixture
def sent(cast, library):
    """A scheme, a KPI and a pay plan, each changed and sent by Hana."""
    shipped = SchemeVersion.objects.get(scheme__code="s2_call_centre_agent")
    draft = schemes.start_draft(scheme=shipped.scheme, edited_by=cast.hana, now=NOW)

    def stricter(document):
        return document | {"minimum_cover": "0.8"}

    schemes.save_draft(version=draft, change=stricter, edited_by=cast.hana, now=NOW)
    schemes.ask_approval(version=draft, asked_by=cast.hana, note="Stricter.", now=NOW)
    version = kpis.start_draft(code="average_handle_time", by=cast.hana, now=NOW)
    kpis.send_draft(version_id=version.pk, by=cast.hana)
    plan = set_draft(cast.hana)
    pay_plans.ask_approval(draft=plan, asked_by=cast.hana, now=NOW)


def test_manager_finds_schemes_kpis_and_pay_plans_that_were_sent(sent, cast):
    found = decisions_of(cast.mona)

    assert [(one.kind, one.number, one.by) for one in found] == [
        ("scheme", 2, "hana"),
        ("KPI", 2, "hana"),
        ("pay plan", 1, "hana"),
    ]
    assert found[0].note == "Stricter."
    page = cast.client("mona").get("/").content.decode()
    for one in found:
        assert one.url in page
        assert cast.client("mona").get(one.url).status_code == 200


def test_rows_to_leave_out_wait_for_another_of_hr_and_for_the_manager(october, compute, cast):
    add_facts("contacts", [{"day": date(2026, 10, 5)}], agent=cast.ana.agent)
    selection = exclusions.Selection("contacts", date(2026, 10, 5), date(2026, 10, 5))
    asked = exclusions.ask_exclusion(
        selection=selection, reason="Exchange failed", asked_by=cast.hana, now=NOW
    )
    other = add_user("hedwig", "hr")
    compute(october)

    for user in (cast.mona, other):
        (found,) = decisions_of(user)
        assert (found.kind, found.name, found.by) == (
            "rows to leave out",
            "Exchange failed",
            "hana",
        )
        client = Client()
        client.force_login(user)
        assert found.url in client.get("/").content.decode()
        assert client.get(found.url).status_code == 200
    assert decisions_of(cast.hana) == []
    exclusions.approve_exclusion(exclusion_id=asked.pk, decided_by=other, now=NOW)
    assert decisions_of(cast.mona) == []


def test_nothing_waits_before_it_is_sent(cast, library):
    set_draft(cast.hana)
    kpis.start_draft(code="average_handle_time", by=cast.hana, now=NOW)

    assert decisions_of(cast.mona) == []


@pytest.mark.parametrize("name", ["hana", "sam", "ana"])
def test_who_may_not_decide_is_asked_nothing(sent, cast, name, django_assert_max_num_queries):
    # Whoever is of HR may decide on rows that others ask to leave out.
    with django_assert_max_num_queries(2 if name == "hana" else 1):
        assert decisions_of(getattr(cast, name)) == []
