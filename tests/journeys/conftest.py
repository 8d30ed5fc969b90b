"""The demo centre on a server of its own, for whoever looks at it with a browser."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from agents.models import User
from feedback.demo.centre import build
from tests.conftest import Cast
from tests.journeys.tabs import session_of

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Site:
    """A server, and a session of everybody who has a log-in there."""

    url: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def demo_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A small demo centre on 21 November 2026, built once for a module.

    Its tests share it and only look. They are marked ``django_db``: without a test so marked no
    database of tests is made, and this would empty a real one.
    """
    assert connection.settings_dict["NAME"].startswith("test_")
    with django_db_blocker.unblock(), time_machine.travel(NOON):
        try:
            build(size="small", today=TODAY)
            sessions = {user.username: session_of(user) for user in User.objects.all()}
            server = LiveServer("localhost")
            yield Site(server.url, sessions | {"": ""})
            server.stop()
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def session(cast: Cast) -> Callable[[str], str]:
    """Logs somebody of the cast in; gives the key of the session."""
    return lambda name: session_of(getattr(cast, name))
