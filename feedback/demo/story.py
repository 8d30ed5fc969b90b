"""What people put right before they computed: an outage that does not count for somebody."""

from __future__ import annotations

from datetime import date, datetime

from agents.models import User
from kpi.models import Contact
from kpi.services.exclusions import Selection, approve_exclusion, ask_exclusion

OUTAGE = "Telephone exchange failed from 08:40 to 13:20; calls broke off. 电话平台故障，当日不计。"


def exclude_outage(
    *, team: str, outage_day: date, excluded_by: User, approved_by: User, now: datetime
) -> int:
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
    rows = 0
    for kind in ("contacts", "shifts"):
        chosen = Selection(kind, outage_day, outage_day, agent_id=agent_id)
        asked = ask_exclusion(selection=chosen, reason=OUTAGE, asked_by=excluded_by, now=now)
        approved = approve_exclusion(exclusion_id=asked.pk, decided_by=approved_by, now=now)
        rows += approved.rows or 0
    return rows
