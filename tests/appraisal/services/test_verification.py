import pytest

from agents import periods
from appraisal import frames
from appraisal.models import Run, Scorecard, ScorecardLine
from appraisal.services import (
    computing,
    cycles,
    publication,
    roster,
    runs,
    schemes,
    verification,
)
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW, add_facts


def test_cycle_without_a_run_has_nothing_to_verify(october):
    with pytest.raises(verification.NothingToVerify, match="2026-10"):
        verification.verify_cycle(october)


def test_run_under_way_is_not_verified(cast, october):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)

    with pytest.raises(verification.NothingToVerify, match="Run 1"):
        verification.verify_run(run)


def test_newest_run_is_verified_until_one_is_published(cast, october, compute):
    compute(october)
    second = compute(october)

    assert verification.verify_cycle(october).run == second


def test_published_run_is_the_one_verified(cast, october, compute):
    run = compute(october)
    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)
    add_facts("contacts", [{"answered": True, "talk_s": 90}] * 40, agent=cast.ana.agent)
    october.refresh_from_db()

    verdict = verification.verify_cycle(october)

    assert verdict.is_same
    assert verdict.run == run


def test_changed_total_is_found(october, compute):
    run = compute(october)
    Scorecard.objects.filter(run=run).update(total=1)

    verdict = verification.verify_run(run)

    assert not verdict.is_same
    assert (verdict.recomputed, verdict.stored != run.digest) == (run.digest, True)


def test_result_that_is_gone_is_found(october, compute):
    run = compute(october)
    ScorecardLine.objects.filter(scorecard__run=run).delete()
    Scorecard.objects.filter(run=run).delete()

    verdict = verification.verify_run(run)

    assert not verdict.is_same
    assert run.digest not in {verdict.recomputed, verdict.stored}


def test_run_from_before_holds_what_was_never_recorded_for_nothing(cast, compute):
    rule = {"type": "deduction", "points": 10}
    made = measure_by("count(contacts, where=transferred)", weight=100, rule=rule)
    made.store()
    later = NOW.replace(year=2040)
    schemes.add_version(made_of(*made.items, positions=["agent"]), now=later)
    add_facts("contacts", [{"answered": True}], agent=cast.ana.agent)
    october = cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
    run = compute(october)
    assert verification.verify_run(run).is_same

    without = {key: told for key, told in run.parameters.items() if key != "lacking"}
    Run.objects.filter(pk=run.pk).update(parameters=without)
    run.refresh_from_db()
    old = verification.verify_run(run)
    assert not old.is_same
    frames.store_scorecards(run, *_as_before(run))
    Run.objects.filter(pk=run.pk).update(digest=old.recomputed)
    run.refresh_from_db()

    line = run.scorecards.get(agent=cast.ana.agent).lines.get()
    assert (line.state, str(line.points)) == ("scored", "100.00")
    assert verification.verify_run(run).is_same


def _as_before(run):
    """Everybody, and what such a run stored."""
    inputs = runs.inputs_of(run, seats=roster.seats_of(run))
    return inputs.seats, computing.compute(inputs, progress=lambda _stage: None)
