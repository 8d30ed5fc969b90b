"""What the guidelines of a run's schemes say of its grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import QuerySet

from appraisal.models import Run, RunScheme, Scorecard
from appraisal.scoring.guideline import Advice, advise
from appraisal.scoring.scheme import Scheme, parse_scheme
from appraisal.scoring.terms import Guideline

Graded = tuple[Decimal, str, bool]


@dataclass(frozen=True)
class Guided:
    """A scheme with a guideline, and what that says of those who are ranked."""

    scheme: Scheme
    guideline: Guideline
    advice: Advice


def guidelines_of(run: Run | None) -> list[Guided]:
    """The guidelines of a run, for the schemes that have one. Queries: 2 at most."""
    if run is None:
        return []
    schemes = {
        one.scheme_version_id: parse_scheme(one.scheme_version.document)
        for one in _deciding(run).select_related("scheme_version").order_by("pk")
        if one.scheme_version.document.get("guideline")
    }
    if not schemes:
        return []
    ranked = run.scorecards.filter(scheme_version__in=schemes, state=Scorecard.State.GRADED)
    graded: dict[int, list[Graded]] = {pk: [] for pk in schemes}
    for pk, total, grade, lowered in ranked.values_list(
        "scheme_version_id", "total", "grade", "by_guideline"
    ):
        graded[pk].append((total or Decimal(0), grade, lowered))
    return [
        Guided(scheme, scheme.guideline, advice_on(scheme, scheme.guideline, graded[pk]))
        for pk, scheme in schemes.items()
        if scheme.guideline is not None
    ]


def _deciding(run: Run) -> QuerySet[RunScheme]:
    """The schemes of a run that give grades: others only score parts of a card."""
    cards = run.scorecards.values("scheme_version")
    return run.scheme_versions.filter(scheme_version__in=cards)


def advice_on(scheme: Scheme, guideline: Guideline, cards: Sequence[Graded]) -> Advice:
    """What a guideline says of cards, each its total, grade, and whether that was lowered by it."""
    place = scheme.grade_index(guideline.grade)
    grades = [place if lowered else scheme.grade_index(grade) for _total, grade, lowered in cards]
    return advise(
        guideline,
        grade=place,
        totals=np.array([int(total * 100) for total, _grade, _lowered in cards], dtype=np.int64),
        grades=np.array(grades, dtype=np.int64),
        counted=np.ones(len(cards), dtype=bool),
    )
