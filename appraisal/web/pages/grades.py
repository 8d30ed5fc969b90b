"""Grades as people see them: a word and one to four bars."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.templatetags.marks import grade_glyph
from appraisal.models import Scorecard
from appraisal.scoring.scheme import Scheme

_STEPS = 4
NO_GRADE = 0


def language() -> str:
    """The language of the page."""
    return get_language() or "en"


def joined(sentences: Iterable[str]) -> str:
    """Sentences after one another; Chinese ones need no space between."""
    return ("" if language().startswith("zh") else " ").join(sentences)


def grade_step(scheme: Scheme, code: str) -> int:
    """How many of four bars a grade has: four for the best, one for the last, none without."""
    codes = [grade.code for grade in scheme.grades]
    if code not in codes:
        return NO_GRADE
    if len(codes) == 1:
        return _STEPS
    place = codes.index(code) * (_STEPS - 1) / (len(codes) - 1)
    return _STEPS - int(place + 0.5)


def grade_name(scheme: Scheme, code: str) -> str:
    """The word for a grade."""
    names = {grade.code: grade.name.in_language(language()) for grade in scheme.grades}
    return names.get(code, _("No grade"))


def glyph(scheme: Scheme, code: str) -> str:
    """The mark of a grade, its word included."""
    return grade_glyph(grade_step(scheme, code), grade_name(scheme, code))


def glyph_of(scheme: Scheme, card: Scorecard) -> str:
    """The mark of a scorecard's grade."""
    return glyph(scheme, card.grade)


def points_to_next(scheme: Scheme, card: Scorecard) -> tuple[Decimal, str] | None:
    """How many points are missing to the next better grade, and its name.

    None at the best grade, without a grade, and where a cap or the guideline and not the total
    decides.
    """
    codes = [grade.code for grade in scheme.grades]
    is_limited = card.capped or card.by_guideline
    if card.total is None or card.grade not in codes or is_limited:
        return None
    place = codes.index(card.grade)
    if place == 0:
        return None
    better = scheme.grades[place - 1]
    return better.at - card.total, better.name.in_language(language())
