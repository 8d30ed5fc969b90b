"""Reads of KPI definitions, batches and jobs that several places need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from agents.models import User
from agents.periods import Period
from kpi.conditions import valid_at
from kpi.models import FACT_MODELS, Exclusion, FactRevision, ImportBatch, Job, KPIVersion


def list_current_versions() -> QuerySet[KPIVersion]:
    """The newest published version of every KPI."""
    return (
        KPIVersion.objects.filter(state=KPIVersion.State.PUBLISHED)
        .select_related("kpi")
        .order_by("kpi_id", "-number")
        .distinct("kpi_id")
    )


def newest_version(code: str) -> KPIVersion | None:
    """The newest published version of a KPI, None when no KPI has this code."""
    return list_current_versions().filter(kpi__code=code).first()


def list_versions(code: str) -> QuerySet[KPIVersion]:
    """The versions of a KPI, newest first."""
    versions = KPIVersion.objects.filter(kpi__code=code).select_related("kpi")
    return versions.order_by("-number")


def newest_day() -> date | None:
    """The last day of which facts came in by file."""
    done = ImportBatch.objects.filter(state=ImportBatch.State.DONE)
    return done.aggregate(last=Max("last_day"))["last"]


def list_batches() -> QuerySet[ImportBatch]:
    """The files taken in, newest first."""
    batches = ImportBatch.objects.select_related("source", "uploaded_by__agent", "job")
    return batches.order_by("-uploaded_at", "-pk")


def list_jobs() -> QuerySet[Job]:
    """The work owed, under way and over, newest first."""
    return Job.objects.select_related("asked_by__agent").order_by("-pk")


def count_by_day(kind: str, *, period: Period, watermark: int) -> dict[date, int]:
    """How many facts of a kind count on each day of a period; days without any are absent."""
    facts = FACT_MODELS[kind]._default_manager.filter(
        valid_at(watermark),
        day__gte=period.starts_on,
        day__lt=period.ends_on,
        exclusion_id__isnull=True,
    )
    return dict(facts.order_by().values_list("day").annotate(Count("pk")))


def left_out_in(kinds: Iterable[str], period: Period) -> list[tuple[str, str, int]]:
    """Facts of a period that do not count now: kind, reason and how many, the most first.

    Queries: 1 for each kind.
    """
    found = [
        (kind, one["exclusion__reason"], one["rows"])
        for kind in kinds
        for one in FACT_MODELS[kind]
        ._default_manager.filter(
            valid_until=None,
            exclusion__isnull=False,
            day__gte=period.starts_on,
            day__lt=period.ends_on,
        )
        .order_by()
        .values("exclusion__reason")
        .annotate(rows=Count("pk"))
    ]
    return sorted(found, key=lambda one: (-one[2], one[0], one[1]))


def list_asked_exclusions() -> QuerySet[Exclusion]:
    """What somebody asked to leave out and nobody decided, the oldest first. Queries: 1."""
    asked = Exclusion.objects.filter(state=Exclusion.State.ASKED)
    return asked.select_related("excluded_by__agent").order_by("excluded_at", "pk")


def has_touched_facts(user: User, period: Period) -> bool:
    """Whether somebody imported, undid, excluded or replaced facts of a period.

    Queries: at most 2 and one for each fact table.
    """
    batches = ImportBatch.objects.filter(
        uploaded_by=user, first_day__lt=period.ends_on, last_day__gte=period.starts_on
    )
    if batches.exists():
        return True
    made = list(FactRevision.objects.filter(made_by=user).values_list("pk", flat=True))
    return bool(made) and any(
        model._default_manager.filter(
            Q(valid_from__in=made) | Q(valid_until__in=made),
            day__gte=period.starts_on,
            day__lt=period.ends_on,
        ).exists()
        for model in FACT_MODELS.values()
    )
