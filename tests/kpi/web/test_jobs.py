"""Jobs: their health, and how far one is."""

import pytest

from kpi.models import ImportBatch, Job
from kpi.web.work import work_of
from tests.factories import NOW


def job(**changes):
    fields = {"kind": "kpi.import_batch", "subject_id": 7, "asked_at": NOW, "started_at": NOW}
    return Job.objects.create(**fields | changes)


@pytest.mark.parametrize(
    ("name", "status"),
    [("ana", 404), ("sam", 404), ("mona", 404), ("quinn", 404), ("hana", 200), ("ada", 200)],
)
def test_hr_and_the_administrator_see_jobs(cast, name, status):
    client, number = cast.client(name), job().pk

    pages = [client.get("/jobs/"), client.get(f"/jobs/{number}/")]

    assert [page.status_code for page in pages] == [status, status]


def test_without_any_job_the_page_says_what_they_are(cast):
    assert "No work was asked for yet" in cast.client("ada").get("/jobs/").content.decode()


def test_a_failed_job_tells_its_error(cast):
    job(state=Job.State.FAILED, error="The stored file is gone.")

    assert "The stored file is gone." in cast.client("ada").get("/jobs/").content.decode()


def test_a_job_under_way_is_asked_for_again_and_ends_with_the_page_anew(cast):
    one = job(state=Job.State.RUNNING, stage="checking", stages_done=[["reading", 0.4]],
              done=50, total=200)  # fmt: skip
    client = cast.client("hana")

    running = client.get(f"/jobs/{one.pk}/", headers={"HX-Request": "true"})
    Job.objects.update(state=Job.State.DONE)
    over = client.get(f"/jobs/{one.pk}/", headers={"HX-Request": "true"})

    text = running.content.decode()
    assert "hx-get" in text
    assert "50 of 200" in text
    assert "0.4 s" in text
    assert over.headers["HX-Refresh"] == "true"


def test_an_unknown_job_does_not_exist(cast):
    assert cast.client("ada").get("/jobs/99999/").status_code == 404


def test_steps_are_done_under_way_and_to_come(db):
    one = job(state=Job.State.RUNNING, stage="checking", stages_done=[["reading", 0.4]],
              done=50, total=200)  # fmt: skip

    work = work_of(one)

    assert [step.state for step in work.steps] == ["done", "now", "next"]
    assert work.percent == 41  # one step of three, and a quarter of the second


def test_work_of_an_unknown_kind_is_shown_by_what_it_reports(db):
    work = work_of(job(kind="kpi.sweep", stage="sweeping", state=Job.State.RUNNING))

    assert (work.title, work.url) == ("kpi.sweep", "")
    assert [step.name for step in work.steps] == ["sweeping"]


def test_only_what_is_done_is_a_hundred_percent(db):
    stages = [["reading", 1], ["checking", 1], ["storing", 1]]

    assert work_of(job(state=Job.State.RUNNING, stages_done=stages)).percent == 99
    assert work_of(job(state=Job.State.DONE, stages_done=stages, subject_id=8)).percent == 100


def test_job_that_is_done_has_all_its_steps_done(db):
    work = work_of(job(state=Job.State.DONE))

    assert {step.state for step in work.steps} == {"done"}


def test_what_a_job_works_on_is_opened_by_those_who_may_read_it(cast):
    number = job().pk

    for name, opens in (("hana", "/data/7/"), ("ada", "")):
        page = cast.client(name).get(f"/jobs/{number}/")
        assert page.context["opens"] == opens
        assert ("Open what it works on" in page.content.decode()) == bool(opens)


def test_jobs_name_the_files_they_import(cast):
    batch = ImportBatch.objects.create(
        file_name="calls.csv", sha256="0" * 64, uploaded_by=cast.hana, uploaded_at=NOW
    )
    job(subject_id=batch.pk)

    text = cast.client("ada").get("/jobs/").content.decode()

    assert "calls.csv · job" in text
