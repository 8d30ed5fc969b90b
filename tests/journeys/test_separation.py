"""Two people decide, nobody on their own record, and rights end with the next request."""

from datetime import date

import pytest
import time_machine

from agents import periods, services
from agents.models import User
from appraisal.models import Cycle, Publication, Run
from appraisal.services import cycles, runs
from kpi.models import Contact
from kpi.services import exclusions, jobs
from tests.factories import NOW, add_agent, add_facts, add_user
from tests.results import results_for


@pytest.fixture
def october(cast, library):
    """October as computed, of calls alone."""
    for user in (cast.ana, cast.sam):
        add_facts("contacts", [{"answered": True, "talk_s": 200}] * 3, agent=user.agent)
    cycle = cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
    run = runs.request_run(cycle=cycle, asked_by=cast.hana, now=NOW)
    jobs.perform(
        job_id=run.job_id,
        do=lambda job, progress: runs.compute_run(
            run_id=run.pk, progress=progress, now=lambda: NOW
        ),
    )
    with time_machine.travel(NOW, tick=False):
        yield cycle


def post(cast, name, deed, **sent):
    return cast.client(name).post(f"/cycles/2026-10/{deed}/", sent)


@pytest.mark.parametrize("name", ["ana", "sam", "mona", "ada", "quinn"])
@pytest.mark.parametrize("deed", ["ask", "compute"])
def test_only_hr_computes_and_sends(cast, october, name, deed):
    answer = post(cast, name, deed)

    assert answer.status_code == 404
    assert (Run.objects.count(), Publication.objects.count()) == (1, 0)


@pytest.mark.parametrize("name", ["ana", "sam", "hana", "ada", "quinn"])
def test_only_a_manager_publishes_or_returns(cast, october, name):
    post(cast, "hana", "ask")

    answers = [post(cast, name, "publish"), post(cast, name, "return", answer="no")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert Publication.objects.get().state == "asked"


def test_who_sent_it_does_not_publish_it_even_with_another_role(cast, october):
    post(cast, "hana", "ask")
    services.set_roles(user=cast.hana, roles=["manager"], granted_by=cast.ada, now=NOW)

    post(cast, "hana", "publish")

    assert Publication.objects.get().state == "asked"
    assert Cycle.objects.get().published_run is None


def test_decided_once_it_is_decided(cast, october):
    post(cast, "hana", "ask")
    without_reason = post(cast, "mona", "return", answer="  ")
    post(cast, "mona", "publish", state="returned", decided_by=cast.hana.pk)
    post(cast, "mona", "return", answer="too late")
    post(cast, "hana", "compute")

    asked = Publication.objects.get()
    assert without_reason.status_code == 422
    assert (asked.state, asked.answer, asked.decided_by) == ("published", "", cast.mona)
    assert Run.objects.count() == 1


def test_nobody_excludes_a_fact_of_their_own(cast, october):
    hera = add_agent("hera", team=cast.calls, position=cast.position, shift=cast.early)
    user = add_user("hera", "hr", agent=hera)
    [own] = add_facts("contacts", [{"answered": True}], agent=hera)

    with pytest.raises(exclusions.OwnFact):
        exclusions.exclude_fact(
            kind="contacts",
            fact_id=own.pk,
            reason="a bad day",
            excluded_by=user,
            approved_by=cast.mona,
            now=NOW,
        )

    assert Contact.objects.filter(agent=hera, valid_until=None, exclusion=None).count() == 1


def test_roles_are_not_granted_to_oneself_nor_by_hr(cast):
    sent = {"roles": ["manager"], "is_superuser": "on", "is_active": "on"}
    for name, user in (("ada", cast.ada), ("hana", cast.hana), ("hana", cast.ana)):
        cast.client(name).post(f"/users/{user.pk}/roles/", sent)

    granted = {user.username: [one.role for one in user.role_grants.all()] for user in _users()}
    assert (granted["ada"], granted["hana"], granted["ana"]) == (["administrator"], ["hr"], [])
    assert not User.objects.filter(is_superuser=True).exists()


def _users():
    return User.objects.prefetch_related("role_grants")


def test_what_no_form_asks_for_is_not_written(cast):
    sent = {
        "code": "no-1", "name": "Ana", "name_zh": "", "email": "", "left_on": "2026-01-02",
        "id": cast.bo.agent_id, "hired_on": "2020-01-01", "user": cast.ada.pk,
    }  # fmt: skip

    cast.client("hana").post(f"/people/{cast.ana.agent_id}/edit/", sent)

    cast.ana.agent.refresh_from_db()
    assert (cast.ana.agent.code, cast.ana.agent.left_on) == ("no-1", None)
    assert cast.ana.agent.hired_on == date(2026, 1, 1)
    assert User.objects.get(agent=cast.ana.agent) == cast.ana


def test_transfer_role_and_switch_hold_from_the_next_request_on(cast, october):
    address = f"/scorecards/{cast.ana.agent_id}/2026-10/"
    sam, mona = cast.client("sam"), cast.client("mona")
    before = [client.get(address).status_code for client in (sam, mona)]

    services.move_agent(
        agent=cast.ana.agent,
        team=cast.beta,
        position=cast.position,
        shift=None,
        from_day=date(2026, 11, 1),
    )
    services.set_roles(user=cast.mona, roles=[], granted_by=cast.ada, now=NOW)
    after = [client.get(address).status_code for client in (sam, mona)]
    services.switch_user(user=cast.sam, is_active=False, switched_by=cast.ada)

    assert (before, after) == ([200, 200], [404, 404])
    assert sam.get("/").url.startswith("/accounts/login/")


def test_nobody_reads_the_own_draft_on_the_board(cast, october):
    names = [f"/scorecards/{cast.sam.agent_id}/2026-10/", "being evaluated"]

    board = cast.client("sam").get("/teams/alpha/board/?cycle=2026-10").content.decode()
    why = cast.client("sam").get(f"/teams/alpha/board/{cast.sam.agent_id}/?cycle=2026-10")

    assert names[0] not in board
    assert "points were lost" not in why.content.decode()


def test_manager_does_not_learn_the_own_rank_from_the_file(cast, library):
    results = results_for(cast)
    results.run("2026-09", published=True)
    results.card("2026-09", cast.mona, 81, rank=7_103, ranked_among=2, team=cast.calls)
    results.card("2026-09", cast.ana, 82, rank=7_109, ranked_among=2)
    results.publish("2026-09")

    with time_machine.travel(NOW, tick=False):
        answer = cast.client("mona").get("/cycles/2026-09/export/?format=csv")

    text = answer.getvalue().decode()
    assert "7109" in text
    assert "7103" not in text


@pytest.mark.parametrize("reason", ["a\0b", "x" * 100_000, "😀<script>=1+1"])
def test_reason_may_be_any_text(cast, october, reason):
    fact = Contact.objects.filter(agent=cast.ana.agent, valid_until=None).first()
    address = f"/scorecards/{cast.ana.agent_id}/2026-10/handle_time/contacts/{fact.pk}/exclude/"

    answer = cast.client("hana").post(address, {"reason": reason})

    assert answer.status_code == 302
