"""Data by day: each kind's strip as a drawing, with what is short in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agents.figures import grouped
from appraisal.selectors.coverage import Cell, Strip
from appraisal.web.pages.grades import language
from kpi.formula.fields import FACTS

_WIDTH, _TOP, _GROUND = 10, 2.0, 21.0
_DATES_SHOWN = 3


@dataclass(frozen=True)
class StripRow:
    """One kind of facts: its name, drawing, how many, and the days that fall short."""

    kind: str
    name: str
    drawing: SafeString
    count: int
    short: str


@dataclass(frozen=True)
class Coverage:
    """All strips under one axis; kinds of which nothing came in are only named."""

    rows: list[StripRow]
    absent: str
    labels: list[str]


def coverage(strips: Sequence[Strip]) -> Coverage:
    """The strips of a cycle's page."""
    filled = [strip for strip in strips if strip.count or strip.starts("none")]
    names = [_name(strip.kind) for strip in strips if strip not in filled]
    cells = strips[0].cells if strips else ()
    return Coverage([_row(strip) for strip in filled], _(", ").join(names), _labels(cells))


def _name(kind: str) -> str:
    return FACTS[kind].label(language())


def _row(strip: Strip) -> StripRow:
    short = _short_text(strip)
    name = _name(strip.kind)
    words = f"{name}: {grouped(strip.count)}. {short}".strip()
    return StripRow(strip.kind, name.capitalize(), _drawing(strip.cells, words), strip.count, short)


def _drawing(cells: Sequence[Cell], words: str) -> SafeString:
    return format_html(
        '<svg viewBox="0 0 {} 22" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        _WIDTH * len(cells),
        words,
        format_html_join(
            "",
            '<rect class="{}" x="{}" y="{}" width="8" height="{}"><title>{}</title></rect>',
            (
                (cell.state, _WIDTH * place + 1, *_span(cell), _title(cell))
                for place, cell in enumerate(cells)
            ),
        ),
    )


def _title(cell: Cell) -> str:
    return f"{short_day(cell.starts_on)}: {grouped(cell.count)}"


def _span(cell: Cell) -> tuple[str, str]:
    """Where a cell begins and how high it is."""
    if cell.state == "off":
        return "19", "2"
    if cell.state == "none":
        return f"{_TOP}", f"{_GROUND - _TOP}"
    height = max((_GROUND - _TOP) * cell.share, 3.0)
    return f"{_GROUND - height:.1f}", f"{height:.1f}"


def _short_text(strip: Strip) -> str:
    short, missing = day_list(strip.starts("part")), day_list(strip.starts("none"))
    texts = [
        _("%(days)s short") % {"days": short} if short else "",
        _("%(days)s missing") % {"days": missing} if missing else "",
    ]
    return _("; ").join(text for text in texts if text)


def day_list(days: Sequence[date]) -> str:
    """The first of some days, and how many more there are."""
    shown = _(", ").join(short_day(day) for day in days[:_DATES_SHOWN])
    more = len(days) - _DATES_SHOWN
    if more <= 0:
        return shown
    return _("%(days)s and %(more)s more") % {"days": shown, "more": more}


def short_day(day: date) -> str:
    """A day within a year: 14 Oct, 10月14日."""
    return date_format(day, "n月j日" if language().startswith("zh") else "j M")


def _labels(cells: Sequence[Cell]) -> list[str]:
    """What stands over each cell: the day of a month, else the month where one begins."""
    if len(cells) <= 31:
        return [str(cell.starts_on.day) for cell in cells]
    labels, month = [], 0
    for cell in cells:
        labels.append(date_format(cell.starts_on, "M") if cell.starts_on.month != month else "")
        month = cell.starts_on.month
    return labels
