"""Facts, how they came in, jobs, and KPI definitions."""

from kpi.models.facts import (
    FACT_MODELS,
    Contact,
    Event,
    Fact,
    Figure,
    Review,
    ShiftWorked,
    Survey,
    Ticket,
    Training,
)
from kpi.models.imports import (
    Exclusion,
    FactRevision,
    ImportBatch,
    Mapping,
    ParkedRow,
    RejectedRow,
    Source,
)
from kpi.models.jobs import Job
from kpi.models.library import KPI, KPIVersion
from kpi.models.tallies import TalliedDay, TouchedDay

__all__ = [
    "FACT_MODELS",
    "KPI",
    "Contact",
    "Event",
    "Exclusion",
    "Fact",
    "FactRevision",
    "Figure",
    "ImportBatch",
    "Job",
    "KPIVersion",
    "Mapping",
    "ParkedRow",
    "RejectedRow",
    "Review",
    "ShiftWorked",
    "Source",
    "Survey",
    "TalliedDay",
    "Ticket",
    "TouchedDay",
    "Training",
]
