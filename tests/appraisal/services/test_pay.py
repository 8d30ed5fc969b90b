"""Proposals: what they need, what seals them, and that they come out the same again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agents import periods, services
from appraisal.models import PayLine, PayProposal, PayStatement
from appraisal.services import cycles, pay, pay_plans, publication, schemes
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts
from tests.pay import put_to_use


@pytest.fixture
def proposed(october, compute, cast):
    put_to_use(cast.hana, cast.mona)
    return pay.compute_pay(run=compute(october), asked_by=cast.hana, now=NOW)


def publish(proposal, cast):
    asked = publication.ask_publication(run=proposal.run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_publishing_the_run_seals_its_pay(proposed, cast):
    publish(proposed, cast)

    proposed.refresh_from_db()
    assert proposed.is_sealed


@pytest.mark.parametrize(
    "change",
    [
        lambda one: PayProposal.objects.filter(pk=one.pk).update(digest="0" * 64),
        lambda one: PayProposal.objects.filter(pk=one.pk).update(is_sealed=False),
        lambda one: PayStatement.objects.filter(proposal=one).update(net=1),
        lambda one: PayLine.objects.filter(statement__proposal=one).update(amount=1),
        lambda one: PayLine.objects.filter(statement__proposal=one)._raw_delete("default"),
        lambda one: PayLine.objects.create(
            statement=one.statements.first(), line="gift", order=99, state="counted", amount=1
        ),
    ],
    ids=["digest", "unseal", "net", "line", "delete", "add"],
)
def test_database_refuses_to_change_sealed_pay(proposed, cast, change):
    publish(proposed, cast)

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        change(proposed)


def test_pay_worked_out_again_takes_the_place_of_the_one_before(proposed, cast):
    again = pay.compute_pay(run=proposed.run, asked_by=cast.hana, now=NOW)

    assert again.digest == proposed.digest
    assert PayProposal.objects.count() == 1
    assert PayStatement.objects.count() == 3


def test_facts_and_plans_of_later_change_nothing(proposed, cast):
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    cast.ana.agent.hired_on = date(1999, 1, 1)
    cast.ana.agent.save()

    assert pay.verify_pay(PayProposal.objects.get()).is_same


def test_quarter_has_no_pay(october, compute, cast):
    put_to_use(cast.hana, cast.mona)
    quarter = cycles.open_cycle(period=periods.parse("2026-Q4"), opened_by=None, now=NOW)

    with pytest.raises(pay.NotReady, match="by the month"):
        pay.compute_pay(run=compute(quarter), asked_by=None, now=NOW)


def test_without_a_plan_for_anybody_there_is_no_proposal(october, compute):
    with pytest.raises(pay.NotReady, match="Nobody of this run"):
        pay.compute_pay(run=compute(october), asked_by=None, now=NOW)


@pytest.mark.parametrize(
    ("hired", "on", "years"),
    [
        (date(2019, 10, 31), date(2026, 10, 31), 7),
        (date(2019, 11, 1), date(2026, 10, 31), 6),
        (date(2027, 1, 1), date(2026, 10, 31), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (None, date(2026, 10, 31), None),
    ],
)
def test_years_of_service_are_whole(hired, on, years):
    assert pay.years_of(hired, on) == years


LED_CALLS = {
    "code": "leaders",
    "name": {"en": "Leaders", "zh": "班长方案"},
    "currency": {"en": "CNY", "zh": "元"},
    "positions": ["lead"],
    "parameters": [],
    "lines": [
        {
            "code": "led_calls",
            "group": "pay",
            "name": {"en": "Calls of the team", "zh": "班组通话"},
            "noun": {"en": "call|calls", "zh": "通"},
            "type": "pieces",
            "formula": "led(count(contacts, where=answered))",
            "tiers": [{"rate": "0.01"}],
        }
    ],
}


@pytest.fixture
def leaders(october, compute, cast):
    """A run whose leaders are appraised and paid by the calls of the teams they lead."""
    made = measure_by("count(contacts)", weight=100, rule={"type": "share", "of": 100}, code="c")
    made.store()
    schemes.add_version(made_of(*made.items, positions=["lead"], code="plan-c"), now=NOW)
    draft = pay_plans.load_draft(document=LED_CALLS, edited_by=cast.hana, now=NOW)
    pay_plans.ask_approval(draft=draft, asked_by=cast.hana, now=NOW)
    pay_plans.publish(draft=draft, decided_by=cast.mona, now=NOW)
    return compute(october)


def test_leader_is_paid_by_the_figures_of_the_teams_led(leaders, cast):
    services.end_leadership(leadership=cast.sam.agent.leaderships.get(), ends_on=date(2026, 10, 2))

    proposal = pay.compute_pay(run=leaders, asked_by=cast.hana, now=NOW)

    # Alpha has 116 and 58 calls, Beta 10; Mona leads both. What the run pinned holds.
    nets = {one.agent_id: str(one.net) for one in proposal.statements.all()}
    assert nets == {
        cast.sam.agent_id: "1.74",
        cast.omar.agent_id: "0.10",
        cast.mona.agent_id: "1.84",
    }
    assert pay.verify_pay(proposal).is_same


def test_pay_that_pinned_no_places_comes_out_as_it_was(leaders, cast):
    pinned = pay.compute_pay(run=leaders, asked_by=cast.hana, now=NOW).parameters

    before = pay.basis_of(leaders, {key: pinned[key] for key in ("plans", "kpis")})

    assert {str(net) for net in pay.work_out(before).statements["net"]} == {"0.00"}


def test_proposal_says_that_it_tells_what_cannot_be_measured(proposed, cast):
    assert proposed.parameters["lacking"] == "not_measurable"
    assert pay.basis_of(proposed.run, proposed.parameters).tells_unmeasurable
    before = {key: proposed.parameters[key] for key in ("plans", "kpis")}
    assert not pay.basis_of(proposed.run, before).tells_unmeasurable
