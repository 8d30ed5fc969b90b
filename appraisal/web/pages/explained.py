"""A line opened: in words, with its numbers, its rule as a picture, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.figures import plural_of, rounded
from appraisal.models import ScorecardLine
from appraisal.scoring.changes import is_emptied
from appraisal.scoring.explain import Explanation, explain_line, explain_month
from appraisal.scoring.months import is_month
from appraisal.scoring.pictures import RulePicture, picture
from appraisal.scoring.wording import number_text, points_text
from appraisal.selectors.card import Card
from appraisal.web.pages.beside import conditions_of
from appraisal.web.pages.grades import joined, language
from appraisal.web.pages.lines import LineRow, basis_for, line_row, unit_of
from appraisal.web.pages.parts import days_of
from kpi.formula import compile_formula
from kpi.formula.explain import explain_parts, numerator_and_denominator
from kpi.formula.fields import FACTS
from kpi.models import KPIVersion
from kpi.services import measurability


@dataclass(frozen=True)
class Numbers:
    """The formula and what it came to.

    Attributes:
        above, below: numerator and denominator; empty where the value is no ratio.
        result: the points of the item, empty where they are not shown.
    """

    formula: str
    above_words: str
    below_words: str
    above: str
    below: str
    value: str
    result: str


@dataclass(frozen=True)
class Explained:
    """Everything a line's page says before its rows."""

    line: LineRow
    words: str
    next_step: str
    meaning: str
    numbers: Numbers | None
    picture: RulePicture | None
    unit: str
    rests_on: list[str]
    awaited: list[str]
    lacked: list[str]


def explained(card: Card, line: ScorecardLine) -> Explained:
    """Explain one line of a scorecard."""
    words = _words(card, line) if card.shows_points else None
    return Explained(
        line=line_row(card, line),
        words="" if words is None else joined(words.sentences),
        next_step="" if words is None else words.next_step,
        meaning=_meaning(line),
        numbers=_numbers(card, line),
        picture=_picture(card, line) if card.shows_points else None,
        unit=unit_of(line),
        rests_on=_rests_on(card, line),
        awaited=_awaited(card, line),
        lacked=_lacked(card, line),
    )


def _words(card: Card, line: ScorecardLine) -> Explanation:
    if is_month(line.item):
        return explain_month(line, language())
    item, version = card.item(line), line.kpi_version
    return explain_line(
        item,
        line,
        unit_of(line),
        language(),
        noun=None if version is None else _noun(version, line.sample),
        basis=basis_for(version, card.window.imported),
        minimum_sample=None if version is None else version.minimum_sample,
        weight=card.weights[line.item],
        conditions=conditions_of(card, line),
        days=days_of(card, line),
    )


def _noun(version: KPIVersion, sample: int | None) -> str | None:
    return version.sample_noun(sample) if version.tells_sample else None


def _meaning(line: ScorecardLine) -> str:
    if line.kpi_version is None:
        return ""
    meaning = line.kpi_version.definition.get("meaning") or {}
    return str(meaning.get("zh" if language().startswith("zh") else "en", ""))


def _numbers(card: Card, line: ScorecardLine) -> Numbers | None:
    if line.kpi_version is None or line.value is None:
        return None
    formula = compile_formula(line.kpi_version.formula)
    known = card.window.imported
    above, below = numerator_and_denominator(formula, imported=known)
    words = explain_parts(formula, language(), imported=known)
    is_ratio = line.denominator is not None
    return Numbers(
        formula=f"{above} / {below}" if below else above,
        above_words=words[0],
        below_words=words[1] or "",
        above=plain(line.numerator) if is_ratio else "",
        below=plain(line.denominator) if is_ratio else "",
        value=number_text(line.value, unit_of(line), language()),
        result=_result(card, line),
    )


def _result(card: Card, line: ScorecardLine) -> str:
    if not card.shows_points or line.points is None:
        return ""
    words = {"points": points_text(line.points), "full": points_text(line.effective_weight)}
    told = ngettext(
        "%(points)s of %(full)s point", "%(points)s of %(full)s points", plural_of(words["full"])
    )
    return told % words


def plain(number: Decimal | None) -> str:
    """A numerator or denominator, as exact as it is stored."""
    return "" if number is None else f"{number.normalize():,f}"


def _picture(card: Card, line: ScorecardLine) -> RulePicture | None:
    item = card.item(line)
    if not line.effective_weight and not item.weight:
        return None
    # Exact, so that the marked points are those of the line: 6.67 of the picture may be 20/3.
    weight = card.weights[line.item] if line.effective_weight else rounded(line.weight, 2)
    # What a condition empties does not lie on the rule.
    is_shown = line.state == ScorecardLine.State.SCORED and not is_emptied(line)
    shown = line.value if is_shown else None
    target = item.target if line.target is None else line.target
    return picture(item.rule, weight, shown, unit=unit_of(line), target=target)


def _rests_on(card: Card, line: ScorecardLine) -> list[str]:
    version, part = line.kpi_version, card.part_of(line)
    scheme = card.scorecard.scheme_version if part is None else part.version
    told = []
    if version is not None:
        told.append(
            _("KPI “%(name)s” version %(number)s")
            % {"name": version.name, "number": version.number}
        )
    told.append(
        _("scheme “%(name)s” version %(number)s") % {"name": scheme.name, "number": scheme.number}
    )
    if version is not None and version.minimum_sample > 1:
        told.append(
            _("at least %(needed)s %(noun)s needed, here %(sample)s")
            % {
                "needed": f"{version.minimum_sample:,}",
                "noun": version.sample_name,
                "sample": f"{line.sample or 0:,}",
            }
        )
    return told


def _awaited(card: Card, line: ScorecardLine) -> list[str]:
    if line.state != ScorecardLine.State.AWAITED:
        return []
    return [FACTS[kind].label(language()) for kind in sorted(card.awaited_kinds(line))]


def _lacked(card: Card, line: ScorecardLine) -> list[str]:
    """What no source gives that the KPI needs, each with its kind of data."""
    version = line.kpi_version
    if line.state != ScorecardLine.State.NOT_MEASURABLE or version is None:
        return []
    asked = {line.item: (compile_formula(version.formula), version.anchor)}
    found = measurability.lacking(asked, window=card.window)
    return [
        _("%(field)s (%(kind)s)")
        % {
            "field": FACTS[fact].fields[name].label(language()),
            "kind": FACTS[fact].label(language()),
        }
        for fact, name in found.get(line.item, ())
    ]
