"""What a file is, before anybody said so: its kind, its columns, a mapping to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import yaml

from agents.models import Agent
from kpi.intake import reasons, synonyms
from kpi.intake.fields import DAY_OF, LINKS, specs
from kpi.intake.guessing import Guess, Guesser
from kpi.intake.keeping import source_code
from kpi.intake.located import Problem
from kpi.intake.looking import Look, look_at
from kpi.intake.mapping.model import (
    AgentRule,
    Condition,
    FieldMapping,
    FileMapping,
    KindMapping,
    LeaveOut,
)
from kpi.intake.mapping.reading import check_columns, read_mapping
from kpi.intake.mapping.writing import write_mapping
from kpi.intake.naming import fields_by_name
from kpi.intake.parsing.fields import parse_rows
from kpi.intake.parsing.moments import Clock
from kpi.intake.parsing.words import Meaning
from kpi.intake.reading.table import LINE, FileOptions, FileRefused, Table

MAPPINGS: Final = Path(__file__).resolve().parent.parent / "mappings"
_SAMPLE_ROWS: Final = 2_000
_PREVIEW_ROWS: Final = 5
_SHOWN_SAMPLES: Final = 3
_LEAST_SCORE: Final = 2.0
# Fields that any kind may have say little about which one it is.
_COMMON: Final = frozenset({"external_id", "agent", "channel", "customer", "date", "topic"})
_NAME_HINTS: Final = {
    "contacts": ("call", "contact", "cdr", "conversation", "通话", "话单", "来电", "会话"),
    "tickets": ("ticket", "case", "工单", "投诉"),
    "surveys": ("survey", "csat", "rating", "满意度", "评价"),
    "reviews": ("review", "evaluation", "quality", "质检"),
    "shifts": ("shift", "attendance", "考勤", "排班"),
    "trainings": ("training", "exam", "培训", "考试"),
    "events": ("event", "奖惩"),
    "figures": ("figure", "指标"),
}


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column for the page: what is in it, which fields it feeds, how it is read."""

    name: str
    samples: tuple[str, ...]
    filled: int
    distinct: int
    fields: tuple[str, ...]
    read_as: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be stored: field to text, and what is wrong with it."""

    line: int
    values: dict[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """A proposal. ``origin``: confirmed, shipped or recognised; ``confidence`` from 0 to 1.

    ``problems``: what the mapping needs and the file lacks. ``doubts``: what to look at.
    """

    kind: str
    also_kind: str
    mapping_text: str
    origin: str
    confidence: float
    columns: tuple[ColumnSeen, ...]
    preview: tuple[PreviewRow, ...]
    problems: tuple[Problem, ...]
    doubts: tuple[str, ...]
    table: Table


def recognise(
    table: Table, *, kind: str, confirmed: str, source: str, file_name: str, clock: Clock
) -> Recognition:
    """Propose a mapping for a file.

    Args:
        kind: what the rows are, where it is known; empty to find out.
        confirmed: the text of the source's newest mapping, if it has one.
        source: code of the source, if it is known.

    Raises:
        FileRefused: nothing says what the rows are.
    """
    if confirmed and not check_columns(read_mapping(confirmed), table.columns):
        return _proposal(table, confirmed, "confirmed", clock, ())
    shipped = shipped_mapping(table.columns, kind)
    if shipped:
        return _proposal(table, shipped, "shipped", clock, ())
    guess, mapping = _guess_file(table, kind, clock, source, file_name)
    return _proposal(table, write_mapping(mapping), "recognised", clock, tuple(guess.doubts))


def shipped_mapping(columns: tuple[str, ...], kind: str = "") -> str:
    """The text of a shipped mapping all of whose columns a file has; empty when there is none."""
    for text, mapping in _shipped():
        fits = set(mapping.needed_columns) <= set(columns)
        if fits and kind in {"", mapping.main.kind}:
            return text
    return ""


@cache
def _shipped() -> tuple[tuple[str, FileMapping], ...]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(MAPPINGS.glob("*.yaml"))]
    return tuple((text, read_mapping(text)) for text in texts)


def _guess_file(
    table: Table, kind: str, clock: Clock, source: str, file_name: str
) -> tuple[Guess, FileMapping]:
    looks = {name: look_at(table.frame, name, _SAMPLE_ROWS) for name in table.columns}
    guesser = Guesser(table.frame, looks, clock)
    named = fields_by_name(table.columns, kind)
    if named:
        guess: Guess | None = guesser.guess_named(*named)
    else:
        guess = guesser.guess(kind) if kind else _likeliest(guesser, file_name)
    if guess is None or not _says_something(guess) or "external_id" not in guess.fields:
        raise FileRefused("kind", columns=", ".join(table.columns[:40]))
    second = _second_kind(guesser, guess)
    nobody_yet = not Agent.objects.exists()
    mapping = FileMapping(
        main=guess.mapping,
        also=second,
        source=source or source_code(file_name) or guess.kind,
        file=FileOptions(sheet=table.sheet or None),
        leave_out=_leave_out(guesser, guess.kind),
        agents=AgentRule("create", "agent", "imported") if nobody_yet else AgentRule("park"),
    )
    return guess, mapping


def _says_something(guess: Guess) -> bool:
    """Whether there is a day and, beside it, anything of the kind's own."""
    own = set(guess.fields) - _COMMON - set(DAY_OF[guess.kind])
    return guess.has_day and any(guess.fields[name].constant is None for name in own)


