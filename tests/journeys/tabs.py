"""Tabs of a real browser that notice what goes wrong on every page they show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from agents.models import User

WIDE, PHONE = 1440, 390
HEIGHT = 900
PATIENCE_MS = 20_000  # generous: a slow machine is no reason to fail
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
expect.set_options(timeout=PATIENCE_MS)
_PAGE_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false});
  return found.violations.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) =>
    `${one.id}: ` + one.nodes.slice(0, 3).map((node) =>
      `${node.target.join(" ")} (${(node.any[0] || node.all[0] || node.none[0])?.message})`
    ).join("; "));
}"""


@dataclass
class Tab:
    """A tab, and what was wrong on the pages it showed.

    Attributes:
        refused: answers of the server that are meant to refuse, such as 422; the browser reports
            them as faults.
    """

    page: Page
    base: str
    language: str = "en"
    refused: frozenset[int] = frozenset()
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.path}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status}" in message.text for status in self.refused):
            return
        self.faults.append(f"{self.path}: {message.text}")

    @property
    def path(self) -> str:
        """Where it is, without the server."""
        return self.page.url.removeprefix(self.base)

    def open(self, path: str) -> None:
        """Go to a page of the site and look at it."""
        self.page.goto(self.base + path, wait_until="load")
        self.look()

    def look(self) -> None:
        """Note what is wrong with the page as it stands: its width and its language."""
        self.page.wait_for_load_state("load")
        if over := self.page.evaluate(_PAGE_TOO_WIDE):
            width = self.page.viewport_size["width"] if self.page.viewport_size else 0
            self.faults.append(f"{self.path}: {over} px too wide for {width}")
        said = self.page.evaluate("document.documentElement.lang")
        if said != {"en": "en", "zh-hans": "zh-Hans"}[self.language]:
            self.faults.append(f"{self.path}: its language is said to be {said}")

    def look_at_both_widths(self) -> None:
        """Look at the page on a wide screen and on a phone."""
        for width in (PHONE, WIDE):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.look()

    def check_access(self) -> None:
        """Note the serious faults against people who read or move otherwise."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.faults += [f"{self.path}: {one}" for one in self.page.evaluate(_AXE_RUN)]


@contextmanager
def tab_of(
    browser: Browser, base: str, *, session: str = "", language: str = "en", **options: Any
) -> Iterator[Tab]:
    """A tab of somebody who is logged in, or of nobody; at its end there were no faults.

    Args:
        session: of the person who is logged in; empty for a stranger.
        options: of Playwright's context, such as ``color_scheme`` and ``java_script_enabled``.
    """
    refused = frozenset(options.pop("refused", ()))
    size = {"width": options.pop("width", WIDE), "height": HEIGHT}
    context = browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce", **options)
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if session:
        cookies[settings.SESSION_COOKIE_NAME] = session
    context.add_cookies([{"name": key, "value": to, "url": base} for key, to in cookies.items()])
    tab = Tab(context.new_page(), base, language, refused)
    try:
        yield tab
        assert not tab.faults, "\n".join(tab.faults)
    finally:
        context.close()


def session_of(user: User) -> str:
    """The key of a session of somebody who logged in just now."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
