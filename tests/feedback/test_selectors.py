"""What the home pages tell, gathered from below."""

from datetime import date

import pytest

from agents.models import Assignment
from appraisal.services import publication
from feedback import selectors
from kpi.models import Job
from tests.appraisal.conftest import compute, october
from tests.factories import NOW, add_facts, add_user

__all__ = ["compute", "october"]

TODAY = date(2026, 11, 3)


def test_a_new_installation_has_nothing_yet(cast, library):
    steps = selectors.get_first_steps(TODAY)

    assert (steps.has_data, steps.has_people, steps.is_done) == (False, True, False)
    assert not steps.may_compute


def test_data_and_people_together_can_be_computed(cast, library):
    add_facts("contacts", [{}])

    assert selectors.get_first_steps(TODAY).may_compute


def test_people_without_a_scheme_are_not_enough(cast, library):
    Assignment.objects.filter(position=cast.position).delete()
    add_facts("contacts", [{}])

    assert not selectors.get_first_steps(TODAY).may_compute


def test_once_computed_the_steps_are_over(october, compute):
    compute(october)

    assert selectors.get_first_steps(TODAY).is_done


def test_a_draft_is_evaluated_and_a_published_card_is_published(october, compute, cast):
    run = compute(october)
    before = (selectors.list_published(cast.ana), len(selectors.list_evaluated(cast.ana)))

    asked = publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)

    assert before == ([], 1)
    assert len(selectors.list_published(cast.ana)) == 1
    assert selectors.list_evaluated(cast.ana) == []


@pytest.mark.parametrize("read", [selectors.list_published, selectors.list_evaluated])
def test_a_log_in_without_a_person_has_no_results(october, compute, cast, read):
    compute(october)

    assert read(cast.hana) == []
    assert not selectors.has_a_place(cast.hana, TODAY)


def test_jobs_are_counted_by_state(db):
    for number, state in enumerate(("owed", "failed", "failed", "done")):
        Job.objects.create(kind="kpi.work", subject_id=number, state=state, asked_at=NOW)

    assert selectors.count_jobs() == {"owed": 1, "running": 0, "done": 0, "failed": 2}


def test_a_log_in_without_role_and_person_is_idle(cast):
    add_user("nobody")

    assert selectors.count_users()["idle"] == 1
