"""Schemes, cycles, runs, scorecards, ratings, publications and pay."""

from appraisal.models.cycles import Cycle, Publication, Rating, Run, RunKPI, RunScheme
from appraisal.models.pay import PayLine, PayPlan, PayPlanVersion, PayProposal, PayStatement
from appraisal.models.schemes import Scheme, SchemeVersion
from appraisal.models.scorecards import Scorecard, ScorecardLine
from appraisal.models.targets import Target

__all__ = [
    "Cycle",
    "PayLine",
    "PayPlan",
    "PayPlanVersion",
    "PayProposal",
    "PayStatement",
    "Publication",
    "Rating",
    "Run",
    "RunKPI",
    "RunScheme",
    "Scheme",
    "SchemeVersion",
    "Scorecard",
    "ScorecardLine",
    "Target",
]
