"""A mapping as data. See docs/import-mapping.md for every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from kpi.intake.reading.table import FileOptions

Unknown = Literal["create", "reject", "park"]

READINGS: Final[dict[str, tuple[str, ...]]] = {
    "seconds": ("seconds", "milliseconds", "minutes", "hours", "hms", "excel_time"),
    "decimal": ("number", "percent", "share"),
    "whole": ("number",),
    "flag": ("filled",),
}
FORMAT_WORDS: Final = ("iso", "epoch", "epoch_ms", "excel")
FORMATS: Final = ("csv", "xlsx", "json", "jsonl")
UNKNOWN_AGENTS: Final = ("create", "reject", "park")


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for a row whose cell is, is not, is empty or is filled. Values ignore case."""

    column: str
    values: tuple[str, ...] = ()
    negated: bool = False

    @property
    def about_filling(self) -> bool:
        """Whether it asks only if the cell is empty (or, negated, filled)."""
        return not self.values


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How one field is made from the columns of a row."""

    columns: tuple[str, ...] = ()
    join: str = " "
    formats: tuple[str, ...] = ()
    reading: str = ""
    values: dict[str, str | bool | None] | None = None
    otherwise: str | bool | None = None
    has_otherwise: bool = False
    empty: tuple[str, ...] = ()
    difference: tuple[str, str] | None = None
    constant: str | None = None
    when: Condition | None = None

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """Every column it looks at."""
        conditional = (self.when.column,) if self.when else ()
        return (*self.columns, *(self.difference or ()), *conditional)


@dataclass(frozen=True, slots=True)
class KindMapping:
    """The fields of one kind of fact; ``when`` says which rows hold one (of a second kind)."""

    kind: str
    fields: dict[str, FieldMapping]
    when: Condition | None = None

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """Every column it looks at, each once."""
        conditional = (self.when.column,) if self.when else ()
        names = [name for one in self.fields.values() for name in one.needed_columns]
        return tuple(dict.fromkeys([*names, *conditional]))


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Rows that are not facts, and why."""

    condition: Condition
    reason: str


@dataclass(frozen=True, slots=True)
class AgentRule:
    """What to do with a person nobody knows; created ones start on the first day seen."""

    unknown: Unknown = "park"
    position: str = ""
    team: str = ""
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One source's file: how it is read, what its rows are, what becomes of unknown people.

    ``corrects``: rows that are there already and say something else are replaced.
    """

    main: KindMapping
    also: KindMapping | None = None
    source: str = ""
    zone: str = ""
    file: FileOptions = field(default_factory=FileOptions)
    empty: tuple[str, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    agents: AgentRule = field(default_factory=AgentRule)
    queues: dict[str, str] = field(default_factory=dict)
    corrects: bool = False

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """Every column of the file that it looks at, each once."""
        also = self.also.needed_columns if self.also else ()
        left_out = [rule.condition.column for rule in self.leave_out]
        return tuple(dict.fromkeys([*self.main.needed_columns, *also, *left_out]))
