"""Schemes, cycles, runs, scorecards, ratings and publications."""

from appraisal.models.cycles import Cycle, Publication, Rating, Run, RunKPI, RunScheme
from appraisal.models.schemes import Scheme, SchemeVersion
from appraisal.models.scorecards import Scorecard, ScorecardLine

__all__ = [
    "Cycle",
    "Publication",
    "Rating",
    "Run",
    "RunKPI",
    "RunScheme",
    "Scheme",
    "SchemeVersion",
    "Scorecard",
    "ScorecardLine",
]
