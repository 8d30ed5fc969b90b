"""Settings that all environments share."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

SETTINGS = Path(settings.BASE_DIR) / "appraisal" / "settings"
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "POSTGRES_PASSWORD"}  # of Django and docker-compose.yml
READERS = {"text", "secret", "flag", "whole_number", "word_list", "folder", "database", "email"}


def names_read():
    """Every variable that a settings module reads through ``env``."""
    names = set()
    for module in SETTINGS.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_reader(node.func):
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    names.add(name.value)
    return names


def _is_reader(function):
    if isinstance(function, ast.Name):
        return function.id == "_real_secret"
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "env"
        and function.attr in READERS
    )


def test_example_environment_lists_exactly_what_is_read():
    text = (Path(settings.BASE_DIR) / ".env.example").read_text(encoding="utf-8")
    listed = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE)

    assert len(listed) == len(set(listed))
    assert set(listed) == names_read() | NOT_OURS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("statement_timeout", "30s"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("application_name", "appraisal"),
    ],
)
def test_database_limits_reach_the_server(limit, expected):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {limit}")

        assert cursor.fetchone() == (expected,)


@pytest.mark.django_db
def test_every_page_carries_a_strict_content_policy(client):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
