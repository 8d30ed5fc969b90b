import json

import pytest
from django.core.management import CommandError, call_command

from appraisal.services import publication
from tests.factories import NOW


@pytest.fixture
def published(cast, october, compute):
    asked = publication.ask_publication(run=compute(october), asked_by=cast.hana, note="", now=NOW)
    return publication.publish(publication=asked, decided_by=cast.mona, now=NOW)


@pytest.mark.parametrize("ending", ["xlsx", "XLSX", "csv"])
def test_published_results_are_written(published, tmp_path, capsys, ending):
    file = tmp_path / f"october.{ending}"

    call_command("export_results", "2026-10", str(file))

    assert capsys.readouterr().out == f"3 agents of run 1 to {file}\n"
    assert file.stat().st_size > 0


def test_json_tells_what_was_written(published, tmp_path, capsys):
    file = tmp_path / "october.csv"

    call_command("export_results", "2026-10", str(file), "--json")

    told = json.loads(capsys.readouterr().out)
    assert told == {"period": "2026-10", "run": 1, "agents": 3, "file": str(file)}
    assert (tmp_path / "october-lines.csv").exists()


def test_draft_is_given_out_only_when_asked_for(october, compute, tmp_path, capsys):
    compute(october)
    file = tmp_path / "october.csv"

    with pytest.raises(CommandError, match="not published"):
        call_command("export_results", "2026-10", str(file))
    assert list(tmp_path.iterdir()) == []

    call_command("export_results", "2026-10", str(file), "--draft")
    assert file.exists()


def test_nothing_computed_is_said(october, tmp_path):
    with pytest.raises(CommandError, match="not computed"):
        call_command("export_results", "2026-10", str(tmp_path / "a.csv"), "--draft")


def test_unknown_period_is_said(library, tmp_path):
    with pytest.raises(CommandError, match="There is no cycle 2026-11"):
        call_command("export_results", "2026-11", str(tmp_path / "a.csv"))


@pytest.mark.parametrize("name", ["october.pdf", "october", "xlsx"])
def test_other_ending_is_refused(published, tmp_path, name):
    with pytest.raises(CommandError, match=r"\.xlsx or \.csv"):
        call_command("export_results", "2026-10", str(tmp_path / name))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_folder_that_is_not_there_is_said(published, tmp_path, ending):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_results", "2026-10", str(tmp_path / "nowhere" / f"a.{ending}"))
