"""Taking a file in: received, recognised, confirmed, tried, imported, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from agents.models import Organisation, User
from kpi.intake import keeping, reasons, uploads
from kpi.intake.checks import SortedRows, sort_rows
from kpi.intake.keeping import source_code
from kpi.intake.limits import Limits
from kpi.intake.mapping.model import FileMapping
from kpi.intake.mapping.reading import BadMapping, check_columns, is_source_code, read_mapping
from kpi.intake.parsing.moments import Clock
from kpi.intake.promotion import Stamp
from kpi.intake.reading.opening import read_table
from kpi.intake.reading.table import FileOptions, FileRefused, Request, Table
from kpi.intake.recognising import Recognition, recognise
from kpi.intake.storing import Outcome, StoreOrder, store_rows
from kpi.models import FactRevision, ImportBatch, Mapping, Source
from kpi.services.revisions import next_revision

Progress = Callable[[str, int, int], None]
State = ImportBatch.State
STAGES = ("reading", "checking", "storing")


class NotWaiting(Exception):
    """The batch is not in a state in which this can be done."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file read, understood and sorted, ready to be stored."""

    table: Table
    mapping: FileMapping
    main: SortedRows
    second: SortedRows | None
    clock: Clock


def receive_file(
    *,
    content: Iterable[bytes],
    name: str,
    uploaded_by: User | None,
    now: datetime,
    source: str = "",
    zone: str = "",
    sheet: str = "",
) -> ImportBatch:
    """Store a file and open a batch that waits for its mapping.

    Args:
        content: the bytes, in pieces of any size.
        name: what the file was called.
        source: code of the system it comes from; empty where the mapping says it.
        zone: of the clocks in the file, where it is not the mapping's or the source's.

    Raises:
        FileRefused: it is larger than allowed, or the source is no code; nothing is kept.
    """
    known_source = _source(source) if source else None
    stored = uploads.store(content, most_bytes=_limits().text_bytes)
    return ImportBatch.objects.create(
        source=known_source,
        file_name=uploads.shown_name(name),
        file_path=stored.path,
        file_size=stored.size,
        sha256=stored.sha256,
        sheet=sheet,
        zone=zone,
        uploaded_by=uploaded_by,
        uploaded_at=now,
    )


def discard_upload(*, batch: ImportBatch) -> None:
    """Drop a file that was not imported, with its batch.

    Raises:
        NotWaiting: it was, or is being, imported.
    """
    if batch.state not in {State.UPLOADED, State.QUEUED, State.REFUSED}:
        raise NotWaiting(f"Batch {batch.pk} is {batch.state}.")
    others = ImportBatch.objects.filter(file_path=batch.file_path).exclude(pk=batch.pk)
    if not others.exists():
        uploads.remove(batch.file_path)
    batch.delete()


def recognise_batch(
    *, batch: ImportBatch, now: datetime, kind: str = "", text: str = ""
) -> Recognition:
    """Propose a mapping: the source's newest one, a shipped one that fits, or one recognised.

    Args:
        kind: what the rows are, where somebody said so.
        text: a mapping that somebody wrote; if it fits the file, it is the one looked at.

    Raises:
        BadMapping: the text is no mapping.
        FileRefused: the file cannot be read.
    """
    newest = None if text else _newest_mapping(batch, kind)
    known = newest.text if newest else text
    options = read_mapping(known).file if known else FileOptions(sheet=batch.sheet or None)
    table = _read(batch, options)
    return recognise(
        table,
        kind=kind,
        confirmed=known,
        source=batch.source.code if batch.source else "",
        file_name=batch.file_name,
        clock=clock_of(batch, None, now),
    )


