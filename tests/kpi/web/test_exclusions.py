"""Rows left out, asked for and decided on the pages."""

from datetime import date

import pytest
import time_machine

from kpi.models import Contact, Exclusion
from tests.factories import NOW, add_agent, add_facts, add_user

DAY = {"kind": "contacts", "first_day": "2026-10-05", "last_day": "2026-10-05"}


@pytest.fixture(autouse=True)
def _on_the_third_of_november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def outage(cast):
    """Seven calls of Ana on the day of an outage, and one on the day after."""
    add_facts("contacts", [{"day": date(2026, 10, 5), "queue": "loans"}] * 7, agent=cast.ana.agent)
    add_facts("contacts", [{"day": date(2026, 10, 6)}], agent=cast.ana.agent)


def text_of(answer):
    return answer.content.decode()


def ask(cast, **changed):
    sent = {**DAY, "reason": "Exchange failed", **changed}
    return cast.client("hana").post("/data/exclusions/ask/", sent, follow=True)


def counting():
    return Contact.objects.filter(valid_until=None, exclusion=None).count()


def test_rows_are_counted_before_they_are_asked_for(cast, outage):
    hana = cast.client("hana")

    counted = text_of(hana.get("/data/exclusions/", DAY | {"queue": "loans"}))
    nothing = text_of(hana.get("/data/exclusions/", DAY | {"queue": "cards"}))

    assert "7 rows count now and would be left out." in counted
    assert "Ask for approval" in counted
    assert "0 rows count now" in nothing
    assert "Ask for approval" not in nothing


def test_counting_leads_to_an_address_without_the_form_s_token(cast, outage):
    sent = DAY | {"count": "1", "csrfmiddlewaretoken": "secret", "reason": ""}

    answer = cast.client("hana").post("/data/exclusions/ask/", sent)
    counted = cast.client("hana").get(answer.headers["Location"])

    assert "secret" not in answer.headers["Location"]
    assert "7 rows count now" in text_of(counted)
    assert not Exclusion.objects.exists()


def test_figures_of_the_rows_stand_right_with_their_unit(cast):
    row = {"day": date(2026, 10, 5), "logged_in_s": 28576, "late_min": 3}
    add_facts("shifts", [row], agent=cast.ana.agent)
    ask(cast, kind="shifts")

    page = text_of(cast.client("mona").get(f"/data/exclusions/{Exclusion.objects.get().pk}/"))

    assert '<td class="num">28,576 s</td>' in page
    assert '<td class="num">3 min</td>' in page


def test_one_asks_another_approves_and_lifts(cast, outage):
    asked = ask(cast)
    number = Exclusion.objects.get().pk
    page = f"/data/exclusions/{number}/"
    own = cast.client("hana").get(page)
    before = counting()
    refused = cast.client("hana").post(f"{page}approve/")
    approved = cast.client("mona").post(f"{page}approve/", follow=True)
    left_out = counting()
    lifted = cast.client("hana").post(f"{page}lift/", follow=True)

    assert "It counts until a second person approves." in text_of(asked)
    assert "Take it back" in text_of(own)
    assert f'action="{page}approve/"' not in text_of(own)
    assert refused.status_code == 422
    assert "somebody else of HR or a manager decides" in text_of(refused)
    assert "Approved. The rows count nowhere from the next run on." in text_of(approved)
    assert "Lifted. The rows count again" in text_of(lifted)
    assert (before, left_out, counting()) == (8, 1, 8)


def test_refusal_needs_a_reason_and_is_shown(cast, outage):
    ask(cast)
    page = f"/data/exclusions/{Exclusion.objects.get().pk}/"
    mona = cast.client("mona")

    without = mona.post(f"{page}refuse/", {"answer": " "})
    refused = mona.post(f"{page}refuse/", {"answer": "The line worked"}, follow=True)
    again = mona.post(f"{page}approve/")

    assert without.status_code == again.status_code == 422
    assert "“The line worked”" in text_of(refused)
    assert counting() == 8


def test_asker_takes_it_back(cast, outage):
    ask(cast)
    page = f"/data/exclusions/{Exclusion.objects.get().pk}/"

    cast.client("hana").post(f"{page}withdraw/")

    assert Exclusion.objects.get().state == "withdrawn"
    listed = text_of(cast.client("hana").get("/data/exclusions/?state=withdrawn"))
    assert "Exchange failed" in listed
    assert "Exchange failed" not in text_of(
        cast.client("hana").get("/data/exclusions/?state=asked")
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason": " "}, "Give the reason"),
        ({"reason": "x" * 301}, "300 characters at most"),
        ({"first_day": ""}, "This field is required."),
        ({"first_day": "2026-10-06"}, "The last day lies before the first."),
        ({"last_day": "tomorrow"}, "Enter a valid date."),
        ({"kind": "calls"}, "Select a valid choice."),
        ({"kind": "shifts", "queue": "loans"}, "Only contacts have a queue."),
        ({"queue": "cards"}, "No row that counts is in this range"),
        ({"agent": "nobody"}, "Nobody on record has this staff number or name."),
        ({"team": "nothing"}, "Select a valid choice."),
        ({"source": "nothing"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_asked_for_is_told(cast, outage, changed, told):
    answer = ask(cast, **changed)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Exclusion.objects.exists()


def test_nobody_decides_on_own_rows(cast, outage):
    hera = add_agent("hera", team=cast.calls, position=cast.position)
    add_user("hera", "hr", agent=hera)
    add_facts("contacts", [{"day": date(2026, 10, 5)}], agent=hera)
    ask(cast)
    page = f"/data/exclusions/{Exclusion.objects.get().pk}/"
    client = cast.client("hana")
    client.login(username="hera", password="open sesame")

    answer = client.post(f"{page}approve/")

    assert answer.status_code == 422
    assert "Rows about yourself are among them." in text_of(answer)


def test_manager_reads_and_decides_but_does_not_ask(cast, outage):
    mona = cast.client("mona")

    assert "Count the rows" not in text_of(mona.get("/data/exclusions/"))
    assert mona.post("/data/exclusions/ask/", DAY | {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["ana", "sam", "ada", "quinn"])
def test_others_do_not_see_them(cast, name):
    assert cast.client(name).get("/data/exclusions/").status_code == 404


def test_list_takes_as_many_questions_for_many(cast, outage, django_assert_max_num_queries):
    for _ in range(6):
        ask(cast)

    hana = cast.client("hana")
    hana.get("/data/exclusions/")

    with django_assert_max_num_queries(9):
        hana.get("/data/exclusions/")
