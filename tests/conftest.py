"""What every test shares: the database of the run, and the browser where there is one."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from appraisal.settings import embedded

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