def confirm_mapping(
    *,
    batch: ImportBatch,
    text: str,
    confirmed_by: User | None,
    now: datetime,
    corrects: bool = False,
) -> ImportBatch:
    """Fix the mapping of a batch, which then waits to be imported.

    Args:
        corrects: rows that are there already and say something else are replaced by this file;
            a mapping may say so for every file of its source.

    Raises:
        BadMapping: with every problem by line; nothing is changed.
        FileRefused: the file cannot be read with it.
        NotWaiting: the batch was imported already.
    """
    if batch.state not in {State.UPLOADED, State.REFUSED, State.QUEUED}:
        raise NotWaiting(f"Batch {batch.pk} is {batch.state}.")
    mapping = read_mapping(text)
    table = _read(batch, mapping.file)
    if problems := check_columns(mapping, table.columns, text):
        raise BadMapping(problems)
    with transaction.atomic():
        batch.source = batch.source or _source(
            mapping.source or source_code(batch.file_name) or mapping.main.kind
        )
        _keep_mapping(batch.source, mapping.main.kind, text, confirmed_by, now)
        batch.kind, batch.also_kind = mapping.main.kind, mapping.also.kind if mapping.also else ""
        batch.mapping_text, batch.state, batch.message = text, State.QUEUED, ""
        batch.corrects = corrects or mapping.corrects
        batch.save(update_fields=_CONFIRMED_FIELDS)
    return batch


_CONFIRMED_FIELDS = [
    "source",
    "kind",
    "also_kind",
    "mapping_text",
    "corrects",
    "state",
    "message",
]


def dry_run(*, batch: ImportBatch, now: datetime) -> Outcome:
    """What importing a confirmed batch would do, to the row; nothing is changed.

    Raises:
        FileRefused: the file would be refused.
    """
    prepared = _prepare(batch, now, _silent)
    with transaction.atomic():
        lift_time_limits()
        revision = next_revision(reason=FactRevision.Reason.IMPORT, made_by=None, now=now)
        outcome = _store(batch, prepared, revision)
        transaction.set_rollback(True)
    return outcome


def run_import(*, batch_id: int, now: datetime, progress: Progress | None = None) -> ImportBatch:
    """Import a confirmed batch. Safe to repeat, and to run twice at once.

    A file that cannot be taken leaves the batch refused, with the message; nothing of it is
    stored then.

    Args:
        now: aware; the facts' revision is made then.
        progress: told the stage, and how many rows of how many.
    """
    report = progress or _silent
    batch = ImportBatch.objects.select_related("source").get(pk=batch_id)
    if batch.state in {State.DONE, State.UNDONE, State.REFUSED}:
        return batch
    ImportBatch.objects.filter(pk=batch_id, state=State.QUEUED).update(state=State.RUNNING)
    with translation.override(_language()):
        try:
            prepared = _prepare(batch, now, report)
            report("storing", 0, prepared.table.rows)
            return _import(batch_id, prepared, now)
        except (FileRefused, BadMapping) as error:
            return _refuse(batch_id, error, now)


def _prepare(batch: ImportBatch, now: datetime, report: Progress) -> Prepared:
    mapping = read_mapping(batch.mapping_text)
    report("reading", 0, 1)
    table = _read(batch, mapping.file)
    if problems := check_columns(mapping, table.columns, batch.mapping_text):
        raise BadMapping(problems)
    report("checking", 0, table.rows)
    clock = clock_of(batch, mapping, now)
    return Prepared(table, mapping, *sort_rows(table, mapping, clock), clock)


@transaction.atomic
def _import(batch_id: int, prepared: Prepared, now: datetime) -> ImportBatch:
    lift_time_limits()
    batch = ImportBatch.objects.select_related("source", "uploaded_by")
    held = batch.select_for_update(of=("self",)).get(pk=batch_id)
    if held.state != State.RUNNING:
        return held
    revision = next_revision(reason=FactRevision.Reason.IMPORT, made_by=held.uploaded_by, now=now)
    outcome = _store(held, prepared, revision)
    keeping.keep_rejected(held, outcome)
    keeping.keep_parked(held, outcome, prepared.table, prepared.mapping, _customer_key())
    return finish(held, outcome, revision, now)


def _store(batch: ImportBatch, prepared: Prepared, revision: FactRevision) -> Outcome:
    source = batch.source.code if batch.source else ""
    return store_rows(
        StoreOrder(
            table=prepared.table,
            mapping=prepared.mapping,
            main=prepared.main,
            second=prepared.second,
            stamp=Stamp(source, batch.pk, revision.pk, batch.corrects),
            customer_key=_customer_key(),
        )
    )


