"""Pay plans on their pages: figures set by HR, put to use by a manager."""

import pytest
import time_machine
from django.urls import reverse

from appraisal.models import PayPlanVersion
from tests.factories import NOW
from tests.pay import PIECE_RATE, SET, put_to_use, set_draft

EVERYBODY = ("ana", "sam", "omar", "hana", "mona", "ada", "quinn")


@pytest.fixture(autouse=True)
def _at_noon_of_the_third():
    with time_machine.travel(NOW, tick=False):
        yield


def url(route, **query):
    return reverse(f"appraisal:pay_plan{route}", args=[PIECE_RATE], query=query or None)


def form_of(page):
    """What the form of figures would send as it stands."""
    return {name: field.initial or "" for name, field in page.context["form"].fields.items()}


@pytest.mark.parametrize(
    ("name", "status"), list(zip(EVERYBODY, (404, 404, 404, 200, 200, 404, 404), strict=True))
)
def test_hr_and_managers_read_plans(cast, library, name, status):
    client = cast.client(name)

    assert client.get(reverse("appraisal:pay_plans")).status_code == status
    assert client.get(url("")).status_code == status


def test_plan_says_which_figures_are_missing(cast, library):
    text = cast.client("hana").get(url("")).content.decode()

    assert "must be set before the plan can be put to use" in text
    assert "(not set)" in text


def test_hr_sets_figures_and_a_manager_puts_them_to_use(cast, library):
    hana, mona = cast.client("hana"), cast.client("mona")
    filled = form_of(hana.get(url("_edit"))) | SET

    saved = hana.post(url("_edit"), filled)
    asked = hana.post(url("_ask"))
    mona.post(url("_publish"))

    assert (saved.status_code, asked.status_code) == (302, 302)
    version = PayPlanVersion.objects.get(plan__code=PIECE_RATE)
    assert (version.state, version.approved_by, version.edited_by) == (
        "published", cast.mona, cast.hana,
    )  # fmt: skip
    assert "(not set)" not in mona.get(url("")).content.decode()


def test_shares_are_entered_as_percent(cast, library):
    hana = cast.client("hana")
    filled = form_of(hana.get(url("_edit")))

    hana.post(url("_edit"), filled | {"utilisation_from": "72.5"})

    assert filled["utilisation_from"] == "70"
    parameters = PayPlanVersion.objects.get().document["parameters"]
    assert {"code": "utilisation_from", "value": "0.725"}.items() <= next(
        one for one in parameters if one["code"] == "utilisation_from"
    ).items()


def test_plan_with_missing_figures_is_not_sent(cast, library):
    response = cast.client("hana").post(url("_ask"), follow=True)

    assert "These figures are not set" in response.content.decode()
    assert PayPlanVersion.objects.get().asked_at is None


def test_contradicting_figures_are_refused_with_the_reason(cast, library):
    hana = cast.client("hana")
    filled = form_of(hana.get(url("_edit"))) | {"late_long": "0"}

    response = hana.post(url("_edit"), filled)

    assert response.status_code == 422
    assert "do not ascend" in response.content.decode()


def test_manager_sends_a_draft_back_with_a_reason(cast, library):
    set_draft(cast.hana)
    cast.client("hana").post(url("_ask"))
    mona = cast.client("mona")

    without = mona.post(url("_return"), {"answer": ""})
    mona.post(url("_return"), {"answer": "The quota is too high."})

    assert without.status_code == 422
    text = cast.client("hana").get(url("", version="draft")).content.decode()
    assert "The quota is too high." in text


def test_draft_that_waits_is_not_changed_until_taken_back(cast, library):
    set_draft(cast.hana)
    hana = cast.client("hana")
    filled = form_of(hana.get(url("_edit")))
    hana.post(url("_ask"))

    hana.post(url("_edit"), filled | {"call_rate": "9"})
    kept = PayPlanVersion.objects.get().document["parameters"][0]["value"]
    hana.post(url("_take_back"))
    hana.post(url("_edit"), filled | {"call_rate": "9"})

    assert kept == "0.2"
    assert PayPlanVersion.objects.get().document["parameters"][0]["value"] == 9


def test_figures_in_use_stay_while_the_next_ones_are_set(cast, library):
    put_to_use(cast.hana, cast.mona)
    hana = cast.client("hana")

    hana.post(url("_edit"), form_of(hana.get(url("_edit"))) | {"call_rate": "0.25"})

    states = PayPlanVersion.objects.order_by("number").values_list("number", "state")
    assert list(states) == [(1, "published"), (2, "draft")]


