import io
import json

import pytest
from django.core.management import CommandError, call_command

from agents.models import Agent


@pytest.mark.django_db
def test_says_what_was_made_as_json():
    out = io.StringIO()

    call_command("seed_demo", "--size=small", "--today=2026-11-21", "--json", stdout=out)

    made = json.loads(out.getvalue())
    assert made["people"] == Agent.objects.count()
    assert made["cycles"] == ["2026-Q3", "2026-09", "2026-Q4", "2026-10", "2026-11"]
    assert made["facts"]["contacts"] > 1_000


@pytest.mark.django_db
def test_prints_the_log_ins_and_does_nothing_twice():
    out = io.StringIO()
    call_command("seed_demo", "--size=small", "--today=2026-11-21", verbosity=0)

    call_command("seed_demo", "--size=small", "--today=2026-11-21", stdout=out)

    assert "was here already" in out.getvalue()
    assert "manager.lim" in out.getvalue()


@pytest.mark.django_db
def test_refuses_where_others_are_on_record():
    Agent.objects.create(code="1", name="Ana")

    with pytest.raises(CommandError, match="not the demo's"):
        call_command("seed_demo", "--size=small", "--today=2026-11-21", verbosity=0)
