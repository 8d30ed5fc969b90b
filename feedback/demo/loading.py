"""Writes the facts of a file: one revision, one import batch, one COPY."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
from django.conf import settings
from django.db import connection

from agents.models import User
from feedback.demo.faults import faults_in, write_rejected
from feedback.demo.people import Register
from feedback.demo.timeline import ZONE
from kpi.intake.customers import replace_customers
from kpi.models import FACT_MODELS, FactRevision, ImportBatch, Source
from kpi.services.revisions import next_revision

SOURCES = {
    "phone": "Telephone exchange / 电话平台",
    "chat": "Web chat / 在线客服系统",
    "desk": "Service desk / 工单系统",
    "survey": "Survey system / 满意度系统",
    "qa": "Quality reviews / 质检系统",
    "roster": "Roster / 排班系统",
    "training": "Training records / 培训记录",
    "hr": "HR records / 人事记录",
    "branch": "Branch systems / 分部系统",
    "office": "Management office / 管理办公室",
}
_STAMPS = ("person", "team", "position", "shift")
# On average one row in so many is a test call and left out of the telephone file.
_TEST_CALLS = 1_900


@dataclass(frozen=True)
class File:
    """A file as it came in: its rows, and by whom and when."""

    kind: str
    source: str
    tag: str
    frame: pl.DataFrame
    uploaded_by: User
    uploaded_at: datetime
    first_day: date
    last_day: date

    @property
    def name(self) -> str:
        """Source, kind and month: phone_contacts_2610.csv."""
        return f"{self.source}_{self.kind}_{self.tag}.csv"


def write_sources() -> dict[str, Source]:
    """Put the systems that files come from on record."""
    return {code: Source.objects.create(code=code, name=name) for code, name in SOURCES.items()}


def load_file(file: File, *, source: Source, codes: list[str], register: Register) -> ImportBatch:
    """Import a file, inside the caller's transaction.

    Args:
        codes: the staff number of each place in the cast.
    """
    revision = next_revision(
        reason=FactRevision.Reason.IMPORT, made_by=file.uploaded_by, now=file.uploaded_at
    )
    frame, test_calls = _with_lines(file)
    faults = faults_in(file.kind, file.tag)
    batch = _write_batch(file, source, revision, left_out=test_calls, rejected=len(faults))
    write_rejected(batch, faults, first_line=frame.height + test_calls + 2)
    rows = _stamped(frame, codes, register)
    rows = replace_customers(rows, settings.CUSTOMER_KEY.encode()).with_columns(
        pl.lit(file.source).alias("source"),
        pl.lit(batch.pk).alias("batch_id"),
        pl.lit(revision.pk).alias("valid_from"),
        pl.col(pl.Datetime).dt.replace_time_zone(ZONE),
    )
    copy_rows(FACT_MODELS[file.kind]._meta.db_table, rows)
    return batch


def _with_lines(file: File) -> tuple[pl.DataFrame, int]:
    """The rows with the line each had in the file, and how many test calls stood between."""
    number = np.arange(2, file.frame.height + 2)
    gap = _TEST_CALLS if file.source == "phone" else file.frame.height + 2
    skipped = number // gap
    return file.frame.with_columns(pl.Series("line", number + skipped)), int(skipped.max())


def _write_batch(
    file: File, source: Source, revision: FactRevision, *, left_out: int, rejected: int
) -> ImportBatch:
    rows = file.frame.height + left_out + rejected
    return ImportBatch.objects.create(
        source=source,
        kind=file.kind,
        state=ImportBatch.State.DONE,
        file_name=file.name,
        file_path=f"demo/{file.name}",
        file_size=96 * rows,
        sha256=hashlib.sha256(file.name.encode()).hexdigest(),
        zone=ZONE,
        rows=rows,
        accepted=file.frame.height,
        rejected=rejected,
        left_out=left_out,
        left_out_reasons={"test call": left_out} if left_out else {},
        first_day=file.first_day,
        last_day=file.last_day,
        revision=revision,
        uploaded_by=file.uploaded_by,
        uploaded_at=file.uploaded_at,
        finished_at=file.uploaded_at,
    )


def _stamped(frame: pl.DataFrame, codes: list[str], register: Register) -> pl.DataFrame:
    """Codes of people, teams, positions and shifts as the ids that the database gave them."""
    agents = {number: register.agents[code].pk for number, code in enumerate(codes)}
    ids: dict[str, tuple[pl.Expr, dict[Any, int]]] = {
        "agent_id": (pl.col("person"), agents),
        "team_id": (pl.col("team"), {code: team.pk for code, team in register.teams.items()}),
        "position_id": (
            pl.col("position"),
            {code: position.pk for code, position in register.positions.items()},
        ),
        "shift_id": (pl.col("shift"), {code: one.pk for code, one in register.shifts.items()}),
    }
    return frame.with_columns(
        column.replace_strict(known, default=None, return_dtype=pl.Int64).alias(name)
        for name, (column, known) in ids.items()
    ).drop(_STAMPS)


def copy_rows(table: str, rows: pl.DataFrame) -> None:
    """Add rows to a table by COPY; the columns are named as in the table."""
    text = io.StringIO(rows.write_csv(include_header=False, quote_style="necessary"))
    columns = ", ".join(connection.ops.quote_name(column) for column in rows.columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv)", text)
