from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from appraisal.models import Run, Scorecard, ScorecardLine
from appraisal.services import publication, runs, verification
from kpi.models import Contact, ImportBatch
from kpi.services import exclusions
from tests.factories import NOW, add_facts, add_user


@pytest.fixture
def asked(cast, october, compute):
    run = compute(october)
    return publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)


@pytest.fixture
def published(cast, asked):
    return publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_hr_sends_and_a_manager_publishes(cast, october, published):
    october.refresh_from_db()

    assert october.published_run == published
    assert october.phase == "feedback"
    assert published.published_at == NOW


def test_hr_alone_cannot_publish(cast, asked):
    with pytest.raises(publication.NotAllowed):
        publication.publish(publication=asked, decided_by=cast.hana, now=NOW)


def test_supervisor_cannot_send(cast, october, compute):
    with pytest.raises(publication.NotAllowed):
        publication.ask_publication(run=compute(october), asked_by=cast.sam, note="", now=NOW)


def test_who_imported_the_data_does_not_publish(cast, asked):
    ImportBatch.objects.create(
        file_name="calls.csv",
        sha256="0" * 64,
        uploaded_by=cast.mona,
        uploaded_at=NOW,
        first_day="2026-10-01",
        last_day="2026-10-31",
    )

    with pytest.raises(publication.NotAllowed, match="imported or changed data"):
        publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_older_run_cannot_be_published_after_a_newer_one(cast, october, asked, compute):
    compute(october)

    with pytest.raises(publication.NotReady, match="newer run"):
        publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_nothing_is_published_while_a_run_computes(cast, october, asked):
    runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    with pytest.raises(publication.NotReady, match="computed now"):
        publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_return_needs_a_reason_and_frees_the_cycle(cast, october, asked, compute):
    with pytest.raises(publication.NotReady):
        publication.return_to_hr(publication=asked, decided_by=cast.mona, answer=" ", now=NOW)

    returned = publication.return_to_hr(
        publication=asked, decided_by=cast.mona, answer="Two days are missing.", now=NOW
    )

    assert returned.state == "returned"
    assert (
        publication.ask_publication(
            run=compute(october), asked_by=cast.hana, note="", now=NOW
        ).state
        == "asked"
    )


def test_decision_is_made_once(cast, asked, published):
    with pytest.raises(publication.NotReady, match="decided"):
        publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_published_cycle_is_not_computed_again(cast, october, published):
    with pytest.raises(runs.AlreadyPublished):
        runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)


def test_second_manager_without_a_part_in_it_may_publish(cast, asked):
    other = add_user("max", "manager")

    assert publication.publish(publication=asked, decided_by=other, now=NOW).published_at


def test_published_run_is_verified_bit_for_bit(published):
    assert verification.verify_run(published).is_same


WRITES = {
    "a point is changed": lambda run: ScorecardLine.objects.filter(
        scorecard__run=run, item="calls"
    ).update(points=99),
    "a line is removed": lambda run: ScorecardLine.objects.filter(scorecard__run=run)._raw_delete(
        "default"
    ),
    "a line is added": lambda run: ScorecardLine.objects.create(
        scorecard=run.scorecards.first(),
        item="gift",
        order=99,
        state="scored",
        weight=1,
        effective_weight=1,
        points=1,
    ),
    "a total is changed": lambda run: run.scorecards.update(total=99),
    "a card is removed": lambda run: Scorecard.objects.filter(run=run)._raw_delete("default"),
    "a card moves to another run": lambda run: run.scorecards.update(
        run=Run.objects.exclude(pk=run.pk).get()
    ),
    "the run is changed": lambda run: Run.objects.filter(pk=run.pk).update(digest="0" * 64),
    "the run is unpublished": lambda run: Run.objects.filter(pk=run.pk).update(published_at=None),
    "lines are truncated": lambda run: truncate("appraisal_scorecardline", "line_never_truncated"),
    "cards are truncated": lambda run: truncate("appraisal_scorecard", "scorecard_never_truncated"),
    "runs are truncated": lambda run: truncate("appraisal_run", "run_never_truncated"),
}


def truncate(table, trigger):
    with connection.cursor() as cursor:
        # What waits to be checked at the end would keep the table from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_database_refuses_once_published(cast, published, october, write):
    Run.objects.create(cycle=october, number=99)
    before = verification.verify_run(published).stored

    with pytest.raises(DatabaseError, match="published"), transaction.atomic():
        write(published)

    published.refresh_from_db()
    assert verification.verify_run(published).stored == before


def test_who_excluded_a_fact_of_the_days_does_not_publish(cast, asked):
    fact = Contact.objects.filter(agent=cast.ana.agent).first()
    exclusions.exclude_fact(
        kind="contacts",
        fact_id=fact.pk,
        reason="A test call.",
        excluded_by=cast.mona,
        approved_by=cast.hana,
        now=NOW,
    )

    with pytest.raises(publication.NotAllowed, match="changed data"):
        publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


def test_who_excluded_a_fact_of_other_days_may_publish(cast, asked):
    (fact,) = add_facts("contacts", [{"day": date(2026, 8, 1)}])
    exclusions.exclude_fact(
        kind="contacts",
        fact_id=fact.pk,
        reason="A test call.",
        excluded_by=cast.mona,
        approved_by=cast.hana,
        now=NOW,
    )

    assert publication.publish(publication=asked, decided_by=cast.mona, now=NOW).published_at
