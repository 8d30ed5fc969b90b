"""The benchmarks run, and what they compare does the same work; how fast is for them to say."""

import pytest
from django.db import connection

from agents import periods
from appraisal.models import Run, ScorecardLine
from benchmarks import compute_month, late_day, long_periods, scoring, simulate
from kpi.models import Contact, TalliedDay
from kpi.services.revisions import latest_revision

pytestmark = pytest.mark.django_db(transaction=True)

AGENTS = 3


@pytest.fixture
def month_of_contacts():
    compute_month.build(AGENTS)
    compute_month.add_contacts(310, compute_month.OCTOBER)


def line_values(run):
    lines = ScorecardLine.objects.filter(scorecard__run=run)
    return sorted(lines.values_list("scorecard__agent_id", "item", "value"))


def test_a_month_computes_what_the_statement_by_hand_counts(month_of_contacts):
    compute_month.compute()

    with connection.cursor() as cursor:
        cursor.execute(compute_month.BY_HAND, [latest_revision()] * 2)
        by_hand = {row[0]: row for row in cursor.fetchall()}
    offered = ScorecardLine.objects.filter(item="b_offered")
    assert {one.scorecard.agent_id: one.value for one in offered} == {
        agent: row[1] for agent, row in by_hand.items()
    }
    assert sum(row[1] for row in by_hand.values()) == 310


def test_a_late_day_leaves_the_month_as_it_was(month_of_contacts):
    compute_month.compute()
    late_day.remember()
    late_day.keep()
    late_day.add_late_day()
    late_day.settle()
    late_day.keep()
    compute_month.compute()

    assert Contact.objects.count() == 310
    assert TalliedDay.objects.values("day").distinct().count() == 31
    first, second = Run.objects.order_by("number")
    assert line_values(first) == line_values(second)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_late")


def test_a_year_is_spread_over_its_days_and_computes():
    long_periods.spread_over_year(AGENTS, 730)

    assert Contact.objects.values("day").distinct().count() == 365
    for code in long_periods.PERIODS:
        long_periods.compute(code)
        period = periods.parse(code)
        assert long_periods.facts_in(code) == 2 * (period.ends_on - period.starts_on).days
    assert Run.objects.filter(state="done").count() == 3


def test_bare_numpy_scores_as_the_product_does():
    ours, plain = scoring.both_ways(200, 20)

    scoring.check_equal(ours(), plain())


def test_a_draft_is_tried_on_the_built_month():
    simulate.measure(agents=6, rounds=1)
