"""What is kept of rows that did not become facts: why, and, of parked ones, the row itself."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
from django.utils.text import slugify

from kpi.intake.checks import MAIN_ROW
from kpi.intake.customers import token
from kpi.intake.limits import PROBLEMS_KEPT_PER_ROW
from kpi.intake.mapping.model import FileMapping
from kpi.intake.reading.table import LINE, Table
from kpi.intake.staging import copy_into
from kpi.intake.storing import Outcome
from kpi.models import ImportBatch, ParkedRow, RejectedRow

_AT_ONCE = 5_000
_AGENT = "\x01agent"


def keep_rejected(batch: ImportBatch, outcome: Outcome) -> None:
    """Remember why rows were rejected, a few problems of each."""
    for kind, problems in (
        (batch.kind, outcome.problems),
        (batch.also_kind, outcome.also_problems),
    ):
        own = problems.filter(pl.col("code") != MAIN_ROW)
        if own.is_empty():
            continue
        numbered = own.with_columns(pl.int_range(pl.len()).over("line").alias("number"))
        kept = numbered.filter(pl.col("number") < PROBLEMS_KEPT_PER_ROW).select(
            pl.lit(batch.pk).alias("batch_id"),
            pl.lit(kind).alias("kind"),
            "line",
            pl.col("column").str.head(160),
            "code",
            pl.col("value").str.head(200),
        )
        copy_into(RejectedRow, kept)


def keep_parked(
    batch: ImportBatch, outcome: Outcome, table: Table, mapping: FileMapping, key: bytes
) -> None:
    """Keep rows of unknown people, each once, with the columns that the mapping needs."""
    if outcome.parked.is_empty():
        return
    waiting = ParkedRow.objects.filter(batch__source=batch.source, replayed_by=None)
    there = {_identity(*row) for row in waiting.values_list("agent_text", "record")}
    # A file may have columns of these names itself.
    parked = outcome.parked.rename({"line": LINE, "agent": _AGENT})
    rows = parked.join(table.frame.select(LINE, *mapping.needed_columns), on=LINE)
    kept = []
    for row in rows.iter_rows(named=True):
        line, agent = row.pop(LINE), row.pop(_AGENT)
        record = _record(row, mapping, key)
        if _identity(agent, record) not in there:
            kept.append(ParkedRow(batch=batch, line=line, agent_text=agent, record=record))
    ParkedRow.objects.bulk_create(kept, batch_size=_AT_ONCE)


def _record(row: dict[str, Any], mapping: FileMapping, key: bytes) -> dict[str, str]:
    """The filled cells of a row; a customer's number only as its digest."""
    kinds = [mapping.main, *([mapping.also] if mapping.also else [])]
    customers = {
        name
        for kind in kinds
        if "customer" in kind.fields
        for name in kind.fields["customer"].columns
    }
    return {
        name: token(cell, key) if name in customers else cell
        for name, cell in row.items()
        if cell is not None
    }


def _identity(agent: str, record: dict[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return agent, tuple(sorted(record.items()))


def source_code(file_name: str) -> str:
    """A source's code from a file's name without its numbers; empty where nothing is left."""
    stem = file_name.rpartition(".")[0] or file_name
    return slugify(re.sub(r"[0-9]+", " ", stem))[:64].strip("-_")
