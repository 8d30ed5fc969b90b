"""What every test shares: the database of the run, and the browser where there is one."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

from agents import services
from agents.models import Organisation, Position, Shift, Team, User
from appraisal.services.pay_plans import load_shipped_plans
from appraisal.services.schemes import load_shipped_schemes
from appraisal.settings import embedded
from kpi.services.library import load_library
from tests.factories import NOW, add_agent, add_user

TRUNCATE_TRIGGERS = {
    "appraisal_run": "run_never_truncated",
    "appraisal_scorecard": "scorecard_never_truncated",
    "appraisal_scorecardline": "line_never_truncated",
    "appraisal_payproposal": "pay_proposal_never_truncated",
    "appraisal_paystatement": "pay_statement_never_truncated",
    "appraisal_payline": "pay_line_never_truncated",
}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A slow machine is no reason to fail.
hypothesis_settings.register_profile("suite", deadline=None)
hypothesis_settings.load_profile("suite")


def find_chromium() -> str | None:
    """The path of an installed Chromium or Chrome."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests, saying why, where there is no browser."""
    if find_chromium():
        return
    no_browser = pytest.mark.skip(reason="no Chromium here (Debian: apt-get install chromium)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(no_browser)


def pytest_unconfigure() -> None:
    """Stop the embedded server and remove the folder, if this process named the folder.

    The settings of the tests do; the processes of xdist inherit the name and share the server.
    """
    var: Path = settings.APPRAISAL_VAR
    if var.name == f"appraisal-test-{os.getpid()}" and var.exists():
        embedded.stop(var)
        shutil.rmtree(var, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless Chromium of Playwright; mark the tests that use it with ``browser``."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, which Django otherwise takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Leave the language of a test's last page to no other test."""
    yield
    translation.deactivate()


@dataclass(frozen=True)
class Cast:
    """The people every test knows.

    Ana and Ben answer calls in team Alpha, which Sam leads; Bo answers calls in Beta, which Omar
    leads. Both teams belong to the department Calls, which Mona manages. Hana is HR, Ada the
    administrator, Quinn a QA reviewer.
    """

    alpha: Team
    beta: Team
    calls: Team
    position: Position
    early: Shift
    ana: User
    ben: User
    bo: User
    sam: User
    omar: User
    hana: User
    mona: User
    ada: User
    quinn: User

    def client(self, name: str) -> Client:
        """A client logged in as one of them."""
        client = Client()
        client.force_login(getattr(self, name), backend="django.contrib.auth.backends.ModelBackend")
        return client


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast, on record since January 2026 in a centre of Shanghai time."""
    Organisation.objects.create(name="Harbour", zone="Asia/Shanghai")
    calls = Team.objects.create(code="calls", name_en="Calls", name_zh="电话部")
    alpha = Team.objects.create(code="alpha", name_en="Alpha", name_zh="甲组", parent=calls)
    beta = Team.objects.create(code="beta", name_en="Beta", name_zh="乙组", parent=calls)
    position = Position.objects.create(code="agent", name_en="Agent", name_zh="坐席")
    # A position that no shipped scheme appraises, so that only the agents have scorecards.
    lead = Position.objects.create(code="lead", name_en="Team leader", name_zh="班长")
    early = Shift.objects.create(code="early", name_en="Early", name_zh="早班")

    def member(name: str, team: Team, place: Position, *roles: str) -> User:
        agent = add_agent(name, team=team, position=place, shift=early)
        return add_user(name, *roles, agent=agent)

    people = {
        "ana": member("ana", alpha, position),
        "ben": member("ben", alpha, position),
        "bo": member("bo", beta, position),
        "sam": member("sam", alpha, lead, "supervisor"),
        "omar": member("omar", beta, lead, "supervisor"),
        "mona": member("mona", calls, lead, "manager"),
        "hana": add_user("hana", "hr"),
        "ada": add_user("ada", "administrator"),
        "quinn": add_user("quinn", "reviewer"),
    }
    for leader, team in (("sam", alpha), ("omar", beta), ("mona", calls)):
        agent = people[leader].agent
        assert agent is not None
        services.appoint_leader(team=team, leader=agent, starts_on=date(2026, 1, 1))
    return Cast(alpha=alpha, beta=beta, calls=calls, position=position, early=early, **people)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the flush after a browser test empty published tables, and nobody stay at the end.

    The triggers that refuse TRUNCATE are tested on their own, switched on again. A worker that a
    test killed may leave a session behind that would keep the database from being dropped.
    """
    with django_db_blocker.unblock():
        # Without a test that is marked for the database none is made for the tests.
        is_ours = str(connection.settings_dict["NAME"]).startswith("test_")
        if is_ours:
            with connection.cursor() as cursor:
                for table, trigger in TRUNCATE_TRIGGERS.items():
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    if is_ours:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def library(db: None) -> None:
    """The shipped KPIs, schemes and pay plans, also after a test that emptied the tables."""
    load_library(now=NOW)
    load_shipped_schemes(now=NOW)
    load_shipped_plans(now=NOW)
