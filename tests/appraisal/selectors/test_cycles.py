"""Cycles as the pages read them."""

from datetime import date

from agents import periods
from appraisal.models import Cycle
from appraisal.selectors import cycles as reads
from appraisal.services import cycles, publication
from tests.factories import NOW

TODAY = date(2026, 11, 3)


def open_month(number):
    return cycles.open_cycle(period=periods.month(2026, number), opened_by=None, now=NOW)


def test_each_scorecard_counts_in_one_place(october, compute, cast):
    run = compute(october)

    tally = reads.tallies([run.pk], user=cast.hana, on=TODAY)[run.pk]

    parts = (tally.final, tally.provisional, tally.no_grade, tally.not_ranked)
    assert tally.people == sum(parts) == 3


def test_who_leads_counts_the_own_people_only(october, compute, cast):
    run = compute(october)

    assert reads.tallies([run.pk], user=cast.sam, on=TODAY)[run.pk].people == 2
    assert reads.tallies([run.pk], user=cast.quinn, on=TODAY) == {}


def test_the_list_takes_the_same_queries_for_one_cycle_and_for_many(
    october, compute, cast, django_assert_max_num_queries
):
    compute(october)
    for month in range(1, 10):
        open_month(month)

    with django_assert_max_num_queries(7):
        rows = reads.list_cycle_rows(user=cast.hana, on=TODAY)

    assert [row.cycle.code for row in rows][:2] == ["2026-10", "2026-09"]
    assert len(rows) == 10


def test_the_month_that_is_worked_on_comes_before_a_quarter_that_ends_later(db):
    cycles.open_cycle(period=periods.quarter(2026, 4), opened_by=None, now=NOW)
    october = open_month(10)

    assert reads.newest_cycle() == october


def test_without_an_open_cycle_the_newest_is_shown(october, compute, cast):
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)

    assert reads.newest_cycle() == october
    assert reads.list_open() == []


def test_neighbours_are_of_the_same_kind(db):
    september, october = open_month(9), open_month(10)
    cycles.open_cycle(period=periods.quarter(2026, 3), opened_by=None, now=NOW)

    assert reads.neighbours(october) == (september, None)
    assert reads.neighbours(september) == (None, october)


def test_no_cycle_is_no_fault(db):
    assert reads.newest_cycle() is None
    assert not Cycle.objects.exists()
