"""Every reason of the import in words: why a file is refused, why a row is, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

_REFUSALS: Final[dict[str, Promise]] = {
    "empty_file": _("The file is empty. Export it again and check that it has rows."),
    "header_only": _("The file has a header but no rows. Export it again for a period with data."),
    "header_absent": _(
        "There is nothing on line %(line)s, where the mapping says the header is. Correct "
        "“header” in the mapping."
    ),
    "header_missing": _(
        "Line %(line)s begins with “%(value)s” and looks like data, not like names of columns. "
        "Add a header line, or name the columns in the mapping."
    ),
    "header_unnamed": _("Line %(line)s: column %(column)s has no name. Give every column a name."),
    "header_doubled": _(
        "Line %(line)s: two columns are named “%(column)s”. Rename one of them and upload the "
        "file again."
    ),
    "too_many_columns": _("The file has %(count)s columns; at most %(most)s are read."),
    "too_many_rows": _(
        "The file has more than %(most)s rows. Split it, or save it as CSV, which may be longer."
    ),
    "too_large": _("The file is larger than %(most)s MB. Split it into several files."),
    "line_too_long": _(
        "Line %(line)s is longer than %(most)s bytes. Check that the file has line ends."
    ),
    "cell_too_long": _(
        "A cell in the record that begins on line %(line)s is too long. Check for a quote that "
        "is never closed."
    ),
    "quote": _(
        "The quote that opens on line %(line)s is never closed, or closed in the middle of a "
        "cell. Correct that line; a quote inside a quoted cell is written twice."
    ),
    "encoding": _(
        "Line %(line)s (byte %(offset)s) is not valid %(encoding)s. Save the file as UTF-8 and "
        "upload it again."
    ),
    "binary": _(
        "This is no table: its content is neither text, CSV, XLSX nor JSON. Export the data in one "
        "of these forms and upload that."
    ),
    "other_kind": _(
        "The name says %(named)s, but the content is %(found)s. Export the data as CSV, XLSX or "
        "JSON and upload that."
    ),
    "not_read": _("Files of this kind (%(found)s) are not read. Save it as %(instead)s."),
    "workbook_damaged": _("The workbook is damaged or encrypted. Save it again as .xlsx."),
    "workbook_macros": _("The workbook holds macros. Save it as .xlsx without macros."),
    "workbook_entries": _("The workbook has more parts than a table needs (%(count)s)."),
    "workbook_unpacked": _("Unpacked, the workbook is larger than %(most)s MB. Save it as CSV."),
    "workbook_cell": _(
        "Cell %(cell)s is filled, far outside the table: at most %(rows)s rows and %(columns)s "
        "columns are read. Delete it and save the workbook again."
    ),
    "workbook_sheet": _("There is no sheet “%(sheet)s”. The sheets are: %(sheets)s."),
    "workbook_no_sheet": _("The workbook has no sheet with cells."),
    "workbook_limits": _(
        "Reading the workbook took more memory or time than allowed. Save the sheet as CSV."
    ),
    "json": _(
        "This is not JSON: it cannot be read from line %(line)s, character %(column)s on. Check "
        "commas, quotes and brackets there."
    ),
    "json_deep": _("The JSON is nested too deeply."),
    "json_records": _("There is no list of records. Say in the mapping where it is: “records”."),
    "json_path": _(
        "“%(path)s” was not found: there is no “%(missing)s”. Found there: %(found)s. Correct "
        "“records” in the mapping."
    ),
    "json_object": _("Record %(number)s is not an object with names and values."),
    "columns_absent": _("The mapping needs columns that the file lacks: %(columns)s."),
    "mapping": _("The mapping cannot be used: %(problems)s"),
    "kind": _(
        "The columns do not show what the rows are. Say the kind, or write a mapping; the "
        "columns are: %(columns)s."
    ),
    "source": _("“%(source)s” is no code of a source: letters, digits, hyphens, underscores."),
    "not_there": _("The stored file is gone. Upload it again."),
    "changed": _("The stored file is not the one that was confirmed. Upload it again."),
}

_ROWS: Final[dict[str, Promise]] = {
    "columns": _("The row has another number of cells than the header."),
    "control_character": _("A control character stands in the cell."),
    "formula_without_value": _("The formula has no stored value. Open, save and upload again."),
    "error_cell": _("The cell shows an error, such as #DIV/0!."),
    "missing": _("A value that every row needs is missing."),
    "number": _("Not a number. Write digits, such as 1234.5."),
    "whole_number": _("Not a whole number."),
    "out_of_range": _("Outside what this value can be."),
    "duration": _("Not a duration in the unit that the mapping names."),
    "duration_clock": _("Not a duration of the form h:mm:ss."),
    "negative": _("A duration below zero."),
    "too_long": _("A duration longer than this one can be."),
    "end_before_start": _("The end lies before the start."),
    "date_format": _("Not a date or time in the format that the mapping names."),
    "date_too_early": _("The date lies before the first one allowed."),
    "date_in_future": _("The date lies in the future."),
    "time_gap": _("There was no such time: the clock was set forward over it."),
    "unknown_value": _("A value that the mapping does not explain."),
    "yes_or_no": _("Neither yes nor no."),
    "text_too_long": _("The text is too long."),
    "scientific_id": _("A spreadsheet turned this number into scientific form and lost digits."),
    "contradiction": _("Answered and abandoned at the same time."),
    "off_scale": _("The score lies outside its scale."),
    "conflict": _("The same number stands on another line with other content."),
    "unknown_agent": _("Nobody on record is called this."),
    "main_row": _("The row itself was rejected."),
}

_LEFT_OUT: Final[dict[str, Promise]] = {
    "total row": _("total row"),
    "parked": _("parked: the person is not known yet"),
    "no_second": _("holds nothing of this kind"),
}

_NOTES: Final[dict[str, Promise]] = {
    "time_twice": ngettext_lazy(
        "%(count)s time lay in the hour that the clock showed twice; it was taken as the first.",
        "%(count)s times lay in the hour that the clock showed twice; each was taken as the "
        "first one.",
        "count",
    ),
    "customer_lost": ngettext_lazy(
        "%(count)s customer number was in scientific form (9.72E+11) and is taken as unknown.",
        "%(count)s customer numbers were in scientific form (9.72E+11) and are taken as unknown.",
        "count",
    ),
    "hidden_sheets": _("The workbook has hidden sheets, which were not read: %(names)s."),
    "stay_excluded": ngettext_lazy(
        "%(count)s row was excluded before and stays excluded, for the reason given then.",
        "%(count)s rows were excluded before and stay excluded, for the reason given then.",
        "count",
    ),
    "created_agents": ngettext_lazy(
        "%(count)s person was added to the records.",
        "%(count)s people were added to the records.",
        "count",
    ),
    "created_team": _("The team “%(code)s” was added."),
    "created_position": _("The position “%(code)s” was added."),
}


def refusal(code: str, details: Mapping[str, object]) -> str:
    """Why a file is refused and what to do, in the language of the moment."""
    return str(_REFUSALS[code]) % details


def of_row(code: str) -> str:
    """What is wrong with a rejected row's cell."""
    return str(_ROWS.get(code, code))


def of_left_out(reason: str) -> str:
    """Why a row was left out: one of ours in words, else the mapping's own reason."""
    return str(_LEFT_OUT.get(reason, reason))


def note(code: str, /, **details: object) -> str:
    """What is to be known about an import that went through."""
    return str(_NOTES[code] % details)


def row_codes() -> tuple[str, ...]:
    """Every code a row can be rejected with."""
    return tuple(_ROWS)