def test_figures_of_two_people_come_together(cast, library):
    set_draft(cast.hana)
    hana = cast.client("hana")
    page = hana.get(url("_edit"))
    filled = form_of(page) | {"stood": page.context["form"].stood}

    hana.post(url("_edit"), filled | {"call_rate": "0.25"})
    hana.post(url("_edit"), filled | {"utilisation_from": "72.5"})

    held = form_of(hana.get(url("_edit")))
    assert (held["call_rate"], held["utilisation_from"]) == ("0.25", "72.5")


def test_figure_that_two_changed_is_refused_with_both(cast, library):
    set_draft(cast.hana)
    hana = cast.client("hana")
    page = hana.get(url("_edit"))
    filled = form_of(page) | {"stood": page.context["form"].stood}
    hana.post(url("_edit"), filled | {"call_rate": "0.25", "sale_rate": "3"})

    refused = hana.post(url("_edit"), filled | {"call_rate": "0.3"})

    assert refused.status_code == 422
    assert "You entered 0.3; meanwhile it was set to 0.25." in refused.content.decode()
    # The figure that was not touched is shown as it stands.
    assert refused.context["form"]["sale_rate"].value() == "3"
    again = filled | {"call_rate": "0.3", "sale_rate": "3"}
    hana.post(url("_edit"), again | {"stood": refused.context["form"].stood})
    held = form_of(hana.get(url("_edit")))
    assert (held["call_rate"], held["sale_rate"]) == ("0.3", "3")


def listed(client):
    return client.get(reverse("appraisal:pay_plans")).content.decode()


def test_open_draft_is_found_with_its_state_and_next_step(cast, library):
    put_to_use(cast.hana, cast.mona)
    hana, mona = cast.client("hana"), cast.client("mona")
    hana.post(url("_edit"), form_of(hana.get(url("_edit"))) | {"call_rate": "0.25"})

    assert "On the way" in listed(hana)
    assert f'href="{url("_edit")}">Go on with it' in listed(hana)
    assert "Go on with it" not in listed(mona)
    page = hana.get(url("")).content.decode()
    assert f'href="{url("_edit")}">Go on with draft 2' in page
    assert "Version 2 is being written." in page

    hana.post(url("_ask"))

    assert "waits for a manager" in listed(hana)
    assert f'href="{url("", version=2)}">Decide' in listed(mona)
    page = hana.get(url("")).content.decode()
    assert "Take version 2 back" in page
    assert '<span class="muted">waits for a manager</span>' in page
    assert "Go on with draft 2" not in page
    assert f'href="{url("", version=2)}">Decide on version 2' in mona.get(url("")).content.decode()


def test_manager_sees_what_a_draft_changes(cast, library):
    put_to_use(cast.hana, cast.mona)
    hana, mona = cast.client("hana"), cast.client("mona")
    filled = form_of(hana.get(url("_edit")))
    hana.post(url("_edit"), filled | {"call_rate": "0.25", "seniority_limit": ""})
    hana.post(url("_ask"))

    answer = mona.get(url("", version="draft"))

    assert "What changes against version 1" in answer.content.decode()
    assert [(one.where, one.before, one.after) for one in answer.context["differences"]] == [
        ("A call within the quota", "0.20 CNY", "0.25 CNY"),
        ("Seniority at most", "65.00 CNY", "no limit"),
    ]
    assert "differences" not in mona.get(url("")).context


def test_first_version_of_a_plan_is_held_against_nothing(cast, library):
    set_draft(cast.hana)

    answer = cast.client("hana").get(url(""))

    assert "What changes" not in answer.content.decode()


@pytest.mark.parametrize("name", ["ana", "sam", "mona", "ada"])
def test_only_hr_sets_figures(cast, library, name):
    assert cast.client(name).get(url("_edit")).status_code == 404
    assert cast.client(name).post(url("_ask")).status_code == 404


@pytest.mark.parametrize("name", ["ana", "sam", "hana", "ada"])
def test_only_a_manager_puts_a_plan_to_use(cast, library, name):
    assert cast.client(name).post(url("_publish")).status_code == 404


def test_unknown_plan_and_version_are_not_there(cast, library):
    hana = cast.client("hana")

    assert hana.get(url("", version="99")).status_code == 404
    assert hana.get(reverse("appraisal:pay_plan", args=["nothing"])).status_code == 404
