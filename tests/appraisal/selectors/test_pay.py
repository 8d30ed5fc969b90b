"""Which pay plans rest on a KPI, and who is told."""

import pytest

from appraisal.selectors import pay
from appraisal.services import pay_plans
from kpi.services import drafts
from tests.factories import NOW

CODE = "transferred_in_share"
LINE = {
    "code": "taken_over",
    "group": "pay",
    "name": {"en": "Taken over", "zh": "接转来电"},
    "type": "flat",
    "when": [
        {"name": {"en": "taken over", "zh": "接转率"}, "unit": "share", "kpi": CODE, "above": "0.1"}
    ],
    "amount": 50,
}


@pytest.fixture
def plan(cast, library):
    """A plan in use that pays for calls taken over from others."""
    document = {
        "code": "helpers",
        "name": {"en": "Helpers", "zh": "协助方案"},
        "currency": {"en": "CNY", "zh": "元"},
        "positions": ["agent"],
        "parameters": [],
        "lines": [LINE],
    }
    draft = pay_plans.load_draft(document=document, edited_by=cast.hana, now=NOW)
    assert pay.uses_of_kpis(frozenset({CODE})) == {}
    pay_plans.ask_approval(draft=draft, asked_by=cast.hana, now=NOW)
    return pay_plans.publish(draft=draft, decided_by=cast.mona, now=NOW)


def test_plan_in_use_is_named_by_the_kpis_it_reads(plan, django_assert_num_queries):
    with django_assert_num_queries(1):
        uses = pay.uses_of_kpis(frozenset({CODE, "average_handle_time"}))

    assert uses == {CODE: [("/pay/helpers/", "Helpers")]}


def test_kpi_of_a_pay_plan_is_not_retired(plan):
    with pytest.raises(drafts.DraftRefused, match="It is used in: Helpers"):
        drafts.retire(code=CODE)


@pytest.mark.parametrize(("name", "told"), [("hana", True), ("mona", True), ("ana", False)])
def test_page_of_the_kpi_names_the_plan_to_who_reads_plans(plan, cast, name, told):
    page = cast.client(name).get(f"/kpis/{CODE}/").content.decode()

    assert ("Helpers" in page) is told


def test_review_of_the_next_version_says_what_it_reaches(plan, cast):
    drafts.start_draft(code=CODE, by=cast.hana, now=NOW)

    page = cast.client("mona").get(f"/kpis/{CODE}/review/").content.decode()

    assert "Helpers" in page
