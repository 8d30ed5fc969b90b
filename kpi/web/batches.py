"""An import as its page tells it: what became of the rows, why some were not taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.figures import grouped
from kpi.formula.fields import FACTS
from kpi.intake import reasons
from kpi.intake.recognising import PreviewRow, Recognition
from kpi.intake.storing import Outcome
from kpi.models import ImportBatch
from kpi.models.imports import Kind
from kpi.web.pages import language

PROBLEMS_SHOWN = 20
# A second kind's row that fell with its main row is told by the main row.
_FOLLOWED = "main_row"


@dataclass(frozen=True)
class Wrong:
    """One thing wrong with one row."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Tally:
    """Every row of one kind, counted once, with the widths of the bar (of 100).

    ``replaced``: of the accepted, those in place of earlier rows.
    """

    kind: str
    accepted: int
    rejected: int
    duplicate: int
    left_out: int
    replaced: int = 0

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return self.accepted + self.rejected + self.duplicate + self.left_out

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """What, where it begins and how wide it is."""
        if not self.rows:
            return []
        parts, at = [], 0.0
        for name in ("accepted", "duplicate", "rejected", "left_out"):
            width = getattr(self, name) * 100 / self.rows
            if width:
                parts.append((name, f"{at:.2f}", f"{max(width - 0.3, 0.4):.2f}"))
            at += width
        return parts


@dataclass(frozen=True)
class Result:
    """What became of a file, or would."""

    main: Tally
    also: Tally | None
    left_out: list[tuple[str, int]]
    notes: list[str]
    wrong: list[Wrong]
    wrong_reasons: str
    parked: int


@dataclass(frozen=True)
class ParkedName:
    """A name that nobody has, and the rows that wait for it."""

    called: str
    rows: int
    line: int


@dataclass(frozen=True)
class Preview:
    """The first rows as they will be read."""

    headings: list[str]
    rows: list[tuple[int, list[str], str]]


def kind_name(kind: str) -> str:
    """What people call a kind of facts."""
    return str(Kind(kind).label) if kind in Kind.values else ""


def kind_words(kind: str) -> str:
    """A kind of facts inside a sentence."""
    return FACTS[kind].label(language()) if kind in FACTS else ""


def field_name(kind: str, name: str) -> str:
    """What people call a field; of the second kind in a file it stands with its kind."""
    if "." in name:
        kind, _dot, name = name.partition(".")
    field = FACTS[kind].fields.get(name) if kind in FACTS else None
    known = {"external_id": _("number of the row"), "date": _("day"), "agent": _("agent")}
    return known.get(name) or (field.label(language()) if field else name)


def result_of_trial(outcome: Outcome, kind: str, also_kind: str) -> Result:
    """What an import would do."""
    also = Tally(also_kind, **outcome.also.as_dict()) if outcome.also else None
    problems = pl.concat([outcome.problems, outcome.also_problems])
    problems = problems.filter(pl.col("code") != _FOLLOWED)
    counts = dict(problems.group_by("code").len().iter_rows())
    shown = problems.head(PROBLEMS_SHOWN).iter_rows(named=True)
    return Result(
        main=Tally(kind, **outcome.main.as_dict()),
        also=also,
        left_out=_left_out(outcome.left_out_reasons),
        notes=list(outcome.notes),
        wrong=[
            Wrong(row["line"], row["column"], row["value"] or "", reasons.of_row(row["code"]))
            for row in shown
        ],
        wrong_reasons=_counted(counts),
        parked=outcome.parked.height,
    )


def result_of_batch(batch: ImportBatch) -> Result:
    """What an import did. Queries: 2."""
    rows = batch.rejected_rows.exclude(code=_FOLLOWED)
    counts = dict(rows.order_by().values_list("code").annotate(Count("pk")))
    shown = rows.order_by("line", "pk")[:PROBLEMS_SHOWN]
    names = ("accepted", "rejected", "duplicate", "left_out", "replaced")
    return Result(
        main=Tally(batch.kind, *(getattr(batch, name) for name in names)),
        also=Tally(batch.also_kind, **batch.also_tally) if batch.also_tally else None,
        left_out=_left_out(batch.left_out_reasons),
        notes=batch.message.splitlines(),
        wrong=[Wrong(row.line, row.column, row.value, reasons.of_row(row.code)) for row in shown],
        wrong_reasons=_counted(counts),
        parked=batch.parked,
    )


def rejected_lines(batch: ImportBatch) -> Iterator[list[str]]:
    """The rejected rows as lines of a table, with a heading."""
    yield [_("Line"), _("Kind"), _("Column"), _("Value"), _("Reason")]
    rows = batch.rejected_rows.order_by("line", "pk").values_list(
        "line", "kind", "column", "value", "code"
    )
    for line, kind, column, value, code in rows.iterator(chunk_size=2000):
        yield [str(line), kind_name(kind), column, value, reasons.of_row(code)]


def parked_names(batch: ImportBatch) -> list[ParkedName]:
    """The names whose rows still wait, most rows first. Queries: 1."""
    waiting = batch.parked_rows.filter(replayed_by=None).order_by()
    named = waiting.values("agent_text").annotate(rows=Count("pk"), line=Min("line"))
    found = [ParkedName(one["agent_text"], one["rows"], one["line"]) for one in named]
    return sorted(found, key=lambda one: (-one.rows, one.called))


def replays_of(batch: ImportBatch) -> list[tuple[int, int]]:
    """The later imports of rows that were parked: batch and rows. Queries: 1."""
    replayed = batch.parked_rows.exclude(replayed_by=None).order_by("replayed_by")
    return list(replayed.values_list("replayed_by").annotate(Count("pk")))


def preview_of(recognition: Recognition) -> Preview:
    """The first rows as they will be read, with the fields that any of them fills."""
    names = list(dict.fromkeys(name for row in recognition.preview for name in row.values))
    return Preview(
        [field_name(recognition.kind, name) for name in names],
        [(row.line, _cells(row, names), "; ".join(row.problems)) for row in recognition.preview],
    )


def _cells(row: PreviewRow, names: Iterable[str]) -> list[str]:
    return [_readable(row.values.get(name, "")) for name in names]


def _readable(text: str) -> str:
    """A moment as people write it, in the organisation's zone; anything else as it is."""
    if len(text) < len("2026-10-05 08:00:00") or text[4:5] != "-":
        return text
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return text
    local = timezone.localtime(told) if timezone.is_aware(told) else told
    return local.strftime("%Y-%m-%d %H:%M:%S")


def _left_out(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [(reasons.of_left_out(reason), count) for reason, count in ordered]


def _counted(counts: Mapping[str, int]) -> str:
    """How often each thing is wrong, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
    return _("; ").join(f"{grouped(count)} × {reasons.of_row(code)}" for code, count in ordered)
