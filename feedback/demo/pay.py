"""The pay plan of the demo centre: its figures set by HR, put to use by the manager, worked out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from appraisal.models import PayPlanVersion, PayProposal, Run
from appraisal.services import pay, pay_plans
from feedback.demo.people import Register

PLAN = "s13_piece_rate"
# What the field leaves to the company, in yuan and calls of a month.
FIGURES = {
    "call_quota": "1000",
    "call_rate_beyond": "0.3",
    "sale_rate": "2.5",
    "bonus_excellent": "600",
    "bonus_good": "400",
    "bonus_qualified": "200",
    "bonus_unqualified": "0",
    "seniority_rate": "20",
    "seniority_limit": "200",
    "star_5": "150",
    "star_4": "100",
    "star_3": "60",
    "star_2": "30",
    "star_1": "10",
    "full_attendance": "200",
    "break_rate": "0.5",
    # The habits of this centre: an hour of break, longer notes after calls, a few sales.
    "break_early_night": "60",
    "after_call_limit": "36",
    "utilisation_from": "0.5",
    "penetration_from": "0.015",
}


def put_to_use(register: Register, *, now: datetime) -> PayPlanVersion:
    """HR sets the figures of the shipped plan, the manager puts it to use."""
    pay_plans.load_shipped_plans(now=now)
    draft = PayPlanVersion.objects.get(plan__code=PLAN, state=PayPlanVersion.State.DRAFT)
    hr, manager = register.users["hr.bennett"], register.users["manager.lim"]
    values = {code: Decimal(value) for code, value in FIGURES.items()}
    draft = pay_plans.set_parameters(draft=draft, values=values, edited_by=hr)
    pay_plans.ask_approval(draft=draft, asked_by=hr, now=now)
    return pay_plans.publish(draft=draft, decided_by=manager, now=now)


def propose(run: Run, register: Register, *, now: datetime) -> PayProposal:
    """Work out the pay of a month, as HR does before the results are published."""
    return pay.compute_pay(run=run, asked_by=register.users["hr.bennett"], now=now)
