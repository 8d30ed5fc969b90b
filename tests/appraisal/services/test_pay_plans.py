"""Pay plans: two people, and figures that must be set."""

import pytest
from django.db import IntegrityError, transaction

from appraisal.models import PayPlanVersion
from appraisal.pay.documents import list_shipped_plans
from appraisal.services import pay_plans
from tests.factories import NOW, add_user
from tests.pay import put_to_use, set_draft


def test_shipped_plan_stands_ready_once_as_a_draft(library):
    again = pay_plans.load_shipped_plans(now=NOW)

    assert again == 0
    assert PayPlanVersion.objects.get().state == "draft"


def test_hr_does_not_put_the_own_plan_to_use(cast, library):
    draft = set_draft(cast.hana)
    pay_plans.ask_approval(draft=draft, asked_by=cast.hana, now=NOW)

    with pytest.raises(pay_plans.NotAllowed):
        pay_plans.publish(draft=draft, decided_by=cast.hana, now=NOW)


def test_who_edited_it_does_not_put_it_to_use_whatever_the_role(cast, library):
    draft = set_draft(cast.hana)
    pay_plans.ask_approval(draft=draft, asked_by=cast.hana, now=NOW)
    PayPlanVersion.objects.update(edited_by=cast.mona)
    draft.refresh_from_db()

    with pytest.raises(pay_plans.NotAllowed, match="Two people"):
        pay_plans.publish(draft=draft, decided_by=cast.mona, now=NOW)


def test_next_version_retires_the_one_before(cast, library):
    first = put_to_use(cast.hana, cast.mona)
    pay_plans.start_draft(plan=first.plan, edited_by=cast.hana, now=NOW)
    second = put_to_use(cast.hana, cast.mona, call_rate="0.25")

    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("retired", "published", 2)


def test_database_refuses_to_change_a_plan_in_use(cast, library):
    version = put_to_use(cast.hana, cast.mona)

    for change in ({"document": {}}, {"state": "draft"}, {"positions": []}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            PayPlanVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PayPlanVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_plan_of_an_unknown_kpi_is_refused(library):
    document = list_shipped_plans()[0]
    line = document["lines"][0]
    del line["formula"]
    line["kpi"] = "no_such_kpi"

    with pytest.raises(pay_plans.NotReady, match="no_such_kpi"):
        pay_plans.load_draft(document=document, edited_by=None, now=NOW)


@pytest.mark.parametrize("formula", ['rating("attitude")', 'score_of("reports")'])
def test_plan_that_measures_ratings_or_scorecards_is_refused(library, formula):
    """Nothing would be measured, and nothing paid, without a word."""
    document = list_shipped_plans()[0]
    document["lines"][0]["formula"] = formula

    with pytest.raises(pay_plans.NotReady, match=formula.partition("(")[0]):
        pay_plans.load_draft(document=document, edited_by=None, now=NOW)


def test_only_hr_loads_a_draft(library):
    with pytest.raises(pay_plans.NotAllowed):
        pay_plans.load_draft(
            document=list_shipped_plans()[0], edited_by=add_user("someone"), now=NOW
        )
