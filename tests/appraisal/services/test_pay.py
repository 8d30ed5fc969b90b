"""Proposals: what they need, what seals them, and that they come out the same again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from agents import periods
from appraisal.models import PayLine, PayProposal, PayStatement
from appraisal.services import cycles, pay, publication
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
