"""What can be entered on a page: the kinds of small records, and which fields each asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpi.intake.fields import Spec, specs


@dataclass(frozen=True)
class Sheet:
    """One kind of record.

    Attributes:
        kind: the kind of fact it becomes.
        choices: of the field ``kind``, where it is asked for; a single one is not asked.
        shown: the fields that tell the record in a list.
    """

    code: str
    kind: str
    name: str | Promise
    about: str | Promise
    fields: tuple[str, ...]
    shown: tuple[str, ...]
    choices: tuple[str, ...] = ()

    @property
    def specs(self) -> dict[str, Spec]:
        """The fields by name, in the order of the form."""
        known = specs(self.kind)
        return {name: known[name] for name in self.fields}

    @property
    def needs_person(self) -> bool:
        """Whether it is always about somebody."""
        return self.kind != "figures"


_CASE: Final = (
    "created_at",
    "kind",
    "channel",
    "topic",
    "first_response_s",
    "solved",
    "solved_at",
    "due_at",
    "sla_met",
    "upheld",
    "outcome_score",
)
_CALL_BACKS: Final = ("callback_due", "callback_done")

_ALL: Final = (
    Sheet(
        "events",
        "events",
        _("Events"),
        _("Praise, ideas, breaches, lapses, errors, tasks, milestones, hand-over slips."),
        ("date", "kind", "quantity", "severity", "amount", "note"),
        ("kind", "quantity", "note"),
        tuple(one for one in specs("events")["kind"].choices if one not in _CALL_BACKS),
    ),
    Sheet(
        "trainings",
        "trainings",
        _("Trainings and tests"),
        _("A course, drill or certificate, a written exam or a typing test."),
        ("date", "kind", "course", "hours", "score", "passed"),
        ("kind", "course", "score"),
        specs("trainings")["kind"].choices,
    ),
    Sheet(
        "shifts",
        "shifts",
        _("Shifts"),
        _("One person's shift on one day: planned and worked time, lateness, leave."),
        (
            "date",
            "scheduled_s",
            "logged_in_s",
            "handling_s",
            "ready_s",
            "not_ready_s",
            "wrap_up_s",
            "break_s",
            "overtime_s",
            "sign_ins",
            "late_min",
            "early_min",
            "leave_days",
            "absent",
            "protected",
        ),
        ("scheduled_s", "logged_in_s", "late_min", "leave_days"),
    ),
    Sheet(
        "complaints",
        "tickets",
        _("Complaints"),
        _("A complaint: when it came, was answered and settled, whether it was justified."),
        _CASE,
        ("topic", "upheld", "solved_at"),
        ("complaint",),
    ),
    Sheet(
        "call_backs",
        "events",
        _("Call-backs"),
        _("How many call-backs somebody owed, or made, on a day."),
        ("date", "kind", "quantity", "note"),
        ("kind", "quantity", "note"),
        _CALL_BACKS,
    ),
    Sheet(
        "refunds",
        "tickets",
        _("Refunds and returns"),
        _("A refund or return: when it was asked for and settled, whether in time."),
        tuple(name for name in _CASE if name not in {"upheld", "first_response_s"}),
        ("kind", "topic", "sla_met"),
        ("refund", "return"),
    ),
    Sheet(
        "figures",
        "figures",
        _("Figures"),
        _("A plan, a budget, a turnover: of a person, or of the whole centre."),
        ("date", "figure", "period", "value", "numerator", "denominator"),
        ("figure", "period", "value"),
    ),
)
SHEETS: Final = {sheet.code: sheet for sheet in _ALL}
