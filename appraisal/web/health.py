"""The health page that supervisors of processes ask."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.access import open_to_all
from kpi.models import Job

LATE_S = 300  # a job that nobody took for so long: no worker runs, or the broker is away


@open_to_all
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers and whether work waits; no personal data, no log-in.

    The status is 503 only when the database is away. Late work is ``degraded`` with 200:
    restarting the web process would not help it.
    """
    try:
        waiting_s = _longest_wait(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    late = waiting_s is not None and waiting_s > LATE_S
    answer: dict[str, Any] = {
        "status": "degraded" if late else "ok",
        "database": "ok",
        "broker": "redis" if settings.REDIS_URL else "folder",
        "oldest_owed_job_s": waiting_s,
    }
    return JsonResponse(answer)


def _longest_wait(*, now: datetime) -> int | None:
    """How long the oldest job has been waiting for a worker, in seconds; None without one."""
    owed = Job.objects.filter(state=Job.State.OWED)
    asked_at: datetime | None = owed.aggregate(oldest=Min("asked_at"))["oldest"]
    return None if asked_at is None else int((now - asked_at).total_seconds())
