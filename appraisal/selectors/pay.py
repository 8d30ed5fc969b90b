"""Pay plans and statements for reading, and who may see whose."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from agents import access
from agents.models import User
from appraisal.models import Cycle, PayPlanVersion, PayProposal, PayStatement
from appraisal.pay.plan import parse_plan
from appraisal.selectors.cycles import standing_run
from appraisal.selectors.scorecards import scorecards_visible_to

PUBLISHED = Q(proposal__is_sealed=True, proposal__run_id=F("proposal__run__cycle__published_run"))


@dataclass(frozen=True)
class Sums:
    """What the statements that somebody may see come to."""

    people: int
    net: Decimal
    below_zero: int
    provisional: int


def statements_visible_to(user: User, on: date) -> QuerySet[PayStatement]:
    """The statements that a person may look at on a day.

    HR sees everybody's, a manager those of the teams led; nobody sees the own one, and nobody
    else anything, before it is published.

    Queries: at most 3, before the statements are read.
    """
    own = Q(agent_id=user.agent_id) if user.agent_id else Q(pk__in=[])
    seen = own & PUBLISHED
    if access.allows(user, "pay.read"):
        cards = scorecards_visible_to(user, on).values("pk")
        seen |= Q(scorecard_id__in=cards) & ~own
    return PayStatement.objects.filter(seen)


def proposal_of(cycle: Cycle) -> PayProposal | None:
    """The proposal of the run that a cycle shows. Queries: 1."""
    run = standing_run(cycle)
    return PayProposal.objects.filter(run=run).select_related("asked_by__agent").first()


def list_statements(
    proposal: PayProposal, *, user: User, on: date, text: str = ""
) -> QuerySet[PayStatement]:
    """The statements of a proposal, by team and staff number."""
    found = statements_visible_to(user, on).filter(proposal=proposal)
    for word in text.split()[:4]:
        found = found.filter(
            Q(agent__name__icontains=word)
            | Q(agent__name_zh__icontains=word)
            | Q(agent__code__icontains=word)
        )
    related = (
        "agent", "plan_version", "scorecard__team", "scorecard__position", "scorecard__shift",
        "scorecard__scheme_version",
    )  # fmt: skip
    return found.select_related(*related).order_by("scorecard__team__code", "agent__code")


def sums_of(found: QuerySet[PayStatement]) -> Sums:
    """What some statements come to. Queries: 1."""
    row = found.order_by().aggregate(
        people=Count("pk"),
        total=Sum("net"),
        below_zero=Count("pk", filter=Q(net__lt=0)),
        provisional=Count("pk", filter=Q(provisional=True)),
    )
    total = row.pop("total")
    return Sums(net=total or Decimal(0), **row)


def newest_own(agent_id: int | None) -> PayStatement | None:
    """The newest published statement of a person. Queries: 1."""
    if agent_id is None:
        return None
    found = PayStatement.objects.filter(PUBLISHED, agent_id=agent_id)
    related = found.select_related("proposal__run__cycle")
    return related.order_by("-proposal__run__cycle__starts_on").first()


def get_statement(*, user: User, agent_id: int, code: str, on: date) -> PayStatement:
    """One person's statement in the run that a cycle shows.

    Raises:
        PayStatement.DoesNotExist: there is none, or not for this reader.
    Queries: at most 4.
    """
    related = (
        "agent", "plan_version__plan", "scorecard__team", "scorecard__position",
        "scorecard__shift", "scorecard__scheme_version", "proposal__run__cycle",
    )  # fmt: skip
    is_standing = Q(proposal__run_id=F("proposal__run__cycle__published_run")) | Q(
        proposal__run__cycle__published_run__isnull=True,
        proposal__run_id=F("proposal__run__cycle__current_run"),
    )
    found = statements_visible_to(user, on).filter(is_standing).select_related(*related)
    return found.get(agent_id=agent_id, proposal__run__cycle__code=code)


def list_plans() -> list[PayPlanVersion]:
    """One version of each plan: the one in use, else the newest. Queries: 1."""
    versions = PayPlanVersion.objects.select_related("plan").order_by("plan__code", "-number")
    shown: dict[str, PayPlanVersion] = {}
    for version in versions:
        held = shown.get(version.plan.code)
        if held is None or version.state == PayPlanVersion.State.PUBLISHED:
            shown[version.plan.code] = version
    return list(shown.values())


def list_versions(code: str) -> list[PayPlanVersion]:
    """The versions of a plan, newest first. Queries: 1."""
    versions = PayPlanVersion.objects.filter(plan__code=code).order_by("-number")
    return list(versions.select_related("plan", "edited_by__agent", "approved_by__agent"))


def list_drafts() -> list[PayPlanVersion]:
    """The drafts of all plans, whether HR writes or a manager decides. Queries: 1."""
    drafts = PayPlanVersion.objects.filter(state=PayPlanVersion.State.DRAFT)
    return list(drafts.select_related("plan", "edited_by__agent").order_by("plan__code"))


def list_asked() -> list[PayPlanVersion]:
    """The drafts that wait for a manager. Queries: 1."""
    asked = PayPlanVersion.objects.filter(asked_at__isnull=False).order_by("plan__code")
    return list(asked.select_related("plan", "edited_by__agent"))


def uses_of_kpis(codes: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Address and name of the pay plans in use by the KPIs that their lines read. Queries: 1."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    used = PayPlanVersion.objects.filter(state=PayPlanVersion.State.PUBLISHED)
    for version in sorted(used.select_related("plan"), key=lambda version: version.name):
        use = (reverse("appraisal:pay_plan", args=[version.plan.code]), version.name)
        for code in {one.kpi for one in parse_plan(version.document).measures} & codes:
            found[code].append(use)
    return dict(found)


def list_proposals(limit: int = 12) -> list[tuple[Cycle, PayProposal | None]]:
    """The months with a run done, newest first, each with its proposal. Queries: 2."""
    cycles = Cycle.objects.filter(kind=Cycle.Kind.MONTH, current_run__isnull=False)
    newest = list(
        cycles.select_related("current_run", "published_run").order_by("-starts_on")[:limit]
    )
    runs = [run.pk for cycle in newest if (run := standing_run(cycle)) is not None]
    found = {one.run_id: one for one in PayProposal.objects.filter(run_id__in=runs)}
    return [
        (cycle, found.get(run.pk) if (run := standing_run(cycle)) else None) for cycle in newest
    ]
