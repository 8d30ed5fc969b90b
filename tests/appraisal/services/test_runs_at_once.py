"""Many at once ask for the same cycle, or publish it: one of them gets it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from appraisal.models import Publication, Run
from appraisal.services import publication, runs
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 6


def all_at_once(act, refusal):
    """Let a crowd act from one moment on, each in a session of its own.

    Returns:
        How many succeeded, and what the others were told.
    """
    barrier = threading.Barrier(CROWD)

    def one(_number):
        try:
            barrier.wait(timeout=60)
            act()
        except refusal as error:
            return str(error)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(CROWD) as crowd:
        told = list(crowd.map(one, range(CROWD)))
    return told.count(None), {words for words in told if words}


def test_one_run_is_made_and_the_others_are_told_which(cast, october):
    won, told = all_at_once(
        lambda: runs.request_run(cycle=october, asked_by=cast.hana, now=NOW), runs.AlreadyComputing
    )

    assert won == Run.objects.count() == 1
    assert all("Run 1" in words for words in told)


def test_one_publication_is_asked_for_and_decided_once(cast, october, compute):
    run = compute(october)
    asked, _told = all_at_once(
        lambda: publication.ask_publication(run=run, asked_by=cast.hana, note="", now=NOW),
        publication.NotReady,
    )
    waiting = Publication.objects.get()
    decided, told = all_at_once(
        lambda: publication.publish(publication=waiting, decided_by=cast.mona, now=NOW),
        publication.NotReady,
    )

    waiting.refresh_from_db()
    october.refresh_from_db()
    assert (asked, decided) == (1, 1)
    assert told == {"This was decided already."}
    assert (waiting.state, october.published_run) == ("published", run)
