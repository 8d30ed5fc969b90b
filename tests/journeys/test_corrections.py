"""A month is computed, its file corrected and the correction undone: old results stay true."""

from decimal import Decimal

import pytest

from agents import periods
from appraisal.services import cycles, runs
from appraisal.services.verification import verify_run
from kpi.frames import window_of
from kpi.models import Contact, Survey
from kpi.services import corrections, imports, measuring, revisions
from tests.factories import NOW

OCTOBER = periods.month(2026, 10)
MAPPING = """
kind: contacts
source: phone
fields:
  external_id: call
  started_at: at
  agent: agent
  direction: {constant: in}
  channel: {constant: phone}
  answered: answered
  talk_s: talk
also:
  kind: surveys
  when: {column: rating, filled: true}
  fields: {answered_at: at, score: rating, scale: {constant: 1-5}, channel: {constant: phone}}
agents: {unknown: park}
"""
HEADER = "call,at,agent,answered,talk,rating\n"


def calls(*, talk=270, rating=5):
    """40 calls of Ana and 40 of Ben, every second one rated."""
    return HEADER + "".join(
        f"{agent}{number},2026-10-{number % 28 + 1:02} 08:00,{agent},Y,{talk},"
        f"{rating if number % 2 else ''}\n"
        for agent in ("ana", "ben")
        for number in range(40)
    )


@pytest.fixture
def take_in(settings, tmp_path, cast, library):
    settings.APPRAISAL_VAR = tmp_path

    def run(text, *, corrects=False):
        batch = imports.receive_file(
            content=[text.encode()], name="calls.csv", uploaded_by=cast.hana, now=NOW
        )
        imports.confirm_mapping(
            batch=batch, text=MAPPING, confirmed_by=cast.hana, now=NOW, corrects=corrects
        )
        return imports.run_import(batch_id=batch.pk, now=NOW)

    return run


def compute(cycle, user):
    cycle.refresh_from_db()
    run = runs.request_run(cycle=cycle, asked_by=user, now=NOW)
    return runs.compute_run(run_id=run.pk, progress=lambda _stage: None, now=lambda: NOW)


def seconds_and_score(watermark):
    """The average talk time and rating, as of a watermark."""
    window = window_of(OCTOBER, watermark)
    wanted = [
        measuring.Wanted(name, measuring.compile_formula(formula))
        for name, formula in (("s", "avg(contacts.talk_s)"), ("r", "avg(surveys.score)"))
    ]
    frames = measuring.measure(wanted, window=window, by="centre")
    return tuple(
        Decimal(int(frame["numerator"].iloc[0])) / int(frame["denominator"].iloc[0])
        for frame in (frames["s"], frames["r"])
    )


def test_runs_before_during_and_after_a_correction_all_verify(take_in, cast):
    take_in(calls())
    cycle = cycles.open_cycle(period=OCTOBER, opened_by=cast.hana, now=NOW)
    before = compute(cycle, cast.hana)

    corrected = take_in(calls(talk=390, rating=3), corrects=True)
    during = compute(cycle, cast.hana)
    corrections.undo_batch(batch_id=corrected.pk, undone_by=cast.hana, now=NOW)
    after = compute(cycle, cast.hana)

    assert (corrected.accepted, corrected.replaced) == (80, 80)
    assert corrected.also_tally["replaced"] == 40
    assert [verify_run(run).is_same for run in (before, during, after)] == [True, True, True]
    assert before.digest == after.digest != during.digest
    assert seconds_and_score(before.watermark) == (270, 5)
    assert seconds_and_score(during.watermark) == (390, 3)
    assert seconds_and_score(revisions.latest_revision()) == (270, 5)


def test_history_is_whole_after_correction_and_undo(take_in, cast):
    take_in(calls())
    corrected = take_in(calls(talk=390, rating=3), corrects=True)
    corrections.undo_batch(batch_id=corrected.pk, undone_by=cast.hana, now=NOW)

    for model, rows in ((Contact, 80), (Survey, 40)):
        assert model.objects.count() == 3 * rows
        assert model.objects.filter(valid_until=None).count() == rows


def test_correction_of_one_value_moves_that_value_only(take_in, cast):
    take_in(calls())
    watermark = revisions.latest_revision()

    batch = take_in(
        calls().replace("ana1,2026-10-02 08:00,ana,Y,270", "ana1,2026-10-02 08:00,ana,Y,350"),
        corrects=True,
    )

    assert (batch.accepted, batch.replaced, batch.duplicate) == (1, 1, 79)
    assert seconds_and_score(watermark) == (270, 5)
    assert seconds_and_score(revisions.latest_revision()) == (271, 5)
