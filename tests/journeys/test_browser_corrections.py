"""A file that corrects an earlier one, taken in with a browser."""

import pytest
import time_machine
from playwright.sync_api import expect

from tests.factories import NOW
from tests.journeys.tabs import tab_of
from tests.journeys.working import work_off

pytestmark = pytest.mark.browser


@pytest.fixture
def open_tab(browser, live_server, cast, library, session):
    with time_machine.travel(NOW):
        yield lambda name: tab_of(browser, live_server.url, session=session(name))


def calls(*, talk):
    rows = [f"C{n},2026-10-{n % 28 + 1:02} 09:00:00,ana,{talk},Y" for n in range(1, 31)]
    lines = ["Call ID,Start time,Agent,Talk seconds,Answered", *rows]
    return {"name": "calls.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}


def upload(tab, file):
    tab.open("/data/")
    tab.page.get_by_label("File").set_input_files(file)
    tab.page.get_by_role("button", name="Upload and look").click()
    expect(tab.page.get_by_text("What would happen to the 30 rows")).to_be_visible()


def take_in(tab):
    tab.page.get_by_role("button", name="Import", exact=True).click()
    expect(tab.page.get_by_text("Waiting for a worker")).to_be_visible()
    assert work_off() == 1
    expect(tab.page.get_by_text("What became of the 30 rows")).to_be_visible()


def test_ticking_says_at_once_what_is_replaced(open_tab):
    with open_tab("hana") as tab:
        upload(tab, calls(talk=200))
        take_in(tab)
        upload(tab, calls(talk=240))
        counts = tab.page.locator("dl.counts")
        expect(counts).to_contain_text("Accepted0")

        tab.page.get_by_label("replace the earlier ones").check()

        expect(counts).to_contain_text("30 in place of earlier rows")
        tab.check_access()
        tab.look_at_both_widths()
        take_in(tab)
        expect(counts).to_contain_text("30 in place of earlier rows")
        tab.look_at_both_widths()
