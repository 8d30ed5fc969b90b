"""What other grades would cost: a run's proposal with what hangs on the grade changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, Sum

from appraisal.models import PayLine, PayProposal, PayStatement, Run
from appraisal.pay.money import as_amount, whole_cents
from appraisal.pay.plan import Line, Plan, parse_plan
from appraisal.pay.rules import Table
from appraisal.pay.statements import FLOOR
from appraisal.scoring.reading import Text

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Cost:
    """What some people's pay comes to, before and after a change of grades."""

    people: int
    before: Decimal
    after: Decimal
    currency: Text

    @property
    def change(self) -> Decimal:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True)
class _Stand:
    """One person's pay: in all, what of it does not hang on the grade, and by which plan."""

    net: Decimal
    fixed: Decimal
    version_id: int


def cost_of(run: Run, grades: Mapping[int, str]) -> Cost | None:
    """What a run's pay would come to if people had other grades; all else stays as it is.

    Args:
        grades: agent id to the code of the grade, empty for none.
    Returns:
        The pay of those who have a statement, or None where none of them has one.
    Queries: 1; 3 more the first time a proposal is asked for.
    """
    proposal = PayProposal.objects.filter(run=run).first()
    if proposal is None:
        return None
    stands, plans = _read(proposal.pk, proposal.digest)
    known = {agent: stands[agent] for agent in grades if agent in stands}
    if not known:
        return None
    after = [_after(one, plans[one.version_id], grades[agent]) for agent, one in known.items()]
    currency = plans[next(iter(known.values())).version_id].currency
    return Cost(
        people=len(known),
        before=sum((one.net for one in known.values()), NOTHING),
        after=sum(after, NOTHING),
        currency=currency,
    )


@lru_cache(maxsize=8)
def _read(proposal_id: int, digest: str) -> tuple[dict[int, _Stand], dict[int, Plan]]:
    """The statements of a proposal; the digest tells it from one worked out anew."""
    statements = PayStatement.objects.filter(proposal_id=proposal_id)
    heads = statements.values_list("agent_id", "net", "plan_version_id", "plan_version__document")
    plans: dict[int, Plan] = {}
    found: dict[int, tuple[Decimal, int]] = {}
    for agent_id, net, version_id, document in heads:
        if version_id not in plans:
            plans[version_id] = parse_plan(document)
        found[agent_id] = net or NOTHING, version_id
    by_grade = {line.code for plan in plans.values() for line in graded_lines(plan)}
    lines = PayLine.objects.filter(statement__proposal_id=proposal_id)
    steady = ~Q(line__in=[*by_grade, FLOOR])
    sums = dict(
        lines.filter(steady).order_by().values_list("statement__agent_id").annotate(Sum("amount"))
    )
    stands = {
        agent: _Stand(net, sums.get(agent) or NOTHING, version_id)
        for agent, (net, version_id) in found.items()
    }
    return stands, plans


def graded_lines(plan: Plan) -> list[Line]:
    """The lines whose amount hangs on the grade."""
    tables = [line for line in plan.lines if isinstance(line.rule, Table)]
    return [line for line in tables if line.rule.by == "grade"]  # type: ignore[attr-defined]


def _after(stand: _Stand, plan: Plan, grade: str) -> Decimal:
    amounts = [_amount(plan, line, grade) for line in graded_lines(plan)]
    net = stand.fixed + sum(amounts, NOTHING)
    return max(net, NOTHING) if plan.floor_at_zero else net


def _amount(plan: Plan, line: Line, grade: str) -> Decimal:
    rows = dict(line.rule.rows)  # type: ignore[attr-defined]
    if grade not in rows:
        return NOTHING
    cents, limit = whole_cents(plan.number(rows[grade])), plan.limit_of(line)
    return line.sign * as_amount(cents if limit is None else min(cents, whole_cents(limit)))
