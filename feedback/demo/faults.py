"""Rows that a system wrote wrongly: rejected at import, and kept for somebody to look at."""

from __future__ import annotations

from typing import NamedTuple

from kpi.models import ImportBatch, RejectedRow


class Fault(NamedTuple):
    """What was wrong with a cell: the column, why it was rejected, what stood there."""

    column: str
    code: str
    value: str


_FAULTS = {
    "tickets": (
        Fault("first_response", "duration", "n/a"),
        Fault("created", "date_in_future", "2062-10-03 09:12"),
    ),
    "surveys": (Fault("score", "off_scale", "9"),),
    "events": (Fault("staff", "unknown_agent", "temp-07"), Fault("quantity", "number", "two")),
}


def faults_in(kind: str, tag: str) -> tuple[Fault, ...]:
    """The faults of a file: none, one or all of its kind's, by the month."""
    known = _FAULTS.get(kind, ())
    return known[: int(tag[:4]) % (len(known) + 1)]


def write_rejected(batch: ImportBatch, faults: tuple[Fault, ...], *, first_line: int) -> None:
    """Keep the rejected rows, one a line, as the last ones of the file."""
    RejectedRow.objects.bulk_create(
        RejectedRow(
            batch=batch,
            kind=batch.kind,
            line=first_line + number,
            column=fault.column,
            code=fault.code,
            value=fault.value,
        )
        for number, fault in enumerate(faults)
    )
