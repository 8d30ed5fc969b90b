"""What people put right before they computed: an outage that does not count for somebody."""

from __future__ import annotations

from datetime import date, datetime

from agents.models import User
from kpi.models import FACT_MODELS, Contact
from kpi.services.corrections import exclude_fact

OUTAGE = "Telephone exchange failed from 08:40 to 13:20; calls broke off. 电话平台故障，当日不计。"


def exclude_outage(*, team: str, outage_day: date, excluded_by: User, now: datetime) -> int:
    """Let the day of the outage not count for the first agent of a team who worked that morning.

    Contacts and shift go together: else the calls per shift would fall.

    Returns:
        How many facts no longer count; 0 when nobody worked.
    """
    worked = Contact.objects.filter(
        team__code=team, shift__code="early", day=outage_day, answered=True
    )
    agent_id = worked.order_by("agent_id").values_list("agent_id", flat=True).first()
    if agent_id is None:
        return 0
    found = [
        (kind, fact_id)
        for kind in ("contacts", "shifts")
        for fact_id in FACT_MODELS[kind]
        ._default_manager.filter(agent_id=agent_id, day=outage_day, valid_until__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    for kind, fact_id in found:
        exclude_fact(kind=kind, fact_id=fact_id, reason=OUTAGE, excluded_by=excluded_by, now=now)
    return len(found)
