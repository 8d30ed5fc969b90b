"""Turn the lines of a list of people into entries, and note everything wrong. No database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from agents.roster.reading import Line, Unreadable

# The columns of the template, and the headings by which a file's columns are recognised.
COLUMNS: dict[str, tuple[str, ...]] = {
    "staff number": ("staff number", "staff no", "employee id", "agent id", "工号", "员工编号"),
    "name": ("name", "full name", "agent", "agent name", "姓名", "员工姓名"),
    "Chinese name": ("chinese name", "中文名", "中文姓名"),
    "e-mail": ("e-mail", "email", "mail", "邮箱", "电子邮箱"),
    "team": ("team", "group", "班组", "团队", "部门"),
    "position": ("position", "job", "role", "岗位", "职位"),
    "shift": ("shift", "班次"),
    "from": ("from", "since", "start", "start date", "joined", "开始日期", "入职日期", "起始日期"),
    "until": ("until", "end", "end date", "left", "结束日期", "离职日期"),
    "aliases": ("aliases", "alias", "also called", "别名", "其他账号"),
}
NEEDED = ("staff number", "name", "team", "position", "from")
LONGEST = {"staff number": 64, "name": 120, "Chinese name": 120, "e-mail": 254, "aliases": 2_000}
LONGEST_ELSEWHERE = 64

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(:00)?)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file, and where."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Entry:
    """One line of a list of people: who, where, from when until when (exclusive)."""

    line: int
    code: str
    name: str
    name_zh: str
    email: str
    team: str
    position: str
    shift: str
    starts_on: date
    ends_on: date | None
    aliases: tuple[tuple[str, str], ...]


@dataclass
class Entries:
    """What a file says, and everything wrong in it."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_entries(lines: Sequence[Line]) -> Entries:
    """Read the lines below the heading.

    Raises:
        Unreadable: a needed column is missing or stands there twice.
    """
    places = _places(lines[0])
    found = Entries()
    for line in lines[1:]:
        cells = {name: _cell(line, place) for name, place in places.items()}
        problems = _problems(line.number, cells)
        if problems:
            found.problems.extend(problems)
        else:
            found.entries.append(_entry(line.number, cells))
    if len(lines) == 1:
        raise Unreadable(_("The file has a heading but nobody in it."))
    return found


def parse_date(text: str) -> date | None:
    """Read 2026-10-05, 2026/10/5, 2026.10.5 or 2026年10月5日; nothing for anything else."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def has_chinese(text: str) -> bool:
    """Whether a text has Chinese letters."""
    return _CHINESE.search(text) is not None


def _places(heading: Line) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, text in enumerate(heading.cells):
        word = text.strip().lower().replace("_", " ")
        name = next((name for name, words in COLUMNS.items() if word in words), None)
        if name in places:
            message = _("Two columns both mean “%(name)s”. Rename or remove one.")
            raise Unreadable(message % {"name": name})
        if name is not None:
            places[name] = place
    if missing := [name for name in NEEDED if name not in places]:
        message = _("The heading lacks: %(missing)s. Start from the template.")
        raise Unreadable(message % {"missing": ", ".join(missing)})
    return places


def _cell(line: Line, place: int) -> str:
    return line.cells[place].strip() if place < len(line.cells) else ""


def _problems(number: int, cells: dict[str, str]) -> list[Problem]:
    found = [
        Problem(number, name, "", _("is missing")) for name in NEEDED if not cells.get(name, "")
    ]
    for name, text in cells.items():
        longest = LONGEST.get(name, LONGEST_ELSEWHERE)
        if len(text) > longest:
            message = _("is longer than %(longest)s characters") % {"longest": longest}
            found.append(Problem(number, name, text[:40], message))
        elif message := _problem(name, text):
            found.append(Problem(number, name, text, message))
    return found or _order_problem(number, cells)


def _problem(name: str, text: str) -> str:
    if not text:
        return ""
    if name in ("from", "until"):
        known = parse_date(text)
        if known is None:
            return _("is no date such as 2026-10-05")
        return "" if 1950 <= known.year <= 2100 else _("is too far away to be meant")
    if name == "e-mail":
        try:
            validate_email(text)
        except ValidationError:
            return _("is no e-mail address")
    return ""


def _order_problem(number: int, cells: dict[str, str]) -> list[Problem]:
    starts_on, ends_on = parse_date(cells["from"]), parse_date(cells.get("until", ""))
    if starts_on and ends_on and ends_on <= starts_on:
        return [Problem(number, "until", cells["until"], _("is not after “from”"))]
    return []


def _entry(number: int, cells: dict[str, str]) -> Entry:
    name = cells["name"]
    chinese = cells.get("Chinese name", "") or (name if has_chinese(name) else "")
    return Entry(
        line=number,
        code=cells["staff number"],
        name=name,
        name_zh=chinese,
        email=cells.get("e-mail", ""),
        team=cells["team"],
        position=cells["position"],
        shift=cells.get("shift", ""),
        starts_on=parse_date(cells["from"]) or date.min,
        ends_on=parse_date(cells.get("until", "")),
        aliases=tuple(_aliases(cells.get("aliases", ""))),
    )


def _aliases(text: str) -> list[tuple[str, str]]:
    """Source and value of each alias; ``phone:1007; a.chen`` is one of a source and one of any."""
    found = []
    for part in re.split(r"[;|；、]", text):
        source, colon, value = part.partition(":")
        found.append((source.strip(), value.strip()) if colon else ("", part.strip()))
    return [alias for alias in found if alias[1]]
