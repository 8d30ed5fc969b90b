"""A bank's real calls of February 1999, from the file to the scorecard, through the commands."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import strip_tags

from agents.models import Agent, Organisation
from appraisal.models import Run
from kpi.models import Contact, ImportBatch
from kpi.services.corrections import undo_batch
from tests.factories import NOW, add_user

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("APPRAISAL_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
CALLS = DATA / "anonymous_bank_1999_02" / "data_anonymous_bank_february.txt"
FEBRUARY = ("--from", "1999-02-01", "--until", "1999-03-01")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not CALLS.is_file(), reason="no sample data here"),
]


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.APPRAISAL_VAR = tmp_path / "var"


@pytest.fixture
def ask(capsys):
    """Calls a command and gives what it says as JSON."""

    def answer(*words):
        capsys.readouterr()
        call_command(*map(str, words), "--json")
        return json.loads(capsys.readouterr().out)

    return answer


@pytest.fixture
def bank(ask, library):
    """The file, imported by the mapping that is shipped for it."""
    return ask("import_data", "auto", CALLS)


def measure_all(ask, formula):
    [whole] = ask("measure", formula, *FEBRUARY)
    return whole


def facts_now():
    return Contact.objects.filter(valid_until=None).count()


def test_the_month_comes_out_exactly(ask, bank):
    assert (bank["source"], bank["rows"], bank["accepted"], bank["left_out"]) == (
        "anonymous-bank",
        33_344,
        33_066,
        278,
    )
    assert measure_all(ask, "count(contacts)")["value"] == 33_066
    assert measure_all(ask, "count(contacts, where=answered)")["value"] == 27_162
    assert measure_all(ask, "count(contacts, where=abandoned)")["value"] == 5_904
    assert round(measure_all(ask, "avg(contacts.wait_s, where=answered)")["value"], 4) == 40.7743
    handled = measure_all(ask, "avg(contacts.handle_s, where=answered)")
    assert (handled["numerator"], handled["denominator"]) == (4_790_100, 27_162)
    assert round(handled["value"], 4) == 176.3530
    soon = measure_all(ask, "count(contacts, where=answered and wait_s <= 20) / count(contacts)")
    assert (soon["numerator"], soon["denominator"]) == (16_209, 33_066)
    assert round(soon["value"], 6) == 0.490201


def test_every_agent_comes_out_exactly(ask, bank):
    rows = ask("measure", "average_handle_time", *FEBRUARY, "--by", "agent")

    found = {row["group"]: (row["sample"], round(row["value"], 2)) for row in rows}
    assert {
        "IDIT": (1_957, 122.55),
        "YIFAT": (1_904, 154.35),
        "YITZ": (1_794, 173.82),
        "AVNI": (1_739, 256.49),
        "KAZAV": (1_697, 191.40),
        "TOVA": (1_682, 153.13),
        "SHARON": (1_678, 129.90),
    }.items() <= found.items()
    # 491 calls were answered by nobody known; they count for the centre only.
    assert sum(sample for sample, _value in found.values()) == 27_162 - 491


def test_days_and_months_add_up_to_the_whole(ask, bank):
    for by in ("day", "month", "team"):
        rows = ask("measure", "count(contacts, where=answered)", *FEBRUARY, "--by", by)

        if by == "team":
            # Every queue names the bank's one team, for those who were answered by nobody too.
            assert [row["group"] for row in rows] == ["bank"]
        assert sum(row["value"] for row in rows) == 27_162, by


def test_the_file_twice_changes_nothing(ask, bank):
    again = ask("import_data", "auto", CALLS)

    assert (again["accepted"], again["duplicate"], again["left_out"]) == (0, 33_066, 278)
    assert facts_now() == 33_066
    assert measure_all(ask, "count(contacts)")["value"] == 33_066


def test_on_calls_alone_nobody_has_a_grade_and_the_page_says_why(ask, bank, client):
    summary = ask("compute", "1999-02")

    run = Run.objects.get()
    people = Agent.objects.count()
    assert summary["scorecards"] == summary["no_grade"] == summary["provisional"] == people
    assert set(run.scorecards.values_list("grade", "rank")) == {("", None)}
    idit = run.scorecards.get(agent__code="IDIT")
    assert idit.covered == Decimal("65.00")
    # 1,957 calls on 20 days are more than 58 a day; 122.55 s are just above the 120 s that
    # give nothing: 15.38 x 2.55 / 120; 27,162 of 33,066 are 82.14%: 7.69 x 2.14 / 15.
    lines = {line.item: line for line in idit.lines.all()}
    assert {code: line.state for code, line in lines.items() if line.state != "awaited"} == {
        "calls": "scored",
        "handle_time": "scored",
        "answer_rate": "scored",
    }
    assert [lines[code].points for code in ("calls", "handle_time", "answer_rate")] == [
        Decimal("76.92"),
        Decimal("0.33"),
        Decimal("1.10"),
    ]
    assert idit.total == Decimal("78.35")

    Organisation.objects.create(name="Bank", zone="Asia/Jerusalem")
    client.force_login(add_user("hana", "hr"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("appraisal:scorecard", args=[idit.agent_id, "1999-02"]))
    assert page.status_code == 200
    text = " ".join(strip_tags(page.content.decode()).split())
    assert "No grade yet. 65% of the weight is measured, and a grade needs 70%." in text
    assert "until then the result is provisional" in text


def test_undone_and_imported_again_it_gives_the_same_result(ask, bank):
    first = ask("compute", "1999-02")
    undo_batch(batch_id=bank["batch"], undone_by=None, now=NOW)

    assert facts_now() == 0
    assert measure_all(ask, "count(contacts)")["value"] is None
    assert ask("verify", "1999-02")["same"] is True
    nothing = ask("compute", "1999-02")
    assert nothing["digest"] != first["digest"]
    assert set(Run.objects.get(number=2).scorecards.values_list("total", "covered")) == {
        (None, Decimal(0))
    }

    again = ask("import_data", "auto", CALLS)
    assert again["accepted"] == 33_066
    assert facts_now() == 33_066
    assert ImportBatch.objects.filter(state="done").count() == 1
    assert ask("compute", "1999-02")["digest"] == first["digest"]
    assert ask("verify", "1999-02")["same"] is True
