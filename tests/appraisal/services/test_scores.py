from datetime import date

import pytest

from agents import periods, services
from appraisal.services import drafts, schemes, scores
from tests.appraisal.services.plans import made_of, measure_by
from tests.factories import NOW

OCTOBER = periods.month(2026, 10)
STAFF = measure_by(
    'score_of("reports")', weight=100, rule={"type": "share", "of": 100}, code="staff_mean"
)


@pytest.fixture
def document(cast):
    """A scheme of the leaders that reads the scores of their staff."""
    STAFF.store(unit="points")
    return made_of(*STAFF.items, positions=["lead"])


def test_leaders_of_leaders_are_no_circle(document):
    scores.refuse_circle(document, period=OCTOBER)


def test_two_who_lead_each_other_are_refused_by_name(cast, document):
    services.appoint_leader(team=cast.calls, leader=cast.sam.agent, starts_on=date(2026, 10, 31))

    with pytest.raises(scores.CircularScheme, match="Sam"):
        scores.refuse_circle(document, period=OCTOBER)
    scores.refuse_circle(document, period=OCTOBER.previous())


def test_scheme_that_reads_no_scores_is_never_refused(cast, document):
    services.appoint_leader(team=cast.calls, leader=cast.sam.agent, starts_on=date(2026, 10, 1))
    calls = measure_by("count(contacts)", weight=1, rule={"type": "share"})
    calls.store()

    scores.refuse_circle(made_of(*calls.items, positions=["lead"]), period=OCTOBER)


def test_schemes_in_use_count_too(cast, document):
    # Ana leads the team that Mona sits in; only the leaders' scheme reads scores so far.
    services.appoint_leader(team=cast.calls, leader=cast.ana.agent, starts_on=date(2026, 10, 1))
    schemes.add_version(document, now=NOW)

    agents = made_of(*STAFF.items, positions=["agent"], code="agents-plan")

    with pytest.raises(scores.CircularScheme, match="Ana"):
        scores.refuse_circle(agents, period=OCTOBER)
    assert scores.people_in_circle({"lead"}, period=OCTOBER) == ()


def test_draft_says_who_would_go_round_in_a_circle(cast, document):
    assert drafts.check_document(document)[1] == []
    services.appoint_leader(team=cast.calls, leader=cast.sam.agent, starts_on=date(2020, 1, 1))

    (problem,) = drafts.check_document(document)[1]

    assert (problem.path, "Sam" in problem.message) == ("items", True)


def test_kpis_that_were_read_are_not_read_again(cast, document, django_assert_num_queries):
    calls = measure_by("count(contacts)", weight=1, rule={"type": "share"})
    plain = made_of(*calls.items, positions=["lead"])

    with django_assert_num_queries(0):
        scores.refuse_circle(plain, period=OCTOBER, versions=[])
