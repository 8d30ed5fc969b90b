"""Reading results in a browser: a team's board, a scorecard, the rows behind one line."""

import re

import pytest
from playwright.sync_api import expect

from agents.models import User
from tests.journeys.tabs import tab_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

BOARD = "/teams/phone-a/board/?cycle=2026-10"


@pytest.fixture
def tab(browser, demo_site):
    with tab_of(browser, demo_site.url, session=demo_site.sessions["supervisor.okafor"]) as found:
        yield found


def names(tab):
    return tab.page.locator("table.heat tbody th a").all_inner_texts()


def test_board_is_sorted_by_a_column_and_back(tab):
    tab.open(f"{BOARD}&position=agent")
    totals = tab.page.locator("table.heat td.total a")
    first = [float(text) for text in totals.all_inner_texts()]
    assert first == sorted(first, reverse=True)

    tab.page.get_by_role("columnheader", name="Agent").get_by_role("link").click()
    expect(tab.page.get_by_role("columnheader", name="Agent")).to_have_attribute(
        "aria-sort", re.compile("ascending|descending")
    )

    assert names(tab) in (sorted(names(tab)), sorted(names(tab), reverse=True))
    tab.look()


def test_board_is_filtered_by_position_at_once(browser, demo_site):
    with tab_of(browser, demo_site.url, session=demo_site.sessions["manager.lim"]) as tab:
        tab.open("/teams/centre/board/?cycle=2026-Q3")
        everybody = names(tab)

        tab.page.get_by_label("Position").select_option("after_sales_specialist")

        expect(tab.page).to_have_url(re.compile("position=after_sales_specialist"))
        tab.look()
        assert 0 < len(names(tab)) < len(everybody)
        assert set(names(tab)) < set(everybody)


def test_row_of_the_board_opens_its_reason_by_keyboard(tab):
    tab.open(BOARD)
    button = tab.page.get_by_role("button", name=re.compile("^Why: ")).last
    button.focus()
    tab.page.keyboard.press("Enter")

    expect(tab.page.get_by_role("heading", name="Where most of")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    tab.check_access()
    tab.look_at_both_widths()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(tab.page.get_by_role("heading", name="Where most of")).to_be_hidden()


def test_line_of_a_scorecard_opens_its_rows_and_pages_them(tab):
    agent = User.objects.get(username="agent.chen").agent_id
    tab.open(f"/scorecards/{agent}/2026-10/")
    tab.page.get_by_role("button", name="Average handle time").click()
    rows = tab.page.locator("#rows-handle_time-0")
    expect(rows.get_by_role("table")).to_be_visible()
    before = rows.locator("tbody tr").first.inner_text()
    tab.check_access()
    tab.look_at_both_widths()

    rows.get_by_role("link", name="Later").click()

    expect(rows.locator("tbody tr").first).not_to_have_text(before)
    expect(rows.get_by_role("link", name="Earlier")).to_be_visible()
    assert tab.path == f"/scorecards/{agent}/2026-10/"
    tab.look()


def test_rows_behind_a_line_are_read_without_scripts(browser, demo_site):
    agent = User.objects.get(username="agent.chen").agent_id
    session = demo_site.sessions["supervisor.okafor"]
    with tab_of(browser, demo_site.url, session=session, java_script_enabled=False) as tab:
        tab.open(f"/scorecards/{agent}/2026-10/")
        tab.page.locator("#handle_time td.c-value a").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("Average handle time")

        tab.page.get_by_role("link", name="Later").click()

        expect(tab.page.get_by_role("link", name="Earlier")).to_be_visible()
        tab.look_at_both_widths()
