"""Undoing an import, and importing rows that waited for a person."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from kpi.intake.checks import sort_rows
from kpi.intake.corrections import bring_back, close_batch
from kpi.intake.keeping import keep_rejected
from kpi.intake.mapping.reading import read_mapping
from kpi.intake.people import find_agents
from kpi.intake.promotion import Stamp
from kpi.intake.reading.table import LINE, Table, problems
from kpi.intake.storing import Outcome, StoreOrder, store_rows
from kpi.models import FactRevision, ImportBatch, ParkedRow
from kpi.services import imports
from kpi.services.revisions import next_revision

Reason = FactRevision.Reason


class NotImported(Exception):
    """The batch holds no facts that could be taken back."""


@transaction.atomic
def undo_batch(*, batch_id: int, undone_by: User | None, now: datetime) -> ImportBatch:
    """Close all facts of an import. Nothing is deleted; the same file may be imported again.

    What a correction replaced is added again, as it was before.

    Raises:
        NotImported: it was not imported, or undone before. Nothing is changed.
    """
    imports.lift_time_limits()
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != ImportBatch.State.DONE:
        raise NotImported(
            _("Import %(id)s cannot be undone: it is not imported.") % {"id": batch_id}
        )
    revision = next_revision(reason=Reason.UNDO, made_by=undone_by, now=now)
    close_batch(batch, revision.pk)
    if batch.has_replaced:
        bring_back(batch, revision.pk)
    ParkedRow.objects.filter(batch=batch, replayed_by=None).delete()
    batch.state, batch.undone_revision = ImportBatch.State.UNDONE, revision
    batch.save(update_fields=["state", "undone_revision"])
    return batch


@transaction.atomic
def replay_parked(*, batch_id: int, replayed_by: User | None, now: datetime) -> ImportBatch | None:
    """Import the parked rows of a batch whose people are known by now.

    Returns:
        The batch that holds them, None when nobody became known.
    """
    imports.lift_time_limits()
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    source = batch.source.code if batch.source else ""
    waiting = ParkedRow.objects.filter(batch=batch, replayed_by=None).order_by("line", "pk")
    names = sorted(set(waiting.values_list("agent_text", flat=True)))
    known = find_agents(names, source=source)
    rows = list(waiting.filter(agent_text__in=known))
    if not rows:
        return None
    revision = next_revision(reason=Reason.IMPORT, made_by=replayed_by, now=now)
    replay = _replay_batch(batch, replayed_by, now)
    outcome = _store_kept(replay, rows, revision, now)
    ParkedRow.objects.filter(pk__in=[row.pk for row in rows]).update(replayed_by=replay)
    return imports.finish(replay, outcome, revision, now)


def _replay_batch(batch: ImportBatch, replayed_by: User | None, now: datetime) -> ImportBatch:
    return ImportBatch.objects.create(
        source=batch.source,
        kind=batch.kind,
        also_kind=batch.also_kind,
        state=ImportBatch.State.RUNNING,
        file_name=batch.file_name,
        file_path=batch.file_path,
        file_size=batch.file_size,
        sha256=batch.sha256,
        sheet=batch.sheet,
        zone=batch.zone,
        mapping_text=batch.mapping_text,
        corrects=batch.corrects,
        uploaded_by=replayed_by,
        uploaded_at=now,
    )


def _store_kept(
    batch: ImportBatch, rows: list[ParkedRow], revision: FactRevision, now: datetime
) -> Outcome:
    mapping = read_mapping(batch.mapping_text)
    columns = mapping.needed_columns
    frame = pl.DataFrame(
        {
            name: pl.Series([row.record.get(name) for row in rows], dtype=pl.String)
            for name in columns
        }
    ).with_columns(pl.Series(LINE, [row.line for row in rows], dtype=pl.UInt32))
    table = Table(columns, frame, problems(), "parked")
    main, second = sort_rows(table, mapping, imports.clock_of(batch, mapping, now))
    order = StoreOrder(
        table=table,
        mapping=mapping,
        main=main,
        second=second,
        stamp=Stamp(
            batch.source.code if batch.source else "", batch.pk, revision.pk, batch.corrects
        ),
        customer_key=str(settings.CUSTOMER_KEY).encode(),
        from_kept_rows=True,
    )
    outcome = store_rows(order)
    keep_rejected(batch, outcome)
    return outcome
