"""Opening a cycle and moving it through its phases."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from agents.periods import Period
from appraisal.models import Cycle


class NoSuchCycle(Exception):
    """No cycle of this code is open."""


def get_cycle(code: str) -> Cycle:
    """The cycle of a period.

    Raises:
        NoSuchCycle: none was opened.
    """
    cycle = Cycle.objects.select_related("current_run", "published_run").filter(code=code).first()
    if cycle is None:
        message = _("There is no cycle {code}. Compute it first: compute {code}")
        raise NoSuchCycle(message.format(code=code))
    return cycle


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
