"""The health page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kpi.models import Job

LONG_AGO = datetime(2026, 10, 1, 8, tzinfo=UTC)


@pytest.mark.django_db
def test_idle_system_is_ok_and_open_to_everybody(client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "broker": answer.json()["broker"],
        "oldest_owed_job_s": None,
    }


@pytest.mark.django_db
def test_work_that_nobody_takes_is_reported_as_degraded(client, time_machine):
    time_machine.move_to(LONG_AGO + timedelta(minutes=6))
    Job.objects.create(kind="kpi.import_batch", subject_id=1, asked_at=LONG_AGO)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["oldest_owed_job_s"] == 360


@pytest.mark.django_db
def test_finished_work_does_not_count_as_waiting(client):
    Job.objects.create(
        kind="kpi.import_batch", subject_id=1, asked_at=LONG_AGO, state=Job.State.DONE
    )

    assert client.get("/healthz").json()["oldest_owed_job_s"] is None


@pytest.mark.django_db
def test_a_database_that_refuses_is_answered_with_503(client):
    with connection.execute_wrapper(_refuse):
        answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "unreachable"}


def _refuse(execute, sql, params, many, context):
    from django.db import OperationalError

    raise OperationalError("the server is gone")


@pytest.mark.django_db
def test_it_answers_reading_only(client):
    assert client.post("/healthz").status_code == 405
