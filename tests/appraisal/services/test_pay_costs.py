"""Pay with other grades, everything else as it was proposed."""

import pytest

from appraisal.services import pay, pay_costs
from tests.factories import NOW
from tests.pay import put_to_use


@pytest.fixture
def proposed(october, compute, cast):
    """Ana 23.20, Ben 11.60, Bo 2.00: calls alone, nobody has a grade."""
    put_to_use(cast.hana, cast.mona)
    return pay.compute_pay(run=compute(october), asked_by=cast.hana, now=NOW)


def test_bonus_follows_the_grade(proposed, cast, django_assert_num_queries):
    grades = {cast.ana.agent_id: "excellent", cast.ben.agent_id: "good", cast.bo.agent_id: ""}

    cost = pay_costs.cost_of(proposed.run, grades)

    # 300 for Ana and 200 for Ben more
    assert (cost.people, str(cost.before), str(cost.after)) == (3, "36.80", "536.80")
    assert str(cost.change) == "500.00"
    with django_assert_num_queries(1):
        pay_costs.cost_of(proposed.run, grades)


def test_only_those_asked_for_count(proposed, cast):
    cost = pay_costs.cost_of(proposed.run, {cast.bo.agent_id: "qualified", 0: "excellent"})

    assert (cost.people, str(cost.before), str(cost.after)) == (1, "2.00", "102.00")


def test_without_a_proposal_there_is_no_cost(october, compute, cast):
    assert pay_costs.cost_of(compute(october), {cast.ana.agent_id: "good"}) is None
