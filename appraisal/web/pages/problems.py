"""What is wrong with a scheme, in the language of the page, and where it is mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.scoring.reading import Problem
from appraisal.web.pages.scheme_editor import entry_name
from appraisal.web.pages.scheme_fields import SIDES
from appraisal.web.scheme_changes import entries, find

_TEXTS: tuple[tuple[str, str | Promise], ...] = (
    (r"is missing: give en and zh", gettext_lazy("Give the name in both languages.")),
    (r"is missing", gettext_lazy("This is missing.")),
    (r"must be a text", gettext_lazy("This must be a text.")),
    (
        r"must be a number with at most nine decimal places",
        gettext_lazy("This is not a number that can be used here."),
    ),
    (r"must be a whole number", gettext_lazy("This must be a whole number.")),
    (r"must be at least (.+)", gettext_lazy("At least %(a)s.")),
    (r"must be at most (.+)", gettext_lazy("At most %(a)s.")),
    (
        r"must be from 0 to the item's weight, (.+)",
        gettext_lazy("From 0 to the item’s weight, %(a)s."),
    ),
    (r"must be from 0 to 1", gettext_lazy("From 0% to 100%.")),
    (r"must be from (.+) to (.+)", gettext_lazy("From %(a)s to %(b)s.")),
    (r"must be one of (.+)", gettext_lazy("Choose one.")),
    (r"must be more than 0.*", gettext_lazy("More than 0.")),
    (r"must differ from worst", gettext_lazy("Both values are the same.")),
    (
        r"must (?:descend|ascend): write the best (?:band|grade) first",
        gettext_lazy("The best comes first."),
    ),
    (r"must descend: write the most stars first", gettext_lazy("The most stars come first.")),
    (
        r"must not give more than the better band before it",
        gettext_lazy("A lower step gives no more than the one before it."),
    ),
    (
        r"must be 0: the last grade takes the rest",
        gettext_lazy("The last grade is from 0: it takes the rest."),
    ),
    (
        r"must have at most two decimal places, as totals have",
        gettext_lazy("Two decimal places at most, as totals have."),
    ),
    (r"must be a list with at least one (?:code|entry)", gettext_lazy("At least one is needed.")),
    (
        r"needs zero_low < low <= high < zero_high",
        gettext_lazy("The four values must go up: nothing, all from, all to, nothing."),
    ),
    (r"(.+) is not one of the grades", gettext_lazy("%(a)s is none of the grades.")),
    (r"(.+) is not one of the groups", gettext_lazy("%(a)s is none of the groups.")),
    (r"no item has a level (.*)", gettext_lazy("No item has the level %(a)s.")),
    (r"is not a KPI that is in use here", gettext_lazy("This KPI is not in use here.")),
    (r"has the same code twice", gettext_lazy("The same level stands twice.")),
    (r"has the code (.+) (\d+) times", gettext_lazy("The code %(a)s stands %(b)s times.")),
    (r"no_stars needs stars in the scheme", gettext_lazy("Give stars in the scheme first.")),
    (
        r"is the peers' average in this rule: leave it out",
        gettext_lazy("The peers’ average is the target here: leave this empty."),
    ),
    (r"needs exactly one of .+", gettext_lazy("Give the figure.")),
    (
        r"veto goes with the rule type veto, and only with it",
        gettext_lazy("An item that limits the grade counts as nothing else."),
    ),
    (
        r"a veto caps the grade and has no weight: set the weight to 0",
        gettext_lazy("An item that limits the grade has the weight 0."),
    ),
    (
        r"must have at most 50 characters",
        gettext_lazy("The code has more than 50 characters."),
    ),
    (
        r"must be of letters, digits, - and _, at most 64",
        gettext_lazy("The code is of letters, digits, - and _, at most 64."),
    ),
    (
        r"must not end in -- and a number",
        gettext_lazy("The code must not end in -- and a number: parts of a card are called so."),
    ),
    (r"have no weight: the weights add up to 0", gettext_lazy("The weights add up to 0.")),
    (
        r"months goes with the cycles quarter and year only",
        gettext_lazy("Only a quarter and a year have months."),
    ),
    (
        r"must not be the last grade, which takes the rest",
        gettext_lazy("The last grade takes the rest: choose a better one."),
    ),
)  # fmt: skip
_UNREAD = re.compile(r"is missing|must be a number")
_INDEX = re.compile(r"\[(\d+)\]")
_ABOUT = ("name", "description", "positions", "cycles", "minimum_cover", "roll_up", "month_weights",
          "transfers", "code")  # fmt: skip
_THRESHOLD = re.compile(rf"^(conditions\.\d+)(\.({'|'.join(code for code, _label in SIDES)}))?$")


@dataclass(frozen=True)
class Mend:
    """One thing to mend: on which part of the editor, at which field, what is wrong."""

    part: str
    code: str
    field: str
    words: str
    where: str

    @property
    def query(self) -> str:
        """What leads to its part of the editor."""
        return f"{self.part}={self.code}" if self.code else f"part={self.part}"


def problem_words(message: str) -> str:
    """A problem as a sentence; one that has none here stands as it is written."""
    for pattern, text in _TEXTS:
        if found := re.fullmatch(pattern, message):
            groups = dict(zip("ab", found.groups(), strict=False))
            return str(text) % groups if groups and "%(" in str(text) else str(text)
    return message


def mends(problems: Iterable[Problem], document: Mapping[str, Any]) -> list[Mend]:
    """Where each problem is mended; of a figure that is none, nothing else is said."""
    found: dict[tuple[str, str], Problem] = {}
    unread: set[str] = set()
    for problem in problems:
        if problem.path not in unread:
            found[problem.path, problem.message] = problem
        if _UNREAD.match(problem.message):
            unread.add(problem.path)
    return [_mend(problem, document) for problem in found.values()]


def _mend(problem: Problem, document: Mapping[str, Any]) -> Mend:
    words = problem_words(problem.message)
    path = _INDEX.sub(r".\1", problem.path)
    first, _dot, rest = path.partition(".")
    if first in {"items", "groups"} and rest:
        place, _dot, inner = rest.partition(".")
        entry = _entry(document, first, place)
        if entry is not None:
            code = str(entry.get("code") or "")
            return Mend(first.removesuffix("s"), code, _field(inner), words, entry_name(entry))
    if first in {"items", "groups"}:
        what = {"items": _("Items"), "groups": _("Groups")}[first]
        return Mend("add", "", first, words, what)
    if first in _ABOUT:
        return Mend("about", "", _field(path), words, _("About the scheme"))
    return Mend("grades", "", _field(path), words, _("Grades"))


def _field(path: str) -> str:
    """The field of a form that a place in the document stands for."""
    if _THRESHOLD.match(path):
        return _THRESHOLD.sub(r"\1.threshold", path)
    return f"{path}.en" if path in {"name", "description"} or path.endswith(".name") else path


def _entry(document: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any] | None:
    if place.isdecimal():
        listed = entries(document, key)
        return listed[int(place)] if int(place) < len(listed) else None
    return find(document, key, place)
