"""Empty files to start from: for each kind of record the columns, examples and an explanation.

The columns are called as the fields are, so that a filled template needs no mapping. What
people write in their own words is exemplified in the language of the page.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext

from kpi.formula.fields import CODE_LABELS
from kpi.intake.column_help import NEEDED, NOT_NEEDED, NOTES, TITLES, may_hold
from kpi.intake.fields import DAY_OF, Spec, spec_of, specs

_WIDEST: Final = 60
_IN_OWN_WORDS: Final = frozenset({"comment", "course", "note", "topic"})


@dataclass(frozen=True, slots=True)
class Template:
    """One template: ``rows`` are examples, field to text; ``columns`` empty means every field."""

    code: str
    kind: str
    name_en: str
    name_zh: str
    about_en: str
    about_zh: str
    rows: tuple[dict[str, str], ...]
    only: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en

    def about(self, language: str) -> str:
        return self.about_zh if language.startswith("zh") else self.about_en

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns: number, agent and day first, a form's criteria last."""
        first = ["external_id", "agent", *DAY_OF[self.kind]]
        every = self.only or tuple(name for name in specs(self.kind) if name not in first)
        rest = [name for name in every if name not in first]
        others = [name for row in self.rows for name in row if name not in {*first, *rest}]
        return tuple(dict.fromkeys([*first, *rest, *others]))

    @property
    def lines(self) -> list[list[str]]:
        """The heading, and the examples in the language of the moment."""
        columns = self.columns
        return [list(columns), *([_example(row, name) for name in columns] for row in self.rows)]


def _example(row: dict[str, str], name: str) -> str:
    text = row.get(name, "")
    return gettext(text) if text and name in _IN_OWN_WORDS else text


def as_csv(template: Template) -> bytes:
    """CSV with a byte-order mark, by which spreadsheets know that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(template.lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(template: Template) -> bytes:
    """A workbook: the examples, every cell as text, and a sheet that explains each column."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        plain = book.add_format({"num_format": "@"})
        strong = book.add_format({"num_format": "@", "bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(template.code)
        sheet.set_column(0, len(template.columns) - 1, 18, plain)
        sheet.freeze_panes(1, 0)
        _write(sheet, template.lines, (strong, plain))
        helping = book.add_worksheet("说明 Help")
        helping.freeze_panes(1, 1)
        lines = help_lines(template)
        for place in range(len(lines[0])):
            widest = max(len(line[place]) * (1 + (place in {2, 4})) for line in lines)
            helping.set_column(place, place, min(widest + 2, _WIDEST))
        _write(helping, lines, (strong, wrapped))
    return content.getvalue()


def _write(sheet: Any, lines: list[list[str]], formats: tuple[Any, Any]) -> None:
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            sheet.write_string(number, place, cell, formats[number > 0])


def help_lines(template: Template) -> list[list[str]]:
    """For each column: its name, its meaning and what it may hold in both languages, if needed."""
    return [list(TITLES), *(_help(template.kind, name) for name in template.columns)]


def _help(kind: str, name: str) -> list[str]:
    spec = spec_of(kind, name)
    if spec is None:
        raise ValueError(f"{kind} have no field {name}.")
    needed = NEEDED if is_needed(kind, name) else NOT_NEEDED
    return [name, *_meaning(kind, spec), *_holds(spec), " ".join(needed)]


def is_needed(kind: str, name: str) -> bool:
    """Whether no row may leave the column empty."""
    spec = spec_of(kind, name)
    return spec is not None and (spec.is_required or DAY_OF[kind][0] == name)


def _meaning(kind: str, spec: Spec) -> tuple[str, str]:
    named = (spec.label_en[:1].upper() + spec.label_en[1:], spec.label_zh)
    note = NOTES.get((kind, spec.name)) or NOTES.get(("", spec.name.partition(":")[0]))
    if note is None:
        return named
    return f"{named[0]}. {note[0]}", f"{named[1]}。{note[1]}"


def _holds(spec: Spec) -> tuple[str, str]:
    if not spec.choices:
        return may_hold(spec)
    labels = {code: CODE_LABELS.get(code, (code, code)) for code in spec.choices}
    english = ", ".join(f"{code} ({label[0]})" for code, label in labels.items())
    chinese = "、".join(f"{code}（{label[1]}）" for code, label in labels.items())
    return english, chinese