def finish(
    batch: ImportBatch, outcome: Outcome, revision: FactRevision, now: datetime
) -> ImportBatch:
    """Write the tallies; an import that stored nothing leaves no revision behind."""
    stored = outcome.main.accepted + (outcome.also.accepted if outcome.also else 0)
    if stored:
        batch.revision = revision
    else:
        revision.delete()
    for name, value in outcome.main.as_dict().items():
        setattr(batch, name, value)
    batch.rows, batch.parked = outcome.main.rows, outcome.parked.height
    batch.left_out_reasons = outcome.left_out_reasons
    batch.also_tally = outcome.also.as_dict() if outcome.also else {}
    batch.created_agents = outcome.created.agents
    batch.first_day, batch.last_day = outcome.first_day, outcome.last_day
    batch.state, batch.finished_at = State.DONE, now
    batch.message = "\n".join(outcome.notes)
    batch.save(update_fields=_RESULT_FIELDS)
    return batch


_RESULT_FIELDS = [
    "state",
    "rows",
    "accepted",
    "replaced",
    "rejected",
    "duplicate",
    "left_out",
    "parked",
    "left_out_reasons",
    "also_tally",
    "created_agents",
    "first_day",
    "last_day",
    "revision",
    "message",
    "finished_at",
]


def _refuse(batch_id: int, error: Exception, now: datetime) -> ImportBatch:
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state == State.RUNNING:
        batch.state, batch.message, batch.finished_at = State.REFUSED, explain(error), now
        batch.save(update_fields=["state", "message", "finished_at"])
    return batch


def explain(error: Exception) -> str:
    """Why a file or mapping was refused, for people."""
    if isinstance(error, FileRefused):
        return reasons.refusal(error.code, error.details)
    return str(error)


def _read(batch: ImportBatch, options: FileOptions) -> Table:
    path = uploads.find(batch.file_path, batch.sha256)
    if batch.sheet:
        options = replace(options, sheet=batch.sheet)
    return read_table(path, name=batch.file_name, request=Request(options, _limits()))


def clock_of(batch: ImportBatch, mapping: FileMapping | None, now: datetime) -> Clock:
    """The zone of the file's clocks, and the zone that days are counted in."""
    organisation = Organisation.objects.first()
    zones = (
        batch.zone,
        mapping.zone if mapping else "",
        batch.source.zone if batch.source else "",
        organisation.zone if organisation else "",
        "UTC",
    )
    zone = next(zone for zone in zones if zone)
    day_zone = organisation.zone if organisation else zone
    return Clock(zone, day_zone, settings.APPRAISAL_EARLIEST_FACT, now)


def _newest_mapping(batch: ImportBatch, kind: str) -> Mapping | None:
    if batch.source is None:
        return None
    found = batch.source.mappings.order_by("-pk")
    return (found.filter(kind=kind) if kind else found).first()


def _keep_mapping(
    source: Source, kind: str, text: str, confirmed_by: User | None, now: datetime
) -> None:
    newest = source.mappings.filter(kind=kind).order_by("-pk").first()
    if newest is None or newest.text != text:
        Mapping.objects.create(
            source=source, kind=kind, text=text, confirmed_by=confirmed_by, confirmed_at=now
        )


def _source(code: str) -> Source:
    if not is_source_code(code):
        raise FileRefused("source", source=code)
    return Source.objects.get_or_create(code=code)[0]


def _limits() -> Limits:
    return Limits(**settings.APPRAISAL_IMPORT_LIMITS)


def _customer_key() -> bytes:
    return str(settings.CUSTOMER_KEY).encode()


def _language() -> str:
    organisation = Organisation.objects.first()
    return organisation.language if organisation else settings.LANGUAGE_CODE


def lift_time_limits() -> None:
    """A large file takes longer than a page may; the job has its own limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; "
            "SET LOCAL idle_in_transaction_session_timeout = 0"
        )


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody asked for."""
