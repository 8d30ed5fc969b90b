"""Opening a cycle and moving it through its phases."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from agents.models import User
from agents.periods import Period
from appraisal.models import Cycle


@transaction.atomic
def open_cycle(*, period: Period, opened_by: User | None, now: datetime) -> Cycle:
    """Open the cycle of a period; the one already open is given back unchanged."""
    cycle, _created = Cycle.objects.get_or_create(
        code=period.code,
        defaults={
            "kind": period.kind,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
            "phase": Cycle.Phase.COLLECT,
            "opened_by": opened_by,
            "opened_at": now,
        },
    )
    return cycle
