from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from appraisal import apps
from appraisal.models import Run, SchemeVersion
from appraisal.services import runs
from kpi.models import Job
from kpi.services import jobs
from tests.factories import NOW


@pytest.fixture
def run(cast, october):
    return runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)


def test_run_of_a_job_given_up_is_closed_and_another_may_be_asked_for(cast, october, run):
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=run.job_id).update(state="running", attempts=3, lease_until=past)

    assert jobs.sweep(now=timezone.now()) == 0

    run.refresh_from_db()
    assert run.state == Run.State.FAILED
    assert runs.request_run(cycle=october, asked_by=cast.hana, now=NOW).number == 2


def test_refused_run_is_closed(run):
    def refuse(job, progress):
        raise jobs.Refused("Nobody is there.")

    jobs.perform(job_id=run.job_id, do=refuse)

    run.refresh_from_db()
    assert (run.state, runs.summary_of(run)["error"]) == ("failed", "Nobody is there.")


def test_job_of_another_kind_closes_no_run(run):
    other = Job.objects.create(kind="kpi.sweep_jobs", subject_id=run.pk, asked_at=NOW)

    apps.close_failed_run(job=other)

    run.refresh_from_db()
    assert run.state == Run.State.OWED


def test_run_that_is_done_stays_done(october, compute):
    run = compute(october)

    apps.close_failed_run(job=run.job)

    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_what_stands_ready_after_a_migration_is_not_made_twice(library):
    versions = SchemeVersion.objects.count()

    apps.make_cache_table(using="default")
    apps.load_shipped_schemes()

    assert "cache_entries" in connection.introspection.table_names()
    assert SchemeVersion.objects.count() == versions > 0


def test_jobs_are_told_by_the_cycle_they_compute(run):
    other = Job.objects.create(kind="kpi.import_batch", subject_id=run.pk, asked_at=NOW)

    assert apps.cycles_of_jobs(jobs=[run.job, other]) == {run.job_id: "October 2026"}
    assert apps.cycles_of_jobs(jobs=[other]) == {}
