"""Imports as pages ask for them."""

import pytest
from django.utils import timezone

from agents.models import Alias
from kpi.intake.mapping.reading import BadMapping
from kpi.models import Contact, ImportBatch, Job, Mapping, Source
from kpi.services import import_jobs, imports
from tests.factories import NOW

ROWS = "id,who,start\n1,ana,2026-10-05 09:00:00\n2,X9,2026-10-05 09:05:00\n"
MAPPING = """\
kind: contacts
source: phone
fields:
  external_id: id
  agent: who
  started_at: {column: start, format: "%Y-%m-%d %H:%M:%S"}
agents: {unknown: park}
"""


@pytest.fixture
def batch(cast, settings, tmp_path):
    """A file that waits for its mapping."""
    settings.APPRAISAL_VAR = tmp_path
    return import_jobs.receive_upload(
        content=[ROWS.encode()],
        name="calls.csv",
        kind="contacts",
        source="",
        zone="",
        sheet="",
        uploaded_by=cast.hana,
        now=NOW,
    )


def test_what_was_said_of_the_file_is_kept(batch, cast):
    assert (batch.kind, batch.uploaded_by, batch.state) == ("contacts", cast.hana, "uploaded")


def test_trying_a_mapping_tells_every_row_and_leaves_nothing_behind(batch):
    outcome = import_jobs.try_mapping(batch=batch, text=MAPPING, now=NOW)

    assert outcome.main.as_dict() == {"accepted": 1, "rejected": 0, "duplicate": 0, "left_out": 1}
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.UPLOADED
    left = [model.objects.count() for model in (Source, Mapping, Contact)]
    assert left == [0, 0, 0]


def test_a_bad_mapping_is_refused_and_nothing_is_owed(batch, cast):
    with pytest.raises(BadMapping):
        import_jobs.request_import(batch=batch, text="kind: calls", confirmed_by=cast.hana, now=NOW)

    assert not Job.objects.exists()


def test_asking_twice_gives_the_same_job(batch, cast):
    first, second = (
        import_jobs.request_import(batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW)
        for _time in range(2)
    )

    assert first == second
    assert (first.kind, first.subject_id) == (import_jobs.TASK, batch.pk)


def test_naming_a_person_remembers_the_name_and_imports_the_rows(batch, cast):
    import_jobs.request_import(batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW)
    batch = imports.run_import(batch_id=batch.pk, now=NOW)

    replay = import_jobs.name_person(
        batch=batch, called="X9", agent=cast.ben.agent, named_by=cast.hana, now=NOW
    )

    assert replay is not None
    assert replay.accepted == 1
    assert Contact.objects.get(external_id="2").agent == cast.ben.agent
    assert (Alias.objects.get().source, Alias.objects.get().value) == ("phone", "X9")


def test_an_import_given_up_is_refused_with_what_to_do(batch, cast):
    import_jobs.request_import(batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW)

    import_jobs.close_given_up(batch_id=batch.pk, now=timezone.now())

    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.REFUSED
    assert "Nothing was stored" in batch.message


def test_what_was_imported_stays_imported_when_a_late_job_is_given_up(batch, cast):
    import_jobs.request_import(batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW)
    imports.run_import(batch_id=batch.pk, now=NOW)

    import_jobs.close_given_up(batch_id=batch.pk, now=NOW)

    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE
