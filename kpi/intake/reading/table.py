"""What every reader gives, and how it says that a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from kpi.intake.limits import Limits

# A control character, so that no column of a file can have this name.
LINE: Final = "\x01line"
BLANKS: Final = " \t\r\n\u3000\u00a0"
PROBLEM_SCHEMA: Final = pl.Schema(
    {"line": pl.UInt32, "column": pl.String, "code": pl.String, "value": pl.String}
)
_CONTROL: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F]"


class FileRefused(Exception):
    """The file as a whole cannot be taken; ``code`` and ``details`` make the message."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a file is to be read, where a mapping says so; what is None is found by looking."""

    format: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    header: int | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    records: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Everything a reader needs to know besides the bytes."""

    options: FileOptions = field(default_factory=FileOptions)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text.

    ``frame`` holds one text column per name in ``columns`` (empty cells are null, blanks
    around a value are gone) and ``LINE``, the physical line or sheet row, from 1. ``faults``
    (``PROBLEM_SCHEMA``) names rows that the reader could not take; they are in ``frame`` too.
    Wholly blank rows are in neither.
    """

    columns: tuple[str, ...]
    frame: pl.DataFrame
    faults: pl.DataFrame
    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of the file, blank ones not counted."""
        return self.frame.height


def problems(rows: Iterable[tuple[int, str, str, str]] = ()) -> pl.DataFrame:
    """A frame of ``PROBLEM_SCHEMA`` from line, column, code and value."""
    return pl.DataFrame(list(rows), schema=PROBLEM_SCHEMA, orient="row")


def clean_cells(frame: pl.DataFrame, columns: tuple[str, ...], keep: pl.Series) -> pl.DataFrame:
    """Strip blanks around values, make empty cells null, drop rows with nothing in them.

    Args:
        frame: text columns and ``LINE``.
        keep: lines of rows that stay even when they look blank.
    """
    stripped = [pl.col(name).str.strip_chars(BLANKS) for name in columns]
    cleaned = frame.with_columns(pl.when(text != "").then(text) for text in stripped)
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in columns)
    if keep.is_empty():
        return cleaned.filter(filled)
    return cleaned.filter(filled | pl.col(LINE).is_in(keep.implode()))


def control_faults(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Name every cell with a control character in it, which no database and no page can take."""
    found = [
        frame.filter(pl.col(name).str.contains(_CONTROL)).select(
            pl.col(LINE).alias("line"),
            pl.lit(name).alias("column"),
            pl.lit("control_character").alias("code"),
            pl.col(name).str.replace_all(_CONTROL, "\ufffd").str.head(200).alias("value"),
        )
        for name in columns
    ]
    return pl.concat([problems(), *(part.cast(PROBLEM_SCHEMA) for part in found)])
