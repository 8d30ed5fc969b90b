"""The pay of a month on its pages: proposed, read by whom it concerns, sealed with the results."""

import io
import zipfile

import pytest
import time_machine
from django.urls import reverse

from appraisal.models import PayProposal
from appraisal.services import pay, publication
from kpi.models import Job
from tests.factories import NOW, add_facts
from tests.pay import put_to_use

EVERYBODY = ("ana", "sam", "omar", "hana", "mona", "ada", "quinn")


@pytest.fixture(autouse=True)
def _at_noon_of_the_third():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast, library):
    return put_to_use(cast.hana, cast.mona)


@pytest.fixture
def proposed(plan, october, compute, cast):
    """October computed, its pay worked out: Ana 116 calls, Ben 58, Bo 10."""
    return pay.compute_pay(run=compute(october), asked_by=cast.hana, now=NOW)


@pytest.fixture
def published(proposed, cast):
    asked = publication.ask_publication(run=proposed.run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    proposed.refresh_from_db()
    return proposed


def page(cast, name, *, person=None, line=None):
    names = {"code": "2026-10"}
    if person is not None:
        names["agent_id"] = getattr(cast, person).agent_id
    if line is not None:
        names["line"] = line
    route = "pay_line" if line else "pay_statement" if person else "pay"
    return cast.client(name).get(reverse(f"appraisal:{route}", kwargs=names))


@pytest.mark.parametrize(
    ("name", "status"), list(zip(EVERYBODY, (404, 404, 404, 200, 200, 404, 404), strict=True))
)
def test_hr_and_managers_read_the_proposal(proposed, cast, name, status):
    assert page(cast, name).status_code == status


@pytest.mark.parametrize(
    ("name", "status"), list(zip(EVERYBODY, (404, 404, 404, 200, 200, 404, 404), strict=True))
)
def test_nobody_else_sees_a_statement_before_publication(proposed, cast, name, status):
    assert page(cast, name, person="ana").status_code == status


@pytest.mark.parametrize(
    ("name", "status"), list(zip(EVERYBODY, (200, 404, 404, 200, 200, 404, 404), strict=True))
)
def test_person_sees_the_own_statement_once_published(published, cast, name, status):
    assert page(cast, name, person="ana").status_code == status
    assert page(cast, name, person="ana", line="calls").status_code == status


def test_person_does_not_see_a_peer_s_statement(published, cast):
    assert page(cast, "ana", person="bo").status_code == 404


def test_own_pay_leads_to_the_newest_published_statement(proposed, cast):
    before = cast.client("ana").get(reverse("appraisal:own_pay"))
    asked = publication.ask_publication(run=proposed.run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)

    after = cast.client("ana").get(reverse("appraisal:own_pay"))

    assert "No pay statement yet" in before.content.decode()
    assert after.url == reverse("appraisal:pay_statement", args=["2026-10", cast.ana.agent_id])


def test_proposal_lists_people_and_what_it_costs(proposed, cast):
    response = page(cast, "hana")

    nets = {row["statement"].agent.code: row["net"] for row in response.context["rows"]}
    # calls x 0.20; penetration and the rest have no data, events and shifts are awaited
    assert nets["ana"] == "23.20"
    assert nets["bo"] == "2.00"
    assert str(response.context["sums"].net) == "36.80"


def test_search_narrows_the_list_but_not_the_cost(proposed, cast):
    url = reverse("appraisal:pay", args=["2026-10"])

    response = cast.client("hana").get(url, {"q": "bo"})

    assert [row["statement"].agent.code for row in response.context["rows"]] == ["bo"]
    assert str(response.context["sums"].net) == "36.80"


def test_number_of_queries_does_not_grow_with_people(proposed, cast, django_assert_max_num_queries):
    client = cast.client("hana")
    client.get(reverse("appraisal:pay", args=["2026-10"]))

    with django_assert_max_num_queries(16):
        client.get(reverse("appraisal:pay", args=["2026-10"]))


def test_statement_says_every_line_in_words(proposed, cast):
    text = page(cast, "hana", person="ana").content.decode()

    assert "116 calls: 116 × 0.20 = 23.20." in text
    assert "has not come in yet" in text


def test_statement_speaks_chinese(proposed, cast):
    client = cast.client("hana")
    client.cookies["django_language"] = "zh-hans"

    text = client.get(
        reverse("appraisal:pay_statement", args=["2026-10", cast.ana.agent_id])
    ).content.decode()

    assert "116 通：116 × 0.20 = 23.20。" in text


def test_line_lists_the_rows_it_is_made_of(proposed, cast):
    response = page(cast, "hana", person="bo", line="calls")

    ((of, table),) = response.context["tables"]
    assert (of, table.tally.counted) == ("", 10)


@pytest.fixture
def worked(october, cast):
    """Two shifts of Ana: nobody late, 2,700 s of overtime, 8 h logged in each."""
    shifts = [
        {"day": f"2026-10-0{day}", "scheduled_s": 28800}
        | {"logged_in_s": 28800, "handling_s": 20000, "late_min": 0, "early_min": 0}
        | {"overtime_s": overtime_s}
        for day, overtime_s in ((1, 2700), (2, 0))
    ]
    add_facts("shifts", shifts, agent=cast.ana.agent)


def test_rows_of_each_condition_stand_under_its_name(worked, proposed, cast):
    response = page(cast, "hana", person="ana", line="attendance")

    told = {of: table.tally for of, table in response.context["tables"]}
    assert {of: (tally.rows, tally.counted) for of, tally in told.items()} == {
        "Late or early leave": (2, 0),
        "Shifts worked": (2, 2),
    }
    assert "Shifts worked: The 2 rows behind it: shifts" in response.content.decode()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Overtime of the rows that count: 2,700 s (45 min) in all"),
        ("zh-hans", "2,700 秒"),
    ],
)
def test_sum_of_time_is_told_with_its_unit(worked, proposed, cast, language, told):
    client = cast.client("hana")
    client.cookies["django_language"] = language

    answer = client.get(
        reverse("appraisal:pay_line", args=["2026-10", cast.ana.agent_id, "overtime"])
    )

    assert told in answer.content.decode()


