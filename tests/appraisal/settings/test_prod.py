"""Production refuses to start half configured, and passes Django's deployment check."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "appraisal.settings.prod",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-made-up-for-a-test",
    "APPRAISAL_CUSTOMER_KEY": "zyxwvutsrqponmlkjihgfedcba-made-up",
    "ALLOWED_HOSTS": "appraisal.example",
    "DATABASE_URL": "postgres://appraisal@127.0.0.1:1/nowhere",
}


def run(*arguments, **changes):
    """Run Python in a process of its own, with these variables only."""
    environment = {"PATH": os.environ["PATH"], **COMPLETE, **changes}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_configuration_passes_the_deployment_check():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": ""}, "Set the environment variable SECRET_KEY"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY must be a random text"),
        ({"SECRET_KEY": "too short"}, "SECRET_KEY must be a random text"),
        ({"SECRET_KEY": "development-only-" + "x" * 60}, "SECRET_KEY must be a random text"),
        ({"APPRAISAL_CUSTOMER_KEY": ""}, "variable APPRAISAL_CUSTOMER_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL"),
        ({"DEBUG": "true"}, "DEBUG must not be on"),
    ],
)
def test_incomplete_configuration_stops_the_start_and_says_why(changes, message):
    done = run("-c", "import appraisal.settings.prod", **changes)

    assert done.returncode != 0
    assert message in done.stderr
