"""The first page of each role."""

import re
from datetime import timedelta

import pytest
import time_machine

from agents.models import Assignment
from appraisal.models import Cycle
from appraisal.services import publication
from kpi.models import ImportBatch
from tests.factories import NOW, add_facts, add_user

EVERYBODY = ("ana", "ben", "bo", "sam", "omar", "mona", "hana", "ada", "quinn")


@pytest.fixture(autouse=True)
def _on_the_third_of_november():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(response):
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(words.split())


@pytest.fixture
def published(october, compute, cast):
    """October published; its scorecards have no grade, as only calls came in."""
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="Checked.", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    return october


def test_who_is_not_logged_in_is_led_to_the_log_in(cast, client):
    response = client.get("/")

    assert response.headers["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_has_a_home_before_there_is_anything(cast, library, name):
    assert cast.client(name).get("/").status_code == 200


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_has_a_home_once_results_are_published(published, cast, name):
    assert cast.client(name).get("/").status_code == 200


def test_with_nothing_on_record_hr_is_told_the_three_steps(cast, library):
    text = text_of(cast.client("hana").get("/"))

    assert "Your first scorecard is three steps away" in text
    assert "Choose a file" in text
    assert "Needs step 1" in text


def test_an_uploaded_file_is_the_next_step(cast, library):
    ImportBatch.objects.create(file_name="calls.csv", sha256="0" * 64, uploaded_at=NOW)

    assert "Confirm your file" in text_of(cast.client("hana").get("/"))


def test_data_without_anybody_to_appraise_leads_to_the_people(cast, library):
    Assignment.objects.all().delete()
    add_facts("contacts", [{}])

    assert "Look at the people" in text_of(cast.client("hana").get("/"))


def test_with_data_and_people_the_last_step_is_open(october, cast):
    text = text_of(cast.client("hana").get("/"))

    assert "Compute it" in text
    assert "Needs step 1" not in text


def test_hr_sees_what_holds_up_the_month(october, compute, cast):
    compute(october)

    text = text_of(cast.client("hana").get("/"))

    assert "October 2026" in text
    assert "What still holds it up" in text
    assert "are not imported" in text


def test_hr_sees_the_other_open_cycles_too(october, compute, cast):
    compute(october)
    Cycle.objects.create(
        code="2026-Q4",
        kind="quarter",
        starts_on="2026-10-01",
        ends_on="2027-01-01",
        opened_at=NOW + timedelta(days=1),
    )

    text = text_of(cast.client("hana").get("/"))

    assert text.index("October 2026") < text.index("Quarter 4 of 2026")


def test_a_manager_finds_what_waits_for_a_decision(october, compute, cast):
    run = compute(october)
    publication.ask_publication(run=run, asked_by=cast.hana, note="Checked.", now=NOW)

    text = text_of(cast.client("mona").get("/"))

    assert "Waits for your decision" in text
    assert "Checked." in text


def test_a_supervisor_sees_the_own_teams_and_nobody_elses(october, compute, cast):
    compute(october)

    text = text_of(cast.client("omar").get("/"))

    assert "Beta" in text
    assert "Alpha" not in text
    assert "1 scorecard in your teams" in text


def test_a_supervisor_without_a_team_is_told_who_helps(october, compute, cast):
    compute(october)
    cast.omar.agent.leaderships.all().delete()

    assert "You lead no team today" in text_of(cast.client("omar").get("/"))


def test_an_agent_sees_values_but_no_points_before_publication(october, compute, cast):
    compute(october)

    text = text_of(cast.client("ana").get("/"))

    assert "Points and the grade appear once it is published" in text
    assert "58" in text
    assert "of 100" not in text


def test_an_agent_sees_the_published_total_and_why_there_is_no_grade(published, cast):
    text = text_of(cast.client("ana").get("/"))

    assert "of 100" in text
    assert "No grade yet." in text
    assert "Open the scorecard" in text


def test_an_agent_sees_no_peer(published, cast):
    text = text_of(cast.client("ana").get("/"))

    assert "Ben" not in text
    assert "Bo " not in text


def test_an_agent_without_results_is_told_when_they_come(cast, library):
    assert "Your first scorecard appears here" in text_of(cast.client("ana").get("/"))


def test_the_administrator_sees_log_ins_and_jobs_but_no_score(published, cast):
    text = text_of(cast.client("ada").get("/"))

    assert "Log-ins" in text
    assert "Jobs waiting" in text
    assert "scorecard" not in text.lower()


def test_a_log_in_without_a_role_is_told_who_gives_one(cast, client):
    client.force_login(add_user("nobody"), backend="django.contrib.auth.backends.ModelBackend")

    assert "Your log-in has no role yet" in text_of(client.get("/"))


def test_an_assessor_is_told_that_nothing_waits(cast, client):
    client.force_login(
        add_user("outside", "assessor"), backend="django.contrib.auth.backends.ModelBackend"
    )

    assert "Nothing to assess today" in text_of(client.get("/"))
