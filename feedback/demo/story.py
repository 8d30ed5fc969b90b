"""What happened to single facts: an outage that does not count, a file taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from agents.models import User
from kpi.models import FACT_MODELS, Contact, Exclusion, Fact, FactRevision, ImportBatch
from kpi.services.revisions import next_revision

OUTAGE = "Telephone exchange failed from 08:40 to 13:20; calls broke off. 电话平台故障，当日不计。"
WRONG_FILE = "Exported from the test system by mistake. 误从测试系统导出。"


def exclude_outage(*, team: str, outage_day: date, excluded_by: User, now: datetime) -> int:
    """Let the day of the outage not count for the first agent of a team who worked that morning.

    Returns:
        How many facts no longer count; 0 when nobody worked.
    """
    contacts = Contact.objects.filter(
        team__code=team, shift__code="early", day=outage_day, answered=True
    )
    agent_id = contacts.order_by("agent_id").values_list("agent_id", flat=True).first()
    if agent_id is None:
        return 0
    revision = next_revision(reason=FactRevision.Reason.EXCLUDE, made_by=excluded_by, now=now)
    return sum(
        _exclude(kind, agent_id, outage_day, revision, excluded_by, now)
        for kind in ("contacts", "shifts")
    )


def _exclude(
    kind: str,
    agent_id: int,
    day: date,
    revision: FactRevision,
    excluded_by: User,
    now: datetime,
) -> int:
    exclusion = Exclusion.objects.create(
        kind=kind, reason=OUTAGE, excluded_by=excluded_by, excluded_at=now
    )
    model = FACT_MODELS[kind]
    closed = model._default_manager.filter(
        agent_id=agent_id, day=day, valid_until__isnull=True
    ).update(valid_until=revision.pk)
    with connection.cursor() as cursor:
        cursor.execute(_copies(model), [exclusion.pk, revision.pk, revision.pk])
    return closed


def _copies(model: type[Fact]) -> str:
    """SQL that adds the rows closed by a revision again, excluded."""
    changed = {"id", "exclusion_id", "valid_from", "valid_until"}
    columns = [str(field.column) for field in model._meta.concrete_fields if not field.generated]
    kept = ", ".join(connection.ops.quote_name(name) for name in columns if name not in changed)
    table = connection.ops.quote_name(model._meta.db_table)
    return (
        f"INSERT INTO {table} ({kept}, exclusion_id, valid_from)"  # noqa: S608  # names of columns
        f" SELECT {kept}, %s, %s FROM {table} WHERE valid_until = %s"
    )


def undo_file(*, batch: ImportBatch, undone_by: User, now: datetime) -> None:
    """Take a whole file back: its facts are closed, nothing is deleted."""
    revision = next_revision(reason=FactRevision.Reason.UNDO, made_by=undone_by, now=now)
    facts = FACT_MODELS[batch.kind]._default_manager.filter(batch=batch, valid_until__isnull=True)
    facts.update(valid_until=revision.pk)
    batch.state, batch.undone_revision = ImportBatch.State.UNDONE, revision
    batch.message = WRONG_FILE
    batch.save(update_fields=["state", "undone_revision", "message"])
