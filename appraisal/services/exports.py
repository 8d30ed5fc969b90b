"""Results as a workbook or as CSV: one row per agent, and all lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.models import Cycle, Run, Scorecard, ScorecardLine
from appraisal.scoring.months import scheme_of_lines
from appraisal.scoring.scheme import Item, Scheme, parse_scheme
from appraisal.selectors.card_parts import parts_by_card

Cell = str | int | Decimal | None

# What a spreadsheet would take for a formula when it stands first in a text.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


class NothingToExport(Exception):
    """The cycle has no such result: not computed, or not published."""


class UnknownFormat(Exception):
    """The file name ends in neither .xlsx nor .csv."""


def result_run(cycle: Cycle, *, draft: bool) -> Run:
    """The run whose results are given out: the published one, or the newest as a draft.

    Raises:
        NothingToExport: there is none.
    """
    run = cycle.current_run if draft else cycle.published_run
    if run is None:
        what = _("is not computed yet") if draft else _("is not published; a draft can be exported")
        raise NothingToExport(f"{cycle.code} {what}.")
    return run


def export_results(
    run: Run,
    path: Path,
    *,
    cards: QuerySet[Scorecard] | None = None,
    unranked_id: int | None = None,
) -> int:
    """Write the results of a run to a file.

    Args:
        path: ends in ``.xlsx`` (two sheets), or ``.csv`` (two files: the name given, and one
            with ``-lines`` before the ending).
        cards: only these scorecards; all of the run by default.
        unranked_id: the agent whose rank is left out: readers do not learn the own one.
    Returns:
        How many agents were written.
    Raises:
        UnknownFormat: another ending; nothing is written.
        OSError: the file cannot be written.
    """
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UnknownFormat(_("The file must end in .xlsx or .csv."))
    chosen = run.scorecards.all() if cards is None else cards.filter(run=run)
    listed = list(
        chosen.select_related(
            "agent", "team", "position", "shift", "scheme_version__scheme", "run__cycle"
        ).order_by("team__code", "agent__code")
    )
    for card in listed:
        card.rank = None if card.agent_id == unranked_id else card.rank
    schemes = {
        card.scheme_version_id: scheme_of_lines(
            parse_scheme(card.scheme_version.document), run.parameters.get("months", ())
        )
        for card in listed
    }
    agents: list[Sequence[Cell]] = [
        [title for title, _value in _card_columns()],
        *(_card_row(c, schemes) for c in listed),
    ]
    lines = _line_rows(listed, schemes)
    if path.suffix.lower() == ".xlsx":
        sheets: dict[str, Iterable[Sequence[Cell]]] = {_("Agents"): agents, _("Lines"): lines}
        write_workbook(path, sheets)
    else:
        write_csv(path, agents)
        write_csv(path.with_stem(f"{path.stem}-lines"), lines)
    return len(listed)


def _card_row(card: Scorecard, schemes: dict[int, Scheme]) -> list[Cell]:
    scheme = schemes[card.scheme_version_id]
    return [value(card, scheme) for _title, value in _card_columns()]


def _card_columns() -> list[tuple[str, Any]]:
    return [
        (_("Period"), lambda card, _scheme: card.run.cycle.code),
        (_("Staff number"), lambda card, _scheme: card.agent.code),
        (_("Name"), lambda card, _scheme: card.agent.name),
        (_("Chinese name"), lambda card, _scheme: card.agent.name_zh),
        (_("Team"), lambda card, _scheme: card.team.name),
        (_("Position"), lambda card, _scheme: card.position.name),
        (_("Shift"), lambda card, _scheme: card.shift.name if card.shift else ""),
        (_("Scheme"), lambda card, _scheme: card.scheme_version.name),
        (_("Scheme version"), lambda card, _scheme: card.scheme_version.number),
        (_("Total"), lambda card, _scheme: card.total),
        (_("Grade"), lambda card, scheme: _grade_name(card.grade, scheme)),
        (_("Lowered by the guideline"), lambda card, _scheme: _yes(card.by_guideline)),
        (_("Stars"), lambda card, _scheme: card.stars),
        (_("State"), lambda card, _scheme: card.get_state_display()),
        (_("Provisional"), lambda card, _scheme: _yes(card.provisional)),
        (_("Weight covered, %"), lambda card, _scheme: card.covered),
        (_("Rank"), lambda card, _scheme: card.rank),
        (_("Ranked among"), lambda card, _scheme: card.ranked_among),
        (_("Days present"), lambda card, _scheme: card.days_present),
        (_("Run"), lambda card, _scheme: card.run.number),
        (_("Published at"), lambda card, _scheme: _moment(card.run)),
    ]


def _yes(answer: bool) -> str:  # noqa: FBT001 - a cell
    return _("yes") if answer else _("no")


def _moment(run: Run) -> str:
    return run.published_at.isoformat(timespec="seconds") if run.published_at else ""


def _grade_name(code: str, scheme: Scheme) -> str:
    if not code:
        return ""
    return scheme.grades[scheme.grade_index(code)].name.in_language(_language())


def _language() -> str:
    return get_language() or "en"


def _line_rows(cards: Sequence[Scorecard], schemes: dict[int, Scheme]) -> Iterator[list[Cell]]:
    yield [
        _("Period"), _("Staff number"), _("Name"), _("Item"), _("Item name"), _("KPI"),
        _("KPI version"), _("State"), _("Value"), _("Numerator"), _("Denominator"), _("Sample"),
        _("Weight"), _("Weight after sharing out"), _("Points"), _("Level"), _("Conditions met"),
        _("Position"), _("Days in the position"),
    ]  # fmt: skip
    by_id = {card.pk: card for card in cards}
    parts = parts_by_card(cards)
    lines = (
        ScorecardLine.objects.filter(scorecard__in=by_id)
        .select_related("kpi_version__kpi")
        .order_by("scorecard__team__code", "scorecard__agent__code", "order")
    )
    for line in lines:
        card = by_id[line.scorecard_id]
        held, _elsewhere = parts.get(card.pk, ([], []))
        part = next((one for one in held if one.part.holds(line)), None)
        if part is None:
            item = schemes[card.scheme_version_id].item(line.item)
            yield [*_line_row(card, line, item), card.position.name, None]
        else:
            name = part.name.in_language(_language())
            yield [*_line_row(card, line, part.part.item_of(line)), name, part.days]


def _line_row(card: Scorecard, line: ScorecardLine, item: Item) -> list[Cell]:
    version = line.kpi_version
    return [
        card.run.cycle.code,
        card.agent.code,
        card.agent.name,
        line.item,
        item.name.in_language(_language()),
        version.kpi.code if version else _source_of(item),
        version.number if version else None,
        line.get_state_display(),
        line.value,
        line.numerator,
        line.denominator,
        line.sample,
        line.weight,
        line.effective_weight,
        line.points,
        line.level,
        ", ".join(one["kpi"] for one in line.conditions or () if one["met"]),
    ]


def _source_of(item: Item) -> str:
    """What an item without a KPI rests on: a rating, or a month."""
    return f"rating:{item.rating}" if item.rating else "month"


def safe_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def write_csv(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as CSV; no text in it is taken for a formula."""
    # The mark at the start tells spreadsheets that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in rows:
            writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])


def write_workbook(path: Path, sheets: dict[str, Iterable[Sequence[Cell]]]) -> None:
    """Write sheets of rows as a workbook; the first row of each is its head."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with path.open("wb") as file, xlsxwriter.Workbook(file, options) as book:
        heading = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                _write_row(sheet, at, row, heading if at == 0 else None)


def _write_row(sheet: Any, at: int, row: Sequence[Cell], style: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(at, column, safe_text(cell), style)
        elif cell is not None:
            sheet.write_number(at, column, cell, style)
