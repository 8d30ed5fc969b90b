"""The sequence that every fact is stamped with, and by which a run can be repeated for ever."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from agents.models import User
from kpi.models import FactRevision

# Any number will do, as long as nothing else in the database uses it as an advisory lock.
_REVISION_LOCK = 7_241_001


def next_revision(*, reason: str, made_by: User | None, now: datetime) -> FactRevision:
    """Open the next revision, inside a transaction; the facts written in it carry its number.

    Waits for whoever writes facts now: revisions become visible in the order of their numbers,
    so what was valid at a watermark never changes afterwards.

    Args:
        reason: one of ``FactRevision.Reason``.
        now: aware.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_REVISION_LOCK])
    return FactRevision.objects.create(reason=reason, made_by=made_by, made_at=now)


def latest_revision() -> int:
    """The number of the newest revision, 0 when there is none: the watermark of a run made now."""
    return FactRevision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
