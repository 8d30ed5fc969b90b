"""What holds up a cycle, computed from what is on record."""

from datetime import date

import pytest

from appraisal.selectors import holds
from appraisal.selectors.coverage import Cell, Strip
from appraisal.selectors.cycles import get_cycle_row
from appraisal.services import publication
from kpi.models import ImportBatch, ParkedRow
from tests.factories import NOW, add_facts

TODAY = date(2026, 11, 3)


@pytest.fixture
def found(cast, october):
    """The holds of October by their code."""

    def look(strips=()):
        row = get_cycle_row(cycle=october, user=cast.hana, on=TODAY)
        return {hold.code: hold for hold in holds.list_holds(row, strips)}

    return look


def test_a_cycle_that_was_never_computed_says_so(found):
    assert set(found()) == {holds.UNCOMPUTED}


def test_kinds_that_were_never_imported_are_awaited_with_the_people_that_wait(
    found, compute, october
):
    compute(october)

    awaited = found()[holds.AWAITED]

    assert awaited.kind in {"events", "reviews", "surveys", "trainings"}
    assert awaited.people == 3


def test_what_was_imported_since_asks_for_another_run(found, compute, october, cast):
    compute(october)
    facts = add_facts("contacts", [{"answered": True, "talk_s": 60}], agent=cast.ana.agent)
    ImportBatch.objects.create(
        file_name="late.csv",
        sha256="0" * 64,
        state=ImportBatch.State.DONE,
        uploaded_at=NOW,
        first_day=facts[0].day,
        last_day=facts[0].day,
        revision_id=facts[0].valid_from,
    )

    assert found()[holds.CHANGED].parts == (("import", 1),)


def test_an_import_of_another_month_changes_nothing_here(found, compute, october, cast):
    compute(october)
    day = date(2026, 8, 1)
    facts = add_facts("contacts", [{"day": day}], agent=cast.ana.agent)
    ImportBatch.objects.create(
        file_name="august.csv",
        sha256="0" * 64,
        state=ImportBatch.State.DONE,
        uploaded_at=NOW,
        first_day=day,
        last_day=day,
        revision_id=facts[0].valid_from,
    )

    assert holds.CHANGED not in found()


def test_answered_contacts_of_nobody_are_counted_and_abandoned_ones_are_not(found):
    add_facts("contacts", [{"answered": True}] * 2 + [{"answered": False}])

    assert found()[holds.NOBODY].count == 2


def test_parked_rows_are_told_by_file_with_how_many_people_they_name(found, cast):
    batch = ImportBatch.objects.create(file_name="calls.csv", sha256="0" * 64, parked=3,
                                       left_out=3, uploaded_at=NOW)  # fmt: skip
    for line, name in enumerate(("4011", "4011", "4012"), start=2):
        ParkedRow.objects.create(batch=batch, line=line, agent_text=name, record={})

    parked = found()[holds.PARKED]

    assert (parked.count, parked.people, parked.subject_id) == (3, 2, batch.pk)


def test_days_that_fall_short_are_told_with_their_dates(found):
    cells = (
        Cell(date(2026, 10, 1), 100, 1.0, "full"),
        Cell(date(2026, 10, 2), 0, 0.0, "none"),
    )

    short = found([Strip("surveys", cells)])[holds.DAYS]

    assert (short.kind, short.days) == ("surveys", (date(2026, 10, 2),))


def test_who_has_no_grade_is_counted(found, compute, october):
    compute(october)

    assert found()[holds.NO_GRADE].count == 3


def test_a_run_that_waits_for_a_manager_names_who_sent_it(found, compute, october, cast):
    run = compute(october)
    publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)

    assert found()[holds.APPROVAL].names == ("hana",)


def test_a_run_that_came_back_says_why(found, compute, october, cast):
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.return_to_hr(
        publication=asked, decided_by=cast.mona, answer="Look at Ben.", now=NOW
    )

    assert found()[holds.RETURNED].names == ("Mona", "Look at Ben.")


def test_nothing_holds_up_what_is_published(found, compute, october, cast):
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    october.refresh_from_db()

    assert found() == {}


def test_kpi_that_no_source_gives_is_told_with_the_people_it_concerns(
    found, compute, october, cast
):
    rows = [{"day": date(2026, 10, 5), "scheduled_s": 28_800}] * 5
    add_facts("shifts", rows, agent=cast.ana.agent)
    compute(october)

    hold = found()[holds.UNMEASURABLE]

    assert hold.people == 3
    assert len(hold.names) == hold.count > 0
