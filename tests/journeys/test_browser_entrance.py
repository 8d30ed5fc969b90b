"""A person at the door: the first run, a wrong and a right password, the language, the way out."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from agents.models import Organisation
from tests.journeys.tabs import tab_of

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def nobody_tried_before(live_server):
    """The counters of wrong passwords outlive a test: they lie in the cache."""
    cache.clear()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_first_run_leads_from_the_set_up_to_the_first_steps(browser, live_server, scripts):
    with tab_of(browser, live_server.url, java_script_enabled=scripts) as tab:
        tab.open("/people/")
        assert tab.path == "/setup/"
        tab.look_at_both_widths()
        tab.page.get_by_label("Name of the organisation").fill("Harbour")
        tab.page.get_by_label("Time zone").fill("Asia/Shanghai")
        tab.page.get_by_label("Your user name").fill("hana")
        tab.page.get_by_label("Your e-mail").fill("hana@example.org")
        tab.page.get_by_label("Your password", exact=True).fill("a long harbour wall")
        tab.page.get_by_label("The same once more").fill("a long harbour wall")
        tab.page.get_by_role("button", name="Set up and log in").click()

        expect(tab.page.get_by_role("heading", level=1)).to_contain_text("three steps away")
        expect(tab.page.get_by_role("link", name="Choose a file")).to_be_visible()
        tab.look_at_both_widths()
    assert Organisation.objects.get().zone == "Asia/Shanghai"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_wrong_password_is_refused_and_the_right_one_lets_in(browser, live_server, cast, scripts):
    with tab_of(browser, live_server.url, java_script_enabled=scripts) as tab:
        tab.open("/people/")
        tab.page.get_by_label("User name or e-mail").fill("sam")
        tab.page.get_by_label("Password").fill("open simsim")
        tab.page.get_by_role("button", name="Log in").click()
        expect(tab.page.get_by_role("alert")).to_contain_text("do not match")
        tab.look()

        tab.page.get_by_label("Password").fill("open sesame")
        tab.page.get_by_role("button", name="Log in").click()

        expect(tab.page.get_by_role("heading", level=1)).to_have_text("People")
        tab.look()
        if scripts:
            tab.page.get_by_role("button", name="Sam").click()
            tab.page.get_by_role("button", name="Log out").click()
            expect(tab.page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_language_is_changed_and_changed_back(browser, live_server, cast, session):
    with tab_of(browser, live_server.url, session=session("sam")) as tab:
        tab.open("/people/?team=")
        tab.page.get_by_role("button", name="中文").click()
        expect(tab.page.get_by_role("heading", level=1)).to_have_text("人员")
        assert tab.path == "/people/?team="
        tab.language = "zh-hans"
        tab.look()

        tab.page.get_by_role("button", name="English").click()

        expect(tab.page.get_by_role("heading", level=1)).to_have_text("People")
        tab.language = "en"
        tab.look()


def test_keyboard_reaches_the_content_and_shows_where_it_is(browser, live_server, cast, session):
    with tab_of(browser, live_server.url, session=session("sam")) as tab:
        tab.open("/people/")
        tab.page.keyboard.press("Tab")
        skip = tab.page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()

        tab.page.keyboard.press("Enter")
        tab.page.keyboard.press("Tab")

        focused = "document.activeElement"
        assert tab.path.endswith("#main")
        assert tab.page.evaluate(f"document.getElementById('main').contains({focused})")
        assert tab.page.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
