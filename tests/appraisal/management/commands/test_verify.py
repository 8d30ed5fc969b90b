import json

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import ScorecardLine


def test_same_result_is_said(october, compute, capsys):
    compute(october)

    call_command("verify", "2026-10")

    assert capsys.readouterr().out == "2026-10 run 1: the result is the same.\n"


def test_json_names_the_three_digests(october, compute, capsys):
    run = compute(october)

    call_command("verify", "2026-10", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "period": "2026-10",
        "run": 1,
        "published": False,
        "watermark": run.watermark,
        "digest": run.digest,
        "recomputed": run.digest,
        "stored": run.digest,
        "same": True,
    }


def test_changed_point_ends_in_an_error_after_the_summary(october, compute, capsys):
    run = compute(october)
    ScorecardLine.objects.filter(scorecard__run=run, item="calls").update(points=1)

    with pytest.raises(CommandError, match=run.digest):
        call_command("verify", "2026-10", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["recomputed"] == run.digest) == (False, True)


def test_cycle_never_computed_is_said(october):
    with pytest.raises(CommandError, match="2026-10 is not computed yet"):
        call_command("verify", "2026-10")


@pytest.mark.parametrize("period", ["2026-10", "October", ""])
def test_unknown_period_is_said(library, period):
    with pytest.raises(CommandError, match="There is no cycle"):
        call_command("verify", period)
