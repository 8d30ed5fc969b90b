"""What the pay plans in use propose for the people of a run. Nothing is paid by the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

import numpy as np
import pandas as pd
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from appraisal.models import (
    Cycle,
    PayLine,
    PayPlanVersion,
    PayProposal,
    PayStatement,
    Run,
    Scorecard,
)
from appraisal.pay import statements
from appraisal.pay.figures import Inputs
from appraisal.pay.money import objects
from appraisal.pay.plan import Plan, parse_plan
from appraisal.services import pay_measures, roster, runs
from kpi.engine import NOT_MEASURABLE
from kpi.frames import Window
from kpi.models import Job, KPIVersion
from kpi.places import Places
from kpi.selectors import list_current_versions
from kpi.services import jobs

TASK = "appraisal.compute_pay"
_LINE_COLUMNS = tuple(name for name in statements.LINE_FIELDS if name != "agent_id")


class NotReady(Exception):
    """There is nothing to work out from, or it stands for good; the message says which."""


def request_pay(*, run: Run, asked_by: User | None, now: datetime) -> Job:
    """Ask for the pay proposal of a run and wake a worker.

    Raises:
        NotReady: the run is not done, is no month, no plan is in use, or it is sealed.
    """
    _check(run)
    if not plans_in_use():
        raise NotReady(_("No pay plan is in use: set its figures and have a manager publish it."))
    return jobs.owe(kind=TASK, subject_id=run.pk, asked_by=asked_by, now=now)


def open_job(run: Run) -> Job | None:
    """The work on a run's proposal that waits or is under way. Queries: 1."""
    waiting = [Job.State.OWED, Job.State.RUNNING]
    return Job.objects.filter(kind=TASK, subject_id=run.pk, state__in=waiting).first()


def compute_pay(
    *,
    run: Run,
    asked_by: User | None,
    now: datetime,
    progress: Callable[[str], None] = lambda _stage: None,
) -> PayProposal:
    """Work out the statements of a run's people and store them in one transaction.

    Repeated, it takes the place of the proposal before, until the run is published. What is
    worked out from a published run stands at once: its facts and its plans had two people each.

    Raises:
        NotReady: the run is not done, is no month, nobody has a plan, or it is sealed.
    """
    _check(run)
    progress("measures")
    pinned = _pinned(run)
    basis = basis_of(run, pinned)
    if not basis.cards:
        raise NotReady(_("Nobody of this run has a position that a pay plan in use names."))
    worked = work_out(basis)
    progress("storing")
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=run.cycle_id)
        run = Run.objects.select_related("cycle").get(pk=run.pk)
        _check(run)
        return _store(run, pinned, basis, worked, asked_by=asked_by, now=now)


def _check(run: Run) -> None:
    if run.state != Run.State.DONE:
        raise NotReady(_("The run is not done."))
    if run.cycle.kind != Cycle.Kind.MONTH:
        raise NotReady(_("Pay is proposed by the month."))
    if PayProposal.objects.filter(run=run, is_sealed=True).exists():
        raise NotReady(_("The results are published, and so is the pay: it never changes."))


def plans_in_use() -> list[PayPlanVersion]:
    """The versions in use, the one published last behind. Queries: 1."""
    used = PayPlanVersion.objects.filter(state=PayPlanVersion.State.PUBLISHED)
    return list(used.select_related("plan").order_by("decided_at", "pk"))


def _pinned(run: Run) -> dict[str, Any]:
    """The plan versions in use and the KPI versions: those of the run, else the newest."""
    plans = plans_in_use()
    named = {one.kpi for plan in plans for one in parse_plan(plan.document).measures if one.kpi}
    versions = {one.kpi.code: one.pk for one in list_current_versions() if one.kpi.code in named}
    of_run = run.kpi_versions.filter(kpi_version__kpi__code__in=named)
    versions |= dict(of_run.values_list("kpi_version__kpi__code", "kpi_version_id"))
    return {
        "plans": [one.pk for one in plans],
        "kpis": dict(sorted(versions.items())),
        "places": "run",
        "lacking": NOT_MEASURABLE,
    }


@dataclass(frozen=True)
class Basis:
    """What statements are worked out from.

    Attributes:
        cards: scorecards of the people whose position a plan names, by agent id.
        years: agent id to whole years of service.
        plans: version id to the plan; by_position: which version pays a position.
        places: where everybody of the run stood, as the run pinned it. All of a person's work is
            paid, whatever position it was done in.
        is_of_old: worked out when pay knew of teams alone and read each day by itself.
        tells_unmeasurable: what no source gives is not measurable; proposals from before held it
            for 0 and are worked out again as they were.
    """

    run: Run
    cards: Mapping[int, Scorecard]
    years: Mapping[int, int | None]
    plans: Mapping[int, Plan]
    by_position: Mapping[str, int]
    kpis: Mapping[str, KPIVersion]
    places: Places
    is_of_old: bool
    tells_unmeasurable: bool

    def version_of(self, agent_id: int) -> int:
        """The plan version that pays somebody."""
        return self.by_position[self.cards[agent_id].position.code]


