import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents import periods
from appraisal.models import Cycle, Run
from appraisal.services import cycles, publication, runs
from kpi.models import Job
from kpi.services.revisions import latest_revision
from tests.factories import NOW


def test_month_is_opened_and_computed(cast, october, capsys):
    Cycle.objects.all().delete()

    call_command("compute", "2026-10")

    told = capsys.readouterr().out
    assert told.startswith("2026-10: run 1, 3 scorecards, 0 graded, 3 without a grade, watermark")
    assert Cycle.objects.get(code="2026-10").current_run.number == 1


def test_json_tells_what_came_out(cast, october, capsys):
    call_command("compute", "2026-10", "--json")

    told = json.loads(capsys.readouterr().out)
    run = Run.objects.get()
    assert told == {
        "period": "2026-10",
        "run": 1,
        "state": "done",
        "watermark": run.watermark,
        "digest": run.digest,
        "scorecards": 3,
        "graded": 0,
        "no_grade": 3,
        "not_ranked": 0,
        "provisional": 3,
        "error": "",
    }


@pytest.mark.parametrize("period", ["2026-Q4", "2026"])
def test_quarter_and_year_are_computed_from_their_own_days(cast, october, capsys, period):
    call_command("compute", period, "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["period"], told["state"], told["scorecards"]) == (period, "done", 3)


def test_computing_again_is_the_next_run_with_the_same_digest(cast, october, capsys):
    call_command("compute", "2026-10")
    call_command("compute", "2026-10")

    first, second = Run.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.digest == second.digest


def test_empty_centre_is_told_what_to_do_first(library, capsys):
    with pytest.raises(CommandError, match="put people on record"):
        call_command("compute", "2026-10", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["scorecards"], told["watermark"]) == ("failed", 0, None)
    assert "put people on record" in told["error"]


@pytest.mark.parametrize("period", ["2026-13", "October", "2026-Q5", "0000", "", "10000"])
def test_nonsense_for_a_period_says_how_to_write_one(library, period):
    with pytest.raises(CommandError, match="is no period"):
        call_command("compute", period)

    assert not Cycle.objects.exists()


def test_published_cycle_is_not_computed(cast, october, compute):
    asked = publication.ask_publication(run=compute(october), asked_by=cast.hana, note="", now=NOW)
    publication.publish(publication=asked, decided_by=cast.mona, now=NOW)

    with pytest.raises(CommandError, match="published"):
        call_command("compute", "2026-10")


def leave_running(run, *, lease_until):
    Job.objects.filter(pk=run.job_id).update(state="running", attempts=1, lease_until=lease_until)
    Run.objects.filter(pk=run.pk).update(state="running", watermark=1)


def test_run_that_a_dead_process_left_is_finished_before_the_new_one(cast, october, capsys):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    leave_running(run, lease_until=NOW)

    call_command("compute", "2026-10", "--json")

    told = json.loads(capsys.readouterr().out)
    left, new = Run.objects.order_by("number")
    assert (left.state, left.watermark) == ("done", 1)
    assert (told["run"], new.state, new.watermark) == (2, "done", latest_revision())


def test_run_under_way_is_left_to_its_worker(cast, october):
    run = runs.request_run(cycle=october, asked_by=cast.hana, now=NOW)
    leave_running(run, lease_until=timezone.now() + timedelta(seconds=60))

    with pytest.raises(CommandError, match="Run 1 of this cycle is being computed"):
        call_command("compute", "2026-10")

    run.refresh_from_db()
    assert (run.state, run.job.attempts) == ("running", 1)


def test_cycle_opened_by_the_command_is_that_of_the_period(cast, october, capsys):
    call_command("compute", "2026-09")

    cycle = cycles.get_cycle("2026-09")
    assert cycle.period == periods.month(2026, 9)
