"""Reads of KPI definitions, batches and jobs that several places need."""

from __future__ import annotations

from django.db.models import QuerySet

from kpi.models import KPIVersion


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
