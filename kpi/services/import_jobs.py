"""Imports as pages ask for them: tried without a trace, queued, and matched with people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, User
from agents.services import add_alias
from kpi.intake.storing import Outcome
from kpi.models import ImportBatch, Job
from kpi.services import corrections, imports, jobs

TASK = "kpi.import_batch"


def receive_upload(
    *,
    content: Iterable[bytes],
    name: str,
    kind: str,
    source: str,
    zone: str,
    sheet: str,
    uploaded_by: User,
    now: datetime,
) -> ImportBatch:
    """Store a file with what was said of it.

    Raises:
        FileRefused: it is larger than allowed; nothing is kept.
    """
    batch = imports.receive_file(
        content=content,
        name=name,
        uploaded_by=uploaded_by,
        now=now,
        source=source,
        zone=zone,
        sheet=sheet,
    )
    batch.kind = kind
    batch.save(update_fields=["kind"])
    return batch


def try_mapping(*, batch: ImportBatch, text: str, now: datetime, corrects: bool = False) -> Outcome:
    """What importing a file with a mapping would do; nothing of it stays.

    Args:
        corrects: as in :func:`kpi.services.imports.confirm_mapping`.

    Raises:
        BadMapping, FileRefused, NotWaiting: it could not be imported.
    """
    with transaction.atomic():
        held = ImportBatch.objects.select_related("source").get(pk=batch.pk)
        imports.confirm_mapping(
            batch=held, text=text, confirmed_by=None, now=now, corrects=corrects
        )
        outcome = imports.dry_run(batch=held, now=now)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def request_import(
    *, batch: ImportBatch, text: str, confirmed_by: User, now: datetime, corrects: bool = False
) -> Job:
    """Confirm a mapping and wake a worker; asked twice, the first job is given back.

    Args:
        corrects: as in :func:`kpi.services.imports.confirm_mapping`.

    Raises:
        BadMapping, FileRefused, NotWaiting: nothing is changed.
    """
    held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if held.job_id and held.state in {ImportBatch.State.QUEUED, ImportBatch.State.RUNNING}:
        open_job = Job.objects.get(pk=held.job_id)
        if not open_job.is_over:
            return open_job
    imports.confirm_mapping(
        batch=held, text=text, confirmed_by=confirmed_by, now=now, corrects=corrects
    )
    job = jobs.owe(kind=TASK, subject_id=held.pk, asked_by=confirmed_by, now=now)
    held.job = job
    held.save(update_fields=["job"])
    return job


@transaction.atomic
def name_person(
    *, batch: ImportBatch, called: str, agent: Agent, named_by: User, now: datetime
) -> ImportBatch | None:
    """Remember whom a source means by a name, and import the rows that waited for it.

    Returns:
        The batch that holds them; None when no row waited for this name.
    """
    source = batch.source.code if batch.source else ""
    add_alias(source=source, value=called, agent=agent)
    return corrections.replay_parked(batch_id=batch.pk, replayed_by=named_by, now=now)


def close_given_up(*, batch_id: int, now: datetime) -> None:
    """Refuse a batch whose job was given up; nothing of it was stored."""
    waiting = [ImportBatch.State.QUEUED, ImportBatch.State.RUNNING]
    ImportBatch.objects.filter(pk=batch_id, state__in=waiting).update(
        state=ImportBatch.State.REFUSED,
        message=_("The import stopped before it was done. Nothing was stored; try again."),
        finished_at=now,
    )