def basis_of(
    run: Run, pinned: Mapping[str, Any], *, years: Mapping[int, int | None] | None = None
) -> Basis:
    """Read what a proposal rests on.

    Args:
        years: as stored with the statements; by default from the day everybody joined.
    Queries: 3, and those that a run's places take.
    """
    versions = PayPlanVersion.objects.in_bulk(pinned["plans"])
    ordered = [versions[pk] for pk in pinned["plans"]]
    by_position = {code: one.pk for one in ordered for code in one.positions}
    listed = run.scorecards.filter(position__code__in=by_position).select_related(
        "agent", "position", "team", "shift"
    )
    cards = {card.agent_id: card for card in listed.order_by("agent_id")}
    last_day = run.cycle.period.last_day
    if years is None:
        years = {pk: years_of(card.agent.hired_on, last_day) for pk, card in cards.items()}
    found = KPIVersion.objects.in_bulk(list(pinned["kpis"].values()))
    is_of_old = "places" not in pinned
    return Basis(
        run=run,
        cards=cards,
        years=years,
        plans={one.pk: parse_plan(one.document) for one in ordered},
        by_position=by_position,
        kpis={code: found[pk] for code, pk in pinned["kpis"].items()},
        places=Places(teams={pk: card.team_id for pk, card in cards.items()})
        if is_of_old
        else _places(run),
        is_of_old=is_of_old,
        tells_unmeasurable=pinned.get("lacking") == NOT_MEASURABLE,
    )


def _places(run: Run) -> Places:
    """Where everybody stood, as the run pinned it; every fact of a person is the own one."""
    inputs = runs.inputs_of(run, seats=roster.seats_of(run))
    return replace(inputs.places, is_one_position=False)


def years_of(hired_on: date | None, on: date) -> int | None:
    """Whole years of service on a day; None where nobody knows since when."""
    if hired_on is None:
        return None
    is_before = (on.month, on.day) < (hired_on.month, hired_on.day)
    return max(0, on.year - hired_on.year - is_before)


def work_out(basis: Basis) -> statements.Statements:
    """Measure and settle the lines of everybody, plan by plan."""
    worked = []
    for version_id, plan in basis.plans.items():
        agents = [pk for pk in basis.cards if basis.version_of(pk) == version_id]
        if agents:
            worked.append(statements.work_out(plan, _inputs(basis, plan, agents)))
    return statements.joined(worked)


def _inputs(basis: Basis, plan: Plan, agents: Sequence[int]) -> Inputs:
    run, cards = basis.run, [basis.cards[pk] for pk in agents]
    window = Window(
        run.cycle.period, run.watermark or 0, frozenset(run.parameters.get("imported", ()))
    )
    people = pd.DataFrame(
        {
            "position": [card.position.code for card in cards],
            "team": [card.team.code for card in cards],
            "shift": [card.shift.code if card.shift else "" for card in cards],
            "grade": [card.grade for card in cards],
            "stars": objects(card.stars for card in cards),
            "years": objects(basis.years[pk] for pk in agents),
        },
        index=pd.Index(np.array(agents, dtype=np.int64)),
    )
    measured = pay_measures.measure(
        plan.sources(),
        window=window,
        agents=agents,
        places=basis.places,
        kpis=basis.kpis,
        is_of_old=basis.is_of_old,
        tells_unmeasurable=basis.tells_unmeasurable,
    )
    return Inputs(people, measured)


def _store(
    run: Run,
    pinned: dict[str, Any],
    basis: Basis,
    worked: statements.Statements,
    *,
    asked_by: User | None,
    now: datetime,
) -> PayProposal:
    _delete(run)
    proposal = PayProposal.objects.create(
        run=run,
        parameters=pinned,
        digest=statements.digest_of(worked),
        asked_by=asked_by,
        computed_at=now,
    )
    heads = [
        PayStatement(
            proposal=proposal,
            plan_version_id=basis.version_of(row["agent_id"]),
            scorecard=basis.cards[row["agent_id"]],
            years=basis.years[row["agent_id"]],
            **{name: row[name] for name in ("agent_id", "provisional", "net")},
        )
        for row in _rows(worked.statements)
    ]
    stored = {one.agent_id: one for one in PayStatement.objects.bulk_create(heads)}
    lines = [
        PayLine(statement=stored[row["agent_id"]], **{name: row[name] for name in _LINE_COLUMNS})
        for row in _rows(worked.lines)
    ]
    PayLine.objects.bulk_create(lines, batch_size=2_000)
    if run.published_at is not None:
        proposal.is_sealed = True
        proposal.save(update_fields=["is_sealed"])
    return proposal


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def _delete(run: Run) -> None:
    PayLine.objects.filter(statement__proposal__run=run)._raw_delete("default")
    PayStatement.objects.filter(proposal__run=run)._raw_delete("default")
    PayProposal.objects.filter(run=run)._raw_delete("default")


@dataclass(frozen=True)
class Verdict:
    """What a proposal said, what working it out again says, and what its stored rows say."""

    proposal: PayProposal
    recomputed: str
    stored: str

    @property
    def is_same(self) -> bool:
        """Whether all three digests are equal."""
        return self.proposal.digest == self.recomputed == self.stored


def verify_pay(proposal: PayProposal) -> Verdict:
    """Work a proposal out again: its plans, KPI versions and watermark, nothing of today."""
    years = dict(proposal.statements.values_list("agent_id", "years"))
    basis = basis_of(proposal.run, proposal.parameters, years=years)
    return Verdict(
        proposal,
        recomputed=statements.digest_of(work_out(basis)),
        stored=statements.digest_of(stored_statements(proposal)),
    )


def stored_statements(proposal: PayProposal) -> statements.Statements:
    """The stored rows of a proposal as they were worked out. Queries: 2."""
    heads = proposal.statements.values_list(
        "agent_id", "plan_version__plan__code", "provisional", "net"
    )
    lines = PayLine.objects.filter(statement__proposal=proposal).values_list(
        "statement__agent_id", "order", "line", "state", "quantity", "amount", "detail"
    )
    return statements.Statements(
        pd.DataFrame(list(heads), columns=list(statements.STATEMENT_FIELDS), dtype=object),
        pd.DataFrame(list(lines), columns=list(statements.LINE_FIELDS), dtype=object),
    )
