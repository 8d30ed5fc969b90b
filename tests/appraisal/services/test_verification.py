import pytest

from appraisal.models import Scorecard, ScorecardLine
from appraisal.services import publication, runs, verification
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
