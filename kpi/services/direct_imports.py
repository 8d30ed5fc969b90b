"""A file taken in by one call, where nobody confirms in between: the command, the demo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db import transaction

from agents.models import User
from kpi.intake import reasons
from kpi.intake.checks import MAIN_ROW
from kpi.intake.mapping.reading import BadMapping, read_mapping
from kpi.intake.reading.table import FileRefused
from kpi.intake.storing import Outcome
from kpi.models import ImportBatch
from kpi.services import imports

_PROBLEMS_SHOWN = 100


class WrongKind(Exception):
    """The mapping is of another kind than the one asked for."""


@dataclass(frozen=True, slots=True)
class FileOrder:
    """How a file is to be taken in; what is empty is found out."""

    kind: str = ""
    source: str = ""
    mapping_text: str = ""
    zone: str = ""
    sheet: str = ""
    dry_run: bool = False
    corrects: bool = False


def import_file(
    *,
    content: Iterable[bytes],
    name: str,
    order: FileOrder,
    now: datetime,
    imported_by: User | None = None,
) -> dict[str, Any]:
    """Receive, recognise, confirm and import a file; or only say what that would do.

    Returns:
        The tallies, and the first hundred problems, as plain values.

    Raises:
        FileRefused, BadMapping, WrongKind: nothing of the file is stored.
    """
    batch = imports.receive_file(
        content=content,
        name=name,
        uploaded_by=imported_by,
        now=now,
        source=order.source,
        zone=order.zone,
        sheet=order.sheet,
    )
    try:
        text = order.mapping_text or _recognised(batch, order, now)
        _check_kind(text, order.kind)
        if order.dry_run:
            return _tried(batch, text, now, corrects=order.corrects)
        imports.confirm_mapping(
            batch=batch, text=text, confirmed_by=imported_by, now=now, corrects=order.corrects
        )
        return _imported(imports.run_import(batch_id=batch.pk, now=now))
    except (FileRefused, BadMapping, WrongKind):
        imports.discard_upload(batch=batch)
        raise


def _recognised(batch: ImportBatch, order: FileOrder, now: datetime) -> str:
    return imports.recognise_batch(batch=batch, now=now, kind=order.kind).mapping_text


def _check_kind(text: str, kind: str) -> None:
    found = read_mapping(text).main.kind
    if kind and kind != found:
        raise WrongKind(f"The mapping is for {found}, not for {kind}.")


def _tried(batch: ImportBatch, text: str, now: datetime, *, corrects: bool) -> dict[str, Any]:
    """What an import would do; the source, the mapping and the batch are gone afterwards."""
    with transaction.atomic():
        imports.confirm_mapping(
            batch=batch, text=text, confirmed_by=None, now=now, corrects=corrects
        )
        outcome = imports.dry_run(batch=batch, now=now)
        report = {
            "state": "dry_run",
            "batch": None,
            **_about(batch),
            **_outcome(outcome, batch.kind, batch.also_kind),
        }
        transaction.set_rollback(True)
    imports.discard_upload(batch=batch)
    return report


def _about(batch: ImportBatch) -> dict[str, Any]:
    return {
        "file": batch.file_name,
        "source": batch.source.code if batch.source else "",
        "kind": batch.kind,
        "also_kind": batch.also_kind,
    }


def _outcome(outcome: Outcome, kind: str, also_kind: str) -> dict[str, Any]:
    return {
        "rows": outcome.main.rows,
        **outcome.main.as_dict(),
        "replaced": outcome.main.replaced,
        "parked": outcome.parked.height,
        "left_out_reasons": outcome.left_out_reasons,
        "also": outcome.also.as_dict() if outcome.also else {},
        "created_agents": outcome.created.agents,
        "first_day": outcome.first_day.isoformat() if outcome.first_day else None,
        "last_day": outcome.last_day.isoformat() if outcome.last_day else None,
        "notes": list(outcome.notes),
        "problems": [
            *_problems(outcome.problems, kind),
            *_problems(outcome.also_problems, also_kind),
        ],
    }


def _problems(found: pl.DataFrame, kind: str) -> list[dict[str, Any]]:
    own = found.filter(pl.col("code") != MAIN_ROW).head(_PROBLEMS_SHOWN)
    return [
        {"kind": kind, **row, "message": reasons.of_row(row["code"])}
        for row in own.iter_rows(named=True)
    ]


def _imported(batch: ImportBatch) -> dict[str, Any]:
    rejected = batch.rejected_rows.order_by("line", "pk")[:_PROBLEMS_SHOWN]
    return {
        "state": batch.state,
        "batch": batch.pk,
        **_about(batch),
        "rows": batch.rows,
        "accepted": batch.accepted,
        "replaced": batch.replaced,
        "rejected": batch.rejected,
        "duplicate": batch.duplicate,
        "left_out": batch.left_out,
        "parked": batch.parked,
        "left_out_reasons": batch.left_out_reasons,
        "also": batch.also_tally,
        "created_agents": batch.created_agents,
        "first_day": batch.first_day.isoformat() if batch.first_day else None,
        "last_day": batch.last_day.isoformat() if batch.last_day else None,
        "notes": batch.message.splitlines(),
        "problems": [
            {
                "kind": row.kind,
                "line": row.line,
                "column": row.column,
                "code": row.code,
                "value": row.value,
                "message": reasons.of_row(row.code),
            }
            for row in rejected
        ],
    }
