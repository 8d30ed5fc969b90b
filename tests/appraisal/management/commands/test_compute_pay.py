"""``compute_pay``: the proposal of a month on the command line."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.pay import put_to_use


def test_says_what_it_comes_to(october, compute, cast, capsys):
    put_to_use(cast.hana, cast.mona)
    compute(october)

    call_command("compute_pay", "2026-10", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["statements"], told["net"]) == (3, "36.80")


def test_month_that_is_not_computed_is_refused(october):
    with pytest.raises(CommandError, match="not computed"):
        call_command("compute_pay", "2026-10")


def test_without_a_plan_in_use_it_says_so(october, compute):
    compute(october)

    with pytest.raises(CommandError, match="No pay plan is in use"):
        call_command("compute_pay", "2026-10")


@pytest.mark.parametrize("period", ["2026-13", "2020-01"])
def test_unknown_month_is_refused(db, period):
    with pytest.raises(CommandError):
        call_command("compute_pay", period)
