"""The command that looks after the embedded server."""

import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from appraisal.settings import embedded


@pytest.fixture
def var(settings):
    settings.EMBEDDED_DATABASE = True
    # Not tmp_path: see tests/appraisal/settings/conftest.py.
    with tempfile.TemporaryDirectory(prefix="appraisal-server-") as folder:
        settings.APPRAISAL_VAR = Path(folder) / "var"
        yield settings.APPRAISAL_VAR
        embedded.stop(settings.APPRAISAL_VAR)


def said(capsys, action):
    call_command("embedded_postgres", action)
    return capsys.readouterr().out.strip()


def test_status_says_where_the_data_lies_without_starting_anything(var, capsys):
    assert said(capsys, "status") == f"Not running, data in {var}/postgres."
    assert not embedded.is_running(var)


def test_start_and_stop_do_what_they_say(var, capsys):
    assert said(capsys, "start").startswith("Running: postgres://")
    assert said(capsys, "status").startswith("Running")
    assert said(capsys, "stop") == "Stopped."
    assert said(capsys, "stop") == "It was not running."


def test_another_server_is_left_alone(var, settings):
    settings.EMBEDDED_DATABASE = False

    with pytest.raises(CommandError, match="DATABASE_URL names another server"):
        call_command("embedded_postgres", "stop")
