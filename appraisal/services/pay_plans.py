"""Pay plans on their way: shipped as drafts, set by HR, published by a manager, retired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents.access import allows
from agents.codes import fits_address
from agents.models import User
from appraisal.models import PayPlan, PayPlanVersion
from appraisal.pay.documents import list_shipped_plans
from appraisal.pay.plan import Plan, PlanError, dump_plan, parse_plan
from appraisal.scoring.reading import UNFIT_CODE, Problem
from kpi.formula import compile_formula
from kpi.formula.compiler import ratings_of, scores_of
from kpi.selectors import list_current_versions

State = PayPlanVersion.State


class NotAllowed(Exception):
    """This person may not decide here: two people are needed, or the role is missing."""


class NotReady(Exception):
    """The plan cannot be changed, sent or published now; the message says why."""


class DraftInTheWay(Exception):
    """A file would take the place of figures that somebody set."""


@transaction.atomic
def load_shipped_plans(*, now: datetime) -> int:
    """Store each shipped plan that is not on record as a draft: figures are HR's to set.

    Returns:
        How many were added.
    """
    known = set(PayPlan.objects.values_list("code", flat=True))
    new = [one for one in list_shipped_plans() if one["code"] not in known]
    for document in new:
        load_draft(document=document, edited_by=None, now=now)
    return len(new)


@transaction.atomic
def load_draft(
    *,
    document: Mapping[str, Any],
    edited_by: User | None,
    now: datetime,
    replace: bool = False,
) -> PayPlanVersion:
    """Take a document in as the draft of its plan; the draft before it is replaced.

    Args:
        replace: a draft that somebody set figures in, too.

    Raises:
        PlanError: the document is faulty; nothing is changed.
        NotAllowed: the role does not edit plans.
        NotReady: the draft waits for a manager.
        DraftInTheWay: somebody set figures in the draft.
    """
    _check_editor(edited_by)
    parsed = parse_plan(document)
    _check_codes(parsed)
    _check_kpis(parsed)
    plan, _created = PayPlan.objects.get_or_create(code=parsed.code)
    plan = PayPlan.objects.select_for_update().get(pk=plan.pk)
    draft = plan.versions.filter(state=State.DRAFT).first()
    if draft is None:
        newest = plan.versions.order_by("-number").first()
        draft = PayPlanVersion(plan=plan, number=newest.number + 1 if newest else 1)
        draft.created_at = now
    if draft.edited_by is not None and not replace and draft.asked_at is None:
        told = {"number": draft.number, "by": draft.edited_by}
        raise DraftInTheWay(_("Version %(number)s is a draft that %(by)s edited last.") % told)
    return _write(draft, parsed, edited_by=edited_by)


def _write(draft: PayPlanVersion, parsed: Plan, *, edited_by: User | None) -> PayPlanVersion:
    if draft.asked_at is not None:
        raise NotReady(_("It waits for a manager; take it back before you change it."))
    draft.name_en, draft.name_zh = parsed.name.en[:120], parsed.name.zh[:120]
    draft.positions, draft.document = list(parsed.positions), dump_plan(parsed)
    draft.edited_by = edited_by
    draft.save()
    return draft


@transaction.atomic
def start_draft(*, plan: PayPlan, edited_by: User, now: datetime) -> PayPlanVersion:
    """The open draft of a plan; a new one says what the version in use says.

    Raises:
        NotAllowed: the role does not edit plans.
    """
    _check_editor(edited_by)
    plan = PayPlan.objects.select_for_update().get(pk=plan.pk)
    newest = plan.versions.latest("number")
    if newest.state == State.DRAFT:
        return newest
    return PayPlanVersion.objects.create(
        plan=plan,
        number=newest.number + 1,
        name_en=newest.name_en,
        name_zh=newest.name_zh,
        positions=newest.positions,
        document=newest.document,
        edited_by=edited_by,
        created_at=now,
    )


@transaction.atomic
def set_parameters(
    *, draft: PayPlanVersion, values: Mapping[str, Decimal | None], edited_by: User
) -> PayPlanVersion:
    """Set parameters of a draft; those not named stay.

    Raises:
        NotAllowed: the role does not edit plans.
        NotReady: it is no draft any more, or it waits for a manager.
        PlanError: the figures contradict each other; nothing is changed.
    """
    _check_editor(edited_by)
    draft = _locked_draft(draft)
    changed = parse_plan(draft.document).with_values(values)
    return _write(draft, parse_plan(dump_plan(changed)), edited_by=edited_by)


@transaction.atomic
def ask_approval(*, draft: PayPlanVersion, asked_by: User, now: datetime) -> PayPlanVersion:
    """Send a draft to the managers.

    Raises:
        NotAllowed: the role does not edit plans.
        NotReady: no draft, sent already, or figures are missing; the message names them.
    """
    _check_editor(asked_by)
    draft = _locked_draft(draft)
    if draft.asked_at is not None:
        raise NotReady(_("It waits for a manager already."))
    _check_complete(draft)
    draft.asked_at, draft.edited_by, draft.answer = now, asked_by, ""
    draft.save(update_fields=["asked_at", "edited_by", "answer"])
    return draft


@transaction.atomic
def take_back(*, draft: PayPlanVersion, taken_by: User) -> PayPlanVersion:
    """Take a draft back from the managers, to change it.

    Raises:
        NotAllowed: the role does not edit plans.
        NotReady: it is no draft any more.
    """
    _check_editor(taken_by)
    draft = _locked_draft(draft)
    draft.asked_at = None
    draft.save(update_fields=["asked_at"])
    return draft


@transaction.atomic
def publish(*, draft: PayPlanVersion, decided_by: User, now: datetime) -> PayPlanVersion:
    """Put a draft to use; the version before it is retired.

    Raises:
        NotAllowed: not a manager, or the one who edited it.
        NotReady: no draft, not sent, or figures are missing; the message names them.
    """
    _check_approver(draft, decided_by)
    draft = _locked_draft(draft)
    if draft.asked_at is None:
        raise NotReady(_("HR has not sent it for approval."))
    _check_complete(draft)
    draft.plan.versions.filter(state=State.PUBLISHED).update(state=State.RETIRED)
    draft.state, draft.approved_by, draft.decided_at = State.PUBLISHED, decided_by, now
    draft.asked_at = None
    draft.save(update_fields=["state", "approved_by", "decided_at", "asked_at"])
    return draft


@transaction.atomic
def send_back(*, draft: PayPlanVersion, decided_by: User, answer: str) -> PayPlanVersion:
    """Send a draft back to HR with a reason.

    Raises:
        NotAllowed: not a manager, or the one who edited it.
        NotReady: not sent, or no reason is given.
    """
    _check_approver(draft, decided_by)
    draft = _locked_draft(draft)
    if draft.asked_at is None:
        raise NotReady(_("HR has not sent it for approval."))
    if not answer.strip():
        raise NotReady(_("Say why it goes back, so that HR knows what to do."))
    draft.asked_at, draft.answer = None, answer.strip()[:500]
    draft.save(update_fields=["asked_at", "answer"])
    return draft


def missing_names(plan: Plan) -> list[str]:
    """The names of the parameters that are not set, in the language of the page."""
    return [one.name.in_language(get_language() or "en") for one in plan.missing]


def _locked_draft(draft: PayPlanVersion) -> PayPlanVersion:
    found = PayPlanVersion.objects.select_for_update().get(pk=draft.pk)
    if found.state != State.DRAFT:
        raise NotReady(_("This version is no draft any more."))
    return found


def _check_complete(draft: PayPlanVersion) -> None:
    if missing := missing_names(parse_plan(draft.document)):
        names = _("; ").join(missing)
        raise NotReady(_("These figures are not set: {names}.").format(names=names))


def _check_codes(plan: Plan) -> None:
    """Refuse a plan whose pages could not be reached."""
    codes = {"code": plan.code} | {
        f"lines[{at}].code": line.code for at, line in enumerate(plan.lines)
    }
    unfit = [Problem(path, UNFIT_CODE) for path, code in codes.items() if not fits_address(code)]
    if unfit:
        raise PlanError(unfit)


def _check_kpis(plan: Plan) -> None:
    """Refuse a plan that names a KPI which does not exist, or measures what is no fact."""
    formulas = {one.kpi.code: one.formula for one in list_current_versions()}
    named = {measure.kpi for measure in plan.measures if measure.kpi}
    if unknown := sorted(named - set(formulas)):
        raise NotReady(
            _("The plan names KPIs that do not exist: {codes}.").format(codes=", ".join(unknown))
        )
    texts = {code: formulas[code] for code in named}
    texts |= {measure.formula: measure.formula for measure in plan.measures if measure.formula}
    if judged := sorted(name for name, text in texts.items() if _reads_judgements(text)):
        raise NotReady(
            _(
                "A pay plan measures facts; ratings and scorecards reach it through grade and"
                " stars. Take out: {names}."
            ).format(names=", ".join(judged))
        )


def _reads_judgements(formula: str) -> bool:
    root = compile_formula(formula).root
    return bool(ratings_of(root) | scores_of(root))


def _check_editor(user: User | None) -> None:
    if user is not None and not allows(user, "pay.edit"):
        raise NotAllowed(_("Only HR edits pay plans."))


def _check_approver(draft: PayPlanVersion, user: User) -> None:
    if not allows(user, "pay.approve"):
        raise NotAllowed(_("Only a manager puts a pay plan to use."))
    if draft.edited_by_id == user.pk:
        raise NotAllowed(_("Two people publish: not the one who edited it."))


__all__ = [
    "DraftInTheWay",
    "NotAllowed",
    "NotReady",
    "PlanError",
    "ask_approval",
    "load_draft",
    "load_shipped_plans",
    "missing_names",
    "publish",
    "send_back",
    "set_parameters",
    "start_draft",
    "take_back",
]
