"""The whole of ``make demo``, on the embedded server: start, log in, stop."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from feedback.demo.people import PASSWORD
from feedback.demo.running import free_port

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A small demo in a folder of its own: the process, and what it printed until it was up."""
    # Set and empty, so that no file of the developer's names another server.
    own = {"APPRAISAL_VAR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    settings = {"DJANGO_SETTINGS_MODULE": "appraisal.settings.dev", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [
            sys.executable, "manage.py", "demo", "--size", "small", "--today", "2026-11-21",
            "--port", str(free_port(8100)),
        ],
        cwd=ROOT,
        env=os.environ | settings | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    printed = ""
    assert process.stdout is not None
    for line in process.stdout:
        printed += line
        if "Ctrl-C stops" in line:
            break
    yield process, printed
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    process.stdout.close()


def test_starts_lets_somebody_log_in_and_stops_everything(demo):
    process, printed = demo
    address = re.search(r"http://127\.0\.0\.1:\d+", printed)
    assert address, printed
    below = psutil.Process(process.pid).children(recursive=True)

    landed, cookies = log_in(address[0], "hr.zhou")
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)

    assert landed == "/"
    assert "sessionid" in cookies
    assert process.returncode == 0, rest
    assert "Stopped." in rest
    assert len(below) >= 2
    assert not psutil.wait_procs(below, timeout=20)[1]


class StaysThere(urllib.request.HTTPRedirectHandler):
    """Does not follow: where the answer sends people is what is looked at."""

    def redirect_request(self, *args: object) -> None:
        """Give no next request."""


def log_in(address: str, username: str) -> tuple[str, set[str]]:
    """Fill the log-in form; returns where it leads, and the names of the cookies."""
    jar = http.cookiejar.CookieJar()
    cookies = urllib.request.HTTPCookieProcessor(jar)
    browser = urllib.request.build_opener(cookies, StaysThere)
    form = f"{address}/accounts/login/"
    with browser.open(form, timeout=20) as answer:
        page = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": username, "password": PASSWORD}
    body = urllib.parse.urlencode(fields).encode()
    with pytest.raises(urllib.error.HTTPError) as moved:
        browser.open(form, body, timeout=20)
    moved.value.close()
    return moved.value.headers["Location"], {cookie.name for cookie in jar}
