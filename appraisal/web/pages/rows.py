"""The rows behind a line as a table: what each says, and whether and why it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.scoring.wording import number_text
from appraisal.web.pages.address import Asked
from appraisal.web.pages.dates import date_text, day_text, moment_text
from appraisal.web.pages.grades import language
from appraisal.web.pages.totals import totals_of
from kpi import evidence
from kpi.formula import nodes
from kpi.formula.fields import FACTS, Field, code_label
from kpi.formula.words import condition_words
from kpi.frames import Window
from kpi.models import Fact, FactRevision
from kpi.services.entries import entered_by
from kpi.services.exclusions import asked_for

PAGE_SIZE = 50
# Where the rows open inside another page.
GLANCE_SIZE = 10

_MOMENTS = {
    "contacts": "started_at",
    "tickets": "created_at",
    "surveys": "answered_at",
    "reviews": "reviewed_at",
}
_ALWAYS = {
    "contacts": ("customer_tail", "queue", "topic"),
    "tickets": ("customer_tail", "kind", "topic"),
    "surveys": ("contact", "ticket"),
    "reviews": ("contact", "form"),
    "trainings": ("course",),
    "events": ("kind", "note"),
    "figures": ("figure", "period"),
}
# Shown by other columns, or no column of a table.
_ELSEWHERE = {"agent", "team", "position", "shift", "day", "batch", "line", "source", "customer"}
_NUMBERS = {"int", "decimal"}
_UNITS = {"percent": "number", "points": "number", "count": "count", "day": "days", "min": "min"}


@dataclass(frozen=True)
class Column:
    """A column: its field, and whether it is so telling that a phone shows it too."""

    field: Field
    label: str
    is_number: bool
    is_key: bool


@dataclass(frozen=True)
class Cell:
    """What a row says in a column."""

    text: str
    column: Column


@dataclass(frozen=True)
class Row:
    """A row: its cells, whether it counts, in words, and where it came from.

    Attributes:
        is_history: it was corrected or excluded after the run had read it.
        asked_id: the exclusion of it that waits for approval; range_id: that of many rows with it.
    """

    pk: int
    when: str
    who: str
    cells: list[Cell]
    counts: bool
    verdict: str
    source: str
    batch_id: int | None
    is_excluded: bool
    is_history: bool
    asked_id: int | None
    range_id: int | None


@dataclass(frozen=True)
class _Beside:
    """What is known of the rows besides: exclusions asked for, and who entered which."""

    asked: Mapping[tuple[str, str], int]
    made: Mapping[int, FactRevision]


@dataclass(frozen=True)
class Choice:
    """One way to filter the rows."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Pages:
    """The addresses of the neighbouring pages; empty at an end."""

    earlier: str
    later: str


@dataclass(frozen=True)
class Table:
    """One kind of row behind a line.

    Attributes:
        number: its place among the kinds of the line, for the address.
        rows: of the page; empty where the reader may see no more than the count.
        totals: how the rows agree with numerator and denominator, in words.
    """

    number: int
    fact: str
    label: str
    tally: evidence.Tally
    totals: list[str]
    is_open: bool
    choices: list[Choice]
    columns: list[Column]
    rows: list[Row]
    page: Page[Any] | None
    pages: Pages | None
    has_people: bool
    scope: str


def table_of(
    part: evidence.Part,
    facts: QuerySet[Fact],
    *,
    number: int,
    window: Window,
    is_open: bool,
    asked: Asked,
    size: int = PAGE_SIZE,
) -> Table:
    """Put the rows of a part into a table, one page of it.

    Args:
        facts: as :func:`kpi.evidence.rows_of` gives them.
        is_open: the reader may see single rows.
        asked: its query has ``show0`` and ``page0`` for the first kind of rows, and so on.
    Queries: 3, and one each where rows are excluded or were entered, and for what is asked.
    """
    tally = evidence.tally(part, facts, window=window)
    shown = _shown(asked.get(f"show{number}"))
    page = asked.get(f"page{number}") or "1"
    current = Paginator(evidence.shown(facts, shown), size).get_page(page) if is_open else None
    found = list(current) if current is not None else []
    columns = _columns(part, found)
    beside = _Beside(asked_for(part.fact, found), entered_by(found))
    return Table(
        number=number,
        fact=part.fact,
        label=FACTS[part.fact].label(language()),
        tally=tally,
        totals=totals_of(part, facts, tally),
        is_open=is_open,
        choices=_choices(tally, asked, number, shown),
        columns=columns,
        rows=[_row(part, fact, columns, beside) for fact in found],
        page=current,
        pages=_pages(current, asked, number),
        has_people=part.scope != "own",
        scope=part.scope,
    )


def _shown(asked: str) -> evidence.Shown:
    return cast("evidence.Shown", asked) if asked in {"counted", "out"} else "all"


def _choices(
    tally: evidence.Tally, asked: Asked, number: int, shown: evidence.Shown
) -> list[Choice]:
    counts = {
        "all": _("all %(count)s"),
        "counted": _("%(count)s count"),
        "out": _("%(count)s do not"),
    }
    sizes = {"all": tally.rows, "counted": tally.counted, "out": tally.rows - tally.counted}
    return [
        Choice(
            label=words % {"count": f"{sizes[which]:,}"},
            url=asked.but(
                **{f"show{number}": "" if which == "all" else which, f"page{number}": ""}
            ),
            is_current=which == shown,
        )
        for which, words in counts.items()
    ]


