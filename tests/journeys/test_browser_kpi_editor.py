"""A KPI written in a browser: completed, checked and tried while it is typed."""

from datetime import date

import pytest
import time_machine
from playwright.sync_api import expect

from kpi.models import KPIVersion
from kpi.selectors import newest_version
from tests.factories import NOW, add_facts
from tests.journeys.tabs import tab_of

pytestmark = pytest.mark.browser

WORDS = ("What the sample counts", "What it says", "Who it counts for", "What it leaves out")


@pytest.fixture
def open_tab(browser, live_server, cast, library, session):
    for agent, talk_s in ((cast.ana.agent, 120), (cast.ben.agent, 250)):
        rows = [{"day": date(2026, 10, 5), "answered": True, "talk_s": talk_s}]
        add_facts("contacts", rows, agent=agent)
    with time_machine.travel(NOW):
        yield lambda name: tab_of(browser, live_server.url, session=session(name))


def begin(tab):
    tab.open("/kpis/new/")
    tab.page.get_by_label("Code").fill("longest_call")
    tab.page.get_by_label("Name in English").fill("Longest call")
    tab.page.get_by_label("Name in Chinese").fill("最长通话")
    tab.page.get_by_role("button", name="Begin").click()
    expect(tab.page.get_by_role("heading", name="Longest call")).to_be_visible()
    tab.page.wait_for_load_state("load")  # what is typed before is not seen by the check


def write_formula(tab):
    """Three words begun, each finished by Tab."""
    field = tab.page.get_by_label("Formula", exact=True)
    field.press_sequentially("ma")
    expect(tab.page.get_by_role("option").first).to_contain_text("max(")
    field.press("Tab")
    for begun in ("conta", ".talk"):
        field.press_sequentially(begun)
        expect(tab.page.get_by_role("option").first).to_be_visible()
        field.press("Tab")
    field.press_sequentially(", where=answ")
    field.press("Tab")
    field.press_sequentially(")")
    return field


def test_from_typing_to_a_kpi_in_use(open_tab):
    with open_tab("hana") as tab:
        begin(tab)
        field = write_formula(tab)
        expect(field).to_have_value("max(contacts.talk_s, where=answered)")
        expect(tab.page.locator("#formula-check")).to_contain_text("talk time")

        tab.page.get_by_label("Unit").select_option("s")
        tab.page.get_by_label("Period", exact=True).fill("2026-10")
        tab.page.get_by_role("button", name="Try").click()
        expect(tab.page.get_by_role("row", name="Ben")).to_contain_text("250 s")

        for label in WORDS:
            tab.page.get_by_label(f"{label}, English").fill("Calls")
            tab.page.get_by_label(f"{label}, Chinese").fill("来电")
        tab.check_access()
        tab.look_at_both_widths()
        tab.page.get_by_role("button", name="Save draft").click()
        expect(tab.page.get_by_text("Nothing is missing.")).to_be_visible()
        tab.page.get_by_role("button", name="Send the saved draft").click()
        expect(tab.page.get_by_text("It was sent")).to_be_visible()
    with open_tab("mona") as tab:
        tab.open("/kpis/longest_call/review/")
        tab.check_access()
        tab.look_at_both_widths()
        tab.page.get_by_role("button", name="Take it into use").click()
        expect(tab.page.get_by_text("It is in use")).to_be_visible()

    assert newest_version("longest_call").formula == "max(contacts.talk_s, where=answered)"


def test_a_mistake_is_shown_at_its_place(open_tab):
    with open_tab("hana") as tab:
        begin(tab)
        field = tab.page.get_by_label("Formula", exact=True)
        field.fill("avg(contacts.talk)")

        expect(tab.page.locator("#formula-check mark")).to_have_text("contacts.talk")
        expect(tab.page.locator("#formula-check")).to_contain_text("Did you mean talk_s?")
        field.press("End")
        expect(tab.page.locator("#formula-options")).to_be_hidden()

    assert KPIVersion.objects.get(kpi__code="longest_call").formula == ""
