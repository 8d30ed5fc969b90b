"""What waits for the decision of the reader: schemes, KPIs, pay plans, rows to leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from agents.access import allows
from agents.models import User
from appraisal.models import SchemeVersion
from appraisal.selectors import pay
from appraisal.selectors import schemes as reads
from kpi.models import KPIVersion
from kpi.selectors import list_asked_exclusions
from kpi.services import drafts


@dataclass(frozen=True)
class Decision:
    """One thing that was sent: what it is, who wrote it, and where it is decided.

    ``number`` is that of its version, None for what has none; ``at`` is when it was sent, None
    where that is not kept.
    """

    kind: str
    name: str
    number: int | None
    by: str
    at: datetime | None
    note: str
    url: str


def decisions_of(user: User) -> list[Decision]:
    """What waits for somebody who had no hand in it.

    Queries: 1 for each kind of thing that the person may approve.
    """
    return [*_schemes(user), *_kpis(user), *_pay_plans(user), *_exclusions(user)]


def _schemes(user: User) -> Iterator[Decision]:
    if not allows(user, "scheme.publish"):
        return
    for one in reads.list_open().filter(state=SchemeVersion.State.ASKED):
        if user.pk not in {*one.editors, one.edited_by_id, one.asked_by_id}:
            yield Decision(
                kind=_("scheme"),
                name=one.name,
                number=one.number,
                by=_name(one.asked_by),
                at=one.asked_at,
                note=one.note,
                url=reverse("appraisal:scheme_approve", args=[one.scheme.code]),
            )


def _kpis(user: User) -> Iterator[Decision]:
    if not allows(user, "kpi.publish"):
        return
    for one in drafts.open_drafts():
        if one.state == KPIVersion.State.ASKED and user.pk not in one.editors:
            yield Decision(
                kind=_("KPI"),
                name=one.name or one.kpi.code,
                number=one.number,
                by=_name(one.edited_by),
                at=None,
                note="",
                url=reverse("kpi:kpi_review", args=[one.kpi.code]),
            )


def _pay_plans(user: User) -> Iterator[Decision]:
    if not allows(user, "pay.approve"):
        return
    for one in pay.list_asked():
        if one.edited_by_id != user.pk:
            yield Decision(
                kind=_("pay plan"),
                name=one.name,
                number=one.number,
                by=_name(one.edited_by),
                at=one.asked_at,
                note="",
                url=reverse("appraisal:pay_plan", args=[one.plan.code]) + f"?version={one.number}",
            )


def _exclusions(user: User) -> Iterator[Decision]:
    if not allows(user, "fact.approve"):
        return
    for one in list_asked_exclusions():
        if one.excluded_by_id != user.pk:
            yield Decision(
                kind=_("rows to leave out"),
                name=one.reason,
                number=None,
                by=_name(one.excluded_by),
                at=one.excluded_at,
                note="",
                url=reverse("kpi:exclusion", args=[one.pk]),
            )


def _name(user: User | None) -> str:
    return user.display_name if user else ""