def _pages(page: Page[Any] | None, asked: Asked, number: int) -> Pages | None:
    if page is None or not page.has_other_pages():
        return None

    def address(wanted: int) -> str:
        return asked.but(**{f"page{number}": str(wanted)})

    return Pages(
        earlier=address(page.number - 1) if page.has_previous() else "",
        later=address(page.number + 1) if page.has_next() else "",
    )


def _columns(part: evidence.Part, facts: Sequence[Any]) -> list[Column]:
    """The columns worth showing: those that the formula reads, and others that say anything."""
    known = FACTS[part.fact].fields
    read = [name for name in part.fields if name in known and name not in _ELSEWHERE]
    also = [name for name in _ALWAYS.get(part.fact, ()) if name not in read]
    filled = [name for name in also if any(getattr(fact, name) for fact in facts)]
    told = next((name for name in ("topic", "note", "course") if name in filled), "")
    figures = [name for name in read if known[name].kind in _NUMBERS]
    keys = {told, *(figures or read)[:1]}
    return [_column(known[name], keys=keys) for name in [*filled, *read]]


def _column(field: Field, *, keys: set[str]) -> Column:
    return Column(
        field=field,
        label=_label(field),
        is_number=field.kind in _NUMBERS,
        is_key=field.name in keys,
    )


def _label(field: Field) -> str:
    if field.name == "customer_tail":
        return _("Customer")
    return _capital(field.label(language()))


def _row(part: evidence.Part, fact: Any, columns: Sequence[Column], beside: _Beside) -> Row:
    verdict = evidence.verdict_of(part, fact)
    return Row(
        pk=fact.pk,
        when=_when(fact, part.fact),
        who=fact.agent.display_name if part.scope != "own" and fact.agent else "",
        cells=[Cell(cell_text(fact, column.field), column) for column in columns],
        counts=verdict != "out",
        verdict=_verdict_words(part, fact, verdict),
        source=_source(fact, beside.made.get(fact.valid_from)),
        batch_id=fact.batch_id,
        is_excluded=fact.exclusion_id is not None,
        is_history=fact.valid_until is not None,
        asked_id=beside.asked.get((fact.source, fact.external_id)),
        range_id=None if fact.exclusion is None or fact.exclusion.is_single else fact.exclusion_id,
    )


def _when(fact: Any, kind: str) -> str:
    moment = getattr(fact, _MOMENTS.get(kind, ""), None)
    return day_text(fact.day) if moment is None else moment_text(moment)


def _source(fact: Any, made: FactRevision | None) -> str:
    if made is not None and made.made_by is not None:
        told = {"author": made.made_by.display_name, "day": _local_day(made.made_at)}
        return _("entered by %(author)s on %(day)s") % told
    if fact.line is None:
        return str(fact.source)
    return _("%(source)s, line %(line)s") % {"source": fact.source, "line": f"{fact.line:,}"}


def cell_text(fact: Any, field: Field) -> str:
    """What a field says, in the language of the page; a missing value is a dash."""
    value = getattr(fact, field.name, None)
    if value is None or value == "":
        return "–"
    if field.name == "customer_tail":
        return f"•• {value}"
    return _WRITERS.get(field.kind, _as_text)(value, field)


def _as_text(value: Any, _field: Field) -> str:
    return str(value)


def _as_number(value: Any, field: Field) -> str:
    unit = _UNITS.get(field.unit or "", field.unit or "number")
    return number_text(Decimal(value), unit, language())


def _as_flag(value: Any, _field: Field) -> str:
    return _("yes") if value else _("no")


def _as_code(value: Any, _field: Field) -> str:
    return code_label(str(value), language=language())


def _as_day(value: date, _field: Field) -> str:
    return day_text(value)


def _as_moment(value: datetime, _field: Field) -> str:
    return moment_text(value)


_WRITERS: dict[str, Callable[[Any, Field], str]] = {
    "int": _as_number,
    "decimal": _as_number,
    "bool": _as_flag,
    "code": _as_code,
    "date": _as_day,
    "datetime": _as_moment,
}


def _verdict_words(part: evidence.Part, fact: Any, verdict: evidence.Verdict) -> str:
    if verdict == "out":
        return _("no: %(why)s") % {"why": _why(part, fact)}
    return {
        "met": _("yes, meets it"),
        "unmet": _("yes, does not meet it"),
        "above": _("yes, above the line"),
        "below": _("yes, below the line"),
        "counted": _("yes"),
    }[verdict]


def _why(part: evidence.Part, fact: Any) -> str:
    reason = evidence.reason_of(part, fact)
    if reason.kind == "excluded":
        return _excluded(fact)
    if reason.node is None:
        return _("does not meet the condition")
    if reason.kind == "missing" and isinstance(reason.node, nodes.FieldRef):
        return condition_words(nodes.IsNone(reason.node, negated=False), language())
    return _("not %(condition)s") % {"condition": condition_words(reason.node, language())}


def _excluded(fact: Any) -> str:
    exclusion = fact.exclusion
    words = {
        "reason": exclusion.reason,
        "author": exclusion.excluded_by.display_name,
        "day": _local_day(exclusion.excluded_at),
    }
    return _("%(reason)s; excluded by %(author)s on %(day)s") % words


def _local_day(moment: datetime) -> str:
    return date_text(timezone.localdate(moment))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