def test_line_of_stars_says_that_the_scheme_gives_none(proposed, cast):
    text = page(cast, "hana", person="ana", line="stars").content.decode()

    assert "The scheme of this position gives no stars, so there is no amount." in text
    assert "no data" not in text
    assert "CNY" not in text


def test_notice_is_headed_without_a_currency(proposed, cast):
    response = page(cast, "hana", person="ana", line="training")

    assert not response.context["line"].is_money
    assert "CNY" not in response.content.decode()


def test_unknown_line_is_not_there(proposed, cast):
    assert page(cast, "hana", person="bo", line="nothing").status_code == 404


def test_manager_of_other_teams_sees_nobody(proposed, cast):
    cast.mona.agent.leaderships.all().delete()

    response = page(cast, "mona")

    assert response.status_code == 200
    assert response.context["rows"] == []
    assert page(cast, "mona", person="ana").status_code == 404


def test_hr_asks_for_the_pay_and_a_worker_gives_it(plan, october, compute, cast):
    compute(october)

    cast.client("hana").post(reverse("appraisal:pay_compute", args=["2026-10"]))
    waiting = page(cast, "hana")
    job = Job.objects.get(kind=pay.TASK)
    pay_of_job(job)

    assert waiting.context["work"] is not None
    assert PayProposal.objects.get().statements.count() == 3


def pay_of_job(job):
    from appraisal.tasks import compute_pay

    assert compute_pay(job_id=job.pk)


def test_without_a_plan_in_use_the_page_says_so(october, compute, cast):
    compute(october)

    response = cast.client("hana").post(
        reverse("appraisal:pay_compute", args=["2026-10"]), follow=True
    )

    assert "No pay plan is in use" in response.content.decode()


def test_published_pay_is_not_worked_out_again(published, cast):
    response = cast.client("hana").post(
        reverse("appraisal:pay_compute", args=["2026-10"]), follow=True
    )

    assert "it never changes" in response.content.decode()


def test_pay_of_a_published_run_can_be_worked_out_once(plan, october, compute, cast):
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    run.refresh_from_db()

    proposal = pay.compute_pay(run=run, asked_by=cast.hana, now=NOW)

    assert proposal.is_sealed
    assert page(cast, "ana", person="ana").status_code == 200


def test_verifying_says_it_is_the_same(proposed, cast):
    add_facts("contacts", [{"day": "2026-10-03", "answered": True}], agent=cast.ana.agent)

    response = cast.client("hana").post(
        reverse("appraisal:pay_verify", args=["2026-10"]), follow=True
    )

    assert "cent for cent" in response.content.decode()


def test_export_holds_agents_and_lines(proposed, cast):
    url = reverse("appraisal:pay_export", args=["2026-10"])

    book = cast.client("hana").get(url, {"format": "xlsx"}).getvalue()
    lines = cast.client("hana").get(url, {"format": "csv", "lines": "1"}).getvalue().decode()

    assert len(zipfile.ZipFile(io.BytesIO(book)).namelist()) > 5
    assert "2026-10,ana,Ana,pay,calls,Calls,counted,116" in lines


def test_agents_do_not_export(published, cast):
    url = reverse("appraisal:pay_export", args=["2026-10"])

    assert cast.client("ana").get(url).status_code == 404
