"""Cycles: opened, computed, sent, published, verified, exported, by whom it is allowed."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from appraisal.models import Cycle, Publication, Run
from appraisal.services import publication, runs
from tests.factories import NOW

EVERYBODY = ("ana", "sam", "omar", "hana", "mona", "ada", "quinn")


@pytest.fixture(autouse=True)
def _at_noon_of_the_third():
    with time_machine.travel(NOW, tick=False):
        yield


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def asked(october, compute, cast):
    """October computed and sent for approval."""
    run = compute(october)
    return publication.ask_publication(run=run, asked_by=cast.hana, note="Checked.", now=NOW)


@pytest.mark.parametrize(
    ("name", "status"),
    list(zip(EVERYBODY, (404, 200, 200, 200, 200, 404, 200), strict=True)),
)
def test_those_who_lead_and_hr_and_reviewers_read_cycles(october, compute, cast, name, status):
    compute(october)
    client = cast.client(name)

    pages = [client.get("/cycles/"), client.get("/cycles/2026-10/")]

    assert [page.status_code for page in pages] == [status, status]


def test_an_unknown_cycle_does_not_exist(cast):
    assert cast.client("hana").get("/cycles/2031-01/").status_code == 404


def test_a_month_is_opened_by_its_code(cast, library):
    response = cast.client("hana").post("/cycles/open/", {"period": "2026-10"})

    assert response.headers["Location"] == "/cycles/2026-10/"
    assert Cycle.objects.get().kind == "month"


def test_days_are_opened_by_the_first_and_the_last(cast, library):
    days = {"starts_on": "2026-10-05", "last_day": "2026-10-11"}

    cast.client("hana").post("/cycles/open/", days)

    assert Cycle.objects.get().code == "2026-10-05..2026-10-12"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Name a period, or give the first and the last day."),
        ({"period": "October"}, "“October” is no period"),
        ({"period": "2026-13"}, "“2026-13” is no period"),
        ({"period": "0000"}, "“0000” is no period"),
        ({"period": "1971"}, "That year is out of range."),
        ({"period": "2027-02"}, "That period has not begun"),
        ({"period": "2026", "starts_on": "2026-01-01"}, "not both"),
        ({"starts_on": "2026-10-05", "last_day": "2026-10-01"}, "lies before the first"),
        ({"starts_on": "2024-10-05", "last_day": "2026-10-01"}, "A cycle is a year at most."),
        ({"starts_on": "31.10.2026", "last_day": "2026-10-01"}, "Enter a valid date."),
    ],
)
def test_a_wrong_period_is_refused_with_the_reason(cast, library, sent, words):
    response = cast.client("hana").post("/cycles/open/", sent)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Cycle.objects.exists()


@pytest.mark.parametrize("name", ["sam", "mona", "ada"])
def test_only_hr_opens_and_computes(october, cast, name):
    client = cast.client(name)

    opened = client.post("/cycles/open/", {"period": "2026-09"})
    computed = client.post("/cycles/2026-10/compute/")

    assert (opened.status_code, computed.status_code) == (404, 404)
    assert not Run.objects.exists()


def test_computing_is_asked_for_once_however_often_the_button_is_pressed(october, cast):
    client = cast.client("hana")

    client.post("/cycles/2026-10/compute/", {"after": "0"})
    again = client.post("/cycles/2026-10/compute/", {"after": "0"}, follow=True)

    assert Run.objects.count() == 1
    assert messages_of(again)[-1] == "Run 1 was asked for already."


def test_computing_while_a_run_is_open_says_which(october, cast):
    client = cast.client("hana")
    client.post("/cycles/2026-10/compute/")

    again = client.post("/cycles/2026-10/compute/", follow=True)

    assert messages_of(again)[-1] == "Run 1 of this cycle is being computed already."


def test_the_run_under_way_is_followed_and_the_page_comes_anew_at_its_end(october, cast, compute):
    client = cast.client("hana")
    client.post("/cycles/2026-10/compute/")

    waiting = client.get("/cycles/2026-10/", headers={"HX-Request": "true"})
    Run.objects.update(state=Run.State.FAILED)
    over = client.get("/cycles/2026-10/", headers={"HX-Request": "true"})

    assert "Waiting for a worker" in waiting.content.decode()
    assert "HX-Refresh" not in waiting.headers
    assert over.headers["HX-Refresh"] == "true"


def test_a_published_cycle_says_why_it_is_not_computed_again(asked, cast):
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    client = cast.client("hana")

    page = client.get("/cycles/2026-10/").content.decode()
    refused = client.post("/cycles/2026-10/compute/", follow=True)

    assert "It is published, and a published result never changes." in page
    assert "never changes" in messages_of(refused)[0]


def test_hr_sends_a_run_with_a_note_and_the_manager_reads_it(october, compute, cast):
    compute(october)

    cast.client("hana").post("/cycles/2026-10/ask/", {"note": "Two exams are missing."})
    decision = cast.client("mona").get("/cycles/2026-10/publish/").content.decode()

    assert Publication.objects.get().asked_by == cast.hana
    assert "Two exams are missing." in decision


def test_nothing_computed_is_not_sent(october, cast):
    refused = cast.client("hana").post("/cycles/2026-10/ask/", {"note": ""}, follow=True)

    assert messages_of(refused) == ["There is nothing to send: compute the cycle first."]


def test_a_note_that_is_too_long_is_not_sent(october, compute, cast):
    compute(october)

    cast.client("hana").post("/cycles/2026-10/ask/", {"note": "x" * 501})

    assert not Publication.objects.exists()


def test_a_manager_publishes(asked, cast, october):
    response = cast.client("mona").post("/cycles/2026-10/publish/", follow=True)

    october.refresh_from_db()
    assert messages_of(response) == ["Published. Agents see their scorecards now."]
    assert october.published_run_id == asked.run_id


@pytest.mark.parametrize("name", ["sam", "hana", "ana"])
def test_nobody_else_publishes(asked, cast, october, name):
    responses = [
        cast.client(name).get("/cycles/2026-10/publish/"),
        cast.client(name).post("/cycles/2026-10/publish/"),
        cast.client(name).post("/cycles/2026-10/return/", {"answer": "No."}),
    ]

    october.refresh_from_db()
    assert [response.status_code for response in responses] == [404, 404, 404]
    assert october.published_run_id is None


def test_what_was_not_sent_is_not_published(october, compute, cast):
    compute(october)
    client = cast.client("mona")

    page = client.get("/cycles/2026-10/publish/").content.decode()
    refused = client.post("/cycles/2026-10/publish/", follow=True)

    assert "HR has not sent it for approval." in page
    assert messages_of(refused) == ["HR has not sent it for approval."]


def test_a_run_goes_back_with_a_reason(asked, cast):
    client = cast.client("mona")

    without = client.post("/cycles/2026-10/return/", {"answer": " "})
    sent = client.post("/cycles/2026-10/return/", {"answer": "Ben's calls are missing."})
    page = cast.client("hana").get("/cycles/2026-10/").content.decode()

    assert without.status_code == 422
    assert sent.status_code == 302
    assert "Ben&#x27;s calls are missing." in page
    assert Publication.objects.get().state == Publication.State.RETURNED


def test_verifying_says_that_it_comes_out_the_same(october, compute, cast):
    compute(october)

    response = cast.client("hana").post("/cycles/2026-10/verify/", follow=True)

    assert messages_of(response) == ["Run 1 comes out the same, digit for digit."]


def test_verifying_what_was_never_computed_says_so(october, cast):
    response = cast.client("hana").post("/cycles/2026-10/verify/", follow=True)

    assert messages_of(response) == ["2026-10 is not computed yet."]


def body_of(response):
    return b"".join(response.streaming_content)


def test_a_draft_is_exported_as_a_workbook(october, compute, cast):
    compute(october)

    response = cast.client("hana").get("/cycles/2026-10/export/?format=xlsx&draft=1")

    assert response.headers["Cache-Control"] == "no-store"
    assert 'filename="2026-10.xlsx"' in response.headers["Content-Disposition"]
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(body_of(response))).namelist()


def test_lines_are_exported_as_csv(october, compute, cast):
    compute(october)

    response = cast.client("hana").get("/cycles/2026-10/export/?format=csv&draft=1&lines")

    assert "calls_per_shift" in body_of(response).decode("utf-8-sig")


def test_without_draft_only_what_is_published_is_exported(october, compute, cast):
    compute(october)

    response = cast.client("hana").get("/cycles/2026-10/export/?format=csv", follow=True)

    assert "is not published" in messages_of(response)[0]


def test_a_manager_exports_only_the_own_people(asked, cast):
    cast.mona.agent.leaderships.update(team=cast.alpha)

    response = cast.client("mona").get("/cycles/2026-10/export/?format=csv&draft=1")

    text = body_of(response).decode("utf-8-sig")
    assert "Ana" in text
    assert "Bo," not in text


@pytest.mark.parametrize("name", ["ana", "sam", "ada", "quinn"])
def test_nobody_else_exports(october, compute, cast, name):
    compute(october)

    response = cast.client(name).get("/cycles/2026-10/export/?format=csv&draft=1")

    assert response.status_code == 404


def test_an_unknown_format_does_not_exist(october, compute, cast):
    compute(october)

    assert cast.client("hana").get("/cycles/2026-10/export/?format=pdf").status_code == 404


def test_a_leader_sees_only_the_own_people_counted(october, compute, cast):
    compute(october)

    page = cast.client("omar").get("/cycles/2026-10/")

    assert page.context["row"].tally.people == 1


def test_a_run_leads_to_its_cycle(october, compute, cast):
    run = compute(october)

    response = cast.client("hana").get(reverse("appraisal:run", args=[run.pk]))

    assert response.headers["Location"] == "/cycles/2026-10/"


def test_a_failed_run_is_told_with_its_error(october, cast):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    run.job.error = "The disk is full."
    run.job.save(update_fields=["error"])
    runs.mark_failed(run_id=run.pk, now=NOW + timedelta(minutes=1))

    page = cast.client("hana").get("/cycles/2026-10/").content.decode()

    assert "The last computation stopped" in page
    assert "The disk is full." in page