def _likeliest(guesser: Guesser, file_name: str) -> Guess | None:
    """The kind that the most columns speak for, the file's name among the witnesses."""
    guesses = [guesser.guess(kind) for kind in synonyms.FIELDS]
    scored = [(_score(guesser, guess, file_name), guess) for guess in guesses if guess.has_day]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= _LEAST_SCORE else None


def _score(guesser: Guesser, guess: Guess, file_name: str) -> float:
    own = [
        name
        for name, field in guess.fields.items()
        if name not in _COMMON and field.constant is None
    ]
    required = [spec.name for spec in specs(guess.kind).values() if spec.is_required]
    if any(name not in guess.fields for name in required):
        return 0.0
    hints = _NAME_HINTS[guess.kind]
    names = [file_name.lower(), *guesser.names.values()]
    hinted = 1.5 * any(hint in file_name.lower() for hint in hints)
    of_columns = 1.0 * any(hint in name for hint in hints for name in names[1:])
    return len(own) + hinted + of_columns


def _second_kind(guesser: Guesser, guess: Guess) -> KindMapping | None:
    """A survey that lies in the rows of contacts or tickets: its score and what hangs on it."""
    if guess.kind not in LINKS:
        return None
    survey = guesser.guess("surveys").fields
    score = survey.get("score") or survey.get("nps")
    if score is None:
        return None
    day = guess.fields[DAY_OF[guess.kind][0]]
    kept = ("score", "scale", "nps", "comment", "attitude", "speed", "solving", "expertise")
    fields: dict[str, FieldMapping] = {"answered_at": day}
    fields |= {name: survey[name] for name in kept if name in survey}
    if "channel" in guess.fields:  # an answer in the row of a call was given by telephone
        fields["channel"] = guess.fields["channel"]
    when = Condition(score.columns[0], negated=True)
    return KindMapping("surveys", fields, when)


def _leave_out(guesser: Guesser, kind: str) -> tuple[LeaveOut, ...]:
    """Tickets that were deleted are none."""
    status = guesser.column(synonyms.STATUS)
    if kind != "tickets" or status is None:
        return ()
    deleted = tuple(word for word in status.words if word.lower() in synonyms.DELETED_STATES)
    return (LeaveOut(Condition(status.name, deleted), "deleted"),) if deleted else ()


def _proposal(
    table: Table, text: str, origin: str, clock: Clock, doubts: tuple[str, ...]
) -> Recognition:
    mapping = read_mapping(text)
    clock = replace(clock, zone=mapping.zone) if mapping.zone else clock
    problems = tuple(check_columns(mapping, table.columns, text))
    preview, sound = ((), 0.0) if problems else _preview(table, mapping, clock)
    return Recognition(
        kind=mapping.main.kind,
        also_kind=mapping.also.kind if mapping.also else "",
        mapping_text=text,
        origin=origin,
        confidence=round(sound * (0.9 ** len(doubts)), 2),
        columns=tuple(_columns_seen(table, mapping)),
        preview=preview,
        problems=problems,
        doubts=doubts,
        table=table,
    )


def _preview(
    table: Table, mapping: FileMapping, clock: Clock
) -> tuple[tuple[PreviewRow, ...], float]:
    """Five rows as they would be stored, and the share of the sample without a problem."""
    rows = table.frame.head(_SAMPLE_ROWS)
    parsed = parse_rows(rows, mapping.main, clock, empty=mapping.empty)
    share = 1 - parsed.problems["line"].n_unique() / rows.height
    shown = parsed.frame.head(_PREVIEW_ROWS)
    texts = shown.with_columns(pl.exclude(LINE).cast(pl.String))
    preview = []
    for row in texts.iter_rows(named=True):
        line = row.pop(LINE)
        wrong = parsed.problems.filter(pl.col("line") == line)["code"].to_list()
        values = {name: _shown(name, value) for name, value in row.items() if value is not None}
        preview.append(PreviewRow(line, values, tuple(map(reasons.of_row, wrong))))
    return tuple(preview), share


def _shown(name: str, value: str) -> str:
    return f"…{value[-4:]}" if name == "customer" else value


def _columns_seen(table: Table, mapping: FileMapping) -> Iterator[ColumnSeen]:
    kinds = [mapping.main, *([mapping.also] if mapping.also else [])]
    for name in table.columns:
        look = look_at(table.frame, name, _SAMPLE_ROWS)
        feeding = [
            (f"{kind.kind}.{field_name}", field)
            for kind in kinds
            for field_name, field in kind.fields.items()
            if name in field.needed_columns
        ]
        masked = any(field.endswith(".customer") for field, _ in feeding)
        yield ColumnSeen(
            name,
            tuple(_samples(look, masked=masked)),
            look.filled,
            look.distinct,
            tuple(field for field, _ in feeding),
            _read_as([field for _, field in feeding]),
        )


def _samples(look: Look, *, masked: bool) -> Iterator[str]:
    for value in look.sample.unique(maintain_order=True).head(_SHOWN_SAMPLES):
        yield f"…{value[-4:]}" if masked else value[:80]


def _read_as(fields: list[FieldMapping]) -> str:
    """How a column is read, in the words of the mapping."""
    for field in fields:
        if field.values:
            return ", ".join(f"{word} = {_word(to)}" for word, to in field.values.items())
        if field.formats or field.reading:
            return field.reading or ", ".join(field.formats)
    return ""


def _word(value: Meaning) -> str:
    return yaml.safe_dump(value).splitlines()[0]
