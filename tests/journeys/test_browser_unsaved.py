"""What was typed and not saved is not lost by leaving a page: the browser asks first."""

import pytest
import time_machine
from playwright.sync_api import expect

from agents import periods
from appraisal.models import PayPlan
from appraisal.services import cycles
from kpi.models import KPI
from kpi.services import drafts
from tests.factories import NOW
from tests.journeys.tabs import tab_of

pytestmark = pytest.mark.browser


@pytest.fixture
def open_tab(browser, live_server, cast, library, session):
    with time_machine.travel(NOW):
        yield lambda name, **options: tab_of(
            browser, live_server.url, session=session(name), **options
        )


@pytest.fixture
def pages(cast, library):
    """Where one types, the field that is typed in, and the button that saves it."""
    code = KPI.objects.order_by("code").first().code
    drafts.start_draft(code=code, by=cast.hana, now=NOW)
    cycles.open_cycle(period=periods.month(2026, 10), opened_by=cast.hana, now=NOW)
    plan = PayPlan.objects.order_by("pk").first().code
    return {
        "KPI": (f"/kpis/{code}/edit/", "#id_name_en", "Save draft"),
        "targets": (
            "/cycles/2026-10/targets/?scheme=s2_call_centre_agent",
            "[name='scheme-0-satisfaction']",
            "Save targets",
        ),
        "pay": (f"/pay/{plan}/edit/", ".pay-fields input >> nth=0", "Save the draft"),
    }


@pytest.mark.parametrize("name", ["KPI", "targets", "pay"])
def test_leaving_asks_while_something_is_not_saved(open_tab, pages, name):
    address, field, button = pages[name]
    asked = []
    with open_tab("hana") as tab:
        tab.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        tab.open(address)
        home = tab.page.get_by_role("navigation", name="Main").get_by_role("link").first

        tab.page.locator(field).fill("93")
        with tab.page.expect_event("dialog"):
            home.click()
        expect(tab.page.locator(field)).to_have_value("93")

        with tab.page.expect_navigation():
            tab.page.get_by_role("button", name=button, exact=True).click()
        with tab.page.expect_navigation():
            home.click()
        assert asked == ["beforeunload"]


def test_leaving_asks_after_a_refusal(open_tab, pages):
    address, field, button = pages["targets"]
    asked = []
    with open_tab("hana", refused={422}) as tab:
        tab.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        tab.open(address)
        tab.page.locator(field).fill("many")
        tab.page.get_by_role("button", name=button, exact=True).click()
        expect(tab.page.locator("[aria-invalid=true]")).to_be_visible()

        with tab.page.expect_event("dialog"):
            tab.page.get_by_role("navigation", name="Main").get_by_role("link").first.click()

        expect(tab.page.locator("[aria-invalid=true]")).to_be_visible()
        assert asked == ["beforeunload"]
