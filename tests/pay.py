"""The shipped pay plan with the figures set that the field leaves to the company."""

from decimal import Decimal

from appraisal.models import PayPlanVersion
from appraisal.services import pay_plans
from tests.factories import NOW

PIECE_RATE = "s13_piece_rate"
SET = {
    "call_quota": 800,
    "call_rate_beyond": "0.3",
    "sale_rate": "2.5",
    "bonus_excellent": 300,
    "bonus_good": 200,
    "bonus_qualified": 100,
    "bonus_unqualified": 0,
    "seniority_rate": 10,
    "seniority_limit": 65,
    "star_5": 50,
    "star_4": 40,
    "star_3": 30,
    "star_2": 20,
    "star_1": 10,
    "full_attendance": 200,
    "break_rate": "0.5",
}


def set_draft(edited_by, **others):
    """The shipped draft with its figures set by HR."""
    pay_plans.load_shipped_plans(now=NOW)
    values = {code: Decimal(value) for code, value in (SET | others).items()}
    draft = PayPlanVersion.objects.get(plan__code=PIECE_RATE, state="draft")
    return pay_plans.set_parameters(draft=draft, values=values, edited_by=edited_by)


def put_to_use(edited_by, decided_by, **others):
    """The shipped plan in use, as two people put it there."""
    draft = set_draft(edited_by, **others)
    pay_plans.ask_approval(draft=draft, asked_by=edited_by, now=NOW)
    return pay_plans.publish(draft=draft, decided_by=decided_by, now=NOW)
